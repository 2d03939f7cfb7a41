"""What the city's registers say of a place at a date: frozen values gathered by ``geo.queries.gather_facts``.

Areas in m2, lengths in m, both measured in the city's projected system; geometries are GeoJSON text in EPSG:4326.
A register that is loaded here and gave nothing is ``checked``; one that has no data here is ``no_data``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from geo.position import Position


class Register(StrEnum):
    """The official lists a place is checked against."""

    ADMIN_UNIT = "admin_unit"
    PARCEL = "parcel"
    ZONING = "zoning"
    OVERLAY = "overlay"
    PLAN_LINE = "plan_line"
    ROAD = "road"
    SIDEWALK = "sidewalk"
    PERMIT = "permit"
    BUILDING = "building"
    ADDRESS = "address"
    NAMED_PLACE = "named_place"


ASKED_BY_NAME = frozenset(
    (Register.ADDRESS, Register.NAMED_PLACE)
)  # people search in them; a place is not checked there


class Coverage(StrEnum):
    """Whether a register can be asked about a place at all."""

    FOUND = "found"
    CHECKED = "checked"  # data covers this place and holds nothing here
    NO_DATA = "no_data"  # no data covers this place at this date: never read as "no"


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where a fact comes from: the register source's name, decision or publisher, and the date of its data."""

    name: str
    title: str
    source_on: date | None
    decision: str = ""
    scale: str = ""
    licence: str = ""
    is_generated: bool = False
    decision_on: date | None = None


@dataclass(frozen=True, slots=True)
class RegisterState:
    """What one register could say of this place."""

    register: Register
    coverage: Coverage
    sources: tuple[SourceRef, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitFact:
    """An administrative unit that holds the place at the date."""

    code: str
    name: str
    level: str
    source: SourceRef
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneShare:
    """Part of a parcel (or the point itself, share_pct 100) in a zoning district of one plan."""

    plan_kind: str  # "zoning" or "land_use"; never mixed in one list
    plan: str
    code: str
    name: str
    area_m2: float
    share_pct: float
    status: str
    source: SourceRef
    max_storeys: float | None = None
    max_density_pct: float | None = None
    max_floor_area_ratio: float | None = None
    setback_m: float | None = None
    allowed_uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParcelFact:
    """A parcel that may be the place. ``distance_m`` is 0 inside; ``likelihood`` sums to 1 over the candidates."""

    key: str
    sheet: str
    number: str
    stated_area_m2: float | None
    measured_area_m2: float
    use_code: str
    address: str
    distance_m: float
    likelihood: float
    zones: tuple[ZoneShare, ...]
    geometry: str
    source: SourceRef


@dataclass(frozen=True, slots=True)
class PermitFact:
    """A permit with its standing at the date (``in_force``, ``expired``, ``not_yet``, ``revoked``, ``unknown``)."""

    number: str
    kind: str
    status: str
    standing: str
    issued_on: date | None
    expires_on: date | None
    parcel_keys: tuple[str, ...]
    storeys: float | None
    floor_area_m2: float | None
    distance_m: float
    source: SourceRef
    conditions: str = ""


@dataclass(frozen=True, slots=True)
class AllowedUse:
    """A use allowed on a sidewalk segment within hours and dates; a painted slot has its own outline."""

    use: str
    from_on: date | None = None
    to_on: date | None = None
    from_time: time | None = None
    to_time: time | None = None
    slot: str = ""  # GeoJSON polygon of the painted slot, or empty for the whole segment


@dataclass(frozen=True, slots=True)
class SidewalkFact:
    """A sidewalk segment near the place. ``distance_m`` is 0 on it."""

    key: str
    street: str
    width_m: float | None
    distance_m: float
    allowed_uses: tuple[AllowedUse, ...]
    geometry: str
    source: SourceRef


@dataclass(frozen=True, slots=True)
class PlanLineFact:
    """A red line, building line or corridor near the place, with the width it reserves."""

    kind: str
    name: str
    width_m: float | None
    distance_m: float
    source: SourceRef


@dataclass(frozen=True, slots=True)
class RoadFact:
    """A road near the place; ``distance_m`` to its carriageway edge where the width is known, else centre line."""

    name: str
    road_class: str
    width_m: float | None
    distance_m: float
    source: SourceRef


@dataclass(frozen=True, slots=True)
class OverlayFact:
    """An overlay district that holds the place."""

    name: str
    kind: str
    source: SourceRef


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """All the registers know of one position at one date, nearest first. ``city`` is empty outside every city."""

    position: Position
    on: date
    city: str
    units: tuple[UnitFact, ...] = ()
    parcels: tuple[ParcelFact, ...] = ()
    zones: tuple[ZoneShare, ...] = ()  # at the point itself
    overlays: tuple[OverlayFact, ...] = ()
    plan_lines: tuple[PlanLineFact, ...] = ()
    roads: tuple[RoadFact, ...] = ()
    sidewalks: tuple[SidewalkFact, ...] = ()
    permits: tuple[PermitFact, ...] = ()
    registers: tuple[RegisterState, ...] = field(default_factory=tuple)

    def coverage(self, register: Register) -> Coverage:
        """What one register could say here; ``no_data`` when it was never asked."""
        for state in self.registers:
            if state.register is register:
                return state.coverage
        return Coverage.NO_DATA
