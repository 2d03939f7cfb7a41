"""The full answer about a place as of a day: what every register says, and what none could say. Frozen; one value feeds all.

The interface, the page and the print are made of ``PlaceAnswer`` alone. Areas in m2 and lengths in m, measured in the
city's own system; geometries are GeoJSON text in EPSG:4326. The two plans of the law stand in lists of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from geo.facts import OverlayFact, PermitFact, Register, RegisterState, RoadFact, SourceRef, UnitFact, ZoneShare

TOLD_USES = ("trading", "parking")  # what people ask about a sidewalk: told even where the register lists nothing


class Subject(StrEnum):
    """What was asked about."""

    POINT = "point"
    PARCEL = "parcel"
    PERMIT = "permit"
    ADDRESS = "address"
    STREET = "street"
    AREA = "area"


class UseState(StrEnum):
    """What a register of sidewalk uses says of one use at one hour."""

    ALLOWED = "allowed"
    OTHER_HOURS = "other_hours"
    OTHER_DAYS = "other_days"
    NOT_LISTED = "not_listed"  # the register lists the uses it allows, and this is none of them
    NO_DATA = "no_data"  # the register says nothing of uses


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """What was asked: words as given, the point in degrees (of an area: a point in it), its error where it is a point."""

    subject: Subject
    text: str
    lon: float
    lat: float
    accuracy_m: float | None = None
    area_m2: float | None = None
    geometry: str = ""


@dataclass(frozen=True, slots=True)
class LineShare:
    """A plan line or corridor near the place. ``affected_m2`` is the part of the parcel or area beyond or inside it.

    None: the line says no side and no width of its own, so nothing can be measured.
    """

    kind: str
    name: str
    width_m: float | None
    distance_m: float
    affected_m2: float | None
    source: SourceRef


@dataclass(frozen=True, slots=True)
class AnswerParcel:
    """A parcel that the question means or may mean; ``likelihood`` sums to 1 over the candidates of a point.

    ``former_unit`` is the unit whose code its key bears, as it was called then.
    """

    key: str
    sheet: str
    number: str
    ward_code: str
    stated_area_m2: float | None
    measured_area_m2: float
    use_code: str
    address: str
    valid_from: date
    valid_to: date | None
    distance_m: float
    likelihood: float
    zoning: tuple[ZoneShare, ...]
    land_use: tuple[ZoneShare, ...]
    plan_lines: tuple[LineShare, ...]
    geometry: str
    source: SourceRef
    former_unit: str = ""


@dataclass(frozen=True, slots=True)
class UseAnswer:
    """One use of a sidewalk at the hour asked for. A painted slot has its own outline (GeoJSON)."""

    use: str
    state: UseState
    from_on: date | None = None
    to_on: date | None = None
    from_time: time | None = None
    to_time: time | None = None
    slot: str = ""


@dataclass(frozen=True, slots=True)
class SidewalkAnswer:
    """A sidewalk segment at the place with what is allowed on it; ``distance_m`` is from the parcel, area or point."""

    key: str
    street: str
    width_m: float | None
    distance_m: float
    uses: tuple[UseAnswer, ...]
    geometry: str
    source: SourceRef


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """Everything on record. ``chosen`` is the key of the one parcel meant; empty while several are possible.

    ``parts`` are the registers that alone were asked, empty for all: of the others nothing is said, and their lists are empty.
    """

    asked: AskedPlace
    on: date
    at: time
    city: str
    chosen: str
    parcels_in_all: int
    units: tuple[UnitFact, ...]
    parcels: tuple[AnswerParcel, ...]
    zoning: tuple[ZoneShare, ...]
    land_use: tuple[ZoneShare, ...]
    overlays: tuple[OverlayFact, ...]
    plan_lines: tuple[LineShare, ...]
    roads: tuple[RoadFact, ...]
    sidewalks: tuple[SidewalkAnswer, ...]
    permits: tuple[PermitFact, ...]
    registers: tuple[RegisterState, ...]
    data_from: date | None = None  # told where no register speaks of the day: the first day on which one does
    parts: tuple[Register, ...] = ()

    @property
    def parcel(self) -> AnswerParcel | None:
        """The one parcel meant, none while there are several."""
        return next((parcel for parcel in self.parcels if parcel.key == self.chosen), None) if self.chosen else None

    @property
    def is_generated(self) -> bool:
        """Whether any source was made for illustration."""
        return any(source.is_generated for state in self.registers for source in state.sources)
