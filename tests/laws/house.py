"""What the house laws read: the tree, its Python files, their imports. No law is decided here."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("geo", "intake", "detection", "rules", "cases", "tiles", "pipeline", "api", "web")
ROLE_FILES = ("models.py", "queries.py", "actions.py", "admin.py", "apps.py", "views.py", "urls.py", "permissions.py")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file of the project that git knows, or would."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    """Python files below these folders of the project, migrations left out."""
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders and "migrations" not in path.parts
    ]


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Top names of all modules that a file imports, nested imports too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return frozenset(names)


def imports_any(path: Path, *packages: str) -> set[str]:
    """Those of the packages that the file imports."""
    tops = {name.split(".")[0] for name in imports_of(path)}
    return tops & set(packages)
