"""Two dates of the map on both sides of one line: their plans and their pictures of the ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from affine import Affine
from PIL import Image
from playwright.sync_api import expect

from tests import builders as b
from tests.browser.test_field import _built  # noqa: F401 - the application as its sources are now
from tests.integration.tiles.rasters import write
from tests.integration.tiles.test_imagery import ingest
from tests.small_city import ORIGIN_M, PROJ4

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")


def test_a_link_that_compares_opens_with_its_line(open_page: Callable[..., Page], sign_in: Callable[..., None]) -> None:
    page = open_page("/", on_desk=True)
    sign_in(page, b.a_staff().leader)
    page.goto("/app/map?against=2021-06-30")
    line = page.get_by_role("slider", name="Vạch chia giữa hai ngày")
    expect(line).to_be_visible(timeout=60_000)
    expect(page.locator(".tag.r")).to_contain_text("30/06/2021")
    line.focus()
    page.keyboard.press("ArrowRight")
    expect(line).to_have_attribute("aria-valuenow", "52")


SIDE_PX, METRES = 400, 2.0
OLD, GREEN, NEW = (40, 60, 220), (40, 180, 60), (220, 40, 40)


def a_ground(folder: Path, name: str, colour: tuple[int, int, int]) -> Path:
    """A picture of one colour, 800 m wide, over the little city."""
    x, y = ORIGIN_M[0] + 150, ORIGIN_M[1] + 100
    half = SIDE_PX * METRES / 2
    pixels = np.broadcast_to(np.array(colour, np.uint8)[:, None, None], (3, SIDE_PX, SIDE_PX)).copy()
    return write(folder / f"{name}.tif", pixels, crs=PROJ4, transform=Affine(METRES, 0, x - half, 0, -METRES, y + half))


def colour_at(page: Page, share: float) -> tuple[float, ...]:
    """Mean colour of a patch of the screen at a share of its width, in the middle of its height."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    x, y = int(picture.width * share), picture.height // 2
    return tuple(np.asarray(picture.crop((x - 4, y + 40, x + 4, y + 48)), float).reshape(-1, 3).mean(0))


def test_two_pictures_of_the_ground_on_both_sides_of_the_line(
    open_page: Callable[..., Page], sign_in: Callable[..., None], tmp_path: Path, settings: Any
) -> None:
    """The picture chosen on the left, on the right the newest that its day knows; another may be asked for."""
    settings.ENV = replace(settings.ENV, storage=replace(settings.ENV.storage, var_dir=tmp_path))
    for name, colour, taken in (
        ("before", OLD, "2021-03-01"),
        ("between", GREEN, "2023-03-01"),
        ("after", NEW, "2026-03-01"),
    ):
        ingest(a_ground(tmp_path, name, colour), name=name, title=name, date=taken, kind="aerial")
    page = open_page("/", on_desk=True)
    sign_in(page, b.a_staff().leader)
    page.goto("/app/map?imagery=after&against=2024-06-30")
    expect(page.get_by_role("slider", name="Vạch chia giữa hai ngày")).to_be_visible(timeout=60_000)
    expect(page.locator(".tag.l")).to_contain_text("after 01/03/2026")
    expect(page.locator(".tag.r")).to_contain_text("between 01/03/2023")
    await_colours(page, NEW, GREEN)
    page.get_by_label("Ảnh bên phải vạch chia").select_option("before")
    expect(page.locator(".tag.r")).to_contain_text("before 01/03/2021")
    await_colours(page, NEW, OLD)
    assert "imagery_against=before" in page.url


def await_colours(page: Page, left: tuple[int, int, int], right: tuple[int, int, int]) -> None:
    """Wait until both sides of the divider show the colours of their pictures."""
    for _ in range(60):
        seen = [colour_at(page, share) for share in (0.42, 0.58)]
        if all(np.abs(np.subtract(one, wanted)).max() < 40 for one, wanted in zip(seen, (left, right), strict=True)):
            return
        page.wait_for_timeout(500)
    pytest.fail(f"the two sides show {seen}, not {left} and {right}")
