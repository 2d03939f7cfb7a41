"""The built application: its types fit the interface as it is now, its own tests pass, its scripts stay small."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops import application
from ops.application import BUILT, build_application, check_application
from ops.folders import choose_var
from web.built_app import list_chunks

BUDGET_BYTES = 450_000
MAP_VIEW = "src/map/MapView.svelte"
MAP_WORKER = "node_modules/maplibre-gl/src/source/worker.ts"


@pytest.fixture(scope="module")
def build() -> Path:
    """The folder of the present build, made now if it is not."""
    build_application(choose_var(None))
    return BUILT


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What npm says."""
    return tmp_path / "npm.log"


def test_the_applications_types_fit_the_interface(log: Path) -> None:
    assert check_application(log), log.read_text()


def test_the_applications_own_tests_pass(log: Path) -> None:
    assert application.test_application(log), log.read_text()


def test_scripts_stay_small_until_the_map_can_be_used(build: Path) -> None:
    """Packed bytes of the entry, the words, the map view with all it imports at once, and the map's worker."""
    chunks = json.loads((build / "manifest.json").read_text())
    words = "src/words/vi/index.ts"  # of the two languages the larger one
    names = {name for entry in ("src/main.ts", words, MAP_VIEW, MAP_WORKER) for name in list_chunks(chunks, entry)}
    sizes = {chunks[name]["file"]: (build / f"{chunks[name]['file']}.gz").stat().st_size for name in names}
    assert sum(sizes.values()) <= BUDGET_BYTES, sizes


def test_nothing_is_asked_of_another_host(build: Path) -> None:
    """Own styles and entry name no address of another host (the map library's own texts name its licence and docs)."""
    ours = [file for file in build.glob("assets/*") if file.suffix in {".css", ".js"} and "maplibre" not in file.name]
    asking = [
        file.name
        for file in ours
        if file.suffix == ".css" and "//" in file.read_text().replace("http://www.w3.org", "")
    ]
    assert asking == []


def test_the_maps_page_and_worker_share_what_both_need(build: Path) -> None:
    chunks = json.loads((build / "manifest.json").read_text())
    shared = set(list_chunks(chunks, MAP_VIEW)) & set(list_chunks(chunks, MAP_WORKER))
    assert sum((build / chunks[name]["file"]).stat().st_size for name in shared) > 100_000
