"""Invented site facts with defaults: one motorbike seen by a calibrated camera, one picture of a building site."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

from geo.facts import (
    AllowedUse,
    Coverage,
    ParcelFact,
    PermitFact,
    PlaceFacts,
    Register,
    RegisterState,
    SidewalkFact,
    SourceRef,
    ZoneShare,
)
from geo.position import Position, PositionMethod
from intake.kinds import Category, ObservationSource
from rules.ordinances import Law, LawInForce, read_law
from rules.site_facts import (
    FreeWidth,
    GroundFacts,
    SceneFacts,
    SeenLabel,
    Share,
    SightingFacts,
    SiteFacts,
    SlotShare,
)

LAW_FILE = Path(__file__).parents[2] / "cities/hcmc/ordinances.toml"
DAY = date(2026, 9, 15)
SOURCE = SourceRef(name="test", title="invented", source_on=date(2026, 9, 1))
ON, OFF, HALF = Share(1.0, 0.97, 1.0), Share(0.0, 0.0, 0.1), Share(0.6, 0.3, 0.9)


@cache
def a_law() -> Law:
    """The default pack's law: the rules are tested with the figures they run with."""
    return read_law(LAW_FILE.read_text(encoding="utf-8"))


def law_at(on: date = DAY) -> LawInForce:
    return a_law().at(on)


def registers(**coverage: Coverage) -> tuple[RegisterState, ...]:
    """Every register checked, unless named otherwise."""
    return tuple(RegisterState(r, coverage.get(r.value, Coverage.CHECKED), (SOURCE,)) for r in Register)


def a_position(accuracy_m: float = 0.2, method: PositionMethod = PositionMethod.CAMERA_HOMOGRAPHY) -> Position:
    return Position(106.69, 10.78, accuracy_m, method)


def a_sidewalk(*uses: AllowedUse, key: str = "S1") -> SidewalkFact:
    return SidewalkFact(key, "Phố Thử", 3.4, 0.0, uses, "", SOURCE)


def a_place(accuracy_m: float = 0.2, **changes: object) -> PlaceFacts:
    place = PlaceFacts(a_position(accuracy_m), DAY, "testville", sidewalks=(a_sidewalk(),), registers=registers())
    return replace(place, **changes)  # type: ignore[arg-type]


def a_ground(**changes: object) -> GroundFacts:
    ground = GroundFacts(
        has_outline=True, area_m2=1.4, sigma_m=0.2, sidewalk=ON, sidewalk_key="S1", parcels=(), slots=(),
        free_width=FreeWidth(2.4, 0.1),
    )  # fmt: skip
    return replace(ground, **changes)  # type: ignore[arg-type]


def a_slot(share: Share, distance_m: float = 0.0) -> SlotShare:
    return SlotShare("S1", 0, share, distance_m)


def a_sighting(label: str = "motorcycle", **changes: object) -> SightingFacts:
    sighting = SightingFacts(label, 0.9, a_position(), dwell_s=900, displacement_m=0.1, seen_share=0.95, has_left=False)
    return replace(sighting, **changes)  # type: ignore[arg-type]


def a_scene(*seen: SeenLabel, **changes: object) -> SceneFacts:
    scene = SceneFacts(ObservationSource.CAMERA, Category.UNSTATED, is_calibrated=True, accuracy_m=0.2, seen=seen)
    return replace(scene, **changes)  # type: ignore[arg-type]


def camera_facts(label: str = "motorcycle", *, on: date = DAY, at: time = time(9), **changes: object) -> SiteFacts:
    """A thing that stood on a sidewalk for 15 minutes, with room left."""
    facts = SiteFacts(
        observation_id="o1", subject="track:1", city="testville",
        at=datetime(on.year, on.month, on.day, 2, tzinfo=UTC), local_on=on,
        local_time=at, at_is_known=True, scene=a_scene(SeenLabel(label, 1, 0.9)), place=a_place(on=on),
        sighting=a_sighting(label), ground=a_ground(),
    )  # fmt: skip
    return replace(facts, **changes)  # type: ignore[arg-type]


def photo_facts(*seen: SeenLabel, category: Category = Category.UNSTATED, **changes: object) -> SiteFacts:
    """A citizen's hand-held picture, placed by the phone within 8 m."""
    scene = SceneFacts(ObservationSource.CITIZEN, category, is_calibrated=False, accuracy_m=8.0, seen=seen)
    facts = camera_facts()
    facts = replace(facts, subject="scene", scene=scene, place=a_place(8.0), sighting=None, ground=None)
    return replace(facts, **changes)  # type: ignore[arg-type]


WORK = (SeenLabel("hardhat", 3, 0.8), SeenLabel("site machinery", 1, 0.7))
INSIDE = ZoneShare("zoning", "Plan", "R1", "dwellings", 80, 100, "in_force", SOURCE)


def a_parcel(key: str = "P1", likelihood: float = 0.97, *zones: ZoneShare) -> ParcelFact:
    return ParcelFact(key, "1", "1", 80, 80, "ODT", "", 0, likelihood, zones or (INSIDE,), "", SOURCE)


def a_permit(standing: str = "in_force", **changes: object) -> PermitFact:
    permit = PermitFact(
        "12/GPXD", "new", "issued", standing, date(2026, 1, 5), date(2027, 1, 5), ("P1",), 4, 240, 0, SOURCE
    )
    return replace(permit, **changes)  # type: ignore[arg-type]


def site_facts(
    *seen: SeenLabel,
    parcels: tuple[ParcelFact, ...] = (a_parcel(),),
    permits: tuple[PermitFact, ...] = (),
    scene: dict[str, object] | None = None,
    **place: object,
) -> SiteFacts:
    """A citizen's picture of a building site on one parcel inside a zoning plan, without a permit."""
    facts = photo_facts(*(seen or WORK), category=Category.CONSTRUCTION)
    found = {"parcels": parcels, "permits": permits, **place}
    return replace(facts, place=a_place(3.0, **found), scene=replace(facts.scene, **(scene or {})))  # type: ignore[arg-type]
