"""As citizens do it: reporting with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.builders import AT, ON_PARCEL_B, a_picture_at, building_work, run_to_rest
from tests.data.exif_block import an_exif_block, text
from tests.data.photos import a_photo
from tests.data.tracks import a_track
from tests.small_city import lonlat

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
READ_KEPT = """() => new Promise((done) => {
  const asked = indexedDB.open("viahe-report", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("draft");
  asked.onsuccess = () => {
    const all = asked.result.transaction("draft").objectStore("draft").getAll();
    all.onsuccess = () => done(all.result.map(({ key, fields }) => ({ key, fields })));
  };
})"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo that knows where it was taken."""
    path = tmp_path / "IMG_2041.jpg"
    path.write_bytes(a_picture_at(*ON_PARCEL_B))
    return path


def is_wider_than_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_three_touches_on_a_phone(open_page: Open, photo: Path, see: Any) -> None:
    page = open_page("/report/")
    page.set_input_files("#media", photo)
    page.wait_for_selector("#place .said")
    assert page.locator(".preview img").evaluate("image => image.naturalWidth > 0")
    assert "Đọc từ ảnh" in page.inner_text("#place")
    assert not is_wider_than_screen(page)
    page.click("text=Xây dựng không phép?")
    page.click("#go")
    page.wait_for_url("**/follow/**")
    assert "Máy đang xem ảnh" in page.inner_text("h2")
    _run_pipeline(see)
    page.wait_for_selector("text=Máy thấy gì", timeout=20_000)
    assert "mũ bảo hộ" in page.inner_text("main")
    assert not is_wider_than_screen(page)


def test_the_same_without_javascript(open_page: Open, photo: Path, see: Any) -> None:
    page = open_page("/report/", has_scripts=False)
    page.set_input_files("#media", photo)
    page.click("#go")
    assert "Kiểm tra vị trí" in page.inner_text("h1")
    page.click(".touch.w358", position={"x": 250, "y": 60})
    assert "Bạn đặt" in page.inner_text(".said")
    assert "Về vị trí trong ảnh" in page.inner_text("#place")
    page.click("text=Xây dựng không phép?")
    page.click("#go")
    assert "/follow/" in page.url
    _run_pipeline(see)
    page.reload()
    assert "Máy thấy gì" in page.inner_text("main")


WITHOUT_CAMERA = {
    "none": "navigator.mediaDevices.enumerateDevices = async () => [];"
    "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no camera', 'NotFoundError'); };",
    "not said": "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });",
}


@pytest.mark.parametrize("devices", WITHOUT_CAMERA.values(), ids=WITHOUT_CAMERA.keys())
def test_a_device_without_a_camera_sends_a_kept_photo(open_page: Open, photo: Path, devices: str) -> None:
    """The page asks for a file and never for a camera: the words offer both, and a photo taken before is as good."""
    page = open_page("/")
    page.add_init_script(devices)
    page.goto("/report/")
    expect(page.locator("label[for=media]")).to_contain_text("Chụp hoặc chọn ảnh")
    assert page.locator("#media").get_attribute("capture") is None
    with page.expect_file_chooser() as chooser:
        page.click("label[for=media]")
    assert chooser.value.is_multiple()
    chooser.value.set_files(photo)
    page.wait_for_selector("#place .said")
    page.click("#go")
    page.wait_for_url("**/follow/**")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_a_file_that_is_no_photo_is_told_beside_the_field(open_page: Open, tmp_path: Path, has_scripts: bool) -> None:
    path = tmp_path / "letter.jpg"
    path.write_text("Kính gửi")
    page = open_page("/report/", has_scripts=has_scripts)
    page.set_input_files("#media", path)
    if not has_scripts:
        page.click("#go")
    page.wait_for_selector(".note.error")
    assert "Đây không phải ảnh" in page.inner_text(".note.error")


def test_without_a_place_the_map_is_touched(open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "plain.jpg"
    path.write_bytes(a_photo())
    page = open_page("/report/")
    page.set_input_files("#media", path)
    page.wait_for_selector("#place .said")
    assert "Chạm vào nơi xảy ra" in page.inner_text(".said")
    page.click("#go")
    page.wait_for_selector("#place-wrong")
    page.click("#touch-map", position={"x": 180, "y": 130})
    page.wait_for_selector("text=Bạn đặt")
    page.click("#go")
    page.wait_for_url("**/follow/**")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_a_recorded_track_places_the_photo_and_a_wrong_one_costs_nothing(
    open_page: Open, tmp_path: Path, see: Any, has_scripts: bool
) -> None:
    from intake.models import Observation

    photo, walk = tmp_path / "plain.jpg", tmp_path / "walk.gpx"
    photo.write_bytes(a_photo(exif=an_exif_block(exif=[text(0x9003, f"{AT:%Y:%m:%d %H:%M:%S}")])))
    walk.write_bytes(a_track(AT, *lonlat(*ON_PARCEL_B)))
    page = open_page("/report/", has_scripts=has_scripts)
    page.set_input_files("#media", photo)
    if not has_scripts:
        page.click("#go")
    page.wait_for_selector("#place .said")
    page.click("text=Định vị bằng vết đã ghi (GPX)")
    page.click(".more summary")
    page.fill("#description", "Chắn hết lối đi")
    page.set_input_files("#track", photo)
    page.click("button[value=track]")
    page.wait_for_selector("#track-wrong")
    assert "Đây không phải vết GPX." in page.inner_text("#track-wrong")
    assert page.is_visible("#track") and page.input_value("#description") == "Chắn hết lối đi"
    page.set_input_files("#track", walk)
    page.click("button[value=track]")
    page.wait_for_selector("text=Đọc từ vết của bạn")
    assert not is_wider_than_screen(page)
    page.click("#go")
    page.wait_for_url(lambda url: "/follow/" in url)
    assert Observation.objects.get().geotag.method == "gpx_track"


def test_without_network_the_report_is_kept_sent_once_and_erased(open_page: Open, photo: Path, see: Any) -> None:
    from intake.models import ServiceRequest

    page = open_page("/report/")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.set_input_files("#media", [photo])
    page.wait_for_selector(".without-network")
    page.click("text=Xây dựng không phép?")
    page.fill("#description-later", "Đổ cát ra vỉa hè")
    page.click("#go")
    page.wait_for_selector("#kept:not([hidden])")
    assert "Có mạng sẽ tự gửi" in page.inner_text("#kept")
    key = page.evaluate(READ_KEPT)[0]["key"]
    page.close()  # the browser is killed; the photo and the words stay on the phone
    context = page.context
    again = context.new_page()
    context.set_offline(False)
    again.goto("/report/")
    again.wait_for_url("**/follow/**", timeout=20_000)
    request = ServiceRequest.objects.get()
    assert (request.idempotency_key, request.description, request.category) == (key, "Đổ cát ra vỉa hè", "construction")
    assert again.evaluate(READ_KEPT) == []
    back = context.new_page()
    back.goto("/report/")
    assert back.is_hidden("#kept")
    assert ServiceRequest.objects.count() == 1


def test_a_track_waits_with_its_photo_and_places_it_once_there_is_a_network(
    open_page: Open, tmp_path: Path, see: Any
) -> None:
    from intake.models import Observation, ServiceRequest

    photo, walk = tmp_path / "plain.jpg", tmp_path / "walk.gpx"
    photo.write_bytes(a_photo(exif=an_exif_block(exif=[text(0x9003, f"{AT:%Y:%m:%d %H:%M:%S}")])))
    walk.write_bytes(a_track(AT, *lonlat(*ON_PARCEL_B)))
    page = open_page("/report/")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.set_input_files("#media", photo)
    page.wait_for_selector(".without-network")
    page.click("text=Định vị bằng vết đã ghi (GPX)")
    page.set_input_files("#track-later", photo)  # a mistake: the server says so, and nothing is lost
    page.click("#go")
    page.wait_for_selector("#kept:not([hidden])")
    page.context.set_offline(False)
    page.wait_for_selector("#kept :text('Đây không phải vết GPX.')", timeout=20_000)
    assert ServiceRequest.objects.count() == 0
    page.context.set_offline(True)
    page.click("#kept [value=resume]")
    page.wait_for_selector(
        "#kept", state="hidden"
    )  # else the form of before would still be there, and be taken for this one
    page.wait_for_selector(".without-network")
    assert page.evaluate("document.getElementById('track-later').files[0].name") == photo.name
    page.set_input_files("#track-later", walk)
    page.click("#go")
    page.wait_for_selector("#kept:not([hidden])")
    page.close()  # the browser is killed; photo and track stay on the phone
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto("/report/")
    again.wait_for_url("**/follow/**", timeout=20_000)
    placed = Observation.objects.get().geotag
    assert placed.method == "gpx_track"
    assert (placed.point.x, placed.point.y) == pytest.approx(lonlat(*ON_PARCEL_B), abs=1e-6)
    assert again.evaluate(READ_KEPT) == []


def test_what_was_begun_is_kept_through_a_kill_and_can_be_gone_on_with_or_discarded(
    open_page: Open, photo: Path, see: Any
) -> None:
    from intake.models import ServiceRequest

    page = open_page("/report/")
    page.set_input_files("#media", [photo])
    page.wait_for_selector("#place .said")
    page.click("text=Xây dựng không phép?")
    page.click(".more summary")
    page.fill("#description", "Thợ làm ban đêm")
    page.locator("#description").blur()
    page.wait_for_timeout(500)
    page.close()
    again = page.context.new_page()
    again.goto("/report/")
    again.wait_for_selector("#kept:not([hidden])")
    assert "chỉ lưu trên máy này" in again.inner_text("#kept")
    again.click("#kept [value=resume]")
    again.wait_for_selector("#place .said")
    assert again.input_value("#description") == "Thợ làm ban đêm"
    assert again.is_checked("input[value=construction]")
    again.click("#go")
    again.wait_for_url("**/follow/**")
    assert ServiceRequest.objects.get().description == "Thợ làm ban đêm"
    assert again.evaluate(READ_KEPT) == []
    third = page.context.new_page()
    third.goto("/report/")
    third.set_input_files("#media", [photo])
    third.wait_for_selector("#place .said")
    third.goto("/report/")
    third.wait_for_selector("#kept:not([hidden])")
    third.click("#kept [value=discard]")
    expect(third.locator("#kept")).to_be_hidden()
    assert third.evaluate(READ_KEPT) == []


def test_the_page_itself_opens_without_network(open_page: Open, see: Any) -> None:
    page = open_page("/report/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.goto("/report/")
    assert page.is_visible("label.take")


def test_the_machine_suggests_and_chooses_nothing(open_page: Open, photo: Path, see: Any, drafts_folder: Path) -> None:
    from pipeline.suggest import suggest_for_draft

    see(building_work())
    page = open_page("/report/")
    page.set_input_files("#media", [photo])
    page.wait_for_selector("#place .said")
    [draft] = drafts_folder.iterdir()
    assert suggest_for_draft(str(draft / "0"))  # what a worker does meanwhile
    page.wait_for_selector(".kinds small")
    assert "máy gợi ý" in page.inner_text("label:has(input[value=construction])")
    assert page.is_checked("input[name=category][value=unstated]")
    assert "Máy thấy" in page.inner_text(".seen-line")


def test_extra_questions_are_those_of_the_kind_and_need_no_answer(
    open_page: Open, photo: Path, see: Any, committed_city: Any
) -> None:
    from intake.actions.questions import load_questions
    from intake.models import ServiceRequest

    asked = {
        "code": "board",
        "category": ["construction"],
        "valid_from": "2024-01-01",
        "text": {"vi": "Có bảng không?"},
    }
    load_questions(
        committed_city,
        {
            "question": [
                asked
                | {"option": [{"code": "yes", "name": {"vi": "Có bảng"}}, {"code": "no", "name": {"vi": "Không thấy"}}]}
            ]
        },
    )
    for has_scripts in (True, False):
        page = open_page("/report/", has_scripts=has_scripts)
        page.set_input_files("#media", [photo])
        if not has_scripts:
            page.click("#go")
        page.wait_for_selector("#place .said")
        assert page.is_hidden("text=Có bảng không?")
        page.click("text=Xây dựng không phép?")
        assert page.is_visible("text=Có bảng không?")
        page.click("text=Không thấy")
        page.click("#go")
        page.wait_for_url(lambda url: "/follow/" in url)
        assert ServiceRequest.objects.latest("submitted_at").answers == {"board": "no"}


def _run_pipeline(see: Callable[[Any], None]) -> None:
    """What a worker would do, here and now, with a detector that sees building work."""
    from intake.models import Observation

    see(building_work())
    for observation in Observation.objects.all():
        run_to_rest(observation.pk)
