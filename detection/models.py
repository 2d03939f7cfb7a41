"""What was seen: weights on record, the raw answer of each detection run, and what it put on the ground."""

from __future__ import annotations

import uuid

import pgtrigger
from django.contrib.gis.db import models

from detection.corrections import CorrectionKind
from detection.weights_choice import WeightsAction

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class Weights(models.Model):
    """A detector's versioned file: what it is, what it may be used for, and how well it was measured."""

    name = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64)
    licence = models.CharField(max_length=80)
    label_set = models.JSONField(help_text="labels in the order of the network's outputs")
    runtime = models.CharField(max_length=16)
    figures = models.JSONField(default=dict, help_text="measured: metric -> value, with set, date and command")
    source = models.TextField(blank=True)
    registered_at = models.DateTimeField()


class DetectionRun(models.Model):
    """One pass over one observation: every raw detection and track, kept so that a flag can be replayed. Append-only.

    ``detections``: list of {index, label, score, box_px [x_min, y_min, x_max, y_max], frame_s, track}; ``tracks``: list of
    {track, label, first_s, last_s, seen_share, indexes}. Pixels are those of the upright picture (EXIF orientation
    applied). ``weights`` lists name and sha256 of each file used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    observation = models.OneToOneField("intake.Observation", on_delete=models.PROTECT, related_name="detection_run")
    weights = models.JSONField()
    thresholds = models.JSONField()
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    frames = models.PositiveIntegerField(default=1)
    frame_times_s = models.JSONField(default=list)
    detections = models.JSONField()
    tracks = models.JSONField(default=list)
    hidden = models.JSONField(default=dict, help_text="what redaction hid: counts of faces, plates, precautionary")
    runtime = models.CharField(max_length=16)
    layout = models.JSONField(default=dict, help_text="detection.layout.Layout; empty: whole, at the usual input")
    duration_ms = models.FloatField()
    finished_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="run_append_only", operation=_APPEND_ONLY)]


class Sighting(models.Model):
    """A detected thing (a track, or one detection of a photo) put on the ground by stage 4. Append-only.

    ``point`` with ``covariance_m2`` [ee, en, nn] is where its foot stands (camera) or, for a hand-held photo, the photo's
    own position: then ``method`` says so and the thing itself is not placed. ``footprint`` is the ground it covers,
    known only through a calibration.
    """

    observation = models.ForeignKey("intake.Observation", on_delete=models.PROTECT, related_name="sightings")
    run = models.ForeignKey(DetectionRun, on_delete=models.PROTECT, related_name="sightings")
    subject = models.CharField(max_length=40, help_text="'track:3', 'detection:0' or 'scene'")
    label = models.CharField(max_length=40)
    score = models.FloatField()
    detection_indexes = models.JSONField(default=list)
    point = models.PointField(srid=4326, null=True)
    accuracy_m = models.FloatField(null=True)
    covariance_m2 = models.JSONField(null=True)
    method = models.CharField(max_length=24, blank=True)
    footprint = models.PolygonField(srid=4326, null=True)
    dwell_s = models.FloatField(null=True)
    displacement_m = models.FloatField(null=True)
    jitter_m = models.FloatField(null=True, help_text="as much of the displacement as unrestful boxes alone may feign")
    seen_share = models.FloatField(null=True)
    first_seen_s = models.FloatField(null=True)
    last_seen_s = models.FloatField(null=True)
    no_position_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["observation", "subject"], name="one_sighting_per_subject"),
        ]
        triggers = [pgtrigger.Protect(name="sighting_append_only", operation=_APPEND_ONLY)]


class Correction(models.Model):
    """What a person said of one box of a run, or of what it missed (``detection.corrections``). Append-only; names no reporter.

    The latest word about a box counts. ``batch`` joins what was sent at once.
    """

    run = models.ForeignKey(DetectionRun, on_delete=models.PROTECT, related_name="corrections")
    batch = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField()
    by = models.CharField(max_length=150, help_text="user name of a reviewer, inspector or leader")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in CorrectionKind])
    index = models.PositiveIntegerField(
        null=True, help_text="place of the detection in the run; empty for what was missed"
    )
    label = models.CharField(max_length=40, blank=True)
    box_px = models.JSONField(null=True)
    frame_s = models.FloatField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="correction_append_only", operation=_APPEND_ONLY)]


class TrainingSet(models.Model):
    """A versioned set of pictures that people have spoken of, in YOLO form below ``VAR_DIR/training_sets``. Append-only.

    ``sha256`` is of its manifest, which names every original by its hash and no sender; the same content is the same version.
    """

    name = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    folder = models.CharField(max_length=300)
    counts = models.JSONField(help_text="pictures per split, boxes per label, what was left out and why")
    built_at = models.DateTimeField()
    built_by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "number"], name="one_training_set_per_number")]
        triggers = [pgtrigger.Protect(name="training_set_append_only", operation=_APPEND_ONLY)]


class WeightsComparison(models.Model):
    """Old and new weights on the same frozen set and on cases that people have decided. Append-only."""

    old = models.CharField(max_length=80)
    old_sha256 = models.CharField(max_length=64)
    new = models.CharField(max_length=80)
    new_sha256 = models.CharField(max_length=64)
    figures = models.JSONField()
    compared_at = models.DateTimeField()
    compared_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-compared_at", "-id"]
        triggers = [pgtrigger.Protect(name="comparison_append_only", operation=_APPEND_ONLY)]


class WeightsDecision(models.Model):
    """Who put which weights to work, refused them or took them back, when and why. Append-only: the last word holds."""

    action = models.CharField(max_length=10, choices=[(action.value, action.value) for action in WeightsAction])
    weights = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    replaces = models.CharField(max_length=80, blank=True)
    comparison = models.ForeignKey(WeightsComparison, null=True, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    why = models.TextField()

    class Meta:
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="weights_decision_append_only", operation=_APPEND_ONLY)]


class DetectorState(models.Model):
    """How the detector of one process is: what it runs, and in words what went wrong and what to do. One row a process."""

    process = models.CharField(max_length=120, unique=True, help_text="host and process id")
    ok = models.BooleanField()
    says = models.TextField(blank=True)
    cure = models.TextField(blank=True)
    weights = models.JSONField(default=list)
    runtime = models.CharField(max_length=60, blank=True)
    seen_at = models.DateTimeField()
