"""A spoken note from the microphone to the server, a call for help, and a camera's clip looked through by a reviewer."""

# ruff: noqa: F811 - fixtures are imported by their names
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests import builders as b
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE
from tests.browser.test_field import _built, a_job, inspector  # noqa: F401 - fixtures
from tests.pipeline.workers import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.in_flight import InFlight

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
FAKE_MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
HOLD_MS = 1_500
SECONDS = "input[type=range][aria-label]"


@pytest.fixture
def speaking_phone(chromium: Any, live_server: Any, in_flight: InFlight, inspector: Any) -> Iterator[Page]:
    """A phone with a microphone that hears something, on which the inspector is signed in."""
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *FAKE_MICROPHONE])
    context = browser.new_context(
        base_url=live_server.url, viewport=PHONE, has_touch=True, permissions=["geolocation", "microphone"]
    )
    context.add_cookies([{"name": "django_language", "value": "vi", "url": live_server.url}])
    page = context.new_page()
    page.goto("/sign-in/?next=/app/route")
    page.fill("#username", inspector.get_username())
    page.fill("#password", "a long enough one")
    page.click("main button")
    page.wait_for_url("**/app/route**")
    yield page
    in_flight.close([context])
    browser.close()


def test_a_spoken_note_is_recorded_kept_and_sent(speaking_phone: Page, committed_city: Any) -> None:
    from cases.models import InspectionPhoto
    from intake.queries import read_media

    job, page = a_job(committed_city, 150), speaking_phone
    page.reload()
    page.wait_for_selector("ol li")
    page.goto(f"/app/route/{job.pk}/record")
    page.click("text=Ghi âm ghi chú")
    stop = page.locator(".voice button", has_text="Dừng và lưu")
    expect(stop).to_contain_text("2 / 180")
    stop.click()
    expect(page.locator(".voice audio")).to_have_count(1)
    wait_for(lambda: InspectionPhoto.objects.filter(role="voice").exists(), what="the spoken note arrives")
    assert read_media(InspectionPhoto.objects.get(role="voice").media_id)[:4] == b"\x1aE\xdf\xa3", (
        "a WebM file, as recorded"
    )


def test_help_is_called_when_the_button_is_held_and_by_no_touch(speaking_phone: Page, committed_city: Any) -> None:
    from geo.models import City

    City.objects.filter(pk=committed_city.pk).update(settings={**committed_city.settings, "support_phone": "113"})
    a_job(committed_city, 150)
    page = speaking_phone
    asked: list[str] = []
    watch = page.context.new_cdp_session(page)
    watch.send("Page.enable")
    watch.on("Page.frameRequestedNavigation", lambda event: asked.append(event["url"]))
    page.reload()
    help_button = page.get_by_role("button", name="Hỗ trợ")
    help_button.click()
    page.wait_for_timeout(HOLD_MS)
    assert asked == []
    help_button.hover()
    page.mouse.down()
    page.wait_for_timeout(HOLD_MS)
    page.mouse.up()
    assert asked == ["tel:113"]


def test_a_reviewer_looks_through_a_cameras_clip(
    open_page: Open, sign_in: Callable[..., None], committed_city: Any, see: Any
) -> None:
    from pipeline.public_copies import make_missing_clips

    see(b.standing(("motorcycle", 195.0, 111.5), ("motorcycle", 205.0, 110.3)))
    b.run_to_rest(b.a_camera_clip())
    assert make_missing_clips() == 1
    page = open_page("/", on_desk=True)
    sign_in(page, b.a_staff().reviewer)
    page.goto("/app/review")
    page.wait_for_selector(".frame rect.counts")
    expect(page.locator(".frame .track")).to_have_count(1)
    page.locator(SECONDS).focus()
    page.keyboard.press("End")
    player = page.locator(".frame video")
    expect(player).to_be_visible()
    wait_for(lambda: player.evaluate("video => video.readyState >= video.HAVE_CURRENT_DATA"), what="the clip is shown")
    last_s = page.locator(SECONDS).get_attribute("aria-valuetext")
    page.keyboard.press("Home")
    expect(page.locator(SECONDS)).not_to_have_attribute("aria-valuetext", str(last_s))
    wait_for(lambda: player.evaluate("video => video.currentTime < 1"), what="the clip is at its beginning")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("p")
    begin_s = player.evaluate("video => video.currentTime")
    wait_for(lambda: player.evaluate("video => video.currentTime") > begin_s, what="the clip runs")
    page.keyboard.press("p")
    wait_for(lambda: player.evaluate("video => video.paused"), what="the clip stands still")
