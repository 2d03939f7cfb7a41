"""A server that answers nonsense for the map, or is newer than the application: told in words, and the work stays."""

# ruff: noqa: F811 - fixtures are imported by their names
from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests import builders as b
from tests.browser.axe import find_faults
from tests.browser.test_field import _built, a_job, inspector, phone, wait_until_kept  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.xdist_group("browser")
WITHOUT_WORKER = "delete Navigator.prototype.serviceWorker;"  # which would answer with the scripts that it has kept
GONE = {
    "vi": ("Đã có bản mới của ứng dụng.", "Tải lại"),
    "en": ("There is a new version of this application.", "Load again"),
}
UPDATE = "navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => true)"


@pytest.mark.parametrize(("status", "kind"), [(500, "text/plain"), (200, "text/html")])
def test_tiles_that_are_none_are_told(phone: BrowserContext, status: int, kind: str) -> None:
    page = phone.new_page()
    page.route("**/tiles/**/*.pbf*", lambda route: route.fulfill(status=status, body="<h1>no</h1>", content_type=kind))
    page.goto("/app/map")
    expect(page.locator(".said", has_text="Chưa tải được")).to_be_visible(timeout=60_000)
    page.unroute_all(behavior="ignoreErrors")


def test_a_newer_application_waits_until_it_is_wanted(
    phone: BrowserContext,
    committed_city: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from web.built_app import WORKER

    job = a_job(committed_city, 150)
    page = phone.pages[0]
    page.goto("/app/route")
    page.wait_for_selector("ol li")
    wait_until_kept(page)
    page.goto(f"/app/route/{job.pk}/record")
    page.fill("#note", "đang ghi dở")
    newer = WORKER.read_bytes() + b"\n// newer"
    monkeypatch.setattr("web.views.application.open_worker", lambda: BytesIO(newer))
    page.evaluate(UPDATE)
    expect(page.locator(".strip", has_text="Đã có bản mới.")).to_be_visible(timeout=30_000)
    expect(page.locator("#note")).to_have_value("đang ghi dở")
    page.click("text=Tải bản mới")
    expect(page.locator(".strip", has_text="Đã có bản mới.")).to_have_count(0, timeout=30_000)
    expect(page.locator("#note")).to_have_value("đang ghi dở")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("scripts", ["main", "words"])
def test_scripts_that_a_newer_application_took_away_leave_no_white_page(
    open_page: Callable[..., Page], sign_in: Callable[..., None], language: str, scripts: str
) -> None:
    page = open_page("/", language=language)
    page.add_init_script(WITHOUT_WORKER)
    sign_in(page, b.a_staff().leader)
    page.wait_for_load_state("networkidle")
    name = language if scripts == "words" else scripts
    page.route(f"**/static/app/assets/{name}-*.js", lambda route: route.fulfill(status=404, body="not found"))
    page.goto("/app/cases")
    words, button = GONE[language]
    told = page.get_by_role("alert").filter(has_text=words)
    expect(told).to_be_visible(timeout=30_000)
    assert find_faults(page) == []
    page.unroute_all(behavior="ignoreErrors")
    told.get_by_role("button", name=button).click()
    expect(page.locator("main h1")).to_be_visible(timeout=30_000)
    expect(page.locator("#newer")).to_be_hidden()


def test_a_view_whose_code_is_gone_says_so_and_without_network_says_that(
    open_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    page = open_page("/", on_desk=True)
    page.add_init_script(WITHOUT_WORKER)
    sign_in(page, b.a_staff().leader)
    page.goto("/app/cases")
    expect(page.locator("main h1")).to_be_visible(timeout=30_000)
    page.context.set_offline(True)
    page.get_by_role("link", name="Tuyến").click()
    expect(page.get_by_role("alert").filter(has_text="Không có mạng.")).to_be_visible()
    expect(page.locator("#newer")).to_be_hidden()
    page.context.set_offline(False)
    page.route("**/static/app/assets/FiguresView-*", lambda route: route.fulfill(status=404, body="not found"))
    page.get_by_role("link", name="Số liệu").click()
    expect(page.locator("#newer")).to_contain_text(GONE["vi"][0])
    page.unroute_all(behavior="ignoreErrors")
    page.get_by_role("button", name=GONE["vi"][1]).click()
    expect(page.locator("main h1")).to_be_visible(timeout=30_000)
    assert page.url.endswith("/app/figures")
