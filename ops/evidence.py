"""``python -m ops.evidence``: makes the sample evidence in VAR_DIR/demo when its sources changed, then files it.

Run by the demo in the background once the page answers. Needs the environment of the running copy.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ops.folders import ROOT, choose_var
from ops.prepare import hash_files

SOURCES = ("demo/**/*", "cities/**/*.py", "cities/**/*.toml")


def make_samples(folder: Path) -> int:
    """Write the samples to ``folder``, whole or not at all; exit code of the maker, 0 when they are there already."""
    stamp, wanted = folder / ".made-from", hash_files(SOURCES)
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "demo.make_evidence", str(fresh)], cwd=ROOT).returncode
    if made == 0:
        (fresh / ".made-from").write_text(wanted)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    return made


def main() -> int:
    """Make and file; the exit code of whichever failed."""
    folder = choose_var(os.environ.get("VAR_DIR")).var / "demo"
    failed = make_samples(folder)
    if failed:
        return failed
    return subprocess.run(
        [sys.executable, "manage.py", "file_demo_evidence", "--folder", str(folder)], cwd=ROOT
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
