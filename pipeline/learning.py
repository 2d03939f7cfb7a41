"""The learning loop between the rooms: lessons become a training set, and weights are compared on decided cases.

Pictures are decoded from the evidence and written without metadata; they stay inside the installation. Called by the commands
``build_dataset`` and ``compare_weights``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from django.conf import settings

from cases.queries import Lesson, list_lessons
from detection.actions import record_training_set
from detection.detections import Detection, overlap
from detection.detector import Detector
from detection.labels import groups_of
from detection.letterbox import Pixels
from detection.models import TrainingSet
from detection.training_set import LearntDecision, LearntPicture, write_training_set
from errors import InputError
from intake.kinds import Derivation
from intake.photo import decode_upright, encode_jpeg
from intake.queries import find_copy, media_on_disk, read_media
from intake.video import sample_frames
from pipeline.detect import CAMERA_FRAMES_MAX, SHOWN_MAX_SIDE_PX

_SAME_FRAME_S = 1e-3
_SAME_THING = 0.5


class Pictures(StrEnum):
    """Which pixels a set is made of."""

    ORIGINALS = "originals"  # for training inside this installation
    REDACTED = "redacted"  # faces and plates hidden: for a set that leaves the house


@dataclass(frozen=True, slots=True)
class OnCases:
    """How a detector did on boxes that people decided about: right ones found, wrong ones claimed again; and of the right
    ones those that an inspector stood before.
    """

    pictures: int
    right: int
    right_found: int
    wrong: int
    wrong_again: int
    confirmed: int = 0
    confirmed_found: int = 0


def build_training_set(
    name: str, *, parent_labels: Iterable[str], pictures: Pictures, by: str, since: datetime | None = None
) -> TrainingSet:
    """The next version of a named set from all that people said; the same content gives the version on record.

    InputError when nobody has said anything yet.
    """
    root = settings.ENV.storage.var_dir / "training_sets" / name
    newest = TrainingSet.objects.filter(name=name).order_by("-number").first()
    first = TrainingSet.objects.filter(name=name).order_by("number").first()
    lessons = list(list_lessons(since))
    learnt = [picture for lesson in lessons for picture in _learnt(lesson, pictures)]
    if not learnt:
        raise InputError(
            "Nobody has decided on or corrected a picture yet.",
            field="since",
            value=since or "the beginning",
            cure="Dismissals, accepted flags and corrections make lessons.",
        )
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="new-", dir=root))
    written = write_training_set(
        folder,
        learnt,
        parent_labels=tuple(parent_labels),
        frozen_from=root / first.folder if first else None,
        decisions=[one for lesson in lessons for one in _decisions(lesson)],
    )
    counts = written.counts | {"unmarked_dismissals": sum(lesson.unmarked for lesson in lessons)}
    number = newest.number + 1 if newest else 1
    row = record_training_set(name, sha256=written.sha256, folder=f"v{number}", counts=counts, by=by)
    if newest is None or row.pk != newest.pk:
        folder.rename(root / row.folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return row


def compare_on_cases(detector: Detector, since: datetime) -> OnCases:
    """Look again at the pictures of decided flags, by the layout of their time, and count."""
    totals = [0, 0, 0, 0, 0, 0, 0]
    for lesson in list_lessons(since):
        if not lesson.judged:
            continue
        totals[0] += 1
        seen = dict(look_again(lesson, detector))
        for box in lesson.judged:
            found = any(_is_same_thing(item, box.label, box.box_px) for item in seen.get(_moment(box.frame_s), ()))
            totals[1 if box.was_right else 3] += 1
            totals[2 if box.was_right else 4] += found
            totals[5] += box.is_confirmed
            totals[6] += box.is_confirmed and found
    return OnCases(*totals)


def look_again(lesson: Lesson, detector: Detector) -> Iterator[tuple[float | None, tuple[Detection, ...]]]:
    """What a detector says of the frames that people spoke of, in the pixels of the run."""
    wanted = {_moment(box.frame_s) for box in lesson.judged}
    for frame_s, rgb in read_frames(lesson.media_id, wanted, is_clip=lesson.is_clip):
        found = detector.detect([rgb], layout=lesson.run.layout)[0]
        yield _moment(frame_s), found.scaled_to(lesson.run.width_px, lesson.run.height_px).items


def read_frames(media_id: UUID, wanted: set[float | None], *, is_clip: bool) -> Iterator[tuple[float | None, Pixels]]:
    """The photo, or those frames of a clip that are wanted, as stage ``detect`` decodes them."""
    if not is_clip:
        yield None, decode_upright(read_media(media_id), max_side_px=SHOWN_MAX_SIDE_PX)
        return
    env = settings.ENV.detection
    with media_on_disk(media_id) as path:
        for frame_s, rgb in sample_frames(
            path,
            every_s=env.frame_period_s,
            max_frames=max(CAMERA_FRAMES_MAX, env.frames_max),
            max_side_px=SHOWN_MAX_SIDE_PX,
        ):
            if _moment(frame_s) in wanted:
                yield frame_s, rgb


def _learnt(lesson: Lesson, pictures: Pictures) -> Iterator[LearntPicture]:
    frames = {
        _moment(frame.frame_s): frame for frame in lesson.frames if frame.boxes or frame.denied or frame.is_complete
    }
    for frame_s, rgb in _pixels(lesson, set(frames), pictures):
        frame = frames[_moment(frame_s)]
        yield LearntPicture(
            original_sha256=lesson.sha256,
            frame_s=frame_s,
            group=lesson.group,
            jpeg=encode_jpeg(rgb),
            width_px=lesson.run.width_px,
            height_px=lesson.run.height_px,
            boxes=frame.boxes,
        )


def _decisions(lesson: Lesson) -> Iterator[LearntDecision]:
    for one in lesson.decided:
        seen = [lesson.run.detections[index] for index in one.indexes]
        yield LearntDecision(
            original_sha256=lesson.sha256,
            use=one.use,
            decision=one.judgement.decision.says,
            dismissed_as=one.judgement.decision.label if one.judgement.decision.says == "dismissed" else "",
            second_opinions=tuple((voice.says, voice.label) for voice in one.judgement.opinions),
            on_site=one.judgement.on_site,
            was_right=one.judgement.was_right,
            boxes=tuple((_moment(item.frame_s), item.label, round(item.score, 4), item.box_px) for item in seen),
        )


def _pixels(lesson: Lesson, wanted: set[float | None], pictures: Pictures) -> Iterator[tuple[float | None, Pixels]]:
    if pictures is Pictures.ORIGINALS:
        yield from read_frames(lesson.media_id, wanted, is_clip=lesson.is_clip)
        return
    copy = find_copy(lesson.media_id, Derivation.REDACTED, Derivation.STILL)
    if copy is None:
        return
    frame_s = _moment(copy.detail.get("frame_s")) if lesson.is_clip else None
    if frame_s in wanted:
        yield frame_s, decode_upright(read_media(copy.id))


def _moment(frame_s: float | None) -> float | None:
    return None if frame_s is None else round(frame_s, 3)


def _is_same_thing(item: Detection, label: str, box: tuple[float, float, float, float]) -> bool:
    alike = item.label == label or bool(item.groups & groups_of(label))
    return alike and overlap(item.box_px, box) >= _SAME_THING
