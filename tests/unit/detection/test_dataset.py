"""Photographs of a clip stay together; labels are read, mapped and refused where broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from detection.dataset import LabelledPhoto, clip_of, read_boxes, read_set, split_by_clip, write_set
from errors import InputError


@pytest.mark.parametrize(
    ("name", "clip"),
    [
        pytest.param("construction-2-_mp4-113_jpg.rf.ab12.jpg", "construction-2", id="frame of a clip"),
        pytest.param("Movie-on-10-31_mov-9_jpg.rf.ab12.jpg", "movie-on-10-31", id="mov"),
        pytest.param("RPReplay_Final16_MP4-55_jpg.rf.ab12.jpg", "rpreplay_final16", id="capital letters"),
        pytest.param("youtube-165_jpg.rf.ab12.jpg", "youtube", id="numbered frame"),
        pytest.param("image_55_jpg.rf.ab12.jpg", "image_55_jpg", id="single photo"),
        pytest.param("street.jpg", "street", id="plain"),
    ],
)
def test_clip_of_a_file_name(name: str, clip: str) -> None:
    assert clip_of(name) == clip


def photos(*clips: str) -> tuple[LabelledPhoto, ...]:
    return tuple(LabelledPhoto(Path(f"{clip}-{number}.jpg"), clip, ()) for number, clip in enumerate(clips))


def test_no_clip_on_both_sides() -> None:
    train, valid = split_by_clip(photos("a", "a", "b", "c"), photos("a", "c", "d"), keep_in_train=frozenset({"c"}))
    assert [one.clip for one in train] == ["b", "c"]
    assert [one.clip for one in valid] == ["a", "d"]


def test_a_set_is_written_and_read_again(tmp_path: Path) -> None:
    source = tmp_path / "valid"
    (source / "images").mkdir(parents=True)
    (source / "labels").mkdir()
    (source / "images" / "one.jpg").write_bytes(b"x")
    (source / "labels" / "one.txt").write_text("1 0.5 0.5 0.2 0.4\n0 0.1 0.1 0.1 0.1\n")
    described = tmp_path / "set.yaml"
    described.write_text("val: valid/images\nnames: [Mask, Person]\n")
    read = read_set(described, "val")
    assert [box.label for box in read[0].boxes] == ["Person", "Mask"]
    assert read[0].boxes[0].box == pytest.approx((0.4, 0.3, 0.6, 0.7))
    again = read_set(write_set(tmp_path / "out", {"val": read}, {"Person": "person"}, ("person",)), "val")
    assert [(box.label, box.box) for box in again[0].boxes] == [("person", pytest.approx((0.4, 0.3, 0.6, 0.7)))]


@pytest.mark.parametrize("text", ["9 0.5 0.5 0.1 0.1", "0 0.5 0.5", "0 a b c d", "x 0.5 0.5 0.1 0.1"])
def test_a_broken_label_line_is_refused_with_its_place(text: str, tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(f"0 0.5 0.5 0.1 0.1\n{text}\n")
    with pytest.raises(InputError, match=r"one\.txt:2"):
        read_boxes(path, {0: "car"})


@pytest.mark.parametrize("text", ["[1, 2]", "names: {0: a}", "a: [", ""], ids=["list", "no split", "broken", "empty"])
def test_a_broken_set_file_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "set.yaml"
    path.write_text(text)
    with pytest.raises(InputError):
        read_set(path, "val")
