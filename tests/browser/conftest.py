"""Headless Chromium against a server of this very process: a phone and a desk, with and without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.in_flight import InFlight
from tests.pipeline.conftest import committed_city, media_folder, pack, see  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--use-fake-device-for-media-stream",
)  # fmt: skip
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests. Its driver keeps an event loop in this thread, which Django must be told is harmless."""
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def in_flight() -> InFlight:
    """What the server of this process is answering."""
    return InFlight()


@pytest.fixture(autouse=True)
def drafts_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Drafts of one test, apart from all others."""
    folder = tmp_path / "drafts"

    def make() -> Path:
        folder.mkdir(exist_ok=True)
        return folder

    monkeypatch.setattr("web.drafts._root", make)
    return folder


@pytest.fixture
def open_page(
    chromium: Browser,
    live_server: Any,
    in_flight: InFlight,
    committed_city: Any,  # noqa: F811
) -> Iterator[Callable[..., Page]]:
    """Opens a path on a phone (or a desk); a fault of a script or a page that is wider than the screen fails the test."""
    faults: list[str] = []
    contexts = []

    def open_path(path: str, *, on_desk: bool = False, has_scripts: bool = True, language: str = "vi") -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport=DESK if on_desk else PHONE, java_script_enabled=has_scripts
        )
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path)
        return page

    yield open_path
    in_flight.close(contexts)
    if faults:
        pytest.fail(f"faults of scripts: {faults}", pytrace=False)


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, Any], None]:
    """Signs a page's context in as somebody, as the form would."""

    def as_user(page: Page, user: Any) -> None:
        user.set_password("a long enough one")
        user.save()
        page.goto("/sign-in/")
        page.fill("#username", user.get_username())
        page.fill("#password", "a long enough one")
        page.click("main button")

    return as_user
