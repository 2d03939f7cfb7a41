"""A reviewer narrows the map to an area: draws it, changes it, sends the link, comes back to it, types it, clears it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely
from playwright.sync_api import expect

from geo.link_area import parse_link_area, write_link_area
from tests import builders as b
from tests.browser.axe import find_faults
from tests.browser.test_field import _built  # noqa: F401 - the application as its sources are now
from tests.integration.tiles.test_live_tiles import add_flags
from tests.small_city import lonlat

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
OpenPage = Callable[..., "Page"]


def map_at(east_m: float, zoom: int) -> str:
    """The map over the flags, which stand at every metre of 30..69 east and 120..121 north."""
    lon, lat = lonlat(east_m, 122)
    return f"/app/map?at={lon:.6f},{lat:.6f},{zoom}"


AT = map_at(40, 20)
METRES_PER_PX = 0.0733  # at this zoom and latitude


def wait_for(page: Page, flags: int) -> None:
    """Until the list of what the map shows names so many."""
    page.wait_for_selector(".canvas[data-state=idle]", timeout=60_000)
    expect(page.locator(".twin summary span")).to_have_text(str(flags), timeout=30_000)


def area_in(page: Page) -> str:
    """What the link says of the area."""
    return parse_qs(urlsplit(page.url).query).get("area", [""])[0]


def press_at(page: Page, east_m: float, north_m: float) -> None:
    """A press on the map, so many metres from its middle."""
    box = page.locator(".canvas canvas").bounding_box()
    assert box
    x = box["x"] + box["width"] / 2 + east_m / METRES_PER_PX
    y = box["y"] + box["height"] / 2 - north_m / METRES_PER_PX
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    page.wait_for_timeout(300)


def test_flags_are_narrowed_to_an_area_that_the_link_keeps(open_page: OpenPage, sign_in: Callable[..., None]) -> None:
    add_flags(80)
    page = open_page("/", on_desk=True, language="en")
    sign_in(page, b.a_staff().leader)
    page.goto(AT)
    wait_for(page, 80)

    page.get_by_role("button", name="Draw an area").click()
    page.wait_for_selector(".areabar .how")
    for corner in ((-5.5, -4), (4.5, -4), (4.5, 4), (-5.5, 4)):
        press_at(page, *corner)
    expect(page.locator(".areabar b")).to_have_text("4 corners")
    page.keyboard.press("Enter")
    wait_for(page, 20)  # ten columns, two rows
    assert parse_link_area(area_in(page)).vertices == 5
    expect(page.locator(".areabar .shown")).to_contain_text("m²")
    expect(page.locator("label.ly", has_text="Flagged").locator("small")).to_have_text("20")
    assert find_faults(page) == []

    link = page.url
    page.reload()
    wait_for(page, 20)
    page.get_by_role("link", name="Cases").first.click()
    page.wait_for_selector("h1 >> text=Cases")
    page.go_back()
    wait_for(page, 20)
    assert area_in(page) == area_in_of(link)

    page.get_by_role("button", name="Change").click()
    page.wait_for_selector(".areabar .how")
    box = page.locator(".canvas canvas").bounding_box()
    assert box
    from_x = box["x"] + box["width"] / 2 + 4.5 / METRES_PER_PX
    for up in (-4, 4):  # both corners of the east side go five metres west
        y = box["y"] + box["height"] / 2 - up / METRES_PER_PX
        page.mouse.move(from_x, y)
        page.mouse.down()
        page.mouse.move(from_x - 30, y, steps=4)
        page.mouse.move(from_x - 5 / METRES_PER_PX, y, steps=4)
        page.mouse.up()
        page.wait_for_timeout(200)
    page.get_by_role("button", name="Done").click()
    wait_for(page, 10)

    page.get_by_role("button", name="Remove the area").click()
    wait_for(page, 80)
    assert area_in(page) == ""


def area_in_of(link: str) -> str:
    """The area of another link."""
    return parse_qs(urlsplit(link).query)["area"][0]


def test_an_area_is_drawn_by_keyboard_alone_and_typed(open_page: OpenPage, sign_in: Callable[..., None]) -> None:
    add_flags(80)
    page = open_page("/", on_desk=True)
    sign_in(page, b.a_staff().leader)
    page.goto(AT)
    wait_for(page, 80)
    page.get_by_role("button", name="Khoanh vùng").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".areabar .how")
    for turn in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowDown"):
        before = page.url
        page.keyboard.press(turn)
        page.wait_for_function("before => location.href !== before", arg=before)  # the map has glided there
        page.keyboard.press("Space")
    expect(page.locator(".areabar b")).to_have_text("5 đỉnh")
    page.keyboard.press("Backspace")
    expect(page.locator(".areabar b")).to_have_text("4 đỉnh")
    page.keyboard.press("Enter")
    expect(page.locator(".areabar .shown")).to_contain_text("Vùng", timeout=30_000)
    assert parse_link_area(area_in(page)).vertices == 5

    page.locator("details", has_text="Gõ toạ độ các đỉnh").locator("summary").click()
    corners = page.get_by_label("Mỗi dòng một đỉnh")
    corners.fill("10.76, 106.66\nđây")
    page.get_by_role("button", name="Dùng các đỉnh này").click()
    expect(page.locator("#corners-said")).to_contain_text("Dòng 2")
    rows = [lonlat(east, north) for east, north in ((29.5, 119), (33.5, 119), (33.5, 123), (29.5, 123))]
    corners.fill("\n".join(f"{lat:.7f}, {lon:.7f}" for lon, lat in rows))
    page.get_by_role("button", name="Dùng các đỉnh này").click()
    page.get_by_role("button", name="Vùng 16 m²").click()  # shows it whole
    wait_for(page, 8)
    assert find_faults(page) == []


def test_a_bad_area_in_a_link_is_told_with_the_cure_and_the_rest_works(
    open_page: OpenPage, sign_in: Callable[..., None]
) -> None:
    add_flags(80)
    bow = shapely.Polygon([lonlat(*one) for one in ((30, 110), (60, 140), (60, 110), (30, 140))])
    page = open_page("/")
    sign_in(page, b.a_staff().leader)
    for bad, said in (
        (write_link_area(bow), "Đường bao của vùng này tự cắt."),
        ("BGxx", "Không đọc được vùng trong liên kết này."),
        (write_link_area(shapely.box(100, 8, 108, 14)), "Vùng này rộng hơn cả một thành phố."),
    ):
        page.goto(f"{map_at(49.5, 19)}&use=trading&area={bad}")
        told = page.locator(".areabar [role=alert]")
        expect(told).to_contain_text(said, timeout=60_000)
        expect(told).to_contain_text("Hãy vẽ")
        page.get_by_role("button", name="Lớp bản đồ").click()
        wait_for(page, 80)
        assert "use=trading" in page.url
        assert find_faults(page) == []
    page.get_by_role("button", name="Lớp bản đồ").click()
    page.get_by_role("button", name="Bỏ vùng").click()
    expect(page.locator(".areabar")).to_have_count(0)
    assert area_in(page) == "" and "use=trading" in page.url
