"""An operator's day in the application: a notice sent again, the law confirmed, a holiday decreed, a role given and ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from geo.today import find_today
from ops.application import build_application
from ops.folders import choose_var
from tests.browser.axe import find_faults
from tests.builders import a_staff, another

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
PARTS = ("outbox", "law", "calendar", "roles", "weights")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


@pytest.fixture
def operator(committed_city: Any) -> Any:
    """The operator of the little city, with a calendar whose days are partly provisional."""
    from cases.actions.packs import load_calendar
    from cases.roles import Role
    from geo.pack import read_pack
    from ops.folders import ROOT

    a_staff()
    load_calendar(committed_city, read_pack(ROOT / "cities" / "hcmc").read_table("calendar.toml"))
    return another(Role.OPERATOR)


def a_failed_notice() -> Any:
    from django.contrib.auth import get_user_model

    from cases.models import Notice

    now = timezone.now()
    return Notice.objects.create(
        key="k", kind="late", channel="sms", user=get_user_model().objects.get(username="the-leader"), created_at=now,
        next_try_at=now, gives_up_at=now, state="failed", attempts=3, last_error="unreachable: 503",
    )  # fmt: skip


@pytest.mark.parametrize("on_desk", [True, False], ids=["desk", "phone"])
def test_no_part_has_a_serious_fault(
    open_page: Open, sign_in: Callable[..., None], operator: Any, on_desk: bool
) -> None:
    page = open_page("/", on_desk=on_desk, language="vi" if on_desk else "en")
    sign_in(page, operator)
    for part in PARTS:
        page.goto(f"/app/operate/{part}")
        expect(page.locator("nav a.on[aria-current=page]")).to_have_attribute("href", f"/app/operate/{part}")
        page.wait_for_selector(".page h1")
        page.wait_for_load_state("networkidle")
        assert find_faults(page) == [], part
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), part


def test_an_operators_day(open_page: Open, sign_in: Callable[..., None], operator: Any) -> None:
    from cases.models import CalendarEdition, RoleAssignment
    from rules.models import OrdinanceSet

    notice = a_failed_notice()
    laws, editions = OrdinanceSet.objects.count(), CalendarEdition.objects.count()
    page = open_page("/", on_desk=True, language="en")
    sign_in(page, operator)
    page.goto("/app/operate/outbox")
    expect(page.locator("td", has_text="unreachable: 503")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".said")).to_have_text("Queued again.")
    notice.refresh_from_db()
    assert notice.state == "queued"

    page.get_by_role("link", name="Law", exact=True).click()
    page.locator(".filters select").select_option("figure")
    item = page.locator(".items li", has_text="Least free width").first
    item.get_by_role("button", name="Confirm").click()
    item.get_by_label("By which paper").fill("Letter 55/STP of 20 November 2026")
    item.get_by_role("button", name="Confirm as written").click()
    expect(item.locator(".chip.ok")).to_have_text("Confirmed")
    expect(page.locator(".history li").first).to_contain_text("Letter 55/STP")
    assert OrdinanceSet.objects.count() == laws + 1

    page.get_by_role("link", name="Calendar", exact=True).click()
    day = page.locator("li.provisional", has_text="Lunar New Year 2027")
    day.get_by_role("button", name="Confirm").click()
    day.get_by_label("By which paper").fill("Decision 9/2026")
    day.get_by_role("button", name="Confirm as written").click()
    expect(page.locator("li", has_text="Lunar New Year 2027").first.locator(".chip.ok")).to_be_visible()
    assert CalendarEdition.objects.count() == editions + 1

    page.get_by_role("link", name="Roles", exact=True).click()
    page.locator("form select").nth(0).select_option("the-reviewer")
    page.locator("form select").nth(1).select_option("planner")
    page.get_by_label("Decision").fill("Decision 12/2026")
    page.get_by_role("button", name="Give the role").click()
    row = page.locator("ol li", has_text="the-reviewer").filter(has_text="Decision 12/2026")
    expect(row).to_be_visible()
    page.get_by_label("Decision").fill("Decision 12/2026")
    page.get_by_role("button", name="Give the role").click()
    expect(page.locator(".note.error")).to_contain_text("holds this role there in that time already")
    row.get_by_role("button", name="End").click()
    row.get_by_label("Decision").fill("Decision 13/2026")
    row.get_by_role("button", name="End the role").click()
    expect(row).to_contain_text("Decision 13/2026")
    given = RoleAssignment.objects.get(user__username="the-reviewer", role="planner")
    assert given.valid_to == find_today() + timedelta(days=1)


def test_what_somebody_else_changed_is_told_and_the_text_kept(
    open_page: Open, sign_in: Callable[..., None], operator: Any, committed_city: Any
) -> None:
    from rules.actions import confirm_law
    from rules.law_queries import get_law_table

    page = open_page("/", on_desk=True, language="en")
    sign_in(page, operator)
    page.goto("/app/operate/law")
    item = page.locator(".items li").first
    item.get_by_role("button", name="Confirm").click()
    item.get_by_label("By which paper").fill("Letter 55/STP")
    table = get_law_table(committed_city)
    other = table.items[-1]
    confirm_law(committed_city, other.key, other.value_print, source="Letter 1", by="other", version=table.version)
    item.get_by_role("button", name="Confirm as written").click()
    expect(item.locator(".note.error")).to_contain_text("The law was changed since you looked.")
    expect(item.get_by_label("By which paper")).to_have_value("Letter 55/STP")
    item.get_by_role("button", name="Confirm as written").click()
    expect(item.locator(".chip.ok")).to_have_text("Confirmed")
