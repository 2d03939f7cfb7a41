"""The little city with its tiles built in a folder of the test, and clients of all kinds."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio.raw
import pytest
import shapely

from tests.pipeline.conftest import _kept_city, media_folder, pack, small_city  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from geo.models import City


@pytest.fixture
def var_dir(tmp_path: Path, settings: Any) -> Path:
    """Tiles and rasters of one test, apart from all others."""
    settings.ENV = replace(settings.ENV, storage=replace(settings.ENV.storage, var_dir=tmp_path))
    return tmp_path


@pytest.fixture
def built(var_dir: Path, small_city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811 - imported above
    """The folder of the tiles of the little city; built once, copied for each test."""
    from datetime import date

    from tiles.register_tiles import build_all

    kept = tmp_path_factory.getbasetemp() / "tiles-of-the-little-city"
    if not (kept / "built_as_of").exists():
        build_all(date(2026, 11, 20))
        shutil.copytree(var_dir / "tiles", kept)
    shutil.copytree(kept, var_dir / "tiles", dirs_exist_ok=True)
    return var_dir / "tiles"


def read_layer(path: Path, layer: str, **options: Any) -> tuple[list[Any], dict[str, list[Any]]]:
    """What GDAL reads of one layer: shapes (in the file's own system) and columns."""
    found, _, shapes, columns = pyogrio.raw.read(path, layer=layer, **options)
    names = [str(name) for name in found["fields"]]
    return list(shapely.from_wkb(shapes)), dict(zip(names, map(list, columns), strict=True))
