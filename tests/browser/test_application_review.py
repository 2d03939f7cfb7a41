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
RULE = {"vi": "Giấy phép xây dựng", "en": "Building permit"}
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


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_facts_lead_back_to_the_pixels(
    open_page: Open, sign_in: Callable[..., None], waiting: list[Any], language: str
) -> None:
    """Weights by hash, each box that counts in pixels of the frame, the frame, the original by hash, the rule by version."""
    from detection.models import DetectionRun
    from intake.models import MediaFile

    flag = waiting[0]
    run = DetectionRun.objects.get(observation_id=flag.observation_id)
    page = open_page("/", on_desk=True, language=language)
    sign_in(page, a_staff().reviewer)
    page.goto(f"/app/review/{flag.pk}")
    said = page.locator(".versions")
    said.wait_for()
    answer = page.evaluate(f"fetch('/api/v1/review/{flag.pk}').then((answer) => answer.json())")
    counted = [box["box_px"] for box in answer["evidence"]["boxes"] if box["counts"]]
    assert counted and all(box_px in [claim["box_px"] for claim in run.detections] for box_px in counted)
    for box_px in counted:
        left, top, right, bottom = (round(at) for at in box_px)
        expect(said).to_contain_text(f"x {left}–{right}, y {top}–{bottom} px")
    expect(said).to_contain_text(f"{run.width_px} × {run.height_px} px")
    for weights in run.weights:
        expect(said).to_contain_text(f"{weights['name']} · {weights['sha256'][:8]}")
        expect(said.locator(f"[title='{weights['sha256']}']")).to_be_visible()
    original = MediaFile.objects.get(observations__pk=flag.observation_id)
    expect(said.locator(f"[title='{original.sha256}']")).to_contain_text(original.sha256[-5:])
    expect(page.locator("main")).to_contain_text(f"{RULE[language]} · {flag.versions['rule']}")


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
