"""Colours of the map by theme: light, sun (strong contrast, for a phone outdoors) and dark. Pure data.

They belong to the page's tokens (``web/static/web/tokens.css``); a style names colours only through a theme.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours; ``line`` multiplies line widths, ``text`` text sizes, ``fill`` the opacity of planning fills."""

    name: str
    land: str
    water: str
    water_edge: str
    green: str
    road: str
    road_edge: str
    walk: str
    building: str
    building_edge: str
    parcel: str
    red_line: str
    overlay: str
    permit: str
    zone_edge: str
    unit: str
    label: str
    water_label: str
    halo: str
    line: float = 1.0
    text: float = 1.0
    fill: float = 0.85


LIGHT = Theme(
    "light", land="#EFEEE9", water="#BFDDE6", water_edge="#8FBDCB", green="#D3E6C2", road="#FFFFFF", road_edge="#D5D1C6",
    walk="#D8CBB2", building="#DCD8CE", building_edge="#A39A86", parcel="#B5B0A4", red_line="#B8322A", overlay="#6A4C93",
    permit="#0B5A60", zone_edge="#9A8F78", unit="#43525D", label="#4A4436", water_label="#27566A", halo="rgba(255,255,255,.85)",
)  # fmt: skip
SUN = Theme(
    "sun", land="#FFFFFF", water="#9CCBDD", water_edge="#1F6480", green="#BFE0A4", road="#F2F2F2", road_edge="#000000",
    walk="#C9B58C", building="#E0E0E0", building_edge="#4A4A4A", parcel="#4A4A4A", red_line="#8E0F0A", overlay="#4A2A78",
    permit="#003F45", zone_edge="#3A3A3A", unit="#000000", label="#000000", water_label="#0C3A4D", halo="#FFFFFF",
    line=1.4, text=1.15,
)  # fmt: skip
DARK = Theme(
    "dark", land="#12191E", water="#16323E", water_edge="#2C5A6C", green="#1C2F22", road="#34434C", road_edge="#1A2329",
    walk="#4A4333", building="#243038", building_edge="#4C5C66", parcel="#55646D", red_line="#FF9C90", overlay="#C3A6F0",
    permit="#6FCBD0", zone_edge="#7D8F9A", unit="#C3CED3", label="#F0F4F5", water_label="#A9D6E6", halo="rgba(18,25,30,.9)",
    fill=0.3,
)  # fmt: skip
THEMES = {theme.name: theme for theme in (LIGHT, SUN, DARK)}
