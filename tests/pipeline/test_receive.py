"""Stage 1: the stored original is there and whole, or a person is told."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from errors import NotFound, TemporaryError
from pipeline.stages import Outcome


def original_of(folder: Path, data: bytes) -> Path:
    """Where the bytes lie on disk."""
    digest = sha256(data).hexdigest()
    return folder / "originals" / digest[:2] / digest


def test_a_whole_original_is_found_again(small_city: Any) -> None:
    from pipeline.receive import run
    from tests import builders as b

    data = b.a_picture_at(*b.ON_PARCEL_B)
    [first] = b.a_report(data)
    outcome = run(first)
    assert outcome.outcome is Outcome.DONE
    assert outcome.detail == {"bytes": len(data), "kind": "photo", "is_duplicate": False}


def test_the_same_bytes_again_are_noticed(small_city: Any) -> None:
    from intake.models import MediaFile
    from pipeline.receive import run
    from tests import builders as b

    data = b.a_picture_at(*b.ON_PARCEL_B)
    b.a_report(data)
    [again] = b.a_report(data)
    assert run(again).detail["is_duplicate"] is True
    assert MediaFile.objects.count() == 1


def test_it_writes_nothing_however_often_it_runs(small_city: Any) -> None:
    from pipeline.receive import run
    from tests import builders as b

    [observation] = b.a_report()
    before = b.read_rows()
    assert run(observation) == run(observation)
    assert b.read_rows() == before


def test_altered_bytes_are_for_a_person(small_city: Any, media_folder: Path) -> None:
    from pipeline.receive import run
    from tests import builders as b

    data = b.a_picture_at(*b.ON_PARCEL_B)
    [observation] = b.a_report(data)
    original_of(media_folder, data).write_bytes(data[:-1] + b"?")
    outcome = run(observation)
    assert (outcome.outcome, outcome.reason) == (Outcome.NEEDS_PERSON, "original_altered")
    progress = b.run_to_rest(observation)
    assert (progress.stage, progress.state, progress.reason) == ("receive", "needs_person", "original_altered")


def test_a_missing_original_is_tried_again_and_then_a_persons(small_city: Any, media_folder: Path) -> None:
    from pipeline import advance
    from pipeline.receive import run
    from tests import builders as b

    data = b.a_picture_at(*b.ON_PARCEL_B)
    [observation] = b.a_report(data)
    original_of(media_folder, data).rename(media_folder / "elsewhere")
    with pytest.raises(TemporaryError):
        run(observation)
    progress = b.run_to_rest(observation)
    assert (progress.stage, progress.state, progress.reason) == ("receive", "needs_person", "too_many_attempts")

    (media_folder / "elsewhere").rename(original_of(media_folder, data))
    assert advance.resume(observation)
    advance.run_and_advance(observation, "receive")
    progress.refresh_from_db()
    assert (progress.stage, progress.state, progress.attempts) == ("geotag", "queued", 0)


def test_there_is_no_such_observation(small_city: Any) -> None:
    from pipeline.receive import run

    with pytest.raises(NotFound):
        run(uuid4())
