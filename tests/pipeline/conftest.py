"""The little city, loaded once for each file of tests; media of every test in a folder of its own; doubles of the detector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from pipeline.stages import StageOutcome
from tests.pipeline.progress import DONE
from tests.small_city import write_small_city

if TYPE_CHECKING:
    from geo.models import City


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of the little city on disk."""
    return write_small_city(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def _kept_city(pack: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load the city once, committed, for all tests of a file; the tables are empty again afterwards."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        _load(pack)
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def small_city(_kept_city: None, db: None, pack: Path) -> City:
    """The little city on record; loaded again where a test before has emptied the tables."""
    return _load(pack)


@pytest.fixture
def committed_city(transactional_db: None, pack: Path) -> City:
    """The same for tests that need other connections to see it; the tables are emptied after each."""
    return _load(pack)


def _load(pack: Path) -> City:
    from geo.models import City
    from pipeline.city_loading import load_city

    city = City.objects.filter(slug="smallville").first()
    if city is None:
        list(load_city(pack, with_tiles=False))
        city = City.objects.get(slug="smallville")
    return city


@pytest.fixture(autouse=True)
def media_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stored bytes of one test, apart from all others."""
    from django.core.files.storage import FileSystemStorage, default_storage

    folder = tmp_path / "media"
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=folder))
    return folder


@pytest.fixture
def see() -> Iterator[Callable[[Any], None]]:
    """Puts a detector double in place of this process's detector, until the test ends."""
    from detection.default_detector import use_detector

    yield use_detector
    use_detector(None)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Every bell as (observation, stage, queue), instead of a broker."""
    from pipeline import tasks

    bells: list[tuple[str, str, str]] = []

    def listen(*, args: list[str], queue: str) -> None:
        bells.append((args[0], args[1], queue))

    monkeypatch.setattr(tasks.run_stage, "apply_async", listen)
    return bells


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a function in place of the work of some stages; the others are done at once."""
    from pipeline import advance

    def replace(**runs: Callable[[UUID], StageOutcome]) -> None:
        monkeypatch.setattr(advance, "_find_run", lambda stage: runs.get(stage.name, lambda _: DONE))

    return replace
