"""The learning loop on the little city: lessons become a set without senders, weights change by decision, flags replay."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from errors import Conflict, InputError

See = Callable[[Any], None]


@pytest.fixture
def var_dir(tmp_path: Path, settings: Any) -> Path:
    """A folder of this test for sets and weights."""
    from dataclasses import replace

    settings.ENV = replace(settings.ENV, storage=replace(settings.ENV.storage, var_dir=tmp_path / "var"))
    return tmp_path / "var"


def a_flagged_clip(see: See) -> Any:
    """A motorbike that stood on the sidewalk before a fixed camera, flagged."""
    from rules.models import Flag
    from tests import builders as b

    see(b.standing(("motorcycle", 195.0, 111.5)))
    observation = b.a_camera_clip(b.a_clip())
    b.run_to_rest(observation)
    return Flag.objects.exclude(verdict="compliant").get(observation_id=observation, sighting__subject="track:1")


def test_what_people_say_becomes_a_set_that_names_nobody(
    small_city: Any, see: See, var_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from cases.actions import ReviewDecision, review_flag
    from detection.actions import record_corrections
    from detection.corrections import Correction, CorrectionKind
    from tests import builders as b

    staff = b.a_staff()
    flag = a_flagged_clip(see)
    review_flag(flag.pk, ReviewDecision.DISMISS, by=staff.reviewer, reason="wrong_object", version=flag.version)
    see(b.building_work())
    [photo] = b.a_report(contact="0901 234 567")
    b.run_to_rest(photo)
    said = [
        Correction(CorrectionKind.WRONG, 0),
        Correction(CorrectionKind.MISSED, label="scaffolding", box_px=(10, 10, 60, 90)),
        Correction(CorrectionKind.COMPLETE),
    ]
    record_corrections(photo, said, by="rita")
    for _ in range(2):
        call_command("build_dataset", "city", by="op", parent="building-site-int8")
    assert capsys.readouterr().out.count("city version 1") == 2
    folder = var_dir / "training_sets" / "city" / "v1"
    manifest = json.loads((folder / "manifest.json").read_text())
    clip = [one for one in manifest["pictures"] if one["frame_s"] is not None]
    [still] = [one for one in manifest["pictures"] if one["frame_s"] is None]
    assert len(clip) == 13
    assert all(one["lines"] == [] for one in clip)  # the wrong object is learnt as nothing
    assert len(still["lines"]) == 1  # the machinery stays, the hardhat went, scaffolding waits for company
    everything = "".join(path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file())
    assert not any(word in everything for word in ("0901", "rita", str(photo), "VH-"))
    assert b"Exif" not in b"".join(path.read_bytes()[:200] for path in folder.rglob("*.jpg"))


def decisions_of(var_dir: Path, number: int) -> list[dict[str, Any]]:
    """The decisions in the manifest of one version."""
    text = (var_dir / "training_sets" / "city" / f"v{number}" / "manifest.json").read_text()
    decisions: list[dict[str, Any]] = json.loads(text)["decisions"]
    return decisions


def test_disagreement_teaches_nothing_until_an_inspector_stood_there(small_city: Any, see: See, var_dir: Path) -> None:
    from cases.actions import ReviewDecision, record_inspection, review_flag
    from cases.actions.opining import give_opinion
    from cases.models import Inspection
    from cases.outcome import InspectionOutcome, InspectionRecord
    from cases.queries import list_lessons
    from cases.roles import Role
    from tests import builders as b

    staff = b.a_staff()
    flag = a_flagged_clip(see)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=staff.reviewer, version=flag.version)
    [lesson] = list_lessons()
    assert lesson.judged
    assert all(box.was_right and not box.is_confirmed for box in lesson.judged)
    give_opinion(flag.pk, "dismissed", by=b.another(Role.REVIEWER), label="wrong_object")
    [lesson] = list_lessons()
    assert (lesson.judged, lesson.frames, lesson.disputed) == ((), (), 1)
    visit = Inspection.objects.get()
    record_inspection(visit.pk, InspectionRecord(InspectionOutcome.VIOLATION), by=visit.inspector)
    [lesson] = list_lessons()
    assert lesson.judged
    assert all(box.was_right and box.is_confirmed for box in lesson.judged)
    call_command("build_dataset", "city", by="op", parent="yolo11n-coco-int8")
    [told] = decisions_of(var_dir, 1)
    assert (told["decision"], told["on_site"], told["was_right"]) == ("accepted", "violation", True)
    assert told["second_opinions"] == [["dismissed", "wrong_object"]]
    assert len(told["boxes"]) == len(lesson.judged)


def test_a_dismissal_keeps_its_label_and_what_the_detector_said(small_city: Any, see: See, var_dir: Path) -> None:
    from cases.actions import ReviewDecision, review_flag
    from tests import builders as b

    flag = a_flagged_clip(see)
    review_flag(flag.pk, ReviewDecision.DISMISS, by=b.a_staff().reviewer, reason="private_land", version=flag.version)
    call_command("build_dataset", "city", by="op", parent="yolo11n-coco-int8")
    [told] = decisions_of(var_dir, 1)
    assert (told["decision"], told["dismissed_as"], told["was_right"]) == ("dismissed", "private_land", True)
    manifest = json.loads((var_dir / "training_sets" / "city" / "v1" / "manifest.json").read_text())
    assert all(len(one["lines"]) == 1 for one in manifest["pictures"])  # the motorbike was one, wherever it stood


def test_a_set_needs_a_word_of_somebody(small_city: Any, var_dir: Path) -> None:
    from pipeline.learning import Pictures, build_training_set

    with pytest.raises(InputError, match="Nobody has decided"):
        build_training_set("city", parent_labels=["car"], pictures=Pictures.ORIGINALS, by="op")


def test_weights_change_by_a_persons_decision_alone(small_city: Any, var_dir: Path, settings: Any) -> None:
    from detection.actions import promote_weights, record_comparison, refuse_weights, roll_back_weights
    from detection.queries import list_weights_in_use
    from detection.weights_record import read_record

    named = settings.ENV.detection.weights
    old, new = "building-site-int8", "plate-yolov8n"
    with pytest.raises(Conflict, match="Nobody has compared"):
        promote_weights(new, replaces=old, by="op", why="It looks better.")
    record_comparison(read_record(old), read_record(new), figures={}, by="op")
    with pytest.raises(InputError, match="reason"):
        promote_weights(new, replaces=old, by="op", why="")
    promote_weights(new, replaces=old, by="op", why="It looks better.")
    assert list_weights_in_use(named) == ("yolo11n-coco-int8", new, "signboards-int8")
    with pytest.raises(Conflict, match="work now"):
        refuse_weights(new, by="op", why="It does not.")
    made = roll_back_weights(by="lea", why="It flags shadows.")
    assert (made.by, made.replaces) == ("lea", old)
    assert list_weights_in_use(named) == tuple(named)
    with pytest.raises(Conflict, match="No promotion"):
        roll_back_weights(by="lea", why="Once more, please.")


def test_old_flags_tell_what_other_weights_would_have_said(small_city: Any, see: See) -> None:
    from datetime import UTC, datetime

    from pipeline.flag_replay import replay_flags
    from rules.finding import Verdict
    from tests import builders as b

    flag = a_flagged_clip(see)
    ever = datetime(2020, 1, 1, tzinfo=UTC)

    def told(detector: Any) -> Any:
        return next(one for one in replay_flags(detector, since=ever) if one.flag_id == flag.pk)

    same = told(b.standing(("motorcycle", 195.0, 111.5)))
    assert (same.is_same, same.now, same.seen_share) == (True, Verdict(flag.verdict), 1.0)
    gone = told(b.standing(("motorcycle", 199.0, 113.0)))
    assert (gone.is_same, gone.now, gone.seen_share) == (False, None, 0.0)
