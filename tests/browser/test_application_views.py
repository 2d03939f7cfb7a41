"""The map by keyboard alone, a view that is not for a role, a session that ends. What axe finds: ``test_no_grave_fault``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from cases.roles import Role
from ops.application import build_application
from ops.folders import choose_var
from tests.browser.axe import find_faults
from tests.builders import Staff, a_report, a_staff, another, building_work, run_to_rest

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


RECORD_MOVES = """() => { window.moves = []; const canvas = document.querySelector(".canvas canvas");
  new MutationObserver(() => window.moves.push(canvas.style.transform)).observe(canvas, { attributeFilter: ["style"] }); }"""
IS_DRAWN = "document.querySelector('.canvas canvas').style.transform === ''"


def test_a_slow_device_moves_the_picture_at_once_and_draws_it_when_the_hand_rests(
    open_page: Open, sign_in: Callable[..., None], staff: Staff
) -> None:
    page = open_page("/", on_desk=True)
    sign_in(page, staff.leader)
    page.goto("/app/map")
    page.wait_for_selector("[data-state=idle]", timeout=60_000)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 12})
    page.evaluate(RECORD_MOVES)
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight", "ArrowLeft", "ArrowRight"):  # what frames cost is learnt here
        page.focus(".canvas canvas")
        page.keyboard.press(key)
        page.wait_for_timeout(1500)
    wait_until(page, IS_DRAWN)
    assert [move for move in page.evaluate("window.moves") if move], "the picture was never moved"
    page.mouse.move(900, 500)
    page.mouse.down()
    page.mouse.move(760, 420, steps=6)
    page.mouse.up()
    wait_until(page, IS_DRAWN)
    page.wait_for_timeout(1000)
    middle = page.locator(".canvas").bounding_box()
    assert middle is not None
    lon, lat = (float(part) for part in page.url.split("at=")[1].split("%2C")[:2])
    with page.expect_request(lambda request: "/api/v1/places?" in request.url) as asked:
        page.mouse.click(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    place = parse_qs(urlsplit(asked.value.url).query)
    assert float(place["lon"][0]) == pytest.approx(lon, abs=2e-5)
    assert float(place["lat"][0]) == pytest.approx(lat, abs=2e-5)


def wait_until(page: Page, script: str) -> None:
    """The page's own rules allow no script that the browser's driver would wait by."""
    for _ in range(100):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never: {script}")


def test_a_view_that_is_not_for_the_role_says_so(open_page: Open, sign_in: Callable[..., None], staff: Staff) -> None:
    page = open_page("/", on_desk=True)
    sign_in(page, staff.inspector)
    page.goto("/app/figures")
    page.wait_for_selector("text=Màn hình này không dành cho vai trò của bạn.")
    page.get_by_role("link", name="Mở “Hôm nay”").click()
    page.wait_for_url("**/app/route")


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


def test_an_operators_map_asks_for_no_flags_and_cases(
    open_page: Open, sign_in: Callable[..., None], committed_city: Any
) -> None:
    page = open_page("/", on_desk=True, language="en")
    sign_in(page, another(Role.OPERATOR))
    answers: list[tuple[int, str]] = []
    page.on("response", lambda answer: answers.append((answer.status, answer.url)))
    page.goto("/app/map")
    page.wait_for_selector("[data-state=idle]", timeout=60_000)
    expect(page.locator("legend", has_text="Layers")).to_be_visible()
    assert page.locator("legend", has_text="Cases").count() == 0
    expect(page.locator("label.pick", has_text="Where").locator("select")).to_be_visible()
    assert any("/tiles/cameras/" in url for _, url in answers)
    assert [
        told for told in answers if told[0] >= 400 or "/tiles/cases/" in told[1] or "/tiles/flags/" in told[1]
    ] == []
