"""Building without a permit: a table of sites, each with its verdict, the deciding reason and what was missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from geo.facts import Coverage, PlanLineFact, Register, RegisterState
from intake.kinds import Category
from rules.engine import check
from rules.finding import Finding, Verdict
from rules.parameters import CONSTRUCTION
from rules.site_facts import OtherPicture, SeenLabel, SiteFacts
from tests.data.site_facts import (
    INSIDE,
    SOURCE,
    WORK,
    a_law,
    a_parcel,
    a_permit,
    camera_facts,
    photo_facts,
    registers,
    site_facts,
)

C, F, U = Verdict.COMPLIANT, Verdict.FLAGGED, Verdict.UNDETERMINED
ONE_SIGN = (SeenLabel("hardhat", 4, 0.9),)
OLD = replace(SOURCE, source_on=date(2025, 8, 1))
UNDATED = replace(SOURCE, source_on=None)
OUTSIDE = replace(INSIDE, plan_kind="land_use")


def finding(facts: SiteFacts) -> Finding | None:
    return next((f for f in check(facts, a_law()) if f.rule_code == CONSTRUCTION), None)


def permits_of(source: object) -> tuple[RegisterState, ...]:
    kept = tuple(s for s in registers() if s.register is not Register.PERMIT)
    return (*kept, RegisterState(Register.PERMIT, Coverage.CHECKED, (source,)))  # type: ignore[arg-type]


def another(on: date) -> OtherPicture:
    return OtherPicture("o0", datetime(on.year, on.month, on.day, 3, tzinfo=UTC), on, 2.0, ONE_SIGN)


def twice(on: date) -> dict[str, object]:
    return {"others": (another(on),)}


SITES = [
    pytest.param(site_facts(), F, "no_permit", (), id="work-without-a-permit"),
    pytest.param(site_facts(permits=(a_permit(),)), C, "permit_in_force", (), id="permit-in-force"),
    pytest.param(site_facts(*ONE_SIGN, permits=(a_permit(),)), C, "permit_in_force", (), id="one-sign-and-a-permit"),
    pytest.param(site_facts(permits=(a_permit("expired"),)), F, "permit_expired", (), id="permit-expired"),
    pytest.param(site_facts(permits=(a_permit("revoked"),)), F, "permit_revoked", (), id="permit-revoked"),
    pytest.param(site_facts(permits=(a_permit("not_yet"),)), F, "permit_not_yet", (), id="permit-not-yet"),
    pytest.param(
        site_facts(permits=(a_permit("expired", kind="limited_term"),)), F, "limited_term_over", (), id="limited-term-over"
    ),
    pytest.param(
        site_facts(permits=(a_permit("expired"), a_permit(number="13"))), C, "permit_in_force", (), id="old-and-new-permit"
    ),
    pytest.param(
        site_facts(permits=(a_permit("unknown"),)), U, "permit_dates_unknown", ("permit_dates",), id="permit-without-dates"
    ),
    pytest.param(site_facts(permits=(a_permit(parcel_keys=("P2",)),)), F, "no_permit", (), id="permit-of-the-neighbour"),
    pytest.param(
        site_facts(permits=(a_permit(parcel_keys=(), distance_m=5.0),)), U, "permit_not_linked", ("permit_parcel",),
        id="permit-of-no-parcel-nearby",
    ),
    pytest.param(
        site_facts(permits=(a_permit(parcel_keys=(), distance_m=50.0),)), F, "no_permit", (), id="permit-of-no-parcel-far"
    ),
    pytest.param(
        site_facts(registers=registers(permit=Coverage.NO_DATA)), U, "register_no_data", ("register_permit",),
        id="no-permit-register",
    ),
    pytest.param(
        site_facts(registers=permits_of(OLD)), U, "register_stale", ("register_permit",), id="stale-permit-register"
    ),
    pytest.param(
        site_facts(registers=permits_of(UNDATED)), U, "register_undated", ("register_permit",), id="undated-register"
    ),
    pytest.param(
        site_facts(permits=(a_permit(),), registers=permits_of(OLD)), C, "permit_in_force", (), id="stale-but-has-a-permit"
    ),
    pytest.param(
        site_facts(parcels=(a_parcel("P1", 0.6), a_parcel("P2", 0.4)), permits=(a_permit(),)), U, "several_parcels",
        ("parcel",), id="two-parcels-possible",
    ),
    pytest.param(site_facts(parcels=()), U, "no_parcel_here", ("parcel",), id="no-parcel-here"),
    pytest.param(
        site_facts(registers=registers(parcel=Coverage.NO_DATA)), U, "register_no_data", ("register_parcel",),
        id="no-parcel-register",
    ),
    pytest.param(replace(site_facts(), place=None), U, "no_position", ("position",), id="no-place"),
    pytest.param(site_facts(*ONE_SIGN), U, "signs_too_few", ("signs_of_work",), id="one-sign"),
    pytest.param(
        site_facts(SeenLabel("hardhat", 2, 0.9), SeenLabel("safety vest", 2, 0.9)), U, "signs_too_few", ("signs_of_work",),
        id="hat-and-vest-are-one-sign",
    ),
    pytest.param(
        site_facts(SeenLabel("hardhat", 2, 0.9), SeenLabel("site machinery", 1, 0.2)), U, "signs_too_few",
        ("signs_of_work",), id="an-unsure-sign-does-not-count",
    ),
    pytest.param(site_facts(*ONE_SIGN, scene=twice(date(2026, 9, 13))), F, "no_permit", (), id="one-sign-two-days-apart"),
    pytest.param(
        site_facts(*ONE_SIGN, scene=twice(date(2026, 9, 14))), U, "signs_too_few", ("signs_of_work",), id="one-day-apart"
    ),
    pytest.param(
        site_facts(SeenLabel("car", 1, 0.9), scene=twice(date(2026, 9, 1))), U, "signs_too_few", ("signs_of_work",),
        id="sign-long-ago-none-today",
    ),
    pytest.param(
        site_facts(parcels=(a_parcel("P1", 0.97, OUTSIDE),)), U, "permit_need_unknown",
        ("is_house", "storeys", "floor_area_m2"), id="outside-the-plan",
    ),
    pytest.param(
        site_facts(parcels=(a_parcel("P1", 0.97, OUTSIDE),), registers=registers(zoning=Coverage.NO_DATA)), U,
        "permit_need_unknown", ("is_house", "storeys", "floor_area_m2", "in_permit_area"), id="no-zoning-register",
    ),
    pytest.param(
        site_facts(permits=(a_permit(),), scene={"visible_storeys": 5}), C, "permit_in_force", (), id="4-storeys-and-a-cap"
    ),
    pytest.param(
        site_facts(permits=(a_permit(),), scene={"visible_storeys": 6}), F, "over_permit", ("storeys_by_officer",),
        id="two-storeys-over",
    ),
    pytest.param(replace(site_facts(), local_on=date(2020, 1, 1)), U, "law_at_date", ("law_at_date",), id="before-the-law"),
    pytest.param(replace(site_facts(), at_is_known=False), F, "no_permit", ("captured_at",), id="time-of-receipt"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "verdict", "code", "missing"), SITES)
def test_sites(facts: SiteFacts, verdict: Verdict, code: str, missing: tuple[str, ...]) -> None:
    found = finding(facts)
    assert found is not None
    decided = next(r.code for r in reversed(found.reasons) if r.code not in ("time_from_receipt", "public_line"))
    assert (found.verdict, decided, found.missing) == (verdict, code, missing)
    if code != "law_at_date":
        assert (found.priority == 0) is (verdict is C)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(photo_facts(SeenLabel("car", 1, 0.9)), id="street-photo"),
        pytest.param(photo_facts(*ONE_SIGN, category=Category.TRADING), id="a-worker-in-another-report"),
        pytest.param(camera_facts("site machinery"), id="one-placed-thing"),
    ],
)
def test_of_no_concern(facts: SiteFacts) -> None:
    assert finding(facts) is None


def test_enough_signs_need_no_claim() -> None:
    facts = site_facts(scene={"category": Category.UNSTATED})
    found = finding(facts)
    assert found is not None
    assert found.verdict is F


@pytest.mark.parametrize("standing", ["expired", "revoked", "not_yet", "unknown", "in_force"])
@pytest.mark.parametrize("zoning", [Coverage.FOUND, Coverage.CHECKED, Coverage.NO_DATA])
@pytest.mark.parametrize("permit", [Coverage.FOUND, Coverage.CHECKED, Coverage.NO_DATA])
def test_a_parcel_with_a_valid_permit_is_never_flagged(standing: str, zoning: Coverage, permit: Coverage) -> None:
    facts = site_facts(
        permits=(a_permit(standing, number="1"), a_permit(number="2")),
        registers=registers(zoning=zoning, permit=permit),
    )
    found = finding(facts)
    assert found is not None
    assert found.verdict is C


def a_line(distance_m: float, width_m: float | None = 20.0) -> PlanLineFact:
    return PlanLineFact("red_line", "Phố Thử", width_m, distance_m, SOURCE)


@pytest.mark.parametrize(
    ("distance_m", "met", "reasons"),
    [
        pytest.param(2.0, False, ("machinery", "public_land", "no_permit"), id="inside"),
        pytest.param(8.0, None, ("machinery", "no_permit"), id="perhaps"),
        pytest.param(30.0, "absent", ("machinery", "no_permit"), id="outside"),
    ],
)
def test_public_ground_is_an_added_reason(distance_m: float, met: object, reasons: tuple[str, ...]) -> None:
    found = finding(site_facts(plan_lines=(a_line(distance_m),)))
    assert found is not None
    lines = [r.met for r in found.reasons if r.code == "public_line"]
    assert (lines[0] if lines else "absent") == met
    assert found.verdict is F
    assert found.priority_reasons == reasons


def test_priority_falls_from_danger_to_paperwork() -> None:
    hats = (SeenLabel("hardhat", 4, 0.9),)
    old = twice(date(2026, 9, 1))
    sites = [
        site_facts(*WORK),
        site_facts(*hats, scene=old, plan_lines=(a_line(1.0),)),
        site_facts(*hats, scene=old),
        site_facts(*hats, scene=old, permits=(a_permit("expired"),)),
        site_facts(*hats),
        site_facts(permits=(a_permit(),)),
    ]
    found = [finding(site) for site in sites]
    points = [f.priority for f in found if f is not None]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == len(sites)


def test_candidates_are_listed_with_their_likelihood() -> None:
    found = finding(site_facts(parcels=(a_parcel("P1", 0.55), a_parcel("P2", 0.45))))
    assert found is not None
    listed = [(r.value("parcel"), r.value("likelihood")) for r in found.reasons if r.code == "parcel_candidate"]
    assert listed == [("P1", 0.55), ("P2", 0.45)]


def test_what_cannot_be_seen_is_said() -> None:
    found = finding(site_facts(*ONE_SIGN, scene={"unseen": ("scaffolding",)}))
    assert found is not None
    assert any(r.code == "cannot_be_seen" and r.value("thing") == "scaffolding" for r in found.reasons)
    assert found.missing == ("signs_of_work",)


def test_a_sign_on_two_dates_is_said_with_its_dates() -> None:
    found = finding(site_facts(*ONE_SIGN, scene=twice(date(2026, 9, 13))))
    assert found is not None
    said = next(reason for reason in found.reasons if reason.code == "sign_seen_again")
    assert said.met is True
    assert (said.value("count"), said.value("days_apart"), said.value("days_needed")) == (1, 2, 2)
