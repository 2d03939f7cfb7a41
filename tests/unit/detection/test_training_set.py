"""A set is told by its content, cameras keep their side, new labels wait for company, the frozen pictures stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detection.corrections import LearntBox
from detection.dataset import read_set
from detection.training_set import (
    LEAST_OF_A_LABEL,
    LearntDecision,
    LearntPicture,
    choose_labels,
    is_held_out,
    write_training_set,
)

HELD = next(f"camera:{n}" for n in range(99) if is_held_out(f"camera:{n}"))
TAUGHT = next(f"camera:{n}" for n in range(99) if not is_held_out(f"camera:{n}"))


def a_picture(number: int, group: str, *labels: str) -> LearntPicture:
    boxes = tuple(LearntBox(label, (10, 10, 60, 60), is_said=True) for label in labels)
    return LearntPicture(f"{number}".ljust(64, "0"), None, group, b"jpeg", 100, 100, boxes)


def test_one_in_five_is_held_out() -> None:
    share = sum(is_held_out(f"place:{n}") for n in range(2000)) / 2000
    assert 0.15 < share < 0.25


def test_new_labels_wait_until_there_are_enough() -> None:
    few, many = ["stall"] * (LEAST_OF_A_LABEL - 1), ["canopy"] * LEAST_OF_A_LABEL
    assert choose_labels(["car"], [*few, *many, "car"]) == (("car", "canopy"), {"stall": LEAST_OF_A_LABEL - 1})


def test_written_and_read_back(tmp_path: Path) -> None:
    pictures = [a_picture(1, TAUGHT, "car", "stall"), a_picture(2, HELD, "car")]
    written = write_training_set(tmp_path / "v1", pictures, parent_labels=["car", "person"], frozen_from=None)
    (taught,) = read_set(tmp_path / "v1" / "set.yaml", "train")
    assert [box.label for box in taught.boxes] == ["car"]
    assert taught.boxes[0].box == pytest.approx((0.1, 0.1, 0.6, 0.6))
    assert written.counts["pictures"] == {"train": 1, "valid": 1, "frozen": 1}
    assert written.counts["labels_that_wait"] == {"stall": 1}
    again = write_training_set(tmp_path / "v1b", pictures, parent_labels=["car", "person"], frozen_from=None)
    assert again.sha256 == written.sha256


def test_the_frozen_pictures_stay_those_of_the_first_version(tmp_path: Path) -> None:
    write_training_set(tmp_path / "v1", [a_picture(1, HELD, "car")], parent_labels=["car"], frozen_from=None)
    more = [a_picture(1, HELD), a_picture(2, HELD, "car"), a_picture(3, TAUGHT, "car")]
    second = write_training_set(tmp_path / "v2", more, parent_labels=["car"], frozen_from=tmp_path / "v1")
    assert second.counts["pictures"] == {"train": 1, "valid": 2, "frozen": 1}
    (frozen,) = read_set(tmp_path / "v2" / "set.yaml", "frozen")
    assert len(frozen.boxes) == 1  # as it was labelled then


def test_decisions_stand_in_the_manifest_and_make_another_version(tmp_path: Path) -> None:
    pictures = [a_picture(1, TAUGHT, "car")]
    seen = ((None, "car", 0.71, (10.0, 10.0, 60.0, 60.0)),)
    told = [
        LearntDecision("1" * 64, "parking", "dismissed", "private_land", (), "", was_right=True, boxes=seen),
        LearntDecision("1" * 64, "parking", "accepted", "", (("dismissed", "wrong_object"),), "", None, seen),
        LearntDecision("1" * 64, "parking", "accepted", "", (), "violation", was_right=True, boxes=seen),
    ]
    before = write_training_set(tmp_path / "v1", pictures, parent_labels=["car"], frozen_from=None)
    after = write_training_set(tmp_path / "v2", pictures, parent_labels=["car"], frozen_from=None, decisions=told)
    assert after.sha256 != before.sha256
    assert after.counts["decided_as"] == {"accepted": 2, "private_land": 1}
    assert (after.counts["found_on_site"], after.counts["disputed"]) == ({"violation": 1}, 1)
    manifest = json.loads((tmp_path / "v2" / "manifest.json").read_text())
    assert [one["was_right"] for one in manifest["decisions"]] == [True, None, True]
    assert manifest["decisions"][0]["boxes"] == [[None, "car", 0.71, [10.0, 10.0, 60.0, 60.0]]]
