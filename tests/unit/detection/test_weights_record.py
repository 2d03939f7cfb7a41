"""A weights file that is missing or altered stops the detector, with both hashes and the cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from detection.weights_record import (
    WeightsFile,
    WeightsRecord,
    list_weights,
    read_record,
    sha256_of,
    write_record,
)
from errors import ConfigurationError


@pytest.fixture
def record(tmp_path: Path) -> WeightsRecord:
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "small.xml").write_text("<net/>")
    made = WeightsRecord(
        name="small",
        folder=folder,
        files=(WeightsFile("small.xml", sha256_of(folder / "small.xml"), "openvino"),),
        licence="AGPL-3.0",
        source="a test",
        labels=("car", "xe máy"),
        thresholds={"default": 0.3, "car": 0.5},
        figures={"a set": {"map50": 0.5, "command": "manage.py evaluate", "labels": {"car": 0.25}}},
    )
    write_record(made)
    return made


def test_a_record_survives_its_file(record: WeightsRecord, tmp_path: Path) -> None:
    assert read_record("small", tmp_path) == record
    assert list_weights(tmp_path) == ("small",)


def test_thresholds_fall_back_to_the_default(record: WeightsRecord) -> None:
    assert (record.threshold_of("car"), record.threshold_of("bus")) == (0.5, 0.3)


def test_an_altered_file_is_refused_with_both_hashes(record: WeightsRecord) -> None:
    path = record.folder / "small.xml"
    path.write_text("<net>altered</net>")
    with pytest.raises(ConfigurationError) as refused:
        record.open_files("openvino")
    text = str(refused.value)
    assert record.files[0].sha256 in text
    assert sha256_of(path) in text
    assert str(path) in text
    assert refused.value.cure


def test_a_missing_file_is_refused_with_its_path(record: WeightsRecord) -> None:
    (record.folder / "small.xml").unlink()
    with pytest.raises(ConfigurationError, match="missing"):
        record.open_files("openvino")


def test_a_runtime_without_a_file_is_refused(record: WeightsRecord) -> None:
    with pytest.raises(ConfigurationError, match="openvino"):
        record.open_files("torch")


@pytest.mark.parametrize("name", ["unknown", "", "../small"])
def test_an_unknown_name_lists_the_known_ones(name: str, record: WeightsRecord, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="small"):
        read_record(name, tmp_path)


@pytest.mark.parametrize("text", ["name = ", 'name = "small"', 'name = "small"\nfile = 3'])
def test_a_broken_record_is_refused(text: str, record: WeightsRecord, tmp_path: Path) -> None:
    (record.folder / "record.toml").write_text(text)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_record("small", tmp_path)


def test_the_hash_of_several_files_changes_with_each(record: WeightsRecord) -> None:
    from dataclasses import replace

    two = replace(record, files=(*record.files, WeightsFile("small.bin", "0" * 64, "openvino")))
    other = replace(record, files=(*record.files, WeightsFile("small.bin", "1" * 64, "openvino")))
    assert len({record.sha256, two.sha256, other.sha256}) == 3


@pytest.mark.parametrize("name", list_weights())
def test_every_committed_file_is_the_one_on_record(name: str) -> None:
    committed = read_record(name)
    assert committed.licence
    assert all(committed.open_files(runtime) for runtime in committed.runtimes)
    assert set(committed.thresholds) <= {"default", *committed.labels}
