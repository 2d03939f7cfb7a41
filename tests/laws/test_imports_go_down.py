"""Rooms import downward only; the contract of pyproject.toml is the law, import-linter the judge."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.laws.house import ROOT


def test_rooms_import_downward_only() -> None:
    judge = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([judge, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
