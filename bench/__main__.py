"""``make bench``: every measurement that can be made here, one after the other, with what each needs.

Pictures for the detector's figures are given with ``--photos FOLDER`` (any photographs), calibrated cameras with
``--cameras FOLDER``; what is not given is left out and said. The demo is started for the flow and stopped after it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run what can be run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--cameras", type=Path)
    options = parser.parse_args()
    failed = [name for name, command in _list(options) if not _run(name, command)]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


def _list(options: argparse.Namespace) -> list[tuple[str, list[list[str]]]]:
    python = sys.executable
    jobs = [("flow", [["make", "demo-up"], [python, "-m", "bench.flow"], ["make", "demo-down"]])]
    if options.photos:
        jobs.append(("detection", [[python, "-m", "bench.detection", "--photos", str(options.photos)]]))
    else:
        print("detection: left out, give --photos FOLDER")
    if options.cameras:
        jobs.append(("ground position", [[python, "-m", "bench.ground_position", str(options.cameras)]]))
    else:
        print("ground position: left out, give --cameras FOLDER")
    return jobs


def _run(name: str, commands: list[list[str]]) -> bool:
    print(f"== {name}", flush=True)
    done = [
        subprocess.run(command, cwd=ROOT, env=os.environ | {"REPORTS_PER_HOUR": "0"}, check=False).returncode
        for command in commands
    ]
    return not any(done)


if __name__ == "__main__":
    main()
