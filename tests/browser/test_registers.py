"""An operator sends a file, looks at what it would change, is asked, applies it, and sees its faults on the map."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cases.roles import Role
from geo.models import City, Parcel
from geo.pack import read_pack
from ops.application import build_application
from ops.folders import choose_var
from pipeline import sweeps
from tests.browser.axe import find_faults
from tests.builders import another

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


@pytest.fixture
def operator_page(
    open_page: Callable[..., Page], sign_in: Callable[[Page, Any], None], committed_city: Any
) -> Callable[..., Page]:
    """The registers' view, signed in as an operator."""
    user = another(Role.OPERATOR)

    def open_view(path: str, **how: Any) -> Page:
        page = open_page("/places/", **{"on_desk": True, "language": "vi", **how})
        sign_in(page, user)
        page.goto(path)
        return page

    return open_view


@pytest.fixture
def smaller_file(committed_city: Any, tmp_path: Path) -> Path:
    """Three of twelve parcels, one of them twice and one without an outline."""
    pack = read_pack(Path(City.objects.get(slug="smallville").pack_path))
    told = json.loads((pack.path / pack.get_source("parcels").file).read_text())
    bow = json.loads(json.dumps(told["features"][2]))
    ring = bow["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    empty = {**told["features"][0], "geometry": None}
    path = tmp_path / "parcels.geojson"
    path.write_text(json.dumps({**told, "features": [*told["features"][:2], bow, empty]}))
    return path


def test_an_operator_sends_previews_is_asked_applies_and_sees_the_faults(
    operator_page: Callable[..., Page], smaller_file: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sweeps, "build_registers", lambda registers, on: {})
    page = operator_page("/app/registers")
    page.click("td a >> text=parcels")
    page.set_input_files("[name=file]", smaller_file)
    page.fill("[name=source_on]", "2026-12-01")
    page.click(".send button")
    page.wait_for_selector("[data-run-state=received]", timeout=15_000)
    assert sweeps.read_register_files() == 1
    page.wait_for_selector("[data-run-state=preview]", timeout=15_000)
    assert "Tệp có đủ không?" in page.inner_text(".decide")
    assert page.locator(".decide .btn.main").is_disabled()
    page.wait_for_selector(".list tbody tr")
    assert page.locator(".list .sign.withdrawn").count() == 9
    page.wait_for_selector(".map .canvas[data-state=idle]", timeout=30_000)
    page.click(".chip >> text=bị rút")
    page.wait_for_selector(".list tbody tr")
    assert find_faults(page) == []
    page.check(".sure input")
    page.click(".decide .btn.main")
    page.wait_for_selector("[data-run-state=confirmed]")
    assert Parcel.objects.filter(is_listed=True).count() == 12
    assert sweeps.apply_register_runs() == 1
    page.wait_for_selector("[data-run-state=done]", timeout=15_000)
    assert Parcel.objects.filter(is_listed=True).count() == 3
    sweeps.draw_new_vintages()
    page.wait_for_selector("[data-drawn=yes]", timeout=15_000)

    page.click(".faults a >> nth=0")
    page.wait_for_selector(".view[data-ready=yes] li", timeout=15_000)
    page.goto(page.url.split("?")[0])
    page.wait_for_selector(".view[data-ready=yes] li", timeout=15_000)
    text = page.inner_text(".list")
    assert "ranh tự cắt nhau" in text and "parcels" in text
    page.select_option("[name=action]", "left_out")
    page.wait_for_selector(".view[data-ready=yes] .did.left_out")
    assert "action=left_out" in page.url
    with page.expect_download() as download:
        page.click("a[download] >> text=CSV")
    assert download.value.suggested_filename == "register-issues.csv"
    assert find_faults(page) == []


@pytest.mark.parametrize("path", ["/app/registers", "/app/registers/parcels", "/app/registers/issues"])
def test_on_a_phone_nothing_is_wider_than_the_screen(operator_page: Callable[..., Page], path: str) -> None:
    page = operator_page(path, on_desk=False)
    page.wait_for_selector("h1")
    page.wait_for_timeout(500)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
