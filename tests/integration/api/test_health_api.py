"""Each part of the whole is asked by itself; one that is missing makes 503 and is named."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from api import health
from pipeline.queues import Queue


@pytest.fixture
def well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers and weights as they should be; database and broker are the real ones."""
    monkeypatch.setattr(health, "count_workers", lambda _timeout: {queue.value: 1 for queue in Queue})
    monkeypatch.setattr(health, "check_weights", lambda: health.PartHealth(True))


@pytest.mark.django_db
def test_all_is_well(well: None) -> None:
    answer = Client().get("/health")
    assert answer.status_code == 200, answer.content
    assert {name: part["ok"] for name, part in answer.json().items() if name != "status"} == {
        "database": True, "broker": True, "workers": True, "weights": True, "detector": True,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_detector_that_fails_says_why_and_what_to_do(well: None) -> None:
    from detection.actions import note_state
    from detection.network_faults import no_memory

    fault = no_memory()
    note_state(ok=False, says=fault.message, cure=fault.cure, weights=["yolo11n-coco-int8"])
    answer = Client().get("/health")
    assert answer.status_code == 503
    assert "out of memory" in answer.json()["detector"]["says"]
    assert "DETECTOR_WORKERS" in answer.json()["detector"]["says"]
    note_state(ok=True, weights=["yolo11n-coco-int8"], runtime="openvino")
    assert Client().get("/health").status_code == 200


@pytest.mark.django_db
def test_a_queue_without_a_worker(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        health, "count_workers", lambda _timeout: {queue.value: int(queue != "rules") for queue in Queue}
    )
    answer = Client().get("/health")
    assert answer.status_code == 503
    assert answer.json()["workers"]["says"] == "No worker serves: rules."


@pytest.mark.django_db
def test_a_silent_broker(well: None, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    answer = Client().get("/health")
    assert answer.status_code == 503
    assert (answer.json()["broker"]["ok"], answer.json()["database"]["ok"]) == (False, True)


@pytest.mark.django_db
def test_weights_missing_or_altered(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(health, "count_workers", lambda _timeout: {queue.value: 1 for queue in Queue})
    record = health.find_record("yolo11n-coco-int8")
    copies = tmp_path / record.name
    copies.mkdir()
    for file in record.files[1:]:
        (copies / file.name).write_bytes(b"altered")
    monkeypatch.setattr(health, "find_record", lambda _name: type(record)(**{**vars(record), "folder": copies}))
    answer = Client().get("/health")
    assert answer.status_code == 503
    states = set(answer.json()["weights"]["detail"]["files"].values())
    assert "missing" in states


@pytest.mark.django_db
def test_metrics_hold_our_own_figures() -> None:
    text = Client().get("/metrics").content.decode()
    assert "viahe_flags_waiting" in text
    assert "viahe_cases_open" in text
