"""The map by keyboard alone, a view that is not for a role, a session that ends. What axe finds: ``test_no_grave_fault``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ops.application import build_application
from ops.folders import choose_var
from tests.browser.axe import find_faults
from tests.builders import Staff, a_report, a_staff, building_work, run_to_rest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


@pytest.fixture
def staff(committed_city: Any, see: Any) -> Staff:
    """One person per role, two flags that wait and one case."""
    from cases.actions import ReviewDecision
    from pipeline.decisions import review_flag
    from rules.models import Flag

    people = a_staff()
    see(building_work())
    for observation_id in [*a_report(), *a_report()]:
        run_to_rest(observation_id)
    flag = Flag.objects.filter(verdict="flagged").first()
    assert flag is not None
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=people.leader, reason="", note="", version=None)
    return people


def test_the_map_by_keyboard_alone(open_page: Open, sign_in: Callable[..., None], staff: Staff) -> None:
    page = open_page("/", on_desk=True)
    sign_in(page, staff.leader)
    page.goto("/app/map?verdicts=flagged,undetermined,compliant")
    page.wait_for_selector("[data-state=idle]", timeout=60_000)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    assert page.get_attribute(".fold", "aria-expanded") == "false"
    page.keyboard.press("l")
    page.focus(".canvas canvas")
    page.keyboard.press("Enter")
    page.wait_for_selector(".here")
    assert find_faults(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector(".here", state="detached")
    before = page.url
    page.focus(".canvas canvas")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda now: now != before)
    assert "at=" in page.url and "leader" not in page.url


def test_a_view_that_is_not_for_the_role_says_so(open_page: Open, sign_in: Callable[..., None], staff: Staff) -> None:
    page = open_page("/", on_desk=True)
    sign_in(page, staff.inspector)
    page.goto("/app/figures")
    page.wait_for_selector("text=Màn hình này không dành cho vai trò của bạn.")


def test_an_expired_session_keeps_what_was_typed(open_page: Open, sign_in: Callable[..., None], staff: Staff) -> None:
    from cases.models import Case

    page = open_page("/", on_desk=True)
    sign_in(page, staff.leader)
    page.goto(f"/app/cases/{Case.objects.get().code}")
    page.wait_for_selector(".move textarea")
    page.fill(".move textarea", "Đã xem lại hồ sơ")
    page.select_option(".move select", index=1)
    page.context.clear_cookies(name="sessionid")
    page.click(".move .btn.main")
    page.wait_for_selector(".note.error")
    assert page.input_value(".move textarea") == "Đã xem lại hồ sơ"
