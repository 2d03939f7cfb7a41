"""A runtime's failures in words that name the cure; work goes on with less where it can."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from detection.detector import NetworkDetector
from detection.layout import Layout
from detection.network_faults import check_label_count, is_out_of_memory, reading
from detection.weights_record import WeightsRecord
from errors import ConfigurationError, TemporaryError

RECORD = WeightsRecord("one", Path(), (), "none", "a test", ("car",), input_px=64, is_flexible=True)
ROWS = np.zeros((5, 3), np.float32)
PICTURE = np.zeros((64, 64, 3), np.uint8)


class Narrow:
    """A network with memory for ``room`` pictures at once."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.asked: list[int] = []

    def answer(self, pictures: Iterable[np.ndarray]) -> list[np.ndarray]:
        given = len(list(pictures))
        self.asked.append(given)
        if given > self.room:
            raise RuntimeError("[CPU] Can't allocate memory for the blob: bad_alloc")
        return [ROWS] * given


def test_where_many_are_too_much_one_by_one_is_tried() -> None:
    network = Narrow(1)
    assert len(NetworkDetector(RECORD, "test", network).detect([PICTURE] * 3)) == 3
    assert network.asked == [3, 1, 1, 1]


def test_where_one_is_too_much_a_person_reads_what_helps() -> None:
    with pytest.raises(TemporaryError, match="out of memory") as caught:
        NetworkDetector(RECORD, "test", Narrow(0)).detect([PICTURE], layout=Layout(2, 2))
    assert "DETECTOR_WORKERS" in caught.value.cure


def test_other_failures_are_not_taken_for_want_of_memory() -> None:
    class Broken(Narrow):
        def answer(self, pictures: Iterable[np.ndarray]) -> list[np.ndarray]:
            raise RuntimeError("shape mismatch")

    with pytest.raises(RuntimeError, match="shape mismatch"):
        NetworkDetector(RECORD, "test", Broken(1)).detect([PICTURE])


@pytest.mark.parametrize("fault", [MemoryError(), RuntimeError("CUDA out of memory. Tried to allocate")])
def test_want_of_memory_is_known(fault: Exception) -> None:
    assert is_out_of_memory(fault)


def test_a_file_no_runtime_can_read_is_named() -> None:
    with pytest.raises(ConfigurationError, match="invalid xml") as caught, reading(Path("weights/one.xml")):
        raise RuntimeError("invalid xml\nmore")
    assert "one.xml" in str(caught.value)
    assert "export_weights" in caught.value.cure


def test_another_label_set_is_refused() -> None:
    check_label_count(80, 80, Path("a.xml"))
    with pytest.raises(ConfigurationError, match="80 labels, their record names 6"):
        check_label_count(80, 6, Path("a.xml"))
