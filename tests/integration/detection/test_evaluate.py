"""`manage.py evaluate` on a small labelled set: figures, page, and refusals in words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"


@pytest.fixture
def labelled_set(tmp_path: Path) -> Path:
    """The street photograph with its two cars labelled, a person who is not there, and a label that no detector knows."""
    images, labels = tmp_path / "valid" / "images", tmp_path / "valid" / "labels"
    images.mkdir(parents=True)
    labels.mkdir()
    shutil.copy(PHOTOS / "street_two_cars.jpg", images)
    lines = ["0 0.105 0.928 0.210 0.145", "0 0.770 0.900 0.400 0.200", "1 0.1 0.1 0.1 0.1", "2 0.5 0.2 0.1 0.1"]
    (labels / "street_two_cars.txt").write_text("\n".join(lines))
    described = tmp_path / "set.yaml"
    described.write_text("path: .\nval: valid/images\nnames: {0: car, 1: scaffolding, 2: person}\n")
    return described


def test_figures_and_page(labelled_set: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call_command("evaluate", "--weights", "yolo11n-coco-int8", "--data", str(labelled_set), "--out", str(out))
    figures = json.loads((out / "evaluation.json").read_text())
    assert figures["labels"]["car"]["ap50"] > 0.9
    assert figures["not_in_weights"] == ["scaffolding"]
    assert figures["ms_per_image"] > 0
    assert figures["weights"][0]["sha256"]
    page = (out / "index.html").read_text()
    assert "scaffolding" in page
    assert "http" not in page
    assert "data:image/jpeg;base64," in page
    assert {path.name for path in out.iterdir()} == {"evaluation.json", "index.html"}
    assert figures["labels"]["car"]["reach"][0]["precision"] == 0.7


@pytest.mark.parametrize(
    ("weights", "split", "named"),
    [
        pytest.param("yolo99", "val", "yolo99", id="unknown weights"),
        pytest.param("yolo11n-coco-int8", "train", "no such split", id="no split"),
    ],
)
def test_refusals_name_what_is_wrong(weights: str, split: str, named: str, labelled_set: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=named):
        call_command(
            "evaluate",
            "--weights",
            weights,
            "--data",
            str(labelled_set),
            "--split",
            split,
            "--out",
            str(tmp_path / "o"),
        )
    assert not (tmp_path / "o").exists()
