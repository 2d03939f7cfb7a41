"""The invented little city, loaded once per test, and its files to be changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.small_city import write_small_city

if TYPE_CHECKING:
    from geo.load_summary import LoadSummary


@pytest.fixture
def pack_path(tmp_path: Path) -> Path:
    """A fresh copy of the little city's pack."""
    return write_small_city(tmp_path)


@pytest.fixture
def loaded(db: None, pack_path: Path) -> dict[str, LoadSummary]:
    """What loading the whole pack said, by source."""
    from geo.actions import load_city

    return {summary.source: summary for summary in load_city(pack_path)}


@pytest.fixture
def load(pack_path: Path) -> Callable[..., LoadSummary]:
    """Load one file into one source of the little city, as ``load_register`` does."""
    from geo.actions import load_source
    from geo.models import City
    from geo.pack import read_pack

    def load_one(source: str, path: Path | None = None, **options: Any) -> LoadSummary:
        pack = read_pack(pack_path)
        described = pack.get_source(source)
        city = City.objects.get(slug=pack.slug)
        return load_source(described, path or pack.path / described.file, city, pack, **options)

    return load_one
