"""What goes wrong in the street and at the desk: each told in words, and the work stays."""

# ruff: noqa: F811 - fixtures are imported by their names
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import find_faults
from tests.browser.test_field import (  # noqa: F401 - fixtures
    _built,
    a_job,
    fill_in,
    hand_in,
    inspector,
    phone,
    photos_in,
    wait_until_kept,
)

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.xdist_group("browser")
FULL = """Object.defineProperty(window, 'isFull', { value: false, writable: true });
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...given) {
  if (window.isFull) throw new DOMException('no room', 'QuotaExceededError');
  return put.apply(this, given);
};"""
RIGHT_TO_LEFT = "‮ghi chú‬ מדרכה חסומה"
WIDTH = "input[aria-label='Gõ bề rộng bằng mét']"


@pytest.fixture
def form(phone: BrowserContext, committed_city: Any) -> Page:
    """The form of the day's only job."""
    job = a_job(committed_city, 150)
    page = phone.pages[0]
    page.goto("/app/route")
    page.wait_for_selector("ol li")
    page.click(f"a[href='/app/route/{job.pk}']")
    page.click("text=Ghi kết quả kiểm tra")
    page.wait_for_selector(WIDTH)
    return page


def test_a_full_storage_is_told_and_nothing_typed_is_lost(phone: BrowserContext, form: Page) -> None:
    form.add_init_script(FULL)
    form.reload()
    form.fill("#note", "trước khi đầy")
    form.evaluate("window.isFull = true")
    form.fill("#note", "Người bán hẹn dọn trước 18 giờ")
    expect(form.locator(".strip.bad")).to_contain_text("đầy")
    expect(form.locator("#note")).to_have_value("Người bán hẹn dọn trước 18 giờ")
    form.evaluate("window.isFull = false")
    form.fill("#note", "Người bán hẹn dọn trước 19 giờ")
    expect(form.locator(".strip.bad")).to_have_count(0)
    form.reload()
    expect(form.locator("#note")).to_have_value("Người bán hẹn dọn trước 19 giờ")


def test_without_microphone_and_position_the_visit_goes_on(
    phone: BrowserContext,
    form: Page,
    tmp_path: Path,
) -> None:
    phone.clear_permissions()
    form.click("text=Ghi âm ghi chú")
    expect(form.locator(".voice .note")).to_contain_text("không cho dùng micro")
    form.set_input_files("input[data-kind=overview]", photos_in(tmp_path, 3)[0])
    expect(form.locator(".note.warning").first).to_contain_text("vị trí")
    expect(form.locator("figcaption")).to_have_count(1)


def test_where_the_camera_is_refused_a_picture_taken_before_stands_for_it(form: Page, tmp_path: Path) -> None:
    expect(form.get_by_text("cho phép máy ảnh với địa chỉ này")).to_be_visible()
    form.fill(WIDTH, "1,05")
    form.locator("input[data-kind=measure]").dispatch_event("cancel")  # how a browser tells that no picture came
    expect(form.locator(".note.warning")).to_contain_text("cho phép máy ảnh với địa chỉ này")
    chosen = form.get_by_label("Chọn ảnh vị trí đo")
    assert chosen.get_attribute("capture") is None
    chosen.set_input_files(photos_in(tmp_path, 3)[0])
    expect(form.locator("figcaption")).to_have_text("Vị trí đo")
    expect(form.locator(".note.warning", has_text="máy ảnh")).to_have_count(0)
    expect(form.locator(WIDTH)).to_have_value("1,05")


# The browser of the tests has a camera that is made up; these devices say that they have none, or nothing at all.
NO_CAMERA = "navigator.mediaDevices.enumerateDevices = async () => [{ kind: 'audioinput', deviceId: '', label: '' }];"
NO_DEVICES = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"


def test_a_device_without_a_camera_says_so_and_takes_kept_pictures(form: Page, tmp_path: Path) -> None:
    assert form.locator("input[data-kind=overview]").get_attribute("capture") == "environment"
    form.add_init_script(NO_CAMERA)
    form.reload()
    expect(form.get_by_role("status").filter(has_text="không có máy ảnh")).to_contain_text("ảnh gốc")
    for kind, label, caption in (("overview", "toàn cảnh", "Toàn cảnh"), ("measure", "vị trí đo", "Vị trí đo")):
        chosen = form.locator(f"input[data-kind={kind}]")
        assert chosen.get_attribute("capture") is None
        expect(form.locator("label.take", has=chosen)).to_contain_text(f"Chọn ảnh {label}")
        chosen.set_input_files(photos_in(tmp_path, 3)[0 if kind == "overview" else 1])
        expect(form.locator("figcaption", has_text=caption)).to_have_count(1)
    expect(form.get_by_text("không có máy ảnh")).to_have_count(0)
    assert find_faults(form) == []


