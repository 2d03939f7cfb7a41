"""Known answers of the law: need of a permit, limited-term sizes, fines, storeys that do not count."""

from __future__ import annotations

from datetime import date

import pytest

from rules.fines import find_fine
from rules.ordinances import RuleLaw
from rules.parameters import CONSTRUCTION
from rules.permit_need import Need, Work, judge_need
from rules.storeys import PlanLevel, is_limited_term_allowed, is_over_permit
from tests.data.site_facts import law_at


def construction(on: date = date(2026, 8, 1)) -> RuleLaw:
    law = law_at(on).rule(CONSTRUCTION)
    assert law is not None
    return law


@pytest.mark.parametrize(
    ("work", "need", "missing"),
    [
        pytest.param(Work(True, 4, 300, True), Need.NEEDED, (), id="4-storeys-inside-the-urban-area"),
        pytest.param(Work(True, 4, 300, False), Need.EXEMPT, (), id="4-storeys-outside-any-area"),
        pytest.param(Work(True, 7, 300, False), Need.NEEDED, (), id="7-storeys"),
        pytest.param(Work(True, 6, 500, False), Need.NEEDED, (), id="500-m2"),
        pytest.param(Work(False, 2, 100, False), Need.NEEDED, (), id="not-a-house"),
        pytest.param(Work(None, None, None, True), Need.NEEDED, (), id="inside-settles-it"),
        pytest.param(Work(True, None, None, False), Need.UNKNOWN, ("storeys", "floor_area_m2"), id="size-unknown"),
        pytest.param(Work(True, 4, 300, None), Need.UNKNOWN, ("in_permit_area",), id="area-unknown"),
    ],
)
def test_need_of_a_permit(work: Work, need: Need, missing: tuple[str, ...]) -> None:
    answer = judge_need(work, construction())
    assert (answer.need, answer.missing) == (need, missing)


def test_before_the_law_of_2025_a_house_always_needed_one() -> None:
    assert judge_need(Work(True, 2, 80, False), construction(date(2026, 6, 30))).need is Need.NEEDED


@pytest.mark.parametrize(
    ("plan", "storeys", "basements", "allowed"),
    [
        pytest.param(PlanLevel.ZONING, 4, 0, False, id="zoning-4"),
        pytest.param(PlanLevel.ZONING, 3, 1, True, id="zoning-3-and-a-basement"),
        pytest.param(PlanLevel.ZONING, 3, 2, False, id="zoning-3-and-2-basements"),
        pytest.param(PlanLevel.DETAILED, 2, 0, False, id="detailed-2"),
        pytest.param(PlanLevel.DETAILED, 1, 0, True, id="detailed-1"),
    ],
)
def test_limited_term(plan: PlanLevel, storeys: int, basements: int, allowed: bool) -> None:
    assert is_limited_term_allowed(plan, storeys, basements, construction()) is allowed


def test_limited_term_before_the_decision_is_not_known() -> None:
    assert is_limited_term_allowed(PlanLevel.ZONING, 1, 0, construction(date(2025, 6, 1))) is None


@pytest.mark.parametrize(
    ("is_organisation", "least", "most", "middle"),
    [
        pytest.param(False, 30_000_000, 40_000_000, 35_000_000, id="individual"),
        pytest.param(True, 60_000_000, 80_000_000, 70_000_000, id="organisation"),
    ],
)
def test_fine_for_a_house_without_a_permit(is_organisation: bool, least: int, most: int, middle: int) -> None:
    fine = find_fine(law_at(), "XD07", "G1", is_organisation=is_organisation)
    assert fine is not None
    assert (fine.least, fine.most, fine.middle) == (least, most, middle)
    assert not fine.is_confirmed
    assert "16/2022" in fine.citation


def test_no_fine_where_the_data_have_none() -> None:
    assert find_fine(law_at(date(2021, 1, 1)), "XD07", "G1", is_organisation=False) is None


@pytest.mark.parametrize(
    ("visible", "permitted", "over"),
    [
        pytest.param(4, 4, False, id="as-permitted"),
        pytest.param(5, 4, None, id="a-roof-cap-may-not-count"),
        pytest.param(6, 4, True, id="two-more"),
        pytest.param(None, 4, None, id="nobody-counted"),
        pytest.param(6, None, None, id="permit-without-a-figure"),
    ],
)
def test_visible_storeys_are_not_legal_storeys(visible: int | None, permitted: float | None, over: bool | None) -> None:
    assert is_over_permit(visible, permitted) is over
