"""The map application in headless Chromium against a running demo: first map usable, next paint, script bytes, memory.

    python -m bench.application [VAR_DIR/demo.json] [--runs 5]

The processor is slowed 4 times and the network is a slow 4G (1.6 Mbit/s down, 150 ms), as Lighthouse does. "Usable" is the
moment at which the map has drawn the city's registers and the live signs of the frame and takes clicks. Writes
``bench/results/application.md``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.machine import describe_machine
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE

RESULT = Path(__file__).parent / "results" / "application.md"
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER = 4
PAN_S = 60
NEXT_PAINT = """() => new Promise(done => { const began = performance.now();
  document.querySelector('.fold').click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began))); })"""
SCRIPT_BYTES = """() => performance.getEntriesByType('resource').filter(e => /\\.js(\\?|$)/.test(e.name))
  .reduce((sum, e) => sum + e.encodedBodySize, 0)"""


def main() -> int:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path, nargs="?", default=Path("var/demo.json"))
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    demo = json.loads(asked.demo.read_text())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        rows = [measure(browser, demo) for _ in range(asked.runs)]
        memory_mb = pan(browser, demo)
        browser.close()
    middle = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
    RESULT.write_text(write_table(middle, memory_mb, asked.runs))
    print(RESULT.read_text())
    return 0


def measure(browser: Browser, demo: dict[str, Any]) -> dict[str, float]:
    """One cold and one warm opening (same device, its cache full), and the next paint after a press."""
    page = sign_in(browser, demo)
    slow_down(page)
    page.goto("/app/map", wait_until="commit")
    cold_s = wait_usable(page)
    script_bytes = float(page.evaluate(SCRIPT_BYTES))
    paints = [float(page.evaluate(NEXT_PAINT)) for _ in range(10)]
    page.goto("/app/map", wait_until="commit")
    warm_s = wait_usable(page)
    page.context.close()
    return {
        "cold_s": cold_s,
        "warm_s": warm_s,
        "script_kb": script_bytes / 1000,
        "paint_ms": statistics.quantiles(paints, n=10)[-1],
    }


def sign_in(browser: Browser, demo: dict[str, Any]) -> Page:
    """A page of a phone, signed in, on the page before the application; nothing of the application is cached."""
    page = browser.new_context(base_url=demo["url"], viewport=PHONE).new_page()
    page.goto("/sign-in/")
    page.fill("#username", demo["logins"]["leader"]["username"])
    page.fill("#password", demo["logins"]["leader"]["password"])
    page.click("main button")
    page.wait_for_load_state()
    return page


def slow_down(page: Page) -> CDPSession:
    """A cheap phone on a slow network."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def wait_usable(page: Page) -> float:
    """Seconds from the start of the navigation."""
    page.wait_for_selector("[data-state=idle]", timeout=120_000)
    return float(page.evaluate("performance.now()")) / 1000


def pan(browser: Browser, demo: dict[str, Any]) -> float:
    """Megabytes of the script heap after a minute of moving the map without a pause, garbage collected."""
    page = sign_in(browser, demo)
    page.goto("/app/map")
    page.wait_for_selector("[data-state=idle]", timeout=120_000)
    page.focus(".canvas canvas")
    for step in range(PAN_S * 2):
        page.keyboard.press(("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")[step // 12 % 4])
        page.wait_for_timeout(500)
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")
    page.context.close()
    return float(used["usedSize"]) / 1e6


def write_table(middle: dict[str, float], memory_mb: float, runs: int) -> str:
    """The page of results."""
    return f"""# The map application (`python -m bench.application`)

Headless Chromium, drawing by software, processor slowed {SLOWER} times, slow 4G; medians of {runs}.

| figure | measured | wanted |
|---|---|---|
| first map usable, cold, s | {middle["cold_s"]:.1f} | 4 |
| first map usable, again on the same device, s | {middle["warm_s"]:.1f} | 1.5 |
| script until then, packed, kB | {middle["script_kb"]:.0f} | 450 |
| a press to the next paint, 90th percentile, ms | {middle["paint_ms"]:.0f} | 200 |
| script heap after {PAN_S} s of moving, MB | {memory_mb:.0f} | 350 after 30 minutes |

{describe_machine()}
"""


if __name__ == "__main__":
    sys.exit(main())