def test_a_browser_that_names_no_devices_is_offered_its_camera(form: Page) -> None:
    form.add_init_script(NO_DEVICES)
    form.reload()
    assert form.locator("input[data-kind=overview]").get_attribute("capture") == "environment"
    expect(form.get_by_text("cho phép máy ảnh với địa chỉ này")).to_be_visible()


def test_a_position_that_jumps_is_told_and_kept(phone: BrowserContext, form: Page, tmp_path: Path) -> None:
    for path, kind in zip(photos_in(tmp_path, 4), ("overview", "measure"), strict=True):
        form.set_input_files(f"input[data-kind={kind}]", path)
        form.wait_for_selector(f"figcaption:has-text('{'Toàn cảnh' if kind == 'overview' else 'Vị trí đo'}')")
        told = form.locator(".note.warning", has_text="nhảy xa")
        expect(told).to_have_count(int(kind == "measure"))
        phone.set_geolocation({"longitude": 2.35, "latitude": 48.85, "accuracy": 5})
        if kind == "overview":  # a page may give the position it was told some seconds ago; a new one asks anew
            form.reload()
    expect(form.locator("figcaption")).to_have_count(2)


def test_a_long_note_stays_whole_and_says_what_to_do(form: Page) -> None:
    form.fill("#note", "chữ " * 2500)
    expect(form.locator("text=Máy chủ chỉ nhận")).to_be_visible()
    form.reload()
    expect(form.locator("#note")).to_have_value("chữ " * 2500)


def test_text_from_right_to_left_breaks_nothing(form: Page) -> None:
    form.fill("#note", RIGHT_TO_LEFT)
    form.fill(WIDTH, "‮1,05")
    form.keyboard.press("Tab")
    form.reload()
    expect(form.locator("#note")).to_have_value(RIGHT_TO_LEFT)
    expect(form.locator(WIDTH)).not_to_have_value("1,05")
    assert not form.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_back_button_leaves_the_form_as_it_was(form: Page) -> None:
    form.fill(WIDTH, "1,25")
    form.keyboard.press("Tab")
    form.locator("label", has=form.locator("input[value=warned]")).click()
    form.go_back()
    form.wait_for_selector("text=Ghi kết quả kiểm tra")
    form.go_forward()
    expect(form.locator(WIDTH)).to_have_value("1,25")
    expect(form.locator("input[value=warned]")).to_be_checked()


def test_a_raw_photo_is_kept_and_the_servers_no_is_told(phone: BrowserContext, form: Page, tmp_path: Path) -> None:
    from cases.models import InspectionPhoto

    raw = tmp_path / "IMG_0042.dng"
    raw.write_bytes(b"II*\x00" + bytes(50_000))
    form.set_input_files("input[data-kind=overview]", raw)
    expect(form.locator(".note.warning").first).to_contain_text("IMG_0042.dng")
    expect(form.locator(".strip")).to_contain_text("cần bạn quyết", timeout=60_000)
    form.click(".strip a")
    expect(form.locator(".note.error")).to_be_visible()
    assert form.inner_text(".note.error").strip()
    assert InspectionPhoto.objects.count() == 0


def test_two_tabs_send_once(phone: BrowserContext, committed_city: Any, tmp_path: Path) -> None:
    from cases.models import InspectionPhoto, InspectionSubmission

    job = a_job(committed_city, 150)
    page = phone.pages[0]
    page.goto("/app/route")
    page.wait_for_selector("ol li")
    wait_until_kept(page)
    other = phone.new_page()
    other.goto("/app/route")
    other.wait_for_selector("ol li")
    phone.set_offline(True)
    fill_in(page, job, photos_in(tmp_path, 6))
    hand_in(page)
    phone.set_offline(False)
    for one in (page, other):
        one.reload()
        one.wait_for_selector("text=Không còn gì chờ gửi.", timeout=60_000)
    assert (InspectionSubmission.objects.count(), InspectionPhoto.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [(500, "<h1>Server error</h1>", "text/html"), (200, "<h1>Sign in to the hotel</h1>", "text/html")],
)
def test_an_answer_that_is_none_leaves_the_shift_in_hand(
    phone: BrowserContext,
    form: Page,
    status: int,
    body: str,
    kind: str,
) -> None:
    form.fill("#note", "đang ghi dở")
    phone.route("**/api/v1/own-day", lambda route: route.fulfill(status=status, body=body, content_type=kind))
    form.reload()
    expect(form.locator("#note")).to_have_value("đang ghi dở")
    form.goto("/app/route")
    form.wait_for_selector("ol li")
