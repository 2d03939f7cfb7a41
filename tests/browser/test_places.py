"""A citizen looks a place up on a phone: a parcel, a place between parcels, a wrong key, the print."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.small_city import lonlat

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]


def is_wider_than_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_a_citizen_looks_a_parcel_up(open_page: Open, has_scripts: bool) -> None:
    page = open_page("/places/", has_scripts=has_scripts)
    assert page.locator(".chip").count() >= 2
    page.fill("#q", "tờ 1 thửa 1")
    page.fill("#on", "2026-11-22")
    page.click("text=Tra cứu")
    text = page.inner_text("main")
    for part in (
        "Thửa 1, tờ 1",
        "3.600,0",
        "NO-01",
        "100,0 %",
        "GP-1",
        "đang hiệu lực",
        "Chưa có dữ liệu",
        "Thông tin tham khảo",
    ):
        assert part in text
    assert not is_wider_than_screen(page)
    link = page.locator("#share").get_attribute("href") or ""
    assert "on=2026-11-22" in link and "at=" in link
    page.goto(link)
    assert "Thửa 1, tờ 1" in page.inner_text("main")


def test_several_parcels_none_chosen_then_one(open_page: Open) -> None:
    lon, lat = lonlat(255, 120)
    page = open_page(f"/places/?lon={lon:.7f}&lat={lat:.7f}&on=2026-11-22")
    assert "2 thửa có thể" in page.inner_text("h2")
    page.click("table a >> nth=0")
    assert "tờ 2" in page.inner_text("h2")


def test_a_wrong_key_keeps_what_was_typed(open_page: Open) -> None:
    page = open_page("/places/?q=tờ 1 thửa 820")
    assert "Tờ 1 không có thửa 820" in page.inner_text("main")
    assert page.input_value("#q") == "tờ 1 thửa 820"


def test_the_examples_lead_to_answers(open_page: Open) -> None:
    page = open_page("/places/", language="en")
    for index in range(page.locator(".chip").count()):
        page.goto("/places/")
        page.locator(".chip").nth(index).click()
        assert page.locator("#look-map").count() == 1


@pytest.mark.parametrize(("language", "name"), [("vi", "Nguồn của bản đồ"), ("en", "Sources of the map")])
def test_on_a_phone_the_sources_and_the_scale_stand_apart(open_page: Open, language: str, name: str) -> None:
    """One sign of the sources, of a finger's height, none over the scale; pressed, it names them."""
    page = open_page("/map/", language=language)
    page.wait_for_selector("#map[data-ready=yes]", timeout=30_000)
    button = page.get_by_label(name)
    sign, scale = button.bounding_box(), page.locator(".maplibregl-ctrl-scale").bounding_box()
    assert sign and scale
    assert (sign["width"], sign["height"]) == (44, 44)
    assert sign["y"] + sign["height"] <= scale["y"]
    assert button.evaluate("one => getComputedStyle(one).backgroundRepeat") == "no-repeat"
    button.click()
    assert "invented" in page.inner_text(".maplibregl-ctrl-attrib-inner") or language == "vi"
    assert not is_wider_than_screen(page)


def test_the_print_is_fetched(open_page: Open) -> None:
    page = open_page("/places/?parcel=000010010001&on=2026-11-22&at=09:00")
    href = page.locator("text=Bản in kèm bản đồ").get_attribute("href") or ""
    answer = page.request.get(href)
    assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF-")
