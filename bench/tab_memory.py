"""Memory of the map's tab while somebody moves over the city without a pause: read as it goes, with nothing cleared by force.

A reading is the memory that the tab's process shares with no other, the page, its workers and its drawing included; not the
browser around it. ``application.py`` calls it.
"""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path

from bench.piped_browser import PipedBrowser

WAYS = ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")  # a round of 4,000 pixels a side, again and again
PRESSES_A_SIDE = 40
REST_S = 0.4
READ_EVERY_S = 5.0
LAST_S = 300.0
MAP_RESTS = "!!document.querySelector('[data-state=idle]')"


def measure_tab(url: str, person: dict[str, str], view: str, minutes: float) -> dict[str, float]:
    """Megabytes (10^6) at the start, over the last five minutes (median, highest), and after a collection of garbage.

    ``view`` is the address of the map below ``url``; ``person`` may sign in there.
    """
    with PipedBrowser(width=390, height=844) as browser:
        _sign_in(browser, url, person)
        browser.open(url + view, MAP_RESTS)
        browser.evaluate("document.querySelector('.canvas canvas').focus()")
        tab = max(browser.renderers(), key=private_mb)
        found = {"minutes": minutes, "tab_start_mb": private_mb(tab)}
        readings, moves = _move(browser, tab, 60 * minutes)
        last = [mb for at_s, mb in readings if at_s >= 60 * minutes - LAST_S]
        found |= {"moves": moves, "tab_mb": statistics.median(last), "tab_highest_mb": max(mb for _, mb in readings)}
        browser.ask("HeapProfiler.collectGarbage")
        time.sleep(REST_S)
        heap = browser.ask("Runtime.getHeapUsage")["usedSize"]
        return found | {"heap_mb": float(heap) / 1e6, "tab_collected_mb": private_mb(tab)}


def _sign_in(browser: PipedBrowser, url: str, person: dict[str, str]) -> None:
    browser.open(f"{url}/sign-in/", "!!document.querySelector('#username')")
    for field in ("username", "password"):
        browser.evaluate(f"document.querySelector('#{field}').value = {json.dumps(person[field])}")
    browser.evaluate("document.querySelector('main button').click()")
    browser.wait_for("document.readyState == 'complete' && !document.querySelector('#username')")


def _move(browser: PipedBrowser, tab: int, seconds: float) -> tuple[list[tuple[float, float]], int]:
    """Readings as (seconds since the start, megabytes), and how often the map was moved."""
    began, moves = time.monotonic(), 0
    readings: list[tuple[float, float]] = []
    while (gone := time.monotonic() - began) < seconds:
        if not readings or gone - readings[-1][0] >= READ_EVERY_S:
            readings.append((gone, private_mb(tab)))
        browser.press(WAYS[moves // PRESSES_A_SIDE % len(WAYS)])
        time.sleep(REST_S)
        moves += 1
    return readings, moves


def private_mb(pid: int) -> float:
    """Memory of a process that no other shares, in megabytes (10^6)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(float(line.split()[1]) * 1024 for line in lines if line.startswith("Private_")) / 1e6
