"""``make bench-application``: the map application in headless Chromium: first map usable, next paint, script bytes, memory.

    python -m bench.application [--part load|paint|memory] [--runs 5] [--minutes 30] [--parcels 1000000] [--flags 60000]

The city is generated, in a database of its own on the server that ``DATABASE_URL`` names, and kept for the next run.
The processor is slowed 4 times and the network is a slow 4G (1.6 Mbit/s down, 150 ms), as Lighthouse does, for the page and
for its service worker. "Usable" is the moment at which all tiles of the frame's ground (streets, sidewalks, water, buildings) are
on the screen and the map takes presses; "named" when the names of the ground are there too, "whole" when registers and signs are.
"Installed" is a later opening, in a new tab, on a device whose service worker keeps the application; the browser's own store is
emptied before, as on the next morning. Next paint is what the browser itself reports for real presses, each kind of press by
itself. Parts may be run one by one; the page of results tells what is known of all. Writes ``bench/results/application.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.city import database
from bench.city.making import make_city
from bench.machine import describe_machine
from bench.servers import our_server
from bench.tab_memory import measure_tab
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESK, PHONE

RESULT = Path(__file__).parent / "results" / "application.md"
BUILT = Path(__file__).parents[1] / "web" / "static" / "app"
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
FULL_SPEED = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
SLOWER = 4
LOOK_AT = "106.6936,10.7774,16"
NOW_S = "performance.now() / 1000"
LONGEST_MS = 120_000
KEPT = "caches.open('viahe-frame').then((cache) => cache.keys()).then((kept) => kept.length > 0)"
WATCH = """() => { window.paints = {}; new PerformanceObserver((list) => { for (const e of list.getEntries())
  if (e.interactionId) window.paints[e.interactionId] = Math.max(window.paints[e.interactionId] ?? 0, e.duration); })
  .observe({ type: 'event', durationThreshold: 16, buffered: false }); }"""
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))"
TAKEN = "() => { const taken = Object.values(window.paints); window.paints = {}; return taken; }"
SHORTEST_MS = 16.0  # the browser reports no shorter ones


def main() -> int:
    """Measure what was asked for and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument("--flags", type=int, default=60_000)
    parser.add_argument("--database", default="", help="of a city that is there; without it one is generated")
    parser.add_argument(
        "--var-dir", type=Path, default=Path(os.environ.get("VAR_DIR", "var")).resolve() / "bench" / "app"
    )
    parser.add_argument("--part", action="append", choices=["load", "paint", "memory"], default=[])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=30)
    asked = parser.parse_args()
    kept = asked.var_dir / "application.json"
    known = json.loads(kept.read_text()) if kept.exists() else {}
    name = asked.database or f"viahe_application_{asked.parcels}"
    if not asked.database:
        make_city(asked.parcels, flags=asked.flags, database=name, out=asked.var_dir)
    people, size = prepare(name, asked.var_dir)
    with running(name, asked.var_dir) as url, open_browser() as browser:
        for part in asked.part or ["load", "paint", "memory"]:
            known[part] = PARTS[part](browser, url, people, asked) | {"load": os.getloadavg()[0], "size": size}
            known[part]["at"] = datetime.now(UTC).isoformat(timespec="minutes")
            kept.write_text(json.dumps(known, indent=1))
    RESULT.write_text(write_page(known))
    print(RESULT.read_text())
    return 0


def prepare(name: str, var_dir: Path) -> tuple[dict[str, Any], str]:
    """People who may sign in, and how large the city is. Its tiles are built once."""
    var_dir.mkdir(parents=True, exist_ok=True)
    os.environ["VAR_DIR"] = str(var_dir)
    database.use_database(name)
    database.prepare()

    from cases.actions.demo_users import create_demo_users
    from geo.models import Parcel
    from geo.today import find_today
    from rules.models import Flag
    from tiles.register_tiles import are_built, build_all

    create_demo_users(var_dir / "people.json")
    if not are_built():
        build_all(find_today())
    people: dict[str, Any] = json.loads((var_dir / "people.json").read_text())["logins"]
    return people, f"{Parcel.objects.count():,} parcels, {Flag.objects.count():,} flags"


@contextmanager
def running(name: str, var_dir: Path) -> Iterator[str]:
    """The product on that city."""
    with our_server({"VAR_DIR": str(var_dir), "DATABASE_URL": os.environ["DATABASE_URL"]}) as url:
        yield url


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium, drawing by software."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


