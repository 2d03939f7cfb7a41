"""Runs, sightings and weights in the database: once, whole, and readable again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction

from detection.actions import record_run, record_sightings, register_weights
from detection.analysis import analyse_photo
from detection.detections import Detection
from detection.fake_detector import FAKE_RECORD, FakeDetector
from detection.ground_sighting import GroundSighting
from detection.models import DetectionRun, Sighting, Weights
from detection.queries import get_run, list_registered_weights
from errors import ConfigurationError, NotFound
from geo.position import Position, PositionMethod
from intake.models import MediaFile, Observation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HIDDEN = {"face": 1, "plate": 0, "head": 0, "vehicle_part": 1}


@pytest.fixture
def observation() -> Observation:
    media = MediaFile.objects.create(
        sha256=uuid4().hex * 2, byte_size=1, kind="photo", content_type="image/jpeg", storage_name="x", received_at=NOW
    )
    return Observation.objects.create(source="citizen", media=media, category="parking", received_at=NOW)


def an_analysis():
    car = Detection("car", 0.87654, (5.0, 5.0, 20.0, 20.0))
    person = Detection("person", 0.3, (1.0, 1.0, 4.0, 9.0))
    return analyse_photo(np.zeros((40, 60, 3), np.uint8), detector=FakeDetector([car, person]))


def test_a_run_is_kept_once_and_read_again(observation: Observation, django_assert_num_queries) -> None:
    first = record_run(observation.id, an_analysis(), hidden=HIDDEN)
    second = record_run(observation.id, an_analysis(), hidden={})
    assert first.id == second.id
    with django_assert_num_queries(1):
        run = get_run(observation.id)
    assert [(item.label, item.score, item.track) for item in run.detections] == [
        ("car", 0.8765, 1),
        ("person", 0.3, 2),
    ]
    assert run.tracks[0].indexes == (0,)
    assert run.weights == (("fake", FAKE_RECORD.sha256),)
    assert run.hidden == HIDDEN
    assert (run.width_px, run.height_px, run.frames, run.frame_times_s) == (60, 40, 1, ())


def test_a_run_cannot_be_changed(observation: Observation) -> None:
    run = record_run(observation.id, an_analysis(), hidden=HIDDEN)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        DetectionRun.objects.filter(id=run.id).update(runtime="other")


def test_before_the_run_there_is_none(observation: Observation) -> None:
    with pytest.raises(NotFound):
        get_run(observation.id)


def sightings() -> list[GroundSighting]:
    place = Position(106.7, 10.77, 0.8, PositionMethod.CAMERA_HOMOGRAPHY, (0.5, 0.1, 0.4))
    ring = ((106.7, 10.77), (106.7001, 10.77), (106.7001, 10.7701), (106.7, 10.77))
    return [
        GroundSighting("track:1", "car", 0.9, (0,), place, ring, dwell_s=600.0, displacement_m=0.2, seen_share=0.9),
        GroundSighting("track:2", "bus", 0.8, (1,), None, no_position_reason="above_horizon"),
    ]


def test_sightings_are_kept_once(observation: Observation) -> None:
    record_run(observation.id, an_analysis(), hidden=HIDDEN)
    assert record_sightings(observation.id, sightings()) == 2
    assert record_sightings(observation.id, sightings()) == 0
    placed = Sighting.objects.get(observation=observation, subject="track:1")
    assert (placed.point.x, placed.point.y, placed.point.srid) == (106.7, 10.77, 4326)
    assert placed.covariance_m2 == [0.5, 0.1, 0.4]
    assert placed.method == "camera_homography"
    assert placed.footprint.area > 0
    assert Sighting.objects.get(subject="track:2").no_position_reason == "above_horizon"


def test_a_sighting_without_place_or_reason_leaves_nothing(observation: Observation) -> None:
    record_run(observation.id, an_analysis(), hidden=HIDDEN)
    broken = [*sightings(), GroundSighting("track:3", "car", 0.9, (0,), None)]
    with pytest.raises(ConfigurationError):
        record_sightings(observation.id, broken)
    assert not Sighting.objects.exists()


def test_weights_are_registered_once() -> None:
    record = replace(FAKE_RECORD, name="fake-2")
    assert register_weights([record], NOW) == {"fake-2": "added"}
    assert register_weights([record], NOW) == {"fake-2": "unchanged"}
    assert register_weights([replace(record, figures={"a set": {"map50": 0.5}})], NOW) == {"fake-2": "updated"}
    assert [(row.name, row.labels) for row in list_registered_weights()] == [("fake-2", FAKE_RECORD.labels)]


def test_weights_that_were_used_keep_their_hash(observation: Observation) -> None:
    register_weights([FAKE_RECORD], NOW)
    record_run(observation.id, an_analysis(), hidden=HIDDEN)
    other = replace(FAKE_RECORD, files=(replace(FAKE_RECORD.files[0], sha256="1" * 64),))
    assert register_weights([other], NOW) == {"fake": "replaced"}
    assert sorted(Weights.objects.values_list("name", flat=True)) == ["fake", f"fake@{FAKE_RECORD.sha256[:12]}"]


def test_the_command_registers_the_committed_weights(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("register_weights")
    call_command("register_weights")
    assert "yolo11n-coco-int8: unchanged" in capsys.readouterr().out
    assert Weights.objects.get(name="yolo11n-coco-int8").label_set[2] == "car"


def test_a_wrong_export_is_refused_in_words(tmp_path) -> None:
    with pytest.raises(CommandError, match="licence"):
        call_command("export_weights", "new", "--from", str(tmp_path / "none.pt"), "--out", str(tmp_path))
    with pytest.raises(CommandError, match="missing"):
        call_command("export_weights", "new", "--from", str(tmp_path / "none.pt"), "--out", str(tmp_path),
                     "--licence", "AGPL-3.0", "--source", "a test")  # fmt: skip
