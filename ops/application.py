"""Builds the map application (``web/app``, Vite) into ``web/static/app``, and writes the types of the API it speaks to.

The build is made once per change of its sources; the types are made of the OpenAPI document of this very clone, so that
the application is always checked against the interface as it is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ops.browser_libraries import find_npm
from ops.folders import ROOT, Folders
from ops.prepare import hash_files
from ops.words import Stop, step

APP = ROOT / "web" / "app"
BUILT = ROOT / "web" / "static" / "app"
STAMP = BUILT / ".stamp"
PACKAGES = ("web/app/package.json", "web/app/package-lock.json")
SOURCES = (
    *PACKAGES,
    "web/app/*.ts",
    "web/app/*.js",
    "web/app/src/**/*",
    "web/static/web/tokens.css",
    "ops/application.py",
)
DOCUMENT = APP / "generated" / "openapi.json"
INERT = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "SECRET_KEY": "for-checks-only",
    "VAULT_KEY": "for-checks-only",
}


def build_application(folders: Folders) -> bool:
    """Build when a source changed; whether it did."""
    wanted = hash_files(SOURCES)
    if STAMP.exists() and STAMP.read_text() == wanted:
        return False
    log = folders.logs / "application.log"
    install_packages(log)
    with step("the map application is built"):
        run_npm(["run", "build"], log)
    STAMP.write_text(wanted)
    return True


def install_packages(log: Path) -> None:
    """The packages of the lock file, once per change of it."""
    stamp = APP / "node_modules" / ".stamp"
    wanted = hash_files(PACKAGES)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with step("packages of the map application are fetched"):
        run_npm(["ci", "--no-audit", "--no-fund"], log)
    stamp.write_text(wanted)


def write_api_types(log: Path) -> None:
    """``web/app/generated/schema.d.ts``, made of the interface as the code describes it now. Asks no database."""
    DOCUMENT.parent.mkdir(exist_ok=True)
    command = [sys.executable, str(ROOT / "manage.py"), "spectacular", "--api-version", "1", "--format", "openapi-json"]
    environment = {**INERT, **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    ran = subprocess.run([*command, "--file", str(DOCUMENT)], env=environment, cwd=ROOT, capture_output=True, text=True)
    if ran.returncode != 0:
        raise Stop(f"The interface could not be described: {ran.stderr.strip().splitlines()[-1]}")
    run_npm(["run", "types"], log)


def check_application(log: Path) -> bool:
    """Whether types and markup of the application are right against the present interface; the log says what is not."""
    install_packages(log)
    write_api_types(log)
    return run_npm(["run", "check"], log, must=False)


def test_application(log: Path) -> bool:
    """Whether the application's own unit tests pass."""
    install_packages(log)
    return run_npm(["test"], log, must=False)


def run_npm(arguments: Sequence[str], log: Path, *, must: bool = True) -> bool:
    """Run npm in ``web/app``; whether it went well, or a Stop with its last words."""
    log.parent.mkdir(parents=True, exist_ok=True)
    npm, environment = find_npm()
    with log.open("wb") as output:
        ran = subprocess.run(
            [*npm, *arguments], cwd=APP, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    if ran.returncode != 0 and must:
        lines = [line for line in log.read_text(errors="replace").splitlines() if "error" in line.lower()]
        raise Stop(f"npm {' '.join(arguments)} failed: {lines[0] if lines else ran.returncode}   See {log}")
    return ran.returncode == 0
