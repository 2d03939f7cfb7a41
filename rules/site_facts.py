"""All that is known of one thing (or of a whole picture) at one place and time, frozen: what a rule reads. Pure.

Gathered by ``rules.queries.gather_site_facts``, stored with every flag, and enough to replay it. Lengths in metres, areas
in m2, times in seconds; ``at`` is an aware UTC moment, ``local_on`` and ``local_time`` are the city's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from errors import InputError
from geo.facts import PlaceFacts
from geo.position import Position
from intake.kinds import Category, ObservationSource

SCENE = "scene"  # subject of facts about a whole picture whose things are not placed one by one


@dataclass(frozen=True, slots=True)
class SightingFacts:
    """One thing put on the ground. ``dwell_s`` None: not known, as for a single picture.

    ``has_left`` is False when the thing was still there at the end of what was watched (its stay is longer than
    ``dwell_s``), None when nothing was watched. ``footprint`` is the ground it covers, a closed ring of lon, lat.
    ``jitter_m`` is how much of ``displacement_m`` unrestful boxes alone may feign: far away a pixel is metres.
    """

    label: str
    score: float
    position: Position
    footprint: tuple[tuple[float, float], ...] = ()
    dwell_s: float | None = None
    displacement_m: float | None = None
    jitter_m: float = 0.0
    seen_share: float | None = None
    has_left: bool | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a thing's outline on an area, 0 to 1: at its measured place, and the extremes within its 2-sigma error."""

    share: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class SlotShare:
    """How a thing lies to one painted slot: ``use_index`` points into the segment's ``allowed_uses``."""

    sidewalk_key: str
    use_index: int
    share: Share
    distance_m: float


@dataclass(frozen=True, slots=True)
class ParcelDistance:
    """A parcel near the thing: 0 m when the outline touches it."""

    key: str
    use_code: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class FreeAt:
    """The widest free line of one cross-section, between which widths it lies (2 sigma), and its ends (one point: all is taken).

    Where along the segment a thing begins is as unsure as its edges: beside it a cross-section may be free or not.
    """

    width_m: float
    least_m: float
    most_m: float
    ends: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class FreeWidth:
    """Least width left for people on foot beside the thing, with its one-sigma error, and where it was measured.

    ``gap`` holds the two ends of the narrowest free line of the worst metre, ``profile`` the free width every 0.25 m along the
    thing and a metre before and after it; in metres as measured, in lon, lat once in the facts.
    """

    width_m: float
    sigma_m: float
    gap: tuple[tuple[float, float], ...] = ()
    profile: tuple[FreeAt, ...] = ()


@dataclass(frozen=True, slots=True)
class Occupied:
    """Sidewalk that a thing takes, in m2, with its one-sigma error."""

    area_m2: float
    sigma_m2: float


@dataclass(frozen=True, slots=True)
class GroundFacts:
    """A thing's outline laid over the city's polygons, all in the city's metric system.

    ``has_outline`` is False when only the foot point is known. ``sigma_m`` is the larger half axis of the error.
    ``sidewalk_key`` is the segment that holds most of it, empty when it touches none. ``occupied`` is None where no outline is
    known, or where an older version did not measure it.
    """

    has_outline: bool
    area_m2: float
    sigma_m: float
    sidewalk: Share
    sidewalk_key: str
    parcels: tuple[ParcelDistance, ...]
    slots: tuple[SlotShare, ...]
    free_width: FreeWidth | None
    occupied: Occupied | None = None


@dataclass(frozen=True, slots=True)
class SeenLabel:
    """How often a label was seen in a picture or clip (tracks counted once), and its best confidence score."""

    label: str
    count: int
    best_score: float


@dataclass(frozen=True, slots=True)
class OtherPicture:
    """Another picture of the same place and what was seen in it."""

    observation_id: str
    at: datetime
    local_on: date
    distance_m: float
    seen: tuple[SeenLabel, ...]


@dataclass(frozen=True, slots=True)
class SceneFacts:
    """The picture as a whole. ``accuracy_m`` is the error of its own place, None when it has none.

    ``unseen`` names what these weights cannot report: not seen is not absent. ``visible_storeys`` is a person's count.
    ``doubts`` are hints that the picture is not what it seems (``intake.tamper``): they lower the priority, never the verdict.
    """

    source: ObservationSource
    category: Category
    is_calibrated: bool
    accuracy_m: float | None
    seen: tuple[SeenLabel, ...] = ()
    others: tuple[OtherPicture, ...] = ()
    unseen: tuple[str, ...] = ()
    no_position_reason: str = ""
    visible_storeys: int | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What one check reads. ``city`` is empty outside every city.

    ``at_is_known`` False: the file gives no time and the moment of receipt stands in.
    """

    observation_id: str
    subject: str
    city: str
    at: datetime
    local_on: date
    local_time: time
    at_is_known: bool
    scene: SceneFacts
    place: PlaceFacts | None = None
    sighting: SightingFacts | None = None
    ground: GroundFacts | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise InputError("A moment needs its time zone.", field="at", value=self.at, cure="Use an aware moment.")

    @property
    def is_scene(self) -> bool:
        """Whether these facts are of the whole picture, not of one placed thing."""
        return self.sighting is None
