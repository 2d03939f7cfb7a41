"""Where each observation stands on its path, and the record of every stage that ran."""

from __future__ import annotations

import pgtrigger
from django.db import models


class ProgressState(models.TextChoices):
    """Whether the pipeline is at work on an observation."""

    QUEUED = "queued", "queued"
    RUNNING = "running", "running"
    WAITING = "waiting", "waiting"  # rests until a person acts; nothing is wrong
    NEEDS_PERSON = "needs_person", "needs_person"  # a stage could not finish; shown on a screen
    FINISHED = "finished", "finished"


RESTING = (ProgressState.WAITING, ProgressState.NEEDS_PERSON, ProgressState.FINISHED)


class Progress(models.Model):
    """The one changing row of an observation: the stage to run next (or waited at) and since when.

    ``updated_at`` is what the sweep reads: queued or running for too long means that a worker died.
    """

    observation = models.OneToOneField("intake.Observation", primary_key=True, on_delete=models.PROTECT,
                                       related_name="progress")  # fmt: skip
    stage = models.CharField(max_length=16)
    last_finished = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=16, choices=ProgressState.choices, default=ProgressState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "updated_at"])]


class StageRun(models.Model):
    """One finished run of one stage on one observation. Append-only."""

    observation = models.ForeignKey("intake.Observation", on_delete=models.PROTECT, related_name="stage_runs")
    stage = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16)
    detail = models.JSONField(default=dict)
    attempt = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    duration_ms = models.FloatField()

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="stage_run_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
