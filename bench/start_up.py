"""Seconds of a fresh set-up and of a second start: clones HEAD into an empty folder and types what a newcomer types.

Packages come from the network, system packages are taken as they are on this machine (apt is not measured). Needs an
idle machine and some gigabytes of disk.

    python -m bench.start_up [--keep]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from ops.folders import ROOT

RESULT = ROOT / "bench" / "results" / "start_up.json"
OWN_SETTINGS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "VAULT_KEY", "VAR_DIR", "VIAHE_VENV", "PORT", "HOST")
SECOND_STARTS = 3


def measure(clone: Path) -> dict[str, float | list[float]]:
    """Start in the fresh clone, stop, and start again: seconds until ``make demo-up`` returns, and to the page."""
    fresh_s, fresh_page_s = _start(clone)
    again = []
    for _ in range(SECOND_STARTS):
        _make(clone, "demo-down")
        again.append(_start(clone))
    stopped_from = time.perf_counter()
    _make(clone, "demo-down")
    return {
        "fresh_s": fresh_s,
        "fresh_page_after_set_up_s": fresh_page_s,
        "second_start_s": [whole for whole, _ in again],
        "second_start_page_s": [page for _, page in again],
        "stop_s": round(time.perf_counter() - stopped_from, 1),
    }


def _start(clone: Path) -> tuple[float, float]:
    began = time.perf_counter()
    said = _make(clone, "demo-up")
    whole_s = round(time.perf_counter() - began, 1)
    page = next(line for line in said.splitlines() if line.startswith("The page answers"))
    return whole_s, float(page.rsplit(" ", 2)[1])


def _make(clone: Path, target: str) -> str:
    env = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
    ran = subprocess.run(
        ["make", target], cwd=clone, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise SystemExit(f"make {target} failed:\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def main() -> None:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="keep the clone")
    keep = parser.parse_args().keep
    home = Path(tempfile.mkdtemp(prefix="viahe-start-up-"))
    home.chmod(0o755)
    clone = home / "viahe"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    try:
        found = measure(clone)
    finally:
        if not keep:
            shutil.rmtree(home)
    found["cores"] = float(os.cpu_count() or 0)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
