"""GDAL and GEOS for GeoDjango out of the wheels (pyogrio, shapely): environment first, system libraries last.

pyogrio must be imported before Django loads GDAL, or it fails; hence this is the first import of the settings.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pyogrio  # noqa: F401  (loads the wheel's GDAL first)


def find_library(variable: str, package: str, pattern: str) -> str | None:
    """Path of a shared library: the environment's, else the wheel's; None lets Django search the system."""
    if os.environ.get(variable):
        return os.environ[variable]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent.parent / f"{package}.libs"
    return next((str(path) for path in sorted(folder.glob(pattern))), None)
