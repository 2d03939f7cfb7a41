"""The whole way from labelled photographs to weights that the detector opens, on a handful of pictures."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from detection.detector import open_detector
from detection.training import read_recipe, train_weights
from detection.weights_record import WEIGHTS_FOLDER, read_record
from errors import ConfigurationError
from intake.photo import decode_upright

pytest.importorskip("ultralytics")
PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"
RECIPE = """
name = "tiny"
photographs = "test photographs"
licence = "AGPL-3.0"
labels = ["car"]
input_px = 64
set_names = ["Car", "Tree"]
keep_in_train = []
[relabel]
"Car" = "car"
[training]
imgsz = 64
epochs = 1
batch = 2
freeze = 10
seed = 1
"""


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Two clips for training, one of them also in validation, and one only there."""
    for split, names in (("train", ["a_mp4-1", "b_mp4-1", "b_mp4-2"]), ("valid", ["a_mp4-7", "c_mp4-1"])):
        images, labels = tmp_path / "set" / split / "images", tmp_path / "set" / split / "labels"
        images.mkdir(parents=True)
        labels.mkdir()
        for name in names:
            shutil.copy(PHOTOS / "street_two_cars.jpg", images / f"{name}.jpg")
            (labels / f"{name}.txt").write_text("0 0.77 0.9 0.4 0.2\n1 0.2 0.2 0.1 0.1\n")
    (tmp_path / "recipe.toml").write_text(RECIPE)
    return tmp_path / "set"


def test_from_photographs_to_weights(photographs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    call_command("train_weights", str(tmp_path / "recipe.toml"), photographs=photographs, work=work, out=out)
    assert "trained on 2 photographs, 2 held out" in capsys.readouterr().out
    record = read_record("tiny", out)
    assert record.labels == ("car",)
    assert record.input_px == 64
    assert "2 photographs of other clips held out" in record.source
    assert sorted(path.name for path in (work / "set" / "train" / "images").iterdir()) == ["b_mp4-1.jpg", "b_mp4-2.jpg"]
    assert str(tmp_path).encode() not in (out / "tiny" / "tiny.pt").read_bytes(), "where it was trained goes nowhere"
    found = open_detector("tiny", folder=out).detect([decode_upright((PHOTOS / "street_two_cars.jpg").read_bytes())])
    assert {item.label for item in found[0]} <= {"car"}


def test_a_run_that_was_broken_off_goes_on(photographs: Path, tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE.replace("epochs = 1", "epochs = 2"))
    start = WEIGHTS_FOLDER / "yolo11n-coco-int8" / "yolo11n-coco-int8.pt"
    told: list[str] = []

    def break_off(said: str) -> None:
        if said.startswith("epoch 2"):
            raise KeyboardInterrupt

    def train(*, goes_on: bool, tell: Callable[[str], None]) -> Path:
        return train_weights(
            read_recipe(path), photographs=photographs, start_from=start, folder=tmp_path / "work", goes_on=goes_on, tell=tell
        ).weights_file  # fmt: skip

    with pytest.raises(ConfigurationError, match="broken off"):
        train(goes_on=True, tell=told.append)
    with pytest.raises(KeyboardInterrupt):
        train(goes_on=False, tell=break_off)
    assert train(goes_on=True, tell=told.append).is_file()
    assert [said.split(":")[0] for said in told if said.startswith("epoch")] == ["epoch 2"]


@pytest.mark.parametrize(
    ("recipe", "named"),
    [
        pytest.param("nosuch", "no such training recipe", id="unknown"),
        pytest.param("broken.toml", "cannot be read", id="broken"),
    ],
)
def test_a_wrong_recipe_is_refused(recipe: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.toml").write_text("name = ")
    with pytest.raises(CommandError, match=named):
        call_command("train_weights", recipe, photographs=tmp_path, work=tmp_path / "work")
