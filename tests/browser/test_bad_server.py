"""A server that answers nonsense for the map, or is newer than the application: told in words, and the work stays."""

# ruff: noqa: F811 - fixtures are imported by their names
from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_field import _built, a_job, inspector, phone, wait_until_kept  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.xdist_group("browser")
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
