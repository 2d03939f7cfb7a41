"""Heavy libraries have one door each, pure files know no framework, and the web process stays light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.laws.house import ROOMS, ROOT, imports_any, python_files

DOORS = {
    ("torch", "torchvision", "ultralytics", "openvino", "onnxruntime", "nncf"): ("detection/",),
    ("rasterio", "rio_tiler"): ("tiles/raster",),
    ("weasyprint",): ("cases/printing.py",),
    ("ortools",): ("cases/routes/solver.py",),
    ("folium",): ("tiles/folium_map.py",),
    ("celery", "kombu"): ("pipeline/tasks.py", "config/celery.py", "pipeline/queries.py"),
    ("av",): ("intake/video.py", "intake/streams.py", "intake/clip"),
    ("pyogrio",): ("geo/importers/", "geo/exporting.py", "config/spatial_libraries.py"),
    ("pygeofilter", "lark"): ("geo/filter_language.py",),
    ("rest_framework", "drf_spectacular"): ("api/", "config/"),
}


@pytest.mark.parametrize(("packages", "doors"), DOORS.items(), ids=[names[0] for names in DOORS])
def test_a_heavy_library_has_one_door(packages: tuple[str, ...], doors: tuple[str, ...]) -> None:
    outside = {
        str(path.relative_to(ROOT)): found
        for path in python_files(*ROOMS, "config")
        if not str(path.relative_to(ROOT)).startswith(doors) and (found := imports_any(path, *packages))
    }
    assert outside == {}


PURE = (
    "errors.py", "geo/position.py", "geo/facts.py", "geo/crs.py", "geo/homography.py", "geo/parcel_match.py",
    "geo/ground_path.py", "intake/kinds.py", "intake/media.py", "intake/geotag.py", "intake/gpmf.py", "intake/secrets.py",
    "detection/detections.py", "detection/labels.py", "detection/tracking.py", "detection/ground_sighting.py",
    "rules/finding.py", "rules/site_facts.py", "rules/sidewalk_encroachment.py", "rules/construction_permit.py",
    "rules/free_width.py", "rules/engine.py", "rules/ordinances.py", "cases/lifecycle.py", "cases/deadline.py",
    "pipeline/stages.py", "pipeline/queues.py", "tiles/layers.py",
)  # fmt: skip


FRAMEWORKS = (
    "django", "celery", "rest_framework", "torch", "openvino", "ultralytics", "httpx", "socket", "requests", "config",
    "psycopg", "structlog",
)  # fmt: skip


@pytest.mark.parametrize("name", PURE)
def test_a_pure_file_knows_no_framework_network_or_settings(name: str) -> None:
    assert imports_any(ROOT / name, *FRAMEWORKS) == set()


def test_a_file_that_calls_itself_pure_is() -> None:
    said = [path for path in python_files(*ROOMS) if _says_pure(path)]
    assert len(said) > 30
    assert {str(p.relative_to(ROOT)): found for p in said if (found := imports_any(p, *FRAMEWORKS))} == {}


def _says_pure(path: Path) -> bool:
    return bool(re.search(r"\bPure\b", ast.get_docstring(ast.parse(path.read_text())) or ""))


@pytest.mark.parametrize("name", PURE)
def test_a_pure_file_asks_no_clock(name: str) -> None:
    asked = re.findall(
        r"\.(?:now|utcnow|today|localdate)\(|time\.(?:time|monotonic|perf_counter)\(", (ROOT / name).read_text()
    )
    assert asked == []


def test_the_web_process_does_not_load_the_detector_or_rasters() -> None:
    """Imports the web entry in a fresh interpreter, resolves every URL, and looks at what was loaded."""
    code = (
        "import sys, config.wsgi\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "heavy = {'torch', 'ultralytics', 'openvino', 'rasterio', 'rio_tiler', 'folium', 'onnxruntime', 'ortools'}\n"
        "heavy &= set(sys.modules)\n"
        "sys.exit(','.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
