"""As citizens do it: reporting with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import ON_PARCEL_B, a_picture_at, building_work, run_to_rest
from tests.data.photos import a_photo

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]


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


def _run_pipeline(see: Callable[[Any], None]) -> None:
    """What a worker would do, here and now, with a detector that sees building work."""
    from intake.models import Observation

    see(building_work())
    for observation in Observation.objects.all():
        run_to_rest(observation.pk)
