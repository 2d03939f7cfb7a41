"""As a reviewer does it: the queue by keyboard on a desk, and by touch on a phone; two people on one flag."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from ops.application import build_application
from ops.folders import choose_var
from tests.builders import a_report, a_staff, building_work, run_to_rest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


@pytest.fixture
def waiting(committed_city: Any, see: Any) -> list[Any]:
    """Two flagged building sites."""
    from rules.models import Flag

    see(building_work())
    for observation_id in [*a_report(), *a_report()]:
        run_to_rest(observation_id)
    return list(Flag.objects.filter(verdict="flagged"))


def test_a_reviewer_decides_with_the_keyboard(
    open_page: Open, sign_in: Callable[..., None], waiting: list[Any]
) -> None:
    from rules.models import Flag

    page = open_page("/", on_desk=True)
    sign_in(page, a_staff().reviewer)
    page.goto("/app/review")
    page.wait_for_selector(".frame rect.counts")
    count = page.locator("ol li").count()
    page.keyboard.press("3")
    page.wait_for_selector("text=Đã bỏ qua: Có phép.")
    expect(page.locator("ol li")).to_have_count(count - 1)
    assert Flag.objects.filter(state="dismissed").count() == 1
    page.keyboard.press("z")
    page.wait_for_selector("text=Đã hoàn tác.")
    assert not Flag.objects.filter(state="dismissed").exists()
    page.wait_for_selector(".title")
    page.keyboard.press("a")
    page.wait_for_selector("text=Đã nhận vào vụ")
    assert Flag.objects.filter(state="accepted").count() == 1


def test_several_are_dismissed_with_one_reason_and_taken_back_together(
    open_page: Open, sign_in: Callable[..., None], waiting: list[Any]
) -> None:
    from rules.models import Flag

    page = open_page("/", on_desk=True)
    sign_in(page, a_staff().reviewer)
    page.goto("/app/review")
    page.wait_for_selector(".title")
    boxes = page.locator("ol input[type=checkbox]")
    count = boxes.count()
    for index in range(count):
        boxes.nth(index).check()
    page.wait_for_selector(f"text=Bỏ qua {count} mục vì")
    page.click("text=Tạm thời")
    page.wait_for_selector("text=Hết mục chờ.")
    assert Flag.objects.filter(state="dismissed").count() == count
    page.keyboard.press("z")
    page.wait_for_selector("text=Đã hoàn tác.")
    expect(page.locator("ol li")).to_have_count(count)
    assert not Flag.objects.filter(state="dismissed").exists()


def test_the_second_of_two_people_is_told_and_sees_the_new_state(
    open_page: Open, sign_in: Callable[..., None], waiting: list[Any]
) -> None:
    from cases.actions import ReviewDecision
    from pipeline.decisions import review_flag

    staff = a_staff()
    page = open_page("/", on_desk=True)
    sign_in(page, staff.reviewer)
    page.goto("/app/review")
    page.wait_for_selector(".decide .btn.main")
    shown = page.get_attribute("ol li.on", "id").removeprefix("flag-")
    review_flag(shown, ReviewDecision.DISMISS, by=staff.leader, reason="private_land", note="", version=None)
    page.keyboard.press("a")
    page.wait_for_selector(".note.error")
    page.wait_for_selector("text=Đã quyết định")


def test_the_queue_on_a_phone(open_page: Open, sign_in: Callable[..., None], waiting: list[Any]) -> None:
    page = open_page("/")
    sign_in(page, a_staff().reviewer)
    page.goto("/app/review")
    page.click("ol li a")
    page.wait_for_selector(".frame rect.counts")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.click(".decide .btn.main")
    page.wait_for_selector("text=Đã nhận vào vụ")
    page.wait_for_selector("ol li")
