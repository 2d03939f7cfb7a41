"""A detector that fails is told in words on the health page with what to do, and that it works again, by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from detection.default_detector import use_detector
from detection.detector import open_detector
from detection.fake_detector import FakeDetector
from detection.models import DetectorState
from detection.network_faults import check_label_count, no_memory
from detection.weights_record import WEIGHTS_FOLDER, read_record, write_record
from errors import ConfigurationError, InputError, ProjectError
from pipeline.detector_upkeep import tell, telling

pytestmark = pytest.mark.django_db
NAME = "plate-yolov8n"


@pytest.fixture(autouse=True)
def double() -> Iterator[None]:
    use_detector(FakeDetector([]))
    yield
    use_detector(None)


def corrupt_weights(folder: Path) -> None:
    """The file is as its record says, but holds no network."""
    record = read_record(NAME)
    (folder / NAME).mkdir(parents=True)
    for file in record.files:
        (folder / NAME / file.name).write_bytes(b"no network at all")
    from detection.weights_record import sha256_of

    files = tuple(replace(file, sha256=sha256_of(folder / NAME / file.name)) for file in record.files)
    write_record(replace(record, files=files, folder=folder / NAME))
    open_detector(NAME, folder=folder)


def altered_weights(folder: Path) -> None:
    """Half of the file is missing."""
    (folder / NAME).mkdir(parents=True)
    for path in (WEIGHTS_FOLDER / NAME).iterdir():
        data = path.read_bytes()
        (folder / NAME / path.name).write_bytes(data if path.suffix == ".toml" else data[: len(data) // 2])
    open_detector(NAME, folder=folder)


def another_label_set(folder: Path) -> None:
    check_label_count(80, 6, folder)


def want_of_memory(folder: Path) -> None:
    raise no_memory()


@pytest.mark.parametrize(
    ("fail", "says", "cure"),
    [
        pytest.param(corrupt_weights, "cannot read the weights", "Restore the file", id="corrupt weights"),
        pytest.param(altered_weights, "weights", "repository", id="altered weights"),
        pytest.param(another_label_set, "80 labels", "record is of another file", id="another label set"),
        pytest.param(want_of_memory, "out of memory", "more memory", id="out of memory"),
    ],
)
def test_it_says_what_failed_and_what_to_do_and_recovers(fail: Any, says: str, cure: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError), telling():
        fail(tmp_path)
    state = DetectorState.objects.get()
    assert not state.ok
    assert says in state.says
    assert cure in state.says + state.cure
    with telling():
        pass
    state.refresh_from_db()
    assert (state.ok, state.says) == (True, "")


def test_a_fault_of_a_picture_is_none_of_the_detector() -> None:
    with pytest.raises(InputError), telling():
        raise InputError("This is no picture.", field="media")
    assert not DetectorState.objects.exists()


def test_a_graphics_card_that_is_not_there_is_remarked(settings: Any) -> None:
    settings.ENV = replace(settings.ENV, detection=replace(settings.ENV.detection, runtime="torch"))
    tell(("yolo11n-coco-int8",), "torch-cpu", None)
    state = DetectorState.objects.get()
    assert state.ok
    assert "no CUDA device" in state.says
    with pytest.raises(ConfigurationError, match="no such runtime"):
        open_detector("yolo11n-coco-int8", "cuda")
