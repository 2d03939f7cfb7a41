"""Pictures of every page and view of a running demo, 390 and 1440 px wide, Vietnamese and English: ``make screenshots``.

    python -m tests.browser.screenshots [var/demo.json] [var/screenshots] [--photo FILE] [--only WORD] [--widths 390]

Every role's views are those that the application's own list names, each with its parts, the first thing of its list, and on a
phone what lies below the fold. A view that cannot be taken is named and the rest goes on. Says of each picture whether it is
wider than the screen, whether a control is nameless, serious findings of axe, English in the Vietnamese, and any fault of a
script; ``index.html`` in the folder shows all of it. One report is sent, so that a citizen's page of it can be shown.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.axe import find_faults
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESK, PHONE
from tests.browser.screenshot_index import write_index
from tests.browser.views import IS_DRAWN, PARTS, list_views

WIDTHS = {"390": PHONE, "1440": DESK}
LANGUAGES = ("vi", "en")
SIGNED_OUT = {
    "home": "/", "wards": "/wards/", "public-cases": "/cases/", "report": "/report/", "follow-find": "/follow/",
    "follow-wrong": "/follow/?code=PA-2611-0&s=x", "places-empty": "/places/", "machine": "/what-the-machine-sees/",
    "sign-in": "/sign-in/", "sign-in-from-app": "/sign-in/?next=/app/route", "not-found": "/no/such/page/", "map": "/map/",
}  # fmt: skip
SIGNED_IN = {
    "leader": {"home": "/", "unknown": "/app/no-such-view", "map-heat": "/app/map?signs=heat", "cases-list": "/cases/"},
    "inspector": {"unsent": "/app/route/unsent", "refused": "/app/operate", "cases-list": "/cases/"},
    "operator": {"register-issues": "/app/registers/issues"},
    "planner": {
        "map-layers": "/app/map?layers=zoning,parcels,sidewalks,roads,units,cameras,sidewalk_uses,camera_bands",
        "map-compare": "/app/map?against=2025-06-30",
    },
}  # fmt: skip
BELOW_THE_FIRST = {"route": "/record"}  # what lies below the first thing of a view's list
FIRST_OF_LIST = "main .list li a, main .case-list a, main .page li a.main, main ol li a"
SETTLE_S, QUIET_MS, PAGE_MS, TALLEST_PX = 30.0, 8_000, 60_000, 6000
NAMELESS = """() => [...document.querySelectorAll('a,button,input,select,textarea')].filter(e =>
  e.offsetParent && e.type !== 'hidden' && e.tabIndex >= 0 && !(e.textContent || '').trim() && !e.getAttribute('aria-label')
  && !e.getAttribute('alt') && !e.title && !(e.labels && e.labels.length) && !e.querySelector('img[alt],svg[aria-label]')
).map(e => e.outerHTML.slice(0, 120))"""
ENGLISH = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const box = node.parentElement;
    if (box.closest('script, style, [lang=en], code, textarea') || !box.checkVisibility()) continue;
    const said = node.data.trim().replaceAll(/City of [A-Z]\\w+/g, '');
    if (/\\b(the|and|of|is|are|with|your|this|not|from)\\b/.test(said)) found.push(said.slice(0, 100));
  }
  return found;
}"""
HIDDEN_BELOW = """() => Math.max(0, ...[...document.querySelectorAll('main *')].map((one) =>
  /auto|scroll/.test(getComputedStyle(one).overflowY) && one.clientHeight > 200 ? one.scrollHeight - one.clientHeight : 0))"""


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look: how wide, which language, and whose eyes (no login: a citizen's)."""

    width: str
    language: str
    login: str = ""

    def name(self, what: str) -> str:
        """How the picture's file is called."""
        return "-".join(filter(None, (self.login, what, self.width, self.language)))


@dataclass
class Album:
    """Where pictures go, and what was wrong on the way: picture's name -> sentences."""

    url: str
    logins: dict[str, dict[str, str]]
    folder: Path
    only: str = ""
    faults: dict[str, list[str]] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    states: dict[str, Any] = field(default_factory=dict)
    roles: dict[str, list[str]] = field(default_factory=dict)

    def blame(self, name: str, *faults: str) -> None:
        """Note what is wrong with a picture, and say it at once."""
        for fault in faults:
            self.faults.setdefault(name, []).append(fault)
            print(f"{name}: {fault}", flush=True)

    @contextlib.contextmanager
    def attempt(self, name: str) -> Iterator[None]:
        """What a browser cannot do is said of the picture; all others are taken nevertheless."""
        try:
            yield
        except PlaywrightError as error:
            self.blame(name, f"not taken: {str(error).splitlines()[0]}")

    def take(self, page: Page, look: Look, what: str) -> None:
        """One picture of the page as it stands, with the checks; on a phone a second one of what has to be scrolled to."""
        name = look.name(what)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.blame(name, "wider than the screen")
        self.blame(name, *(f"nameless {control}" for control in page.evaluate(NAMELESS)))
        self.blame(name, *find_faults(page))
        if look.language == "vi":
            self.blame(name, *(f"English: {words}" for words in page.evaluate(ENGLISH)))
        self._keep(page, name)
        hidden = page.evaluate(HIDDEN_BELOW)
        if look.width == "390" and hidden > 40:
            page.set_viewport_size({"width": PHONE["width"], "height": min(PHONE["height"] + hidden, TALLEST_PX)})
            page.wait_for_timeout(500)
            self._keep(page, look.name(f"{what}-whole"))
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    def _keep(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"{name}.png", full_page=not page.query_selector("main.full, .canvas"))
        self.taken.append(name)


def main() -> int:
    """Take all pictures; 1 when a page has a fault or could not be taken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("demo", type=Path, nargs="?", default=Path("var/demo.json"), help="demo.json of a running demo")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("var/screenshots"))
    parser.add_argument("--only", default="", help="only what has this in its name")
    parser.add_argument("--photo", type=Path, help="a photo to report with; by default one of the demo's")
    parser.add_argument("--widths", nargs="+", choices=WIDTHS, default=list(WIDTHS))
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    asked = parser.parse_args()
    if not asked.demo.exists():
        print(f"{asked.demo} is not there: start the demo (make demo-up), or name the demo.json of a running copy.")
        return 2
    demo = json.loads(asked.demo.read_text())
    asked.folder.mkdir(parents=True, exist_ok=True)
    album = Album(demo["url"].rstrip("/"), demo["logins"], asked.folder, asked.only)
    looks = [Look(width, language) for width in asked.widths for language in asked.languages]
    with sync_playwright() as playwright:
        take_all(playwright, album, looks, asked.photo or asked.demo.parent / "demo" / "street-flowers.jpg")
    write_index(album.folder, album.taken, album.faults)
    wrong = sum(map(len, album.faults.values()))
    print(f"{len(album.taken)} pictures in {album.folder} (index.html), {wrong} faults")
    return 1 if wrong else 0


def take_all(playwright: Playwright, album: Album, looks: list[Look], photo: Path) -> None:
    """All pictures; a browser that died is started again."""
    with _browse(playwright) as browser:
        for login in album.logins:
            with album.attempt(f"{login}-sign-in"):
                album.states[login] = _sign_in(browser, album, login)
        followed = _report(browser, album, looks, photo) if album.only in "report-place follow places" else {}
    for look in looks:
        with _browse(playwright) as browser:
            _take_paths(browser, album, look, SIGNED_OUT | followed)
        for login in album.states:
            views = {one.name: one.path for one in list_views() if set(one.roles) & set(album.roles[login])}
            with _browse(playwright) as browser:
                _take_paths(browser, album, Look(look.width, look.language, login), views | SIGNED_IN.get(login, {}))


def _take_paths(browser: Browser, album: Album, look: Look, paths: dict[str, str]) -> None:
    """Each of the paths with its parts and the first thing of its list, every one on a page of its own."""
    wanted = {what: path for what, path in paths.items() if album.only in look.name(what)}
    with _open(browser, album, look) as context:
        for what, path in wanted.items():
            more = _take_path(context, album, look, what, path) if look.login else {}
            if not look.login:
                _take_path(context, album, look, what, path)
            for part, href in more.items():
                _take_path(context, album, look, part, href)


def _take_path(context: BrowserContext, album: Album, look: Look, what: str, path: str) -> dict[str, str]:
    """One address, and what it leads to: names of pictures -> addresses."""
    name = look.name(what)
    with album.attempt(name):
        page = context.new_page()
        page.on("pageerror", lambda error: album.blame(name, f"script: {error}"))
        try:
            page.goto(path, timeout=PAGE_MS)
            if not _settle(page):
                album.blame(name, f"not drawn within {SETTLE_S:.0f} s")
            album.take(page, look, what)
            return _read_more(page, what, path)
        finally:
            page.close()
    return {}


def _read_more(page: Page, what: str, path: str) -> dict[str, str]:
    parts = [str(link.get_attribute("href")) for link in page.query_selector_all(PARTS)]
    more = {f"{what}-{urlsplit(href).path.rstrip('/').split('/')[-1]}": href for href in parts}
    first = page.query_selector(FIRST_OF_LIST)
    if first and (href := first.get_attribute("href")):
        more[f"{what}-one"] = href
        if below := BELOW_THE_FIRST.get(what):
            more[f"{what}-one{below.replace('/', '-')}"] = href + below
    return {name: href for name, href in more.items() if href != path}


def _settle(page: Page) -> bool:
    """Until nothing on the page says that it is being loaded, and the network has been quiet once."""
    with contextlib.suppress(PlaywrightTimeout):
        page.wait_for_load_state(
            "networkidle", timeout=QUIET_MS
        )  # a view that asks every few seconds may never be quiet
    ends = time.monotonic() + SETTLE_S
    while not (is_drawn := bool(page.evaluate(IS_DRAWN))) and time.monotonic() < ends:
        page.wait_for_timeout(250)
    page.wait_for_timeout(700)
    return is_drawn


def _sign_in(browser: Browser, album: Album, login: str) -> Any:
    """The cookies of somebody who is signed in."""
    with _open(browser, album, Look("1440", "vi")) as context:
        page = context.new_page()
        page.goto("/sign-in/")
        page.fill("#username", album.logins[login]["username"])
        page.fill("#password", album.logins[login]["password"])
        page.click("main button")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        album.roles[login] = list(context.request.get("/api/v1/me").json()["roles"])
        return context.storage_state()


def _report(browser: Browser, album: Album, looks: list[Look], photo: Path) -> dict[str, str]:
    """The form as it stands before sending, in every look; sent once. Addresses of the place and of the citizen's page."""
    found: dict[str, str] = {}
    for look in looks:
        with album.attempt(look.name("report-place")), _open(browser, album, look) as context:
            page = context.new_page()
            page.goto("/report/")
            page.set_input_files("#media", photo)
            page.wait_for_selector("#place .said")
            _settle(page)
            album.take(page, look, "report-place")
            if not found:
                lon, lat = page.input_value("#lon"), page.input_value("#lat")
                found["places"] = f"/places/?lon={lon}&lat={lat}"
                page.click("#go")
                page.wait_for_url("**/follow/**")
                found["follow"] = re.sub(r"^https?://[^/]+", "", page.url)
    return found


@contextlib.contextmanager
def _browse(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
    yield browser
    with contextlib.suppress(PlaywrightError):
        browser.close()


@contextlib.contextmanager
def _open(browser: Browser, album: Album, look: Look) -> Iterator[BrowserContext]:
    """A window of its own. No service worker: each picture is of what the server says now."""
    context = browser.new_context(
        base_url=album.url, viewport=WIDTHS[look.width], storage_state=album.states.get(look.login), locale=look.language,
        service_workers="block", has_touch=look.width == "390",
    )  # fmt: skip
    context.set_default_timeout(30_000)
    context.add_cookies([{"name": "django_language", "value": look.language, "url": album.url}])
    yield context
    with contextlib.suppress(PlaywrightError):
        context.close()


if __name__ == "__main__":
    sys.exit(main())
