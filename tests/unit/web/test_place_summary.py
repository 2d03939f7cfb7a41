"""The facts of a place in reading order: one parcel only when it is certain, plans never mixed, gaps named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from geo.facts import (
    Coverage,
    ParcelFact,
    PlaceFacts,
    Register,
    RegisterState,
    RoadFact,
    SidewalkFact,
    SourceRef,
    UnitFact,
    ZoneShare,
)  # fmt: skip
from geo.position import Position, PositionMethod
from web.place_summary import summarise
from web.place_words import name_place

SOURCE = SourceRef("parcels", "Thửa đất", date(2026, 6, 1), is_generated=True)
PLAN = SourceRef("plan", "Quy hoạch", date(2025, 6, 15))
HERE = Position(106.69, 10.78, 5.0, PositionMethod.EXIF_GPS)


def a_zone(code: str, share_pct: float = 100.0, kind: str = "zoning") -> ZoneShare:
    return ZoneShare(kind, f"plan of {kind}", code, code, 100.0, share_pct, "in_force", PLAN)


def a_parcel(number: str, likelihood: float, distance_m: float = 0.0, address: str = "128 Nơ Trang Long") -> ParcelFact:
    zones = (a_zone("NO-06", 33.0), a_zone("TM-03", 67.0), a_zone("ODT", kind="land_use"))
    return ParcelFact(
        f"k{number}", "29", number, 500.0, 534.3, "ODT", address, distance_m, likelihood, zones, "", SOURCE
    )


def a_walk(street: str, distance_m: float) -> SidewalkFact:
    return SidewalkFact(f"{street}-{distance_m}", street, 3.4, distance_m, (), "", SOURCE)


def a_place(*parcels: ParcelFact, **more: object) -> PlaceFacts:
    states = (
        RegisterState(Register.PARCEL, Coverage.FOUND, (SOURCE,)),
        RegisterState(Register.PERMIT, Coverage.CHECKED, (PLAN,)),
        RegisterState(Register.OVERLAY, Coverage.NO_DATA),
    )
    unit = UnitFact("27139", "Phường Xuân Hoà", "ward", SOURCE)
    facts = PlaceFacts(HERE, date(2026, 11, 22), "hcmc", units=(unit,), parcels=parcels, registers=states)
    return replace(facts, **more)  # type: ignore[arg-type]


def test_one_certain_parcel_is_the_answer_with_its_plans_apart() -> None:
    summary = summarise(a_place(a_parcel("82", 1.0)))
    assert summary.parcel is not None
    assert summary.candidates == ()
    assert [(plan.kind, [z.code for z in plan.shares]) for plan in summary.plans] == [
        ("zoning", ["TM-03", "NO-06"]), ("land_use", ["ODT"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "parcels",
    [(a_parcel("82", 0.6), a_parcel("83", 0.4)), (a_parcel("82", 0.97, distance_m=2.0),), ()],
    ids=["two are possible", "near but not on it", "none"],
)
def test_without_certainty_no_parcel_is_chosen(parcels: tuple[ParcelFact, ...]) -> None:
    summary = summarise(a_place(*parcels))
    assert summary.parcel is None
    assert len(summary.candidates) == len(parcels)


def test_checked_and_no_data_are_told_apart() -> None:
    summary = summarise(a_place())
    assert [state.register for state in summary.checked] == [Register.PERMIT]
    assert [state.register for state in summary.no_data] == [Register.OVERLAY]


def test_generated_data_are_said() -> None:
    assert summarise(a_place()).is_generated


def test_each_street_is_named_once_by_its_nearest_piece() -> None:
    walks = (a_walk("Vũ Tùng", 0.0), a_walk("Vũ Tùng", 9.0), a_walk("Phan Văn Trị", 12.0))
    roads = (RoadFact("", "tertiary", None, 1.0, SOURCE), RoadFact("Vũ Tùng", "", 7.0, 4.0, SOURCE))
    summary = summarise(a_place(sidewalks=walks, roads=roads))
    assert [(walk.street, walk.distance_m) for walk in summary.sidewalks] == [("Vũ Tùng", 0.0), ("Phan Văn Trị", 12.0)]
    assert [road.name for road in summary.roads] == ["Vũ Tùng"]


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        pytest.param(a_place(a_parcel("82", 0.9)), "128 Nơ Trang Long", id="likely parcel"),
        pytest.param(a_place(a_parcel("82", 0.5), sidewalks=(a_walk("Vũ Tùng", 2.0),)), "Vũ Tùng", id="street only"),
        pytest.param(a_place(), "", id="nothing near"),
    ],
)
def test_a_place_is_never_called_by_a_guessed_address(facts: PlaceFacts, line: str) -> None:
    name = name_place(facts)
    assert (name.line, name.unit) == (line, "Phường Xuân Hoà")
