"""Sidewalk encroachment: a table of sites, each with its verdict, the deciding reason and what was missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from geo.facts import AllowedUse, Coverage
from intake.kinds import Category, ObservationSource
from rules.engine import check
from rules.finding import Finding, Verdict
from rules.ordinances import read_law
from rules.parameters import SIDEWALK
from rules.site_facts import FreeWidth, OtherPicture, ParcelDistance, SeenLabel, Share, SiteFacts
from tests.data.site_facts import (
    DAY,
    HALF,
    LAW_FILE,
    OFF,
    ON,
    a_ground,
    a_law,
    a_place,
    a_scene,
    a_sidewalk,
    a_sighting,
    a_slot,
    camera_facts,
    photo_facts,
    registers,
)

C, F, U = Verdict.COMPLIANT, Verdict.FLAGGED, Verdict.UNDETERMINED
NARROW, CLOSE, WIDE = FreeWidth(1.12, 0.18), FreeWidth(1.45, 0.2), FreeWidth(2.4, 0.1)
SLOT = AllowedUse("parking", slot="{}", from_time=time(6), to_time=time(22))
IN_SLOT = {"place": a_place(sidewalks=(a_sidewalk(SLOT),))}


def finding(facts: SiteFacts) -> Finding | None:
    return next((f for f in check(facts, a_law()) if f.rule_code == SIDEWALK), None)


def decided_by(found: Finding) -> str:
    return next(r.code for r in reversed(found.reasons) if r.code != "time_from_receipt")


def bike(**ground: object) -> SiteFacts:
    return camera_facts(ground=a_ground(**ground))


SITES = [
    pytest.param(camera_facts(), F, "no_leave", (), id="motorbike-left-on-the-sidewalk"),
    pytest.param(bike(sidewalk=OFF, sidewalk_key=""), C, "off_sidewalk", (), id="parked-on-the-road"),
    pytest.param(
        camera_facts("car", sighting=a_sighting("car", displacement_m=12.0), ground=a_ground(sidewalk=OFF)),
        C, "moving", (), id="car-that-drives-by",
    ),
    pytest.param(camera_facts(sighting=a_sighting(displacement_m=3.0)), C, "moving", (), id="motorbike-that-rolls"),
    pytest.param(bike(sidewalk=HALF), U, "sidewalk_edge", ("ground_position",), id="half-on-the-curb"),
    pytest.param(bike(has_outline=False), U, "sidewalk_edge", ("footprint",), id="only-its-foot-is-known"),
    pytest.param(
        bike(has_outline=False, sidewalk=OFF), C, "off_sidewalk", (), id="only-its-foot-is-known-and-it-is-off"
    ),
    pytest.param(
        bike(parcels=(ParcelDistance("P1", "ODT", 0.1),)), U, "boundary", ("surveyed_boundary",), id="within-sigma-of-private"
    ),
    pytest.param(
        bike(parcels=(ParcelDistance("P1", "ODT", 0.0),), sidewalk=OFF), U, "boundary", ("surveyed_boundary",), id="on-private"
    ),
    pytest.param(bike(parcels=(ParcelDistance("P1", "ODT", 0.3),)), F, "no_leave", (), id="beyond-sigma-of-private"),
    pytest.param(bike(parcels=(ParcelDistance("P1", "DGT", 0.0),)), F, "no_leave", (), id="parcel-of-the-road-is-public"),
    pytest.param(
        camera_facts(place=a_place(registers=registers(sidewalk=Coverage.NO_DATA))),
        U, "register_no_data", ("register_sidewalk",), id="no-sidewalk-register",
    ),
    pytest.param(
        camera_facts(place=a_place(registers=registers(parcel=Coverage.NO_DATA))),
        U, "register_no_data", ("register_parcel",), id="no-parcel-register",
    ),
    pytest.param(camera_facts(ground=None), U, "ground_position", ("ground_position",), id="not-measured"),
    pytest.param(camera_facts(sighting=a_sighting(dwell_s=None)), U, "dwell_unknown", ("dwell",), id="one-frame"),
    pytest.param(
        camera_facts(sighting=a_sighting(displacement_m=None)), U, "dwell_unknown", ("dwell",), id="no-displacement"
    ),
    pytest.param(
        camera_facts(sighting=a_sighting(dwell_s=120.0, has_left=True)), C, "short_stay", (), id="left-after-two-minutes"
    ),
    pytest.param(
        camera_facts(sighting=a_sighting(dwell_s=120.0)), U, "stay_not_watched", ("dwell",), id="clip-ended-too-soon"
    ),
    pytest.param(
        camera_facts(sighting=a_sighting(dwell_s=299.0)), U, "stay_not_watched", ("dwell",), id="just-below-five-minutes"
    ),
    pytest.param(camera_facts(sighting=a_sighting(dwell_s=300.0)), F, "no_leave", (), id="just-five-minutes"),
    pytest.param(
        camera_facts(sighting=a_sighting(seen_share=0.5)), U, "hidden_too_often", ("dwell",), id="hidden-half-the-time"
    ),
    pytest.param(camera_facts("chair"), F, "use_forbidden", (), id="chairs-with-2.4-m-free"),
    pytest.param(
        camera_facts("chair", sighting=a_sighting("chair", dwell_s=400.0)), U, "stay_not_watched", ("dwell",),
        id="goods-need-ten-minutes",
    ),
    pytest.param(
        camera_facts("chair", scene=a_scene(category=Category.EVENT)), F, "use_forbidden", (), id="a-chair-is-no-wedding"
    ),
    pytest.param(
        camera_facts("traffic cone", sighting=a_sighting("traffic cone", dwell_s=2000.0)), F, "use_forbidden", (), id="cone"
    ),
    pytest.param(
        camera_facts(ground=a_ground(slots=(a_slot(ON),)), **IN_SLOT), C, "within_leave", (), id="in-the-painted-slot"
    ),
    pytest.param(
        camera_facts(ground=a_ground(slots=(a_slot(OFF, 3.7),)), **IN_SLOT), F, "outside_slot", (), id="outside-the-slot"
    ),
    pytest.param(
        camera_facts(ground=a_ground(slots=(a_slot(HALF),)), **IN_SLOT), U, "slot_edge", ("ground_position",),
        id="on-the-slot-line",
    ),
    pytest.param(
        camera_facts(ground=a_ground(slots=(a_slot(ON),), free_width=NARROW), **IN_SLOT), F, "leave_too_narrow", (),
        id="slot-but-1.12-m-left",
    ),
    pytest.param(
        camera_facts(ground=a_ground(slots=(a_slot(ON),), free_width=CLOSE), **IN_SLOT), U, "width_in_leave_unsure",
        ("free_width",), id="slot-and-1.45-m-within-error",
    ),
    pytest.param(
        camera_facts(ground=a_ground(slots=(a_slot(ON),), free_width=None), **IN_SLOT), U, "width_in_leave_unknown",
        ("free_width",), id="slot-and-width-not-measured",
    ),
    pytest.param(
        camera_facts(at=time(23), ground=a_ground(slots=(a_slot(ON),)), **IN_SLOT), F, "outside_hours", (), id="slot-at-night"
    ),
    pytest.param(
        photo_facts(SeenLabel("motorcycle", 3, 0.8)), U, "one_picture", ("dwell", "ground_position"), id="citizens-photo"
    ),
    pytest.param(
        photo_facts(category=Category.TRADING), U, "one_picture", ("dwell", "ground_position"), id="claim-without-things"
    ),
    pytest.param(
        photo_facts(category=Category.EVENT), U, "person_first", ("purpose_of_use",), id="wedding-or-funeral"
    ),
    pytest.param(
        photo_facts(SeenLabel("car", 1, 0.9), place=None), U, "no_position", ("position",), id="photo-without-a-place"
    ),
    pytest.param(
        photo_facts(SeenLabel("car", 1, 0.9), place=a_place(registers=registers(sidewalk=Coverage.NO_DATA))),
        U, "register_no_data", ("register_sidewalk",), id="photo-where-no-register",
    ),
    pytest.param(
        photo_facts(SeenLabel("car", 1, 0.9), scene=a_scene(SeenLabel("car", 1, 0.9), is_calibrated=False)),
        U, "one_picture", ("dwell", "calibration"), id="camera-without-calibration",
    ),
    pytest.param(
        photo_facts(SeenLabel("car", 1, 0.9), at_is_known=False), U, "one_picture",
        ("dwell", "ground_position", "captured_at"), id="photo-without-a-time",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "verdict", "code", "missing"), SITES)
def test_sites(facts: SiteFacts, verdict: Verdict, code: str, missing: tuple[str, ...]) -> None:
    found = finding(facts)
    assert found is not None
    assert (found.verdict, decided_by(found), found.missing) == (verdict, code, missing)
    assert found.citation is not None
    assert (found.verdict is U) is bool(found.missing)
    assert (found.priority == 0) is (verdict is C)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(camera_facts("person"), id="person"),
        pytest.param(camera_facts("fire hydrant"), id="street-fixture"),
        pytest.param(camera_facts("kite"), id="kite"),
        pytest.param(camera_facts("hardhat"), id="worker"),
        pytest.param(photo_facts(SeenLabel("person", 2, 0.9)), id="photo-of-people"),
        pytest.param(photo_facts(), id="empty-photo"),
        pytest.param(photo_facts(SeenLabel("car", 1, 0.9), category=Category.CONSTRUCTION), id="building-site"),
    ],
)
def test_of_no_concern(facts: SiteFacts) -> None:
    assert finding(facts) is None


@pytest.mark.parametrize(
    ("moved_m", "jitter_m", "verdict", "code"),
    [
        pytest.param(3.0, 0.4, C, "moving", id="beyond the unrest"),
        pytest.param(0.8, 0.4, U, "movement_unclear", id="within it, and more than standing allows"),
        pytest.param(0.4, 3.0, F, "stationary", id="still, whatever the unrest"),
    ],
)
def test_boxes_that_tremble_are_no_move(moved_m: float, jitter_m: float, verdict: Verdict, code: str) -> None:
    found = finding(camera_facts(sighting=a_sighting(displacement_m=moved_m, jitter_m=jitter_m)))
    assert found is not None
    assert found.verdict is verdict
    assert code in [reason.code for reason in found.reasons]


@pytest.mark.parametrize("share", [ON, HALF, OFF], ids=["on", "edge", "off"])
@pytest.mark.parametrize("dwell_s", [None, 5.0, 5000.0])
@pytest.mark.parametrize("label", ["car", "bus", "motorcycle", "bicycle", "chair"])
def test_nothing_that_moves_is_ever_flagged(share: Share, dwell_s: float | None, label: str) -> None:
    sighting = a_sighting(label, displacement_m=0.6, dwell_s=dwell_s)
    found = finding(camera_facts(label, sighting=sighting, ground=a_ground(sidewalk=share)))
    assert found is not None
    assert found.verdict is C


TRADING = AllowedUse("trading", from_on=date(2024, 1, 1), to_on=date(2025, 11, 30))
WITH_LICENCE = a_place(sidewalks=(a_sidewalk(TRADING),))


@pytest.mark.parametrize(
    ("on", "label", "ground", "verdict", "code"),
    [
        pytest.param(date(2024, 10, 1), "chair", a_ground(), C, "within_leave", id="2024-listed-street-2.4-m-left"),
        pytest.param(date(2025, 12, 1), "chair", a_ground(), F, "leave_ended", id="2025-after-the-licence-ended"),
        pytest.param(date(2026, 4, 1), "chair", a_ground(), F, "use_forbidden", id="2026-no-trading-at-all"),
        pytest.param(date(2023, 8, 1), "chair", a_ground(), U, "law_at_date", id="before-the-law-on-record"),
    ],
)
def test_law_of_the_day(on: date, label: str, ground: object, verdict: Verdict, code: str) -> None:
    found = finding(camera_facts(label, on=on, place=WITH_LICENCE, ground=ground))
    assert found is not None
    assert (found.verdict, decided_by(found)) == (verdict, code)
    assert (found.citation is None) is (code == "law_at_date")


@pytest.mark.parametrize("on", [date(2024, 10, 1), date(2025, 12, 1), date(2026, 9, 1)], ids=str)
def test_wedding_is_an_allowed_purpose_at_every_date(on: date) -> None:
    found = finding(replace(photo_facts(category=Category.EVENT), local_on=on))
    assert found is not None
    assert (found.verdict, found.priority_reasons) == (U, ("person_first",))


def test_no_list_of_permitted_uses_is_not_no_leave() -> None:
    text = LAW_FILE.read_text(encoding="utf-8")
    law = read_law(text.replace("uses_are_listed = { value = true", "uses_are_listed = { value = false"))
    found = check(camera_facts(), law)[0]
    assert (found.verdict, found.missing) == (U, ("register_leave",))


@pytest.mark.parametrize(
    ("facts", "priority_reasons", "least", "most"),
    [
        pytest.param(bike(free_width=NARROW), ("width_blocked",), 60, 70, id="blocked"),
        pytest.param(bike(free_width=CLOSE), ("width_suspected",), 45, 55, id="suspected"),
        pytest.param(bike(free_width=WIDE), (), 30, 40, id="room-left"),
        pytest.param(bike(free_width=None), (), 30, 40, id="width-unknown"),
        pytest.param(camera_facts("chair", ground=a_ground(area_m2=0.4)), ("small_vendor",), 15, 25, id="one-chair"),
        pytest.param(
            camera_facts("chair", scene=a_scene(SeenLabel("chair", 6, 0.9)), ground=a_ground(area_m2=0.4)),
            (), 30, 40, id="six-chairs",
        ),
    ],
)  # fmt: skip
def test_priority(facts: SiteFacts, priority_reasons: tuple[str, ...], least: int, most: int) -> None:
    found = finding(facts)
    assert found is not None
    assert found.priority_reasons == priority_reasons
    assert least <= found.priority <= most


def test_second_picture_is_said_with_the_time_between() -> None:
    other = OtherPicture(
        "o0", datetime(DAY.year, DAY.month, DAY.day, 1, 40, tzinfo=UTC), DAY, 3.0, (SeenLabel("car", 1, 0.9),)
    )
    facts = photo_facts(SeenLabel("car", 1, 0.9))
    found = finding(replace(facts, scene=replace(facts.scene, others=(other,))))
    assert found is not None
    again = next(r for r in found.reasons if r.code == "seen_again")
    assert again.value("apart_s") == 1200
    assert found.verdict is U


def test_the_senders_category_chooses_among_uses() -> None:
    facts = photo_facts(SeenLabel("motorcycle", 9, 0.9), category=Category.PARKING_SERVICE)
    found = finding(facts)
    assert found is not None
    assert found.use == "parking_service"
    assert facts.scene.source is ObservationSource.CITIZEN


def test_every_condition_of_a_flag_is_said_with_value_and_limit() -> None:
    found = finding(bike(free_width=NARROW))
    assert found is not None
    said = {r.code: dict(r.values) for r in found.reasons}
    assert said["on_sidewalk"]["share"] == 1.0
    assert said["stationary"]["dwell_s"] == 900
    assert said["free_width"] == {"width_m": 1.12, "sigma_m": 0.18, "limit_m": 1.5, "passage": "certain"}


@pytest.mark.parametrize(
    ("word", "verdict", "code", "missing"),
    [
        pytest.param('parking = "free"', C, "use_free", (), id="free"),
        pytest.param("", U, "use_not_in_law", ("law_for_use",), id="not-in-the-law"),
        pytest.param('parking = "person_first"', U, "person_first", ("purpose_of_use",), id="person-first"),
    ],
)
def test_other_ways_a_law_may_stand_to_a_use(word: str, verdict: Verdict, code: str, missing: tuple[str, ...]) -> None:
    text = LAW_FILE.read_text(encoding="utf-8").replace('parking = "listed"', word)
    found = check(camera_facts(), read_law(text))[0]
    assert (found.verdict, decided_by(found), found.missing) == (verdict, code, missing)


def test_a_segment_that_is_not_in_the_facts_gives_no_leave_either_way() -> None:
    found = finding(camera_facts(ground=a_ground(sidewalk_key="S7")))
    assert found is not None
    assert (found.verdict, decided_by(found)) == (U, "leave_unknown")


def test_the_picture_of_a_calibrated_camera_is_judged_by_its_things() -> None:
    assert finding(photo_facts(SeenLabel("car", 1, 0.9), scene=a_scene(SeenLabel("car", 1, 0.9)))) is None


def test_a_photo_far_from_every_sidewalk_says_so() -> None:
    found = finding(photo_facts(SeenLabel("car", 1, 0.9), place=a_place(8.0, sidewalks=())))
    assert found is not None
    assert found.verdict is U
    assert any(r.code == "no_sidewalk_near" for r in found.reasons)


def test_a_moving_things_registers_are_not_asked() -> None:
    found = finding(camera_facts(sighting=a_sighting(displacement_m=9.0), place=None, ground=None))
    assert found is not None
    assert found.verdict is C


def test_vehicles_kept_for_money_by_a_camera_too() -> None:
    found = finding(camera_facts(scene=a_scene(category=Category.PARKING_SERVICE)))
    assert found is not None
    assert found.use == "parking_service"