def measure_load(browser: Browser, url: str, people: dict[str, Any], asked: argparse.Namespace) -> dict[str, Any]:
    """Cold and installed openings, each on a fresh device, and the scripts that were fetched until the map was usable."""
    rows = [_load_once(browser, url, people) for _ in range(asked.runs)]
    return {"runs": asked.runs} | {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def _load_once(browser: Browser, url: str, people: dict[str, Any]) -> dict[str, float]:
    page = sign_in(browser, url, people)
    scripts: set[str] = set()
    page.context.on("request", lambda request: scripts.add(request.url) if ".js" in request.url else None)
    session = slow_down(page)
    found = _open_map(page, "cold", lambda: {"script_kb": sum(_packed_size(script) for script in scripts) / 1000})
    session.send("Network.emulateNetworkConditions", FULL_SPEED)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    while not page.evaluate(KEPT):
        time.sleep(0.2)
    page.reload()  # now served by the worker, which keeps the ground that is looked at
    page.wait_for_selector("[data-state=idle]", timeout=LONGEST_MS)
    time.sleep(3)
    later = page.context.new_page()
    page.close()
    slow_down(later).send("Network.clearBrowserCache")
    slow_worker_down(browser, url)
    found |= _open_map(later, "installed", dict)
    later.context.close()
    return found


def _open_map(page: Page, name: str, then: Callable[[], dict[str, float]]) -> dict[str, float]:
    """Seconds from the start of the navigation; ``then`` is asked at the moment the map can be used."""
    page.goto(f"/app/map?at={LOOK_AT}", wait_until="commit")
    usable = _mark_s(page, "map-usable")
    more = then()
    named = _mark_s(page, "map-named")
    page.wait_for_selector("[data-state=idle]", timeout=LONGEST_MS)
    return more | {f"{name}_s": usable, f"{name}_named_s": named, f"{name}_whole_s": float(page.evaluate(NOW_S))}


def _mark_s(page: Page, name: str) -> float:
    ends = time.monotonic() + LONGEST_MS / 1000
    while time.monotonic() < ends:  # the page's own rules allow no script that the browser's driver would wait by
        found = page.evaluate(f"performance.getEntriesByName('{name}')[0]?.startTime ?? null")
        if found is not None:
            return float(found) / 1000
        time.sleep(0.05)
    raise SystemExit(f"{name}: not reached within {LONGEST_MS / 1000:.0f} s")


def _packed_size(script: str) -> int:
    file = BUILT / script.split("/static/app/")[-1].split("?")[0]
    packed = Path(f"{file}.gz")
    return packed.stat().st_size if packed.exists() else 0


def measure_paint(browser: Browser, url: str, people: dict[str, Any], asked: argparse.Namespace) -> dict[str, Any]:
    """Presses of buttons and keys as a person makes them on a desk, on the full map of the city."""
    page = sign_in(browser, url, people, viewport=DESK)
    page.goto(f"/app/map?at={LOOK_AT}")
    page.wait_for_selector("[data-state=idle]", timeout=LONGEST_MS)
    page.wait_for_selector(".panel fieldset:nth-of-type(2) input")
    page.wait_for_timeout(3000)
    slow_down(page, network=False)
    page.evaluate(WATCH)
    by_kind: dict[str, list[float]] = {}
    for _ in range(max(2, asked.runs)):
        for kind, press, rest_ms in PRESSES:
            press(page)
            page.wait_for_timeout(rest_ms)
            page.evaluate(PAINTED)  # a press that is painted late is still reported as itself
            paints = [float(ms) for ms in page.evaluate(TAKEN)] or [SHORTEST_MS]
            by_kind.setdefault(kind, []).extend(paints)
    page.context.close()
    every = [ms for paints in by_kind.values() for ms in paints]
    found: dict[str, Any] = {"presses": len(every), "paint_median_ms": statistics.median(every)}
    found["paint_98_ms"] = statistics.quantiles(every, n=50)[-1]
    return found | {"kinds": {kind: [statistics.median(ms), max(ms), len(ms)] for kind, ms in by_kind.items()}}


def _click(where: str) -> Callable[[Page], None]:
    return lambda page: page.click(where)


def _key(key: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        page.focus(".canvas canvas")
        page.keyboard.press(key)

    return press


def _drag(page: Page) -> None:
    page.mouse.move(900, 500)
    page.mouse.down()
    page.mouse.move(760, 420, steps=6)
    page.mouse.up()


VERDICT = ".panel fieldset:nth-of-type(2) input >> nth=2"
LAYER = ".panel fieldset:nth-of-type(1) input >> nth=3"
SPAN = ".panel fieldset.two select >> nth=2"
PRESSES: tuple[tuple[str, Callable[[Page], None], int], ...] = (
    ("close the panel", _click(".fold"), 900), ("open the panel", _click(".fold"), 900),
    ("a verdict off or on", _click(VERDICT), 2000), ("a verdict off or on", _click(VERDICT), 2000),
    ("a layer off or on", _click(LAYER), 2000), ("a layer off or on", _click(LAYER), 2000),
    ("narrow to 30 days", lambda page: page.locator(SPAN).press("3"), 2000),
    ("back to any time", lambda page: page.locator(SPAN).press("Home"), 2000),
    ("nearer", _click(".tools button >> nth=0"), 2000), ("wider", _click(".tools button >> nth=1"), 2000),
    ("move by key", _key("ArrowRight"), 1500), ("move by key", _key("ArrowLeft"), 1500),
    ("drag the map", _drag, 2000),
    ("what is here, by click", lambda page: page.mouse.click(800, 450), 2500), ("close it", _key("Escape"), 1000),
    ("what is here, by key", _key("Enter"), 2500), ("close it", _key("Escape"), 1000),
)  # fmt: skip


def measure_memory(browser: Browser, url: str, people: dict[str, Any], asked: argparse.Namespace) -> dict[str, Any]:
    """The tab's memory after moving over the city without a pause, in a browser in which nothing is recorded."""
    return dict(measure_tab(url, people["leader"], f"/app/map?at={LOOK_AT}", asked.minutes))


def sign_in(browser: Browser, url: str, people: dict[str, Any], viewport: Any = PHONE) -> Page:
    """A page signed in as leader, on the page before the application; nothing of the application is cached."""
    page = browser.new_context(base_url=url, viewport=viewport).new_page()
    page.goto("/sign-in/")
    page.fill("#username", people["leader"]["username"])
    page.fill("#password", people["leader"]["password"])
    page.click("main button")
    page.wait_for_load_state()
    return page


def slow_down(page: Page, *, network: bool = True) -> CDPSession:
    """A cheap phone, on a slow network where wanted."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    if network:
        session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def slow_worker_down(browser: Browser, url: str) -> None:
    """The slow network for the service worker as well: what it fetches for the page is not the page's own."""
    session = browser.new_browser_cdp_session()
    workers = [
        one
        for one in session.send("Target.getTargets")["targetInfos"]
        if one["type"] == "service_worker" and one["url"].startswith(url)
    ]
    if not workers:
        raise SystemExit("No service worker runs: the installed application cannot be measured.")
    for worker in workers:
        attached = session.send("Target.attachToTarget", {"targetId": worker["targetId"], "flatten": False})[
            "sessionId"
        ]
        asked: tuple[tuple[str, dict[str, Any]], ...] = (
            ("Network.enable", {}),
            ("Network.emulateNetworkConditions", SLOW_4G),
        )
        for number, (method, values) in enumerate(asked, start=1):
            message = json.dumps({"id": number, "method": method, "params": values})
            session.send("Target.sendMessageToTarget", {"sessionId": attached, "message": message})


PARTS = {"load": measure_load, "paint": measure_paint, "memory": measure_memory}
ROWS = (
    ("load", "cold_s", "first map usable, cold, s", "4", 1), ("load", "cold_named_s", "with its names, cold, s", "", 1),
    ("load", "cold_whole_s", "whole frame drawn, cold, s", "", 1),
    ("load", "installed_s", "first map usable, installed, s", "1.5", 1),
    ("load", "installed_named_s", "with its names, installed, s", "", 1),
    ("load", "installed_whole_s", "whole frame drawn, installed, s", "", 1),
    ("load", "script_kb", "script until usable, gz, kB", "450", 0),
    ("paint", "paint_median_ms", "a press to the next paint, median, ms", "", 0),
    ("paint", "paint_98_ms", "a press to the next paint, 98th percentile, ms", "200", 0),
    ("memory", "tab_start_mb", "memory of the tab, the map just drawn, MB", "", 0),
    ("memory", "tab_mb", "memory of the tab, median of the last 5 minutes of moving, MB", "350", 0),
    ("memory", "tab_highest_mb", "memory of the tab, the highest reading, MB", "", 0),
    ("memory", "tab_collected_mb", "memory of the tab after a collection of the page's garbage, MB", "", 0),
    ("memory", "heap_mb", "of these, the page's script heap, MB", "", 0),
)  # fmt: skip


def write_page(known: dict[str, Any]) -> str:
    """The page of results."""
    lines = []
    for part, name, words, wanted, digits in ROWS:
        if found := known.get(part):
            when = f"{found['size']} | {found['load']:.1f} | {found['at']}"
            lines.append(f"| {words} | {found[name]:.{digits}f} | {wanted} | {when} |")
    kinds = known.get("paint", {}).get("kinds", {})
    presses = "\n".join(f"| {kind} | {middle:.0f} | {most:.0f} | {n} |" for kind, (middle, most, n) in kinds.items())
    presses = presses or "| none measured yet | | | |"
    memory = known.get("memory", {})
    moved = f" Moved for {memory['minutes']:.0f} minutes, {memory['moves']:.0f} presses." if memory else ""
    return f"""# The map application (`make bench-application`)

Headless Chromium, drawing by software on the same cores as the server, processor slowed {SLOWER} times, slow 4G (loads only);
medians of {known.get("load", {}).get("runs", 0)} loads, {known.get("paint", {}).get("presses", 0)} presses.{moved}

| figure | measured | at most | city | load average | at (UTC) |
|---|---|---|---|---|---|
{chr(10).join(lines)}

A press to the next paint, at 1440 by 900, by kind:

| press | median, ms | longest, ms | presses |
|---|---|---|---|
{presses}

{describe_machine()}
"""


if __name__ == "__main__":
    sys.exit(main())
