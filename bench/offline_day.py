"""A working day on a phone with everything against it: 40 jobs, 120 photos, 10 kills; was all sent once, byte for byte?

    python -m bench.offline_day [--jobs 40] [--photos 120] [--kills 10]

Lives the day of ``tests/browser/test_offline_day.py`` (killed application, wrong clock, flapping network, changes and answers
lost on the way) on servers of its own and writes ``bench/results/offline_day.md``. Exit code 1 when anything was lost, doubled
or changed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from bench.machine import describe_machine
from ops.folders import ROOT

RESULT = Path(__file__).parent / "results" / "offline_day.md"
DAY = "tests/browser/test_offline_day.py"
LEFT_OUT = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "VAR_DIR"}  # the day has servers of its own
TOLD = {
    "killed": "the application was killed",
    "lost_before": "changes lost on the way to the server",
    "lost_after": "answers lost on the way back, after the server had taken the change",
    "forms": "forms that count at the server, each once",
    "photos": "photos at the server, each once, SHA-256 as the camera made them",
}


def main() -> int:
    """Live the day and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--photos", type=int, default=120)
    parser.add_argument("--kills", type=int, default=10)
    asked = parser.parse_args()
    began, started = time.monotonic(), datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "day.xml"
        is_whole = live_day((asked.jobs, asked.photos, asked.kills), report)
        found = read_properties(report)
    minutes = (time.monotonic() - began) / 60
    RESULT.write_text(write_page(asked, found, is_whole=is_whole, minutes=minutes, started=started))
    print(RESULT.read_text())
    return 0 if is_whole else 1


def live_day(size: tuple[int, int, int], report: Path) -> bool:
    """Whether the day ended with everything sent; what was seen is in the report (JUnit's form)."""
    environment = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    environment["OFFLINE_DAY"] = ",".join(map(str, size))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "junit_family=xunit1",  # the form that has room for what a test records
        DAY,
        "--junitxml",
        str(report),
    ]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


def read_properties(report: Path) -> dict[str, str]:
    """What the day recorded about itself; empty when it did not come to its end."""
    if not report.exists():
        return {}
    return {one.attrib["name"]: one.attrib["value"] for one in ElementTree.parse(report).iter("property")}


def write_page(
    asked: argparse.Namespace, found: dict[str, str], *, is_whole: bool, minutes: float, started: datetime
) -> str:
    """The page of results."""
    rows = "\n".join(f"| {words} | {found.get(name, 'not known')} |" for name, words in TOLD.items())
    verdict = "All was sent once, byte for byte." if is_whole else "**Not all was sent once, byte for byte.**"
    return f"""# The offline day (`python -m bench.offline_day --jobs {asked.jobs} --photos {asked.photos} --kills {asked.kills}`)

{asked.jobs} jobs, {asked.photos} photos, the application killed {asked.kills} times (after the tape, after the photos, right
after handing in), a clock 26 hours slow to 49 hours fast, no network for two of three jobs and a bad one for the third, in
headless Chromium at phone size; {started:%Y-%m-%d %H:%M} UTC, {minutes:.1f} minutes with the start of its servers.

{verdict}

| what | count |
|---|---|
{rows}

{describe_machine()}
"""


if __name__ == "__main__":
    sys.exit(main())
