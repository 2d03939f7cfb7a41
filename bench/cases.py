"""``make bench-cases``: lists, deadlines, joining and routes, on a generated year, and a sample of it lived through.

python -m bench.cases [--only lists deadlines joining routes lived]
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from ops.folders import ROOT

ROWS = {
    "lists": "bench.case_lists", "deadlines": "bench.case_deadlines", "joining": "bench.case_joining",
    "routes": "bench.case_routes", "lived": "bench.lived_year",
}  # fmt: skip


def main() -> None:
    """Run each in a process of its own; the exit code tells of those that failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=list(ROWS))
    asked = parser.parse_args()
    failed = []
    for name, module in ROWS.items():
        if not asked.only or name in asked.only:
            print(f"== {name}", flush=True)
            if subprocess.run([sys.executable, "-m", module], cwd=ROOT, check=False).returncode:
                failed.append(name)
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
