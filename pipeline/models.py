"""Where each observation stands on its path, the record of every stage that ran, and who runs each camera with what it found."""

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

    ``updated_at`` is what the sweep reads: queued or running for too long means that a worker died. ``ring_again_at`` is when it
    rings next for a row it has rung for already; none before its first ring for this stage.
    """

    observation = models.OneToOneField("intake.Observation", primary_key=True, on_delete=models.PROTECT,
                                       related_name="progress")  # fmt: skip
    stage = models.CharField(max_length=16)
    last_finished = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=16, choices=ProgressState.choices, default=ProgressState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField()
    ring_again_at = models.DateTimeField(null=True)

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


class CameraLease(models.Model):
    """Who runs a camera now. ``token`` grows with each taking: whoever holds an older one may write nothing any more."""

    camera = models.OneToOneField("intake.Camera", primary_key=True, on_delete=models.CASCADE, related_name="lease")
    holder = models.CharField(
        max_length=120, blank=True, help_text="host, process and a random mark; empty: given back"
    )
    token = models.BigIntegerField(default=0)
    taken_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class CameraRunnerBeat(models.Model):
    """A runner that is alive, also one that holds no camera: how many there are says how many cameras each may take."""

    name = models.CharField(max_length=120, primary_key=True)
    beat_at = models.DateTimeField()


class CameraHealth(models.Model):
    """What a camera's runner last told of it. ``still`` is a redacted picture, made when an operator asks, for a minute."""

    camera = models.OneToOneField("intake.Camera", primary_key=True, on_delete=models.CASCADE, related_name="health")
    told_at = models.DateTimeField()
    runner = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=24)
    last_frame_at = models.DateTimeField(null=True)
    frames_per_s = models.FloatField(null=True)
    width_px = models.PositiveIntegerField(null=True)
    height_px = models.PositiveIntegerField(null=True)
    seen = models.PositiveBigIntegerField(default=0)
    looked_at = models.PositiveBigIntegerField(default=0)
    dropped = models.PositiveBigIntegerField(default=0)
    gaps = models.PositiveBigIntegerField(default=0)
    evidence = models.PositiveBigIntegerField(default=0)
    standing = models.PositiveIntegerField(default=0)
    clock_offset_s = models.FloatField(default=0.0)
    notes = models.JSONField(default=list, blank=True)
    last_fault = models.CharField(max_length=24, blank=True)
    last_fault_value = models.CharField(max_length=200, blank=True)
    last_fault_at = models.DateTimeField(null=True)
    still_wanted_at = models.DateTimeField(null=True)
    still_at = models.DateTimeField(null=True)
    still = models.BinaryField(null=True)


class CameraMemory(models.Model):
    """What a camera's watch remembers (things that stand, what was told), so that another runner goes on with it."""

    camera = models.OneToOneField("intake.Camera", primary_key=True, on_delete=models.CASCADE, related_name="memory")
    memory = models.JSONField(default=dict)
    calibration_id = models.BigIntegerField(null=True)
    saved_at = models.DateTimeField()


class CameraFrame(models.Model):
    """The frame store: pictures that may become evidence, removed with the thing they were kept for. No page shows them."""

    camera = models.ForeignKey("intake.Camera", on_delete=models.CASCADE, related_name="kept_frames")
    at_s = models.FloatField(help_text="POSIX seconds")
    jpeg = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["camera", "at_s"], name="one_kept_frame_per_moment")]
