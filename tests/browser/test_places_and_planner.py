"""A citizen looks a place up on a phone; a planner asks by filter, by question and by a drawn area, and takes a file along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest

from cases.models import RoleAssignment
from tests.builders import a_staff
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


def test_the_print_is_fetched(open_page: Open) -> None:
    page = open_page("/places/?parcel=000010010001&on=2026-11-22&at=09:00")
    href = page.locator("text=Bản in kèm bản đồ").get_attribute("href") or ""
    answer = page.request.get(href)
    assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF-")


@pytest.fixture
def planner_page(open_page: Open, sign_in: Callable[[Page, Any], None]) -> Page:
    """The planner's page on a desk, signed in."""
    user = a_staff().reviewer
    RoleAssignment.objects.filter(user=user).update(role="planner")
    page = open_page("/places/", on_desk=True, language="en")
    sign_in(page, user)
    page.goto("/planner/")
    page.wait_for_selector("#map[data-ready=yes]", timeout=30_000)
    return page


def ask(page: Page) -> None:
    page.evaluate("delete document.getElementById('rows').dataset.ready")
    page.click("#go")
    page.wait_for_selector("#rows[data-ready=yes]")


def test_a_planner_asks_by_filter_and_takes_files(planner_page: Page, tmp_path: Path) -> None:
    page = planner_page
    page.fill("#on", "2026-11-22")
    page.fill("#filter", "measured_area_m2 > 1000")
    ask(page)
    assert page.inner_text("#count") == "2 rows"
    assert "7,200" in page.inner_text("#sums")
    assert page.locator("#rows tbody tr").count() == 2
    page.locator("#rows tbody tr").first.click()
    assert page.locator("#rows tbody tr.on").count() == 1
    page.select_option("#crs", "small")
    with page.expect_download() as download:
        page.click("[data-form=gpkg]")
    path = tmp_path / "taken.gpkg"
    download.value.save_as(path)
    assert pyogrio.read_info(path)["features"] == 2
    assert "Coordinates: small" in page.inner_text("#file-notes")
    assert not is_wider_than_screen(page)


def test_a_fault_in_a_filter_is_said_and_kept(planner_page: Page) -> None:
    page = planner_page
    page.fill("#filter", "owner = 'x'; DROP TABLE geo_parcel")
    page.click("#go")
    page.wait_for_selector("#fault:not([hidden])")
    assert "not CQL2" in page.inner_text("#fault")
    assert page.input_value("#filter").startswith("owner")


def test_a_planner_draws_an_area(planner_page: Page) -> None:
    page = planner_page
    page.fill("#on", "2026-11-22")
    corners = [lonlat(*at) for at in ((10, 112), (90, 112), (90, 180), (10, 180))]
    page.evaluate(
        "([lon, lat]) => window.viahePlanner.map.jumpTo({center: [lon, lat], zoom: 17})", list(lonlat(60, 150))
    )
    page.click("#draw")
    box = page.locator("#map").bounding_box()
    assert box
    for corner in [*corners, corners[0]]:
        at = page.evaluate("(at) => window.viahePlanner.map.project(at)", list(corner))
        page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
        page.wait_for_timeout(350)
    assert page.inner_text("#area-state") == "Area drawn"
    ask(page)
    assert page.inner_text("#count") == "1 rows"


def test_a_named_question(planner_page: Page) -> None:
    page = planner_page
    page.fill("#on", "2026-11-22")
    page.select_option("#what", "question:corridor_without_permit")
    page.fill("#blank-street", "pho nho")
    page.fill("#blank-width_m", "30")
    page.fill("#blank-since", "2026-01-01")
    ask(page)
    assert "inside_m2" in page.inner_text("#rows thead")
    page.select_option("#what", "question:flags_near_places")
    ask(page)
    assert "No data" in page.inner_text("#notes")


def test_visitors_are_led_to_the_sign_in(open_page: Open) -> None:
    page = open_page("/planner/")
    assert "/sign-in/" in page.url
