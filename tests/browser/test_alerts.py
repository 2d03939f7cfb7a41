"""News of an area: the place touched on the map, the square that shows how far, the same by typing without scripts."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from geo.models import City
from geo.today import find_today
from intake.models import AreaAlert
from tests.small_city import lonlat
from tiles.register_tiles import build_all

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def mail_is_on(settings: Any, committed_city: Any) -> None:
    notices = dataclasses.replace(
        settings.ENV.notices, public_url="https://viahe.example", mail_from="viahe@city.example"
    )
    settings.ENV = dataclasses.replace(settings.ENV, notices=notices)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def tiles_are_built(settings: Any, committed_city: Any, tmp_path: Path) -> None:
    """The map's tiles of the little city, which opens on its streets."""
    settings.ENV = dataclasses.replace(
        settings.ENV, storage=dataclasses.replace(settings.ENV.storage, var_dir=tmp_path)
    )
    City.objects.update(center=lonlat(150, 100))
    build_all(find_today())


@pytest.mark.usefixtures("mail_is_on", "tiles_are_built")
def test_an_area_is_touched_on_the_map(open_page: Any) -> None:
    page = open_page("/alerts/")
    page.wait_for_selector("#alert-map[data-island=ready]", timeout=30_000)
    page.locator("#alert-map").click(position={"x": 150, "y": 120})
    lat, lon = map(float, page.input_value("#around").split(","))
    assert page.is_disabled("#ward")
    page.select_option("#radius_m", "2000")
    west, south, east, north = map(float, page.get_attribute("#feed", "href").split("bounds=")[1].split(","))
    assert west < lon < east and south < lat < north
    assert (north - south) * 111_320 == pytest.approx(4000, rel=0.01)
    page.fill("#email", "lan@example.org")
    page.click("#alert-form > button")
    page.wait_for_url("**/cases/#alerts")
    kept = AreaAlert.objects.get()
    assert kept.unit_code == ""
    assert kept.area.extent == pytest.approx((west, south, east, north), abs=1e-5)


@pytest.mark.usefixtures("mail_is_on")
def test_without_scripts_the_place_is_typed_and_what_is_no_place_is_told(open_page: Any) -> None:
    page = open_page("/alerts/", has_scripts=False, language="en")
    page.fill("#around", "nowhere")
    page.fill("#email", "lan@example.org")
    page.click("#alert-form > button")
    assert page.input_value("#around") == "nowhere" and page.input_value("#email") == "lan@example.org"
    assert page.locator("#alerts .note.error").is_visible()
    lon, lat = lonlat(150, 100)
    page.fill("#around", f"{lat}, {lon}")
    page.click("#alert-form > button")
    page.wait_for_url("**/cases/#alerts")
    middle = AreaAlert.objects.get().area.centroid
    assert (middle.x, middle.y) == pytest.approx((lon, lat), abs=1e-6)


def test_where_mails_are_off_the_page_says_so(open_page: Any) -> None:
    page = open_page("/alerts/", language="en")
    assert "Mails are not switched on here" in page.inner_text("#alerts")
    assert page.locator("#alert-form").count() == 0
