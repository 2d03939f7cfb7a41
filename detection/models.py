"""What was seen: weights on record, the raw answer of each detection run, and what it put on the ground."""

from __future__ import annotations

import uuid

import pgtrigger
from django.contrib.gis.db import models

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
    seen_share = models.FloatField(null=True)
    first_seen_s = models.FloatField(null=True)
    last_seen_s = models.FloatField(null=True)
    no_position_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["observation", "subject"], name="one_sighting_per_subject"),
        ]
        triggers = [pgtrigger.Protect(name="sighting_append_only", operation=_APPEND_ONLY)]
