"""Pictures of every page of a running demo, 390 and 1440 px wide, Vietnamese and English: ``make screenshots``.

    python -m tests.browser.screenshots [var/demo.json] [var/screenshots] [--photo FILE]

Says for each page whether it is wider than the screen, whether a control is nameless, and any fault of a script.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESK, PHONE

WIDTHS = {"390": PHONE, "1440": DESK}
LANGUAGES = ("vi", "en")
SIGNED_OUT = {
    "home": "/", "report": "/report/", "follow-find": "/follow/", "follow-wrong": "/follow/?code=PA-2611-0&s=x",
    "places-empty": "/places/", "sign-in": "/sign-in/", "not-found": "/no/such/page/", "map": "/map/",
}  # fmt: skip
SIGNED_IN = {
    "home-staff": ("leader", "/"), "app-map": ("planner", "/app/map"), "app-review": ("leader", "/app/review"),
    "app-cases": ("leader", "/app/cases"), "app-figures": ("leader", "/app/figures"), "app-route": ("inspector", "/app/route"),
    "app-refused": ("operator", "/app/review"), "app-unknown": ("leader", "/app/no-such-view"),
    "app-planner": ("planner", "/app/planner"), "app-registers": ("operator", "/app/registers"),
    "app-register-issues": ("operator", "/app/registers/issues"), "cameras": ("operator", "/cameras/"),
    **{f"operate-{part}": ("operator", f"/app/operate/{part}") for part in ("outbox", "law", "calendar", "roles", "weights")},
    "needs-person": ("operator", "/needs-person/"),
}  # fmt: skip
FIRST_OF_LIST = ".list li a, .case-list a, .page li a.main"
SETTLED = "[data-state=idle], .title, .low-row table, .page li a.main, .page h1"
NAMELESS = """() => [...document.querySelectorAll('a,button,input,select,textarea')].filter(e =>
  e.offsetParent && e.type !== 'hidden' && e.tabIndex >= 0 && !(e.textContent || '').trim() && !e.getAttribute('aria-label')
  && !e.getAttribute('alt') && !e.title && !(e.labels && e.labels.length) && !e.querySelector('img[alt],svg[aria-label]')
).map(e => e.outerHTML.slice(0, 120))"""


@dataclass
class Album:
    """Where pictures go, and what was wrong on the way."""

    url: str
    logins: dict[str, dict[str, str]]
    folder: Path
    faults: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str) -> None:
        """One picture of the whole page, with the checks."""
        page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.faults.append(f"{name}: wider than the screen")
        self.faults += [f"{name}: nameless {control}" for control in page.evaluate(NAMELESS)]
        page.screenshot(path=self.folder / f"{name}.png", full_page="map" not in name and "review" not in name)


def main() -> int:
    """Take all pictures; 1 when a page has a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path, nargs="?", default=Path("var/demo.json"), help="demo.json of a running demo")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("var/screenshots"))
    parser.add_argument("--photo", type=Path, help="a photo to report with")
    asked = parser.parse_args()
    demo = json.loads(asked.demo.read_text())
    asked.folder.mkdir(parents=True, exist_ok=True)
    album = Album(demo["url"].rstrip("/"), demo["logins"], asked.folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for width, language in ((width, language) for width in WIDTHS for language in LANGUAGES):
            _take_all(browser, album, width, language, asked.photo)
        browser.close()
    for fault in album.faults:
        print(fault)
    print(f"{len(list(asked.folder.glob('*.png')))} pictures in {asked.folder}, {len(album.faults)} faults")
    return 1 if album.faults else 0


def _take_all(browser: Browser, album: Album, width: str, language: str, photo: Path | None) -> None:
    tail = f"{width}-{language}"
    for name, path in SIGNED_OUT.items():
        with_page = _open(browser, album, width, language)
        page = next(with_page)
        page.goto(path)
        album.take(page, f"{name}-{tail}")
        next(with_page, None)
    _take_signed_in(browser, album, width, language)
    if photo is not None:
        _take_report(browser, album, width, language, photo)


def _take_signed_in(browser: Browser, album: Album, width: str, language: str) -> None:
    for name, (role, path) in SIGNED_IN.items():
        with_page = _open(browser, album, width, language)
        page = next(with_page)
        page.goto("/sign-in/")
        page.fill("#username", album.logins[role]["username"])
        page.fill("#password", album.logins[role]["password"])
        page.click("main button")
        page.goto(path)
        _settle(page, path)
        album.take(page, f"{name}-{width}-{language}")
        first = page.query_selector(FIRST_OF_LIST)
        if first is not None:
            page.goto(str(first.get_attribute("href")))
            _settle(page, path)
            album.take(page, f"{name}-one-{width}-{language}")
        next(with_page, None)


def _settle(page: Page, path: str) -> None:
    """The application's views draw themselves: wait for what each of them shows last, half a minute at most."""
    if path.startswith("/app/"):
        with contextlib.suppress(PlaywrightTimeout):
            page.wait_for_selector(SETTLED, timeout=30_000)
        page.wait_for_timeout(1500)


def _take_report(browser: Browser, album: Album, width: str, language: str, photo: Path) -> None:
    """The report up to the moment before sending, and the look-up of the place that the photo names."""
    with_page = _open(browser, album, width, language)
    page = next(with_page)
    page.goto("/report/")
    page.set_input_files("#media", photo)
    page.wait_for_selector("#place .said")
    page.wait_for_timeout(1500)
    album.take(page, f"report-place-{width}-{language}")
    lon, lat = page.input_value("#lon"), page.input_value("#lat")
    page.goto(f"/places/?lon={lon}&lat={lat}")
    album.take(page, f"places-{width}-{language}")
    next(with_page, None)


def _open(browser: Browser, album: Album, width: str, language: str) -> Iterator[Any]:
    context = browser.new_context(base_url=album.url, viewport=WIDTHS[width])
    context.add_cookies([{"name": "django_language", "value": language, "url": album.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: album.faults.append(f"{page.url}: {error}"))
    yield page
    context.close()


if __name__ == "__main__":
    sys.exit(main())
