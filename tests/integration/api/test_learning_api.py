"""Corrections by those who see the picture, weights by the operator: rights, refusals in words, what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from detection.actions import record_comparison, record_run
from detection.analysis import Analysis
from detection.detections import Detection, Detections
from detection.fake_detector import FAKE_RECORD
from detection.models import Correction, WeightsDecision
from detection.weights_record import read_record
from intake.models import Observation
from tests.integration.cases import builders as b

API = "/api/v1"


@pytest.fixture
def picture(town: Any) -> Observation:
    """A camera's picture with two detections and a flag."""
    import numpy as np

    observation = b.a_frame(b.a_camera(town.city, "learning"))
    seen = Detections(200, 100, (Detection("car", 0.9, (10, 10, 60, 60)), Detection("person", 0.6, (80, 10, 90, 50))))
    looked = Analysis((seen,), (), 0, np.zeros((100, 200, 3), np.uint8), (FAKE_RECORD,), {}, "fake", 1.0)
    record_run(observation.pk, looked, hidden={})
    b.a_flag(observation, town.city)
    return observation


def test_a_reviewer_corrects_and_reads_it_back(town: Any, as_person: Any, picture: Observation) -> None:
    url = f"{API}/observations/{picture.pk}/corrections"
    items = [{"kind": "wrong", "index": 1}, {"kind": "missed", "label": "motorcycle", "box_px": [100, 20, 150, 80]}]
    done = as_person(town.reviewer).post(url, {"items": items}, content_type="application/json")
    assert done.status_code == 201, done.content
    assert [one["kind"] for one in done.json()] == ["wrong", "missed"]
    assert as_person(town.inspector).get(url).json()[1]["box_px"] == [100, 20, 150, 80]
    assert {one["by"] for one in done.json()} == {town.reviewer.get_username()}


@pytest.mark.parametrize(
    ("item", "field"),
    [
        pytest.param({"kind": "wrong", "index": 7}, "index", id="no such detection"),
        pytest.param({"kind": "missed", "label": "dragon", "box_px": [1, 1, 9, 9]}, "label", id="no such label"),
        pytest.param({"kind": "missed", "label": "car", "box_px": [1, 1, 900, 9]}, "box_px", id="outside"),
        pytest.param({"kind": "missed", "label": "car"}, "box_px", id="no box"),
        pytest.param({"kind": "missed", "label": "car", "box_px": [1, "2", 3]}, "box_px", id="no numbers"),
        pytest.param({"kind": "perhaps"}, "kind", id="no such word"),
    ],
)
def test_a_correction_that_cannot_be_is_named(
    town: Any, as_person: Any, picture: Observation, item: dict[str, Any], field: str
) -> None:
    url = f"{API}/observations/{picture.pk}/corrections"
    body = {"items": [{"kind": "right", "index": 0}, item]}
    refused = as_person(town.reviewer).post(url, body, content_type="application/json")
    assert refused.status_code in (400, 422), refused.content
    assert refused.json()["errors"][0]["field"] == field
    assert Correction.objects.count() == 0  # all or nothing


def test_who_may_not_see_the_picture_may_not_correct_it(town: Any, as_person: Any, picture: Observation) -> None:
    url = f"{API}/observations/{picture.pk}/corrections"
    body = {"items": [{"kind": "complete"}]}
    assert as_person(town.planner).post(url, body, content_type="application/json").status_code == 403
    assert as_person(None).post(url, body, content_type="application/json").status_code == 401


def test_the_operator_promotes_refuses_and_rolls_back(town: Any, as_person: Any) -> None:
    old, new = "building-site-int8", "plate-yolov8n"
    client = as_person(town.operator)
    shelf = client.get(f"{API}/weights").json()
    assert shelf["at_work"] == ["yolo11n-coco-int8", old, "signboards-int8"]
    assert client.get(f"{API}/weights/yolo11n-coco-int8").json()["figures"]
    url = f"{API}/weights/{new}/decisions"
    body = {"action": "promote", "replaces": old, "why": "It finds more plates."}
    assert client.post(url, body, content_type="application/json").status_code == 409
    record_comparison(read_record(old), read_record(new), figures={"new": {}}, by="op")
    promoted = client.post(url, body, content_type="application/json").json()
    assert promoted["at_work"] == ["yolo11n-coco-int8", new, "signboards-int8"]
    back = client.post(
        f"{API}/weights/roll-back", {"why": "It misses workers."}, content_type="application/json"
    ).json()
    assert back["at_work"] == ["yolo11n-coco-int8", old, "signboards-int8"]
    assert [one["action"] for one in client.get(f"{API}/weights").json()["decisions"]] == ["roll_back", "promote"]
    assert (
        client.post(url, {"action": "burn", "why": "Never again."}, content_type="application/json").status_code == 400
    )


def test_only_the_operator_decides(town: Any, as_person: Any) -> None:
    body = {"action": "refuse", "why": "I do not like it."}
    url = f"{API}/weights/plate-yolov8n/decisions"
    assert as_person(town.reviewer).post(url, body, content_type="application/json").status_code == 403
    assert as_person(town.operator).get(f"{API}/weights/nothing").status_code == 404
    assert WeightsDecision.objects.count() == 0
