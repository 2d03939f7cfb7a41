"""The map application in headless Chromium on a generated city: first map usable, next paint, script bytes, memory.

    python -m bench.city --parcels 1000000 --flags 60000 --database viahe_bench_1000000 --out FOLDER
    python -m bench.application --database viahe_bench_1000000 [--part load|paint|memory] [--runs 5] [--minutes 30]

The processor is slowed 4 times and the network is a slow 4G (1.6 Mbit/s down, 150 ms), as Lighthouse does. "Usable" is the
moment at which the base map of the frame is drawn and takes clicks; "whole" the moment at which registers and signs of
the frame are there too. "Installed" is the second opening on a device whose service worker keeps the application. Next paint is
what the browser itself reports for real presses of keys and buttons. Parts may be run one by one; the page of results
tells what is known of all. Writes ``bench/results/application.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.city import database
from bench.machine import describe_machine
from bench.servers import our_server
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE

RESULT = Path(__file__).parent / "results" / "application.md"
BUILT = Path(__file__).parents[1] / "web" / "static" / "app"
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
FULL_SPEED = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
SLOWER = 4
LOOK_AT = "106.6936,10.7774,16"
USABLE_S = "performance.getEntriesByName('map-usable')[0]?.startTime / 1000"
NOW_S = "performance.now() / 1000"
KEPT = "caches.open('viahe-frame').then((cache) => cache.keys()).then((kept) => kept.length > 0)"
WATCH = """() => { window.paints = []; new PerformanceObserver((list) => { for (const e of list.getEntries())
  if (e.interactionId) window.paints.push(e.duration); }).observe({ type: 'event', durationThreshold: 16, buffered: false }); }"""


def main() -> int:
    """Measure what was asked for and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="viahe_bench_1000000")
    parser.add_argument(
        "--var-dir", type=Path, default=Path(os.environ.get("VAR_DIR", "var")).resolve() / "bench" / "app"
    )
    parser.add_argument("--part", action="append", choices=["load", "paint", "memory"], default=[])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=30)
    asked = parser.parse_args()
    kept = asked.var_dir / "application.json"
    known = json.loads(kept.read_text()) if kept.exists() else {}
    people, size = prepare(asked.database, asked.var_dir)
    with running(asked.database, asked.var_dir) as url, open_browser() as browser:
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
    from django.utils import timezone

    from cases.actions.demo_users import create_demo_users
    from geo.models import Parcel
    from rules.models import Flag
    from tiles.register_tiles import are_built, build_all

    create_demo_users(var_dir / "people.json")
    if not are_built():
        build_all(timezone.localdate())
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
    page.goto(f"/app/map?at={LOOK_AT}", wait_until="commit")
    page.wait_for_selector("[data-state]", timeout=120_000)
    packed = sum(_packed_size(script) for script in scripts)
    cold = {"cold_s": float(page.evaluate(USABLE_S)), "script_kb": packed / 1000}
    page.wait_for_selector("[data-state=idle]", timeout=120_000)
    cold["cold_whole_s"] = float(page.evaluate(NOW_S))
    session.send("Network.emulateNetworkConditions", FULL_SPEED)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    while not page.evaluate(KEPT):
        time.sleep(0.2)
    time.sleep(3)
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    page.goto(f"/app/map?at={LOOK_AT}", wait_until="commit")
    page.wait_for_selector("[data-state]", timeout=120_000)
    warm_s = float(page.evaluate(USABLE_S))
    page.wait_for_selector("[data-state=idle]", timeout=120_000)
    whole_s = float(page.evaluate(NOW_S))
    page.context.close()
    return cold | {"installed_s": warm_s, "installed_whole_s": whole_s}


def _packed_size(script: str) -> int:
    file = BUILT / script.split("/static/app/")[-1].split("?")[0]
    packed = Path(f"{file}.gz")
    return packed.stat().st_size if packed.exists() else 0


