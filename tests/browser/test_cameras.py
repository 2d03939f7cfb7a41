"""The operator's story: sees which camera ails, opens it, clicks pairs on frame and map, is told what they are worth, saves."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from cases.roles import Role
from intake.models import Camera, CameraCalibration
from intake.photo import encode_jpeg
from ops.application import build_application
from ops.folders import choose_var
from pipeline.camera_leases import take_cameras
from pipeline.camera_store import HealthNotes, save_health
from pipeline.models import CameraHealth
from tests.builders import CAMERA_NAME, a_view, another
from tests.small_city import CAMERA_M, FRAME_PX, lonlat, to_frame

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
PLACES = [(east, north) for north in (101.0, 106.0, 112.0) for east in (199.5, 205.0, 210.5)]
ZOOM = 19


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


@pytest.fixture
def operator(committed_city: Any) -> Any:
    """Somebody who looks after cameras; the camera is watched and has a still that waits."""
    Camera.objects.filter(name=CAMERA_NAME).update(stream="http://127.0.0.1:9/street")
    (grant,) = take_cameras("me", 1)
    now = timezone.now()
    notes = HealthNotes(state="live", last_frame_at=now, frames_per_s=1.0, width_px=FRAME_PX[0], height_px=FRAME_PX[1])
    notes.note_fault("stalled", now)
    save_health(grant, "me", notes)
    still = encode_jpeg(a_view(*FRAME_PX))
    CameraHealth.objects.update(told_at=now + timedelta(hours=1), still=still, still_at=now + timedelta(hours=1))
    return another(Role.OPERATOR)


def click_frame(pane: Locator, u: float, v: float) -> None:
    """A click where the frame shows a pixel."""
    box = pane.bounding_box()
    assert box is not None
    pane.click(position={"x": u / FRAME_PX[0] * box["width"], "y": v / FRAME_PX[1] * box["height"]}, force=True)


def click_map(pane: Locator, east: float, north: float) -> None:
    """A click on a place of the map, whose middle is the camera."""
    box = pane.bounding_box()
    assert box is not None
    (lon, lat), (lon_0, lat_0) = lonlat(east, north), lonlat(*CAMERA_M[:2])
    world = 512 * 2**ZOOM

    def up(degrees: float) -> float:
        return math.log(math.tan(math.pi / 4 + math.radians(degrees) / 2))

    x = box["width"] / 2 + (lon - lon_0) / 360 * world
    y = box["height"] / 2 - (up(lat) - up(lat_0)) / (2 * math.pi) * world
    pane.click(position={"x": x, "y": y}, force=True)


def test_a_camera_is_calibrated_by_clicking(open_page: Open, sign_in: Callable[..., None], operator: Any) -> None:
    from playwright.sync_api import expect

    page = open_page("/", on_desk=True, language="en")
    sign_in(page, operator)
    page.goto("/app/cameras")
    page.locator("li .main").click()
    expect(page.locator(".frame img")).to_be_visible()
    page.get_by_role("link", name="Calibrate").click()
    frame, ground = page.get_by_role("group", name="Frame"), page.locator(".map[data-state=ready]")
    frame.wait_for()
    ground.wait_for(timeout=60_000)
    for number, (east, north) in enumerate(PLACES, start=1):
        click_frame(frame, *to_frame(east, north))
        expect(page.get_by_role("status").filter(has_text=f"point {number} on the map")).to_be_visible()
        click_map(ground, east, north)
        if number == 5:
            expect(page.get_by_text("Fewer than 6 pairs")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Median miss on the ground")).to_be_visible(timeout=30_000)
    expect(page.locator("tbody tr")).to_have_count(len(PLACES))
    expect(page.locator("polygon.walk").first).to_be_attached(timeout=30_000)
    page.get_by_label("Delete point 9").click()
    expect(page.locator("tbody tr")).to_have_count(len(PLACES) - 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("tbody tr")).to_have_count(len(PLACES))
    save = page.get_by_role("button", name="Save as a new calibration")
    expect(save).to_be_enabled(timeout=30_000)
    save.click()
    expect(page.get_by_text("Saved. It holds from")).to_be_visible(timeout=30_000)
    newest = CameraCalibration.objects.order_by("-valid_from").first()
    assert newest is not None and CameraCalibration.objects.count() == 2
    assert len(newest.calibration["pairs"]) == len(PLACES) and newest.residual_m < 0.3
    assert newest.view_footprint is not None


def test_no_picture_is_waited_for_where_there_is_no_stream(
    open_page: Open, sign_in: Callable[..., None], operator: Any
) -> None:
    from playwright.sync_api import expect

    Camera.objects.filter(name=CAMERA_NAME).update(stream="")
    page = open_page("/", on_desk=True, language="en")
    sign_in(page, operator)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/app/cameras")
    page.locator("li .main").click()
    expect(page.get_by_text("It has no stream")).to_be_visible()
    expect(page.get_by_text("No picture came")).to_be_visible()
    assert not [url for url in asked if urlsplit(url).path.endswith("/still")]


def test_points_on_a_line_are_refused_in_words(open_page: Open, sign_in: Callable[..., None], operator: Any) -> None:
    from playwright.sync_api import expect

    page = open_page("/", on_desk=True, language="vi")
    sign_in(page, operator)
    page.goto(f"/app/cameras/{Camera.objects.get().pk}/calibration")
    frame, ground = page.get_by_role("group", name="Khung hình"), page.locator(".map[data-state=ready]")
    frame.wait_for()
    ground.wait_for(timeout=60_000)
    for east in (198.0, 202.0, 206.0, 210.0):
        click_frame(frame, *to_frame(east, 106.0))
        click_map(ground, east, 106.0)
    expect(page.get_by_role("alert").filter(has_text="đường thẳng")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Lưu thành hiệu chuẩn mới")).to_be_disabled()
