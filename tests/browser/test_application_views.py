"""Every view of the application: no serious finding of axe, no script fault, not wider than the screen; the map by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ops.application import build_application
from ops.folders import choose_var
from tests.browser.axe import find_faults
from tests.browser.views import list_page_names, list_views
from tests.builders import Staff, a_report, a_staff, another, building_work, run_to_rest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
# How each page of the server is opened without signing in; those that need a token, or are no pages, are named with the reason.
CITIZENS = {
    "home": "/", "wards": "/wards/", "report": "/report/", "follow_find": "/follow/", "cases": "/cases/", "map": "/map/",
    "places": "/places/", "machine": "/what-the-machine-sees/",
}  # fmt: skip
ELSEWHERE = {
    "report_confirm": "test_report", "follow": "test_report", "case": "test_story", "alert_confirm": "a mail's button",
    "alert_end": "a mail's button", "app": "the views", "app_inside": "the views", "needs_person": "the views",
}  # fmt: skip
NO_PAGE = {
    "alerts", "feed", "report_worker", "report_suggestion", "report_picture", "follow_answer", "follow_rate", "follow_reopen",
    "follow_picture", "picture", "case_inspection", "places_print", "app_words", "app_plan", "app_worker", "dashboard", "outbox",
    "registers", "register_issues", "planner", "review", "cameras",
}  # fmt: skip
LOOKS = [(on_desk, language) for on_desk in (True, False) for language in ("vi", "en")]
IDS = [f"{'desk' if on_desk else 'phone'}-{language}" for on_desk, language in LOOKS]
IS_DRAWN = """() => document.querySelector('main h1, main h2, main .fold, main ol li')
  && ![...document.querySelectorAll('p.waiting, [aria-busy=true]')].some((one) => one.offsetParent)"""


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


def faults_of(page: Page, path: str) -> list[str]:
    """What is wrong with a view once it is drawn, each with the address."""
    page.goto(path)
    page.wait_for_function(IS_DRAWN, timeout=60_000)
    page.wait_for_load_state("networkidle")
    wide = ["wider than the screen"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
    return [f"{path}: {fault}" for fault in (*find_faults(page), *wide)]


@pytest.mark.parametrize(("on_desk", "language"), LOOKS, ids=IDS)
def test_no_view_of_the_menu_has_a_serious_fault(
    open_page: Open, sign_in: Callable[..., None], staff: Staff, on_desk: bool, language: str
) -> None:
    from cases.models import Case
    from cases.roles import Role

    views, faults = list_views(), []
    assert len(views) > 9, "the menu's list is read"
    people = {role: another(Role(role)) for role in {view.roles[0] for view in views}}
    for role, user in people.items():
        page = open_page("/", on_desk=on_desk, language=language)
        sign_in(page, user)
        mine = [view.path for view in views if view.roles[0] == role]
        if "/app/cases" in mine:
            mine.append(f"/app/cases/{Case.objects.get().code}")
        faults += [fault for path in mine for fault in faults_of(page, path)]
    assert faults == []


@pytest.mark.parametrize(("on_desk", "language"), LOOKS, ids=IDS)
def test_no_page_of_citizens_has_a_serious_fault(
    open_page: Open, committed_city: Any, on_desk: bool, language: str
) -> None:
    assert {*CITIZENS, *ELSEWHERE, *NO_PAGE} == list_page_names(), "a new page is opened here, or named with the reason"
    page = open_page("/", on_desk=on_desk, language=language)
    assert [fault for path in CITIZENS.values() for fault in faults_of(page, path)] == []


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
