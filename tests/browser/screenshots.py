"""Pictures of every page and view of a running demo, 390 and 1440 px wide, Vietnamese and English: ``make screenshots``.

    python -m tests.browser.screenshots [var/demo.json] [var/screenshots] [--photo FILE] [--only WORD]

The views are those that the application's own list names, each with its parts and the first thing of its list. Says for each
picture whether it is wider than the screen, whether a control is nameless, serious findings of axe, and any fault of a script.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from ops.application import APP
from tests.browser.axe import find_faults
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESK, PHONE

WIDTHS = {"390": PHONE, "1440": DESK}
LANGUAGES = ("vi", "en")
SIGNED_OUT = {
    "home": "/", "report": "/report/", "follow-find": "/follow/", "follow-wrong": "/follow/?code=PA-2611-0&s=x",
    "places-empty": "/places/", "sign-in": "/sign-in/", "not-found": "/no/such/page/", "map": "/map/",
}  # fmt: skip
SIGNED_IN = {
    "home-staff": ("leader", "/"), "app-register-issues": ("operator", "/app/registers/issues"),
    "app-refused": ("operator", "/app/review"), "app-unknown": ("leader", "/app/no-such-view"),
    "app-map-layers": ("planner", "/app/map?layers=zoning,parcels,sidewalks,roads,units,cameras,sidewalk_uses,camera_bands"),
    "app-map-compare": ("planner", "/app/map?against=2025-06-30"), "app-map-heat": ("leader", "/app/map?signs=heat"),
}  # fmt: skip
LISTED = APP / "src" / "shell" / "views.ts"
LOGINS = ("planner", "operator", "inspector", "leader")  # who opens a view, of those who may
FIRST_OF_LIST = "main .list li a, main .case-list a, main .page li a.main, main ol li a"
PARTS = "main nav a[href^='/app/']"
SETTLED = "[data-state=idle], .title, .low-row table, .page li a.main, .page h1, .page h2, main ol li a"
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
    only: str = ""
    faults: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str) -> None:
        """One picture of the whole page, with the checks."""
        with contextlib.suppress(PlaywrightTimeout):
            page.wait_for_load_state("networkidle", timeout=15_000)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.faults.append(f"{name}: wider than the screen")
        self.faults += [f"{name}: nameless {control}" for control in page.evaluate(NAMELESS)]
        self.faults += [f"{name}: {fault}" for fault in find_faults(page)]
        page.screenshot(path=self.folder / f"{name}.png", full_page="map" not in name and "review" not in name)


def main() -> int:
    """Take all pictures; 1 when a page has a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path, nargs="?", default=Path("var/demo.json"), help="demo.json of a running demo")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("var/screenshots"))
    parser.add_argument("--only", default="", help="only what has this in its name")
    parser.add_argument("--photo", type=Path, help="a photo to report with")
    asked = parser.parse_args()
    demo = json.loads(asked.demo.read_text())
    asked.folder.mkdir(parents=True, exist_ok=True)
    album = Album(demo["url"].rstrip("/"), demo["logins"], asked.folder, asked.only)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for width, language in ((width, language) for width in WIDTHS for language in LANGUAGES):
            _take_all(browser, album, width, language, asked.photo)
        browser.close()
    for fault in album.faults:
        print(fault)
    print(f"{len(list(asked.folder.glob('*.png')))} pictures in {asked.folder}, {len(album.faults)} faults")
    return 1 if album.faults else 0


def list_views(source: str) -> dict[str, tuple[str, str]]:
    """Every view and page that the application's menu names: picture's name -> (login, path)."""
    found = {}
    for name, rest in re.findall(r'name: "(\w+)",\s*(.*?)\},', source, re.S):
        roles = set(re.findall(r'"(\w+)"', rest.split("roles:")[1].split("]")[0]))
        login = next((one for one in LOGINS if one in roles), "leader")
        href = re.search(r'href: "([^"]+)"', rest)
        found[name if href else f"app-{name}"] = (login, href.group(1) if href else f"/app/{name}")
    return found


def _take_all(browser: Browser, album: Album, width: str, language: str, photo: Path | None) -> None:
    with _open(browser, album, width, language) as page:
        for name, path in SIGNED_OUT.items():
            if album.only in name:
                page.goto(path)
                album.take(page, f"{name}-{width}-{language}")
    wanted = {**list_views(LISTED.read_text()), **SIGNED_IN}
    for login in sorted({login for login, _ in wanted.values()}):
        paths = {name: path for name, (one, path) in wanted.items() if one == login and album.only in name}
        if paths:
            _take_signed_in(browser, album, (width, language), login, paths)
    if photo is not None:
        _take_report(browser, album, width, language, photo)


def _take_signed_in(browser: Browser, album: Album, how: tuple[str, str], login: str, paths: dict[str, str]) -> None:
    """Each view of one person, with its parts and the first thing of its list."""
    tail = "-".join(how)
    with _open(browser, album, *how) as page:
        page.goto("/sign-in/")
        page.fill("#username", album.logins[login]["username"])
        page.fill("#password", album.logins[login]["password"])
        page.click("main button")
        page.wait_for_load_state()
        for name, path in paths.items():
            page.goto(path)
            _settle(page, path)
            album.take(page, f"{name}-{tail}")
            more = [str(link.get_attribute("href")) for link in page.query_selector_all(PARTS)]
            first = page.query_selector(FIRST_OF_LIST)
            parts = {f"{name}-{urlsplit(href).path.rstrip('/').split('/')[-1]}": href for href in more}
            for part, href in {**parts, **({f"{name}-one": str(first.get_attribute("href"))} if first else {})}.items():
                page.goto(href)
                _settle(page, path)
                album.take(page, f"{part}-{tail}")


def _settle(page: Page, path: str) -> None:
    """The application's views draw themselves: wait for what each of them shows last, half a minute at most."""
    if path.startswith("/app/"):
        with contextlib.suppress(PlaywrightTimeout):
            page.wait_for_selector(SETTLED, timeout=30_000)
        page.wait_for_timeout(1500)


def _take_report(browser: Browser, album: Album, width: str, language: str, photo: Path) -> None:
    """The report up to the moment before sending, and the look-up of the place that the photo names."""
    with _open(browser, album, width, language) as page:
        page.goto("/report/")
        page.set_input_files("#media", photo)
        page.wait_for_selector("#place .said")
        page.wait_for_timeout(1500)
        album.take(page, f"report-place-{width}-{language}")
        lon, lat = page.input_value("#lon"), page.input_value("#lat")
        page.goto(f"/places/?lon={lon}&lat={lat}")
        album.take(page, f"places-{width}-{language}")


@contextlib.contextmanager
def _open(browser: Browser, album: Album, width: str, language: str) -> Iterator[Page]:
    context = browser.new_context(base_url=album.url, viewport=WIDTHS[width])
    context.add_cookies([{"name": "django_language", "value": language, "url": album.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: album.faults.append(f"{page.url}: {error}"))
    yield page
    context.close()


if __name__ == "__main__":
    sys.exit(main())
