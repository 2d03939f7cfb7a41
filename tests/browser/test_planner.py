"""A planner draws or uploads an area, filters, takes files, saves the view and opens its link, and compares two days."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest

from cases.models import RoleAssignment
from geo.models import Parcel, RegisterSource
from ops.application import build_application
from ops.folders import choose_var
from tests.browser.axe import find_faults
from tests.builders import a_staff
from tests.small_city import rectangle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
ON = "2026-11-22"


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


@pytest.fixture
def open_planner(open_page: Open, sign_in: Callable[[Page, Any], None], committed_city: Any) -> Callable[..., Page]:
    """The planner's view, signed in."""
    user = a_staff().reviewer
    RoleAssignment.objects.filter(user=user).update(role="planner")

    def open_view(path: str = "/app/planner", **how: Any) -> Page:
        page = open_page("/places/", **{"on_desk": True, "language": "en", **how})
        sign_in(page, user)
        page.goto(path)
        page.wait_for_selector(".desk form", timeout=30_000)
        return page

    return open_view


def ask(page: Page, **fields: str) -> None:
    """Fills fields in, asks, and waits for the answer."""
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    with page.expect_response(lambda answer: answer.url.endswith("/api/v1/query") and answer.request.method == "POST"):
        page.click(".go button")
    page.wait_for_selector(".desk[aria-busy=false] .rows h2")


def test_a_planner_filters_draws_exports_saves_and_opens_the_link_again(
    open_planner: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_planner()
    page.wait_for_selector(".canvas[data-state=idle]", timeout=30_000)
    ask(page, on=ON, filter="measured_area_m2 > 1000")
    assert page.inner_text(".rows h2") == "2 rows"
    assert "7,200" in page.inner_text(".rows header")
    page.click("tbody tr[data-row='0']")
    assert page.locator("tr.on").count() == 1
    page.click("th button >> text=Key")
    page.wait_for_selector("th[aria-sort=ascending]")

    page.click("text=Draw")
    box = page.locator(".map .canvas").bounding_box()
    assert box
    corners = [(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)]
    for right, down in corners:
        page.mouse.move(box["x"] + right * box["width"], box["y"] + down * box["height"])
        page.mouse.click(box["x"] + right * box["width"], box["y"] + down * box["height"])
        page.wait_for_timeout(250)
    page.keyboard.press("Enter")
    page.wait_for_selector(".state >> text=Area drawn")
    ask(page)
    assert page.inner_text(".rows h2") in ("1 rows", "2 rows")

    page.click("[role=tab] >> text=Per ward")
    page.wait_for_selector(".figures td >> text=Phường Nhỏ")
    page.click("[role=tab] >> text=Per zone")
    page.wait_for_selector(".figures td >> text=NO-01")
    page.select_option("[name=file-crs]", "small")
    with page.expect_download() as download:
        page.click("[data-form=gpkg]")
    path = tmp_path / "taken.gpkg"
    download.value.save_as(path)
    assert pyogrio.read_info(path)["features"] >= 1

    page.click(".views summary")
    page.fill("#view-name", "Big parcels")
    page.click(".views form button >> text=Save")
    page.wait_for_selector("[data-opened]")
    link = page.url
    assert "view=" in link and "measured" not in link
    fresh = open_planner(link)
    fresh.wait_for_selector(".rows h2 >> text=rows", timeout=30_000)
    assert fresh.input_value("[name=filter]") == "measured_area_m2 > 1000"
    assert "Big parcels" in fresh.inner_text("[data-opened]")
    assert find_faults(fresh) == []


def test_an_uploaded_area_and_its_faults(open_planner: Callable[..., Page], tmp_path: Path) -> None:
    page = open_planner()
    square = tmp_path / "ward.geojson"
    square.write_text(json.dumps(rectangle(15, 110, 85, 180)))
    page.set_input_files("input[type=file]", square)
    page.wait_for_selector(".state >> text=Area of ward.geojson, 0.49 ha")
    ask(page, on=ON)
    assert page.inner_text(".rows h2") == "1 rows"
    table = tmp_path / "area.csv"
    table.write_text('name,wkt\nA,"POLYGON((600015 1190110,600085 1190110,600085 1190180,600015 1190110))"\n')
    page.set_input_files("input[type=file]", table)
    page.wait_for_selector("[role=alert] >> text=does not say in which system")
    page.select_option("fieldset .two select", "small")
    page.wait_for_selector(".state >> text=Area of area.csv")


def test_a_fault_in_a_filter_is_said_and_kept(open_planner: Callable[..., Page]) -> None:
    page = open_planner(language="vi")
    page.fill("[name=filter]", "owner = 'x'; DROP TABLE geo_parcel")
    page.click(".go button")
    page.wait_for_selector("[role=alert] >> text=Bộ lọc này")
    assert page.input_value("[name=filter]").startswith("owner")
    page.click("summary >> text=Cách viết bộ lọc")
    page.click(".examples button >> nth=0")
    assert "measured_area_m2 > 500" in page.input_value("[name=filter]")


def test_two_days_are_compared_and_told_apart_without_colour(open_planner: Callable[..., Page]) -> None:
    day = date(2026, 11, 1)
    first = Parcel.objects.get(key="000010010001")
    RegisterSource.objects.filter(name="parcels").update(decision="QĐ 12/2026")
    Parcel.objects.filter(key__in=["000010010001", "000010010002"]).update(is_listed=False, valid_to=day)
    first.pk, first.use_code, first.row_sha256, first.valid_from = None, "TMD", "changed", day
    first.save()
    page = open_planner()
    page.check("[name=kind][value=compare]")
    ask(page, since="2026-10-01", on=ON)
    page.wait_for_selector("[role=tab][aria-selected=true] >> text=What changed")
    assert "QĐ 12/2026" in page.inner_text(".figures")
    page.click("[role=tab] >> text=Rows")
    rows = page.locator("tbody tr[data-row]").all_inner_texts()
    assert any("≠" in row and "TMD" in row for row in rows) and any("−" in row and "withdrawn" in row for row in rows)
    assert find_faults(page) == []


def test_on_a_phone_nothing_is_wider_than_the_screen(open_planner: Callable[..., Page]) -> None:
    page = open_planner(on_desk=False, language="vi")
    ask(page, on=ON)
    for pane in ("Câu hỏi", "Bản đồ", "Các dòng"):
        page.click(f".panes button >> text={pane}")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert find_faults(page) == []


def test_visitors_are_led_to_the_sign_in(open_page: Open) -> None:
    page = open_page("/app/planner")
    assert "/sign-in/" in page.url
