"""The layers of the map that come from registers: which records, which properties, at which zooms. Pure data.

A layer is one PMTiles archive and one vector tile layer of the same name. Properties are lean: what a map draws or a
click needs first; all else is asked of ``/api/v1/places``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegisterLayer:
    """One layer. ``select`` lists SQL expressions over the record ``r`` and its source ``s``; nothing from outside enters it."""

    name: str
    table: str
    select: tuple[tuple[str, str], ...]
    min_zoom: int
    max_zoom: int = 16
    where: str = "TRUE"


_COMMON = (("key", "r.key"), ("generated", "s.is_generated"), ("source", "s.name"))

REGISTER_LAYERS: tuple[RegisterLayer, ...] = (
    RegisterLayer(
        "units", "geo_adminunit", (*_COMMON, ("code", "r.code"), ("name", "r.name"), ("level", "r.level")), 8, 14
    ),
    RegisterLayer(
        "parcels",
        "geo_parcel",
        (*_COMMON, ("sheet", "r.sheet"), ("number", "r.number"), ("area_m2", "round(r.measured_area_m2::numeric, 1)")),
        14,
    ),
    RegisterLayer(
        "zoning",
        "geo_zoningdistrict",
        (*_COMMON, ("code", "r.code"), ("class", "split_part(r.code, '-', 1)"), ("name", "r.name"), ("plan", "r.plan")),
        12,
        where="r.plan_kind = 'zoning'",
    ),
    RegisterLayer(
        "land_use",
        "geo_zoningdistrict",
        (*_COMMON, ("code", "r.code"), ("class", "split_part(r.code, '-', 1)"), ("name", "r.name"), ("plan", "r.plan")),
        12,
        where="r.plan_kind = 'land_use'",
    ),
    RegisterLayer("overlays", "geo_overlaydistrict", (*_COMMON, ("name", "r.name"), ("kind", "r.kind")), 12),
    RegisterLayer("plan_lines", "geo_planline", (*_COMMON, ("kind", "r.kind"), ("width_m", "r.width_m")), 13),
    RegisterLayer(
        "roads",
        "geo_roadsegment",
        (*_COMMON, ("name", "r.name"), ("road_class", "r.road_class"), ("width_m", "r.width_m")),
        12,
    ),
    RegisterLayer("sidewalks", "geo_sidewalksegment", (*_COMMON, ("street", "r.street"), ("width_m", "r.width_m")), 14),
    RegisterLayer(
        "permits",
        "geo_permit",
        (*_COMMON, ("number", "r.number"), ("kind", "r.kind"), ("status", "r.status"), ("expires_on", "r.expires_on")),
        14,
        where="r.geom IS NOT NULL",
    ),
    RegisterLayer("buildings", "geo_buildingfootprint", (*_COMMON, ("storeys", "r.storeys")), 14),
)

_BY_NAME = {layer.name: layer for layer in REGISTER_LAYERS}


def find_layer(name: str) -> RegisterLayer | None:
    """The layer of that name, or None."""
    return _BY_NAME.get(name)
