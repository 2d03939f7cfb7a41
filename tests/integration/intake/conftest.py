"""A city without a name and a media folder of its own for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from geo.models import City
WEST, SOUTH, EAST, NORTH = 106.65, 10.75, 106.75, 10.85


@pytest.fixture
def city(db: None) -> City:
    """A square city in the tropics, seven hours east."""
    from geo.models import City

    return City.objects.create(
        slug="squareham", name_vi="Vuông", name_en="Squareham", timezone="Asia/Ho_Chi_Minh",
        bounds=[WEST, SOUTH, EAST, NORTH], center=[106.7, 10.8], is_default=True,
        settings={"gps_default_accuracy_m": 8.0},
    )  # fmt: skip


@pytest.fixture(autouse=True)
def media_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stored bytes of one test, apart from all others."""
    from django.core.files.storage import FileSystemStorage, default_storage

    folder = tmp_path / "media"
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=folder))
    yield folder
