"""How a place is called: address or street, and the unit it lies in. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from geo.facts import PlaceFacts

SURE = 0.8


@dataclass(frozen=True, slots=True)
class PlaceName:
    """The first line (address or street, may be empty) and the second (administrative unit)."""

    line: str
    unit: str


def name_place(facts: PlaceFacts) -> PlaceName:
    """The address of the one likely parcel, else the nearest named street; never an address that is only a guess."""
    unit = facts.units[0].name if facts.units else ""
    parcel = max(facts.parcels, key=lambda p: p.likelihood, default=None)
    if parcel is not None and parcel.likelihood >= SURE and parcel.address:
        return PlaceName(parcel.address, unit)
    streets = [walk.street for walk in facts.sidewalks if walk.street] + [
        road.name for road in facts.roads if road.name
    ]
    return PlaceName(streets[0] if streets else "", unit)