def measure_paint(browser: Browser, url: str, people: dict[str, Any], asked: argparse.Namespace) -> dict[str, Any]:
    """Presses of buttons and keys as a person makes them on a desk, on the full map of the city."""
    page = sign_in(browser, url, people, viewport={"width": 1440, "height": 900})
    page.goto(f"/app/map?at={LOOK_AT}")
    page.wait_for_selector("[data-state=idle]", timeout=120_000)
    page.wait_for_timeout(3000)
    slow_down(page, network=False)
    page.evaluate(WATCH)
    for _ in range(max(2, asked.runs)):
        for press in (
            ".fold",
            ".fold",
            ".panel fieldset:nth-of-type(2) input >> nth=2",
            ".panel fieldset:nth-of-type(2) input >> nth=2",
        ):
            page.click(press)
            page.wait_for_timeout(700)
        page.click(".tools button >> nth=0")
        page.wait_for_timeout(1500)
        page.click(".tools button >> nth=1")
        page.wait_for_timeout(1500)
        page.focus(".canvas canvas")
        for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "Enter", "Escape"):
            page.keyboard.press(key)
            page.wait_for_timeout(900)
    paints = [float(ms) for ms in page.evaluate("window.paints")]
    page.context.close()
    rest = statistics.quantiles(paints, n=50)[-1] if len(paints) > 1 else max(paints, default=0.0)
    return {"presses": len(paints), "paint_median_ms": statistics.median(paints or [0]), "paint_98_ms": rest}


def measure_memory(browser: Browser, url: str, people: dict[str, Any], asked: argparse.Namespace) -> dict[str, Any]:
    """The tab's memory after moving over the city without a pause: script heap after collection, and the whole renderer."""
    page = sign_in(browser, url, people)
    page.goto(f"/app/map?at={LOOK_AT}")
    page.wait_for_selector("[data-state=idle]", timeout=120_000)
    page.focus(".canvas canvas")
    ends, step = time.monotonic() + 60 * asked.minutes, 0
    while time.monotonic() < ends:
        page.keyboard.press(("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")[step // 40 % 4])
        page.wait_for_timeout(400)
        step += 1
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap_mb = float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6
    found = {"minutes": asked.minutes, "moves": step, "heap_mb": heap_mb, "tab_mb": _renderer_mb(browser)}
    page.context.close()
    return found


def _renderer_mb(browser: Browser) -> float:
    """Unshared memory of the largest renderer of this browser: the tab with its workers."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return max((_private_mb(one["id"]) for one in processes if one["type"] == "renderer"), default=0.0)


def _private_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(float(line.split()[1]) for line in lines if line.startswith("Private_")) / 1000


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


PARTS = {"load": measure_load, "paint": measure_paint, "memory": measure_memory}
ROWS = (
    ("load", "cold_s", "first map usable, cold, s", "4", 1), ("load", "cold_whole_s", "whole frame drawn, cold, s", "", 1),
    ("load", "installed_s", "first map usable, installed, s", "1.5", 1),
    ("load", "installed_whole_s", "whole frame drawn, installed, s", "", 1),
    ("load", "script_kb", "script until usable, gz, kB", "450", 0),
    ("paint", "paint_median_ms", "a press to the next paint, median, ms", "", 0),
    ("paint", "paint_98_ms", "a press to the next paint, 98th percentile, ms", "200", 0),
    ("memory", "heap_mb", "script heap after moving, MB", "", 0),
    ("memory", "tab_mb", "memory of the tab after moving, MB", "350", 0),
)  # fmt: skip


def write_page(known: dict[str, Any]) -> str:
    """The page of results."""
    lines = []
    for part, name, words, wanted, digits in ROWS:
        if found := known.get(part):
            when = f"{found['size']} | {found['load']:.1f} | {found['at']}"
            lines.append(f"| {words} | {found[name]:.{digits}f} | {wanted} | {when} |")
    memory = known.get("memory", {})
    moved = f" Moved for {memory['minutes']:.0f} minutes, {memory['moves']} presses." if memory else ""
    return f"""# The map application (`python -m bench.application`)

Headless Chromium, drawing by software on the same cores as the server, processor slowed {SLOWER} times, slow 4G (loads only);
medians of {known.get("load", {}).get("runs", 0)} loads, {known.get("paint", {}).get("presses", 0)} presses.{moved}

| figure | measured | at most | city | load average | at (UTC) |
|---|---|---|---|---|---|
{chr(10).join(lines)}

{describe_machine()}
"""


if __name__ == "__main__":
    sys.exit(main())
