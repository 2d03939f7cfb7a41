"""What a planner's query may ask of: layers and their properties, an allow-list. Every SQL text here is a constant. Pure.

``r`` is the record; ``%(on)s`` the day asked for and ``%(srid)s`` the city's system, sent beside the statement. Nothing that a
person typed is ever part of a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class PropertyKind(StrEnum):
    """What a property holds; values of a filter are checked against it."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    TRUTH = "truth"


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its SQL, what it holds, and whether it is a column of the answer (else only a filter knows it)."""

    sql: str
    kind: PropertyKind = PropertyKind.TEXT
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class QueryLayer:
    """One layer. ``source`` is a table or a subselect of ours with ``city_id``, ``id`` and ``geom`` (EPSG:4326)."""

    name: str
    source: str
    properties: Mapping[str, Property]
    where: str = "true"
    is_public: bool = True
    is_dated: bool = True


_N, _D, _T = PropertyKind.NUMBER, PropertyKind.DAY, PropertyKind.TRUTH


def _columns(**kinds: PropertyKind) -> dict[str, Property]:
    return {name: Property(f"r.{name}", kind) for name, kind in kinds.items()}


_X = PropertyKind.TEXT
UNIT_OF = (
    "(SELECT u.name FROM geo_adminunit u WHERE u.city_id = r.city_id AND u.valid_from <= %(on)s"
    " AND (u.valid_to IS NULL OR u.valid_to > %(on)s) AND ST_Covers(u.geom, ST_PointOnSurface(r.geom))"
    " ORDER BY u.level LIMIT 1)"
)
_LAST_PERMIT = (
    "(SELECT max(p.issued_on) FROM geo_permit p WHERE p.city_id = r.city_id AND p.parcel_keys ? r.key::text"
    " AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s))"
)
_AREA = Property("ST_Area(ST_Transform(r.geom, %(srid)s))", _N)
_LENGTH = Property("ST_Length(ST_Transform(r.geom, %(srid)s))", _N)
_UNIT = Property(UNIT_OF)
_SINCE = {"valid_from": Property("r.valid_from", _D), "valid_to": Property("r.valid_to", _D, is_shown=False)}
_DISTRICT = _columns(
    code=_X, name=_X, plan=_X, decision=_X, decision_on=_D, status=_X, scale=_X, max_storeys=_N, max_density_pct=_N,
    max_floor_area_ratio=_N, setback_m=_N,
) | {"area_m2": _AREA, "unit": _UNIT} | _SINCE  # fmt: skip


LAYERS: dict[str, QueryLayer] = {
    layer.name: layer
    for layer in (
        QueryLayer("parcels", "geo_parcel", _columns(
            key=_X, ward_code=_X, sheet=_X, number=_X, stated_area_m2=_N, measured_area_m2=_N, use_code=_X, address=_X,
        ) | {"unit": _UNIT, "last_permit_on": Property(_LAST_PERMIT, _D)} | _SINCE),
        QueryLayer("zoning", "geo_zoningdistrict", _DISTRICT, "r.plan_kind = 'zoning'"),
        QueryLayer("land_use", "geo_zoningdistrict", _DISTRICT, "r.plan_kind = 'land_use'"),
        QueryLayer("overlays", "geo_overlaydistrict", _columns(name=_X, kind=_X, decision=_X) | {"area_m2": _AREA} | _SINCE),
        QueryLayer("plan_lines", "geo_planline", _columns(key=_X, kind=_X, name=_X, width_m=_N) | {"length_m": _LENGTH} | _SINCE),
        QueryLayer("roads", "geo_roadsegment", _columns(key=_X, name=_X, road_class=_X, lanes=_N, width_m=_N)
                   | {"length_m": _LENGTH} | _SINCE),
        QueryLayer("sidewalks", "geo_sidewalksegment", _columns(key=_X, street=_X, width_m=_N) | {"area_m2": _AREA, "unit": _UNIT}
                   | _SINCE),
        QueryLayer("permits", "geo_permit", _columns(
            number=_X, kind=_X, status=_X, issued_on=_D, expires_on=_D, storeys=_N, floor_area_m2=_N, address=_X) | _SINCE,
            "r.geom IS NOT NULL"),
        QueryLayer("buildings", "geo_buildingfootprint", _columns(key=_X, storeys=_N, height_m=_N, address=_X)
                   | {"area_m2": _AREA} | _SINCE),
        QueryLayer("addresses", "geo_address", _columns(house_number=_X, street=_X, former_unit=_X, parcel_key=_X)
                   | {"unit": _UNIT} | _SINCE),
        QueryLayer("named_places", "geo_namedplace", _columns(name=_X, kind=_X) | {"unit": _UNIT} | _SINCE),
        QueryLayer("units", "geo_adminunit", _columns(code=_X, name=_X, level=_X, kind=_X) | {"area_m2": _AREA} | _SINCE,
                   "r.geom IS NOT NULL"),
    )
}  # fmt: skip
