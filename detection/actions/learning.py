"""What people say of boxes, and the sets and comparisons made of it. One transaction each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from detection.corrections import Correction, check_correction
from detection.labels import learnable_labels
from detection.models import Correction as CorrectionRow
from detection.models import TrainingSet, Weights, WeightsComparison
from detection.queries.runs import get_run
from detection.weights_record import WeightsRecord
from errors import InputError

MOST_CORRECTIONS = 200


@transaction.atomic
def record_corrections(observation_id: UUID, said: Sequence[Correction], *, by: str) -> UUID:
    """Keep what a person said of a picture's boxes, all or nothing; the batch's id.

    NotFound before the picture was looked at; InputError names the item and what cannot be used.
    """
    run = get_run(observation_id)
    if not 0 < len(said) <= MOST_CORRECTIONS:
        raise InputError("Send 1 to 200 corrections at once.", field="items", value=len(said))
    labels = learnable_labels(
        *Weights.objects.filter(name__in=[name for name, _ in run.weights]).values_list("label_set", flat=True)
    )
    checked = [
        check_correction(
            one,
            run.detections,
            size_px=(run.width_px, run.height_px),
            labels=labels,
            frame_times_s=run.frame_times_s,
        )
        for one in said
    ]
    batch, now = uuid.uuid4(), timezone.now()
    CorrectionRow.objects.bulk_create(_row(run.id, batch, one, by=by, at=now) for one in checked)
    return batch


@transaction.atomic
def record_training_set(name: str, *, sha256: str, folder: str, counts: dict[str, Any], by: str) -> TrainingSet:
    """The next version of a named set; the version on record when its content is the same."""
    newest = TrainingSet.objects.select_for_update().filter(name=name).order_by("-number").first()
    if newest is not None and newest.sha256 == sha256:
        return newest
    number = newest.number + 1 if newest is not None else 1
    return TrainingSet.objects.create(
        name=name, number=number, sha256=sha256, folder=folder, counts=counts, built_at=timezone.now(), built_by=by
    )


@transaction.atomic
def record_comparison(old: WeightsRecord, new: WeightsRecord, *, figures: dict[str, Any], by: str) -> WeightsComparison:
    """Keep how two sets of weights did on the same pictures."""
    return WeightsComparison.objects.create(
        old=old.name,
        old_sha256=old.sha256,
        new=new.name,
        new_sha256=new.sha256,
        figures=figures,
        compared_at=timezone.now(),
        compared_by=by,
    )


def _row(run_id: UUID, batch: UUID, said: Correction, *, by: str, at: Any) -> CorrectionRow:
    return CorrectionRow(
        run_id=run_id,
        batch=batch,
        at=at,
        by=by,
        kind=said.kind.value,
        index=said.index,
        label=said.label,
        box_px=None if said.box_px is None else [round(edge, 2) for edge in said.box_px],
        frame_s=said.frame_s,
        note=said.note,
    )
