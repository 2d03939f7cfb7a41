"""The layers of the map that come from registers: which records, which properties, at which zooms. Pure data.

A layer is one PMTiles archive and one vector tile layer of the same name; layers with a ``label`` carry a second one,
``<name>_label``, with one point inside each shape, so that a shape cut by tile borders is named once. Properties are lean:
what a map draws or a click needs first; all else is asked of ``/api/v1/places``.
"""

from __future__ import annotations

from dataclasses import dataclass

FULL_ZOOM = 14  # from here on nothing is left out and nothing is simplified away


@dataclass(frozen=True, slots=True)
class RegisterLayer:
    """One layer. ``select`` lists SQL expressions over the record ``r`` and its source ``s``; nothing from outside enters it.

    ``label`` is the SQL of the words at the label point (empty: none), shown from ``label_zoom`` on. ``base``: part of the
    base map, which is also served as one archive.
    """

    name: str
    table: str
    register: str
    select: tuple[tuple[str, str], ...]
    min_zoom: int
    max_zoom: int = 16
    where: str = "TRUE"
    label: str = ""
    label_zoom: int = 0
    base: bool = False

    @property
    def label_layer(self) -> str:
        """Name of the vector tile layer of the label points."""
        return f"{self.name}_label"


_COMMON = (("key", "r.key"), ("generated", "s.is_generated"), ("source", "s.name"))
_CLASS = "split_part(r.code, '-', 1)"
_DISTRICT = (*_COMMON, ("code", "r.code"), ("class", _CLASS), ("name", "r.name"), ("plan", "r.plan"))
# Uses listed for a stretch of sidewalk, as "use|from_on|to_on|from_time|to_time;..."; left out where none is listed.
_USES = (
    "(SELECT string_agg(concat_ws('|', CASE jsonb_typeof(u) WHEN 'string' THEN u #>> '{}' ELSE u ->> 'use' END,"
    " coalesce(u ->> 'from_on', ''), coalesce(u ->> 'to_on', ''), coalesce(u ->> 'from_time', ''),"
    " coalesce(u ->> 'to_time', '')), ';') FROM jsonb_array_elements(r.allowed_uses) u)"
)
_WATER = (  # which classes are water is said by [base_map] of the city's pack
    "r.plan_kind = 'land_use' AND split_part(r.code, '-', 1) IN (SELECT jsonb_array_elements_text("
    "c.settings->'base_map'->'water_classes') FROM geo_city c WHERE c.id = r.city_id)"
)

REGISTER_LAYERS: tuple[RegisterLayer, ...] = (
    RegisterLayer(
        "units",
        "geo_adminunit",
        "admin_unit",
        (*_COMMON, ("code", "r.code"), ("name", "r.name"), ("level", "r.level")),
        8,
        14,
        label="r.name",
        label_zoom=9,
        base=True,
    ),
    RegisterLayer("water", "geo_zoningdistrict", "zoning", _DISTRICT, 12, where=_WATER, base=True),
    RegisterLayer(
        "roads",
        "geo_roadsegment",
        "road",
        (*_COMMON, ("name", "r.name"), ("road_class", "r.road_class"), ("width_m", "r.width_m")),
        12,
        base=True,
    ),
    RegisterLayer(
        "sidewalks",
        "geo_sidewalksegment",
        "sidewalk",
        (*_COMMON, ("street", "r.street"), ("width_m", "r.width_m"), ("uses", _USES)),
        14,
        base=True,
    ),
    RegisterLayer(
        "buildings",
        "geo_buildingfootprint",
        "building",
        (*_COMMON, ("storeys", "r.storeys"), ("height_m", "r.height_m")),
        14,
        base=True,
    ),
    RegisterLayer(
        "parcels",
        "geo_parcel",
        "parcel",
        (*_COMMON, ("sheet", "r.sheet"), ("number", "r.number")),  # an area each would be a fifth of a tile's bytes
        FULL_ZOOM,
    ),
    RegisterLayer(
        "zoning",
        "geo_zoningdistrict",
        "zoning",
        _DISTRICT,
        12,
        where="r.plan_kind = 'zoning'",
        label="r.code",
        label_zoom=13,
    ),
    RegisterLayer(
        "land_use",
        "geo_zoningdistrict",
        "zoning",
        _DISTRICT,
        12,
        where="r.plan_kind = 'land_use'",
        label="r.code",
        label_zoom=13,
    ),
    RegisterLayer(
        "overlays",
        "geo_overlaydistrict",
        "overlay",
        (*_COMMON, ("name", "r.name"), ("kind", "r.kind")),
        12,
        label="r.name",
        label_zoom=13,
    ),
    RegisterLayer(
        "plan_lines",
        "geo_planline",
        "plan_line",
        (*_COMMON, ("kind", "r.kind"), ("name", "r.name"), ("width_m", "r.width_m")),
        13,
    ),
    RegisterLayer(
        "permits",
        "geo_permit",
        "permit",
        (*_COMMON, ("number", "r.number"), ("kind", "r.kind"), ("status", "r.status"), ("expires_on", "r.expires_on")),
        FULL_ZOOM,
        where="r.geom IS NOT NULL",
        label="r.number",
        label_zoom=16,
    ),
)
BASE_LAYERS = tuple(layer for layer in REGISTER_LAYERS if layer.base)
BASE_ARCHIVE = "base"  # all base layers in one archive: one request for a square instead of five

_BY_NAME = {layer.name: layer for layer in REGISTER_LAYERS}


def find_layer(name: str) -> RegisterLayer | None:
    """The layer of that name, or None."""
    return _BY_NAME.get(name)
