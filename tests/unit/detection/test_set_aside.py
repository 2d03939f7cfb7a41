"""What nobody labelled counts neither way; what is labelled counts as before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detection.dataset import LabelledBox, LabelledPhoto
from detection.detections import Detection, Detections
from detection.evaluation import evaluate
from detection.set_aside import SetAside, leave_out, read_set_aside
from errors import InputError

LABELLED, FAR, NOTHING = (10.0, 10.0, 50.0, 50.0), (70.0, 10.0, 90.0, 30.0), (60.0, 60.0, 90.0, 90.0)
PHOTO = LabelledPhoto(Path("set/a.jpg"), "a", (LabelledBox("motorbike", (0.1, 0.1, 0.5, 0.5)),))
CLAIMS = Detections(100, 100, tuple(Detection("motorcycle", 0.9, box) for box in (FAR, LABELLED, NOTHING)))


def measured(aside: SetAside) -> tuple[float, float | None, float]:
    [claimed] = leave_out([PHOTO], [CLAIMS], aside)
    [one] = evaluate([PHOTO], [claimed], weights_labels=["motorcycle"], thresholds={"motorcycle": 0.5}).labels
    return one.recall, one.precision, one.ap50


def test_a_thing_that_nobody_labelled_counts_neither_way() -> None:
    assert measured(SetAside()) == (1.0, pytest.approx(1 / 3), pytest.approx(0.5, abs=0.01))  # the far one comes first
    found = SetAside({"a.jpg": (("motorbike", (71.0, 11.0, 90.0, 30.0)),)})
    assert measured(found) == (1.0, 0.5, pytest.approx(1.0, abs=0.01))


@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param({"a.jpg": (("motorcycle", LABELLED),)}, id="a labelled thing stays"),
        pytest.param({"b.jpg": (("motorcycle", FAR),)}, id="another picture"),
        pytest.param({"a.jpg": (("car", FAR),)}, id="another label"),
        pytest.param({"a.jpg": (("motorcycle", (60.0, 10.0, 75.0, 30.0)),)}, id="another place"),
    ],
)
def test_nothing_else_is_left_out(boxes: dict[str, tuple[tuple[str, tuple[float, float, float, float]], ...]]) -> None:
    assert leave_out([PHOTO], [CLAIMS], SetAside(boxes)) == [CLAIMS]


def test_the_file(tmp_path: Path) -> None:
    path = tmp_path / "aside.json"
    path.write_text(json.dumps({"about": "by eye", "found": {"a.jpg": [{"label": "car", "box_px": [1, 2, 3, 4]}]}}))
    aside = read_set_aside(path)
    assert (aside.count, aside.about, aside.boxes["a.jpg"]) == (1, "by eye", (("car", (1.0, 2.0, 3.0, 4.0)),))
    for broken in (
        "",
        "[]",
        '{"found": {"a.jpg": [{"label": "car", "box_px": [3, 2, 1, 4]}]}}',
        '{"found": {"a": [1]}}',
    ):
        path.write_text(broken)
        with pytest.raises(InputError, match="set aside"):
            read_set_aside(path)
