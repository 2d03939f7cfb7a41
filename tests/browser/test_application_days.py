"""A leader's day: planned, a stop given to somebody else and moved, another's change told, an urgent case taken in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone
from playwright.sync_api import expect

from ops.application import build_application
from ops.folders import choose_var
from tests.browser.axe import find_faults
from tests.builders import Staff, a_staff, another

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
LON, LAT = 106.6665, 10.7625


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


def a_waiting_case(city: Any, number: int) -> Any:
    """A case of the ward police, assigned to one of its inspectors."""
    from cases.actions import assign_case
    from cases.models import Case, CaseEvent, Unit

    unit = Unit.objects.get(code="police-00001")
    case = Case.objects.create(
        code=f"VH-2611-{number:04d}", city=city, use="trading", unit=unit, unit_code="00001", opened_at=timezone.now(),
        point=Point(LON + 2e-4 * number, LAT, srid=4326), accuracy_m=3.0,
    )  # fmt: skip
    CaseEvent.objects.create(case=case, at=case.opened_at, actor="system", kind="opened", to_state="opened")
    assign_case(case.pk, actor="system")
    return case


@pytest.fixture
def people(committed_city: Any) -> Staff:
    """A leader with two inspectors on duty all day, and four cases that wait for a visit."""
    from datetime import timedelta

    from cases.models import Shift, Unit
    from cases.roles import Role

    staff, second = a_staff(), another(Role.INSPECTOR)
    begins = timezone.now() - timedelta(minutes=10)
    for user in (staff.inspector, second):
        Shift.objects.create(
            unit=Unit.objects.get(code="police-00001"),
            inspector=user,
            starts_at=begins,
            ends_at=begins + timedelta(hours=8),
        )
    for number in range(1, 5):
        a_waiting_case(committed_city, number)
    return staff


def today_of(leader: Any) -> Any:
    from cases.permissions import read_rights
    from cases.queries.day_plans import get_today

    return get_today(read_rights(leader))


def test_a_leader_plans_moves_and_is_told_of_others(
    open_page: Open, sign_in: Callable[..., None], people: Staff, committed_city: Any
) -> None:
    from cases.actions.routing import move_stop
    from cases.models import DayPlan

    page = open_page("/", on_desk=True, language="en")
    sign_in(page, people.leader)
    page.goto("/app/days?unit=police-00001")
    expect(page.get_by_text("This day is not planned yet.")).to_be_visible()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".said")).to_contain_text("Preview, nothing stored: 4 stops", timeout=30_000)
    assert not DayPlan.objects.exists()
    page.get_by_role("button", name="Plan the day").click()
    expect(page.locator(".said")).to_contain_text("Planned: 4 stops", timeout=60_000)
    assert find_faults(page) == []
    columns = page.locator(".columns section")
    expect(columns).to_have_count(2)
    first = columns.filter(has=page.locator("select")).first
    code, name = first.locator("li b").first.inner_text(), first.get_by_role("heading").inner_text()
    full = columns.filter(has=page.get_by_role("heading", name=name, exact=True))
    other = columns.filter(has_not=page.get_by_role("heading", name=name, exact=True))
    other_name = other.get_by_role("heading").inner_text()
    page.get_by_label(f"Give to: {code}").select_option(label=other_name)
    expect(other.locator("li", has_text=code)).to_contain_text("put here by hand", timeout=30_000)
    expect(full.locator("li", has_text=code)).to_have_count(0)

    plan = DayPlan.objects.get(is_current=True, inspector__username=other_name)
    pinned = plan.stops.order_by("number").first()
    assert pinned is not None
    move_stop(plan.pk, pinned.case_id, by=people.leader, version=plan.version, position=1)
    stale = other.locator("li", has_text=code).get_by_role("combobox")
    stale.select_option(label=name)
    expect(page.locator(".note.error").or_(full.locator("li", has_text=code)).first).to_be_visible(timeout=30_000)


def test_an_urgent_case_comes_in_without_shuffling_the_rest(
    open_page: Open, sign_in: Callable[..., None], people: Staff, committed_city: Any
) -> None:
    from cases.actions.routing import insert_into_day, plan_unit_day
    from cases.models import Unit

    unit = Unit.objects.get(code="police-00001")
    plan_unit_day(unit.pk, today_of(people.leader), by=people.leader, budget_s=0.5)
    page = open_page("/", on_desk=True, language="vi")
    sign_in(page, people.leader)
    page.goto("/app/days?unit=police-00001")
    expect(page.locator(".columns li b")).to_have_count(4)
    before = page.locator(".columns li b").all_inner_texts()
    urgent = a_waiting_case(committed_city, 9)
    insert_into_day(urgent.pk)
    expect(page.locator(".columns li", has_text=urgent.code)).to_be_visible(timeout=30_000)
    after = [one for one in page.locator(".columns li b").all_inner_texts() if one != urgent.code]
    assert after == before


def test_the_day_on_a_phone(open_page: Open, sign_in: Callable[..., None], people: Staff) -> None:
    from cases.actions.routing import plan_unit_day
    from cases.models import Unit

    plan_unit_day(Unit.objects.get(code="police-00001").pk, today_of(people.leader), by=people.leader, budget_s=0.5)
    page = open_page("/", language="vi")
    sign_in(page, people.leader)
    page.goto("/app/days?unit=police-00001")
    expect(page.locator(".columns li b")).to_have_count(4)
    assert find_faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
