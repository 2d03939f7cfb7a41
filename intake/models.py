"""What arrives: service requests, the bytes as received, the observations made of them, and cameras.

``MediaFile`` and ``Observation`` are evidence: rows are added, never changed or removed (database triggers).
Whoever sent a request is in ``ReporterContact`` alone, encrypted, and in no query that an officer's answer uses.
"""

from __future__ import annotations

import uuid

import pgtrigger
from django.contrib.gis.db import models
from django.db.models import Q

from intake.alert_models import AreaAlert
from intake.custody_models import CustodyEntry, CustodyLink, EvidenceFault, MediaErasure
from intake.kinds import BearingReference, Category, Derivation, MediaKind, ObservationSource, RequestStatus
from intake.protected_models import ContactOpening, ContactOpeningStep, RelayMessage, RequestRating, make_handle
from intake.push_models import ReporterPush
from intake.question_models import QuestionEdition
from intake.reply_models import InterimReply

__all__ = [
    "AreaAlert",
    "Camera",
    "CameraCalibration",
    "ContactOpening",
    "ContactOpeningStep",
    "CustodyEntry",
    "CustodyLink",
    "EvidenceFault",
    "Geotag",
    "InterimReply",
    "MediaErasure",
    "MediaFile",
    "Observation",
    "QuestionEdition",
    "RelayMessage",
    "ReporterContact",
    "ReporterPush",
    "RequestRating",
    "ServiceRequest",
    "ServiceRequestEvent",
]


class MediaFile(models.Model):
    """Bytes exactly as received, or a copy derived from them (``parent`` and ``derivation`` say how)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    byte_size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in MediaKind])
    content_type = models.CharField(max_length=40)
    storage_name = models.CharField(max_length=200)
    width_px = models.PositiveIntegerField(null=True)
    height_px = models.PositiveIntegerField(null=True)
    duration_s = models.FloatField(null=True)
    perceptual_hash = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="copies")
    derivation = models.CharField(max_length=16, blank=True, choices=[(d.value, d.value) for d in Derivation])
    derivation_detail = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=Q(parent=None), name="one_original_per_sha256"),
            models.UniqueConstraint(
                fields=["parent", "derivation"], condition=Q(parent__isnull=False), name="one_copy_per_derivation"
            ),
        ]
        triggers = [pgtrigger.Protect(name="media_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Camera(models.Model):
    """A fixed device. Where it looks is in its dated calibrations."""

    city = models.ForeignKey("geo.City", on_delete=models.PROTECT, related_name="cameras")
    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    stream = models.CharField(max_length=500, blank=True, help_text="rtsp://, http(s):// or a file of the city pack")
    point = models.PointField(srid=4326)
    point_accuracy_m = models.FloatField(default=1.0)
    sample_period_s = models.FloatField(default=1.0)
    clock_offset_s = models.FloatField(default=0.0)
    owner = models.CharField(max_length=200, blank=True)
    notice_sign = models.CharField(max_length=300, blank=True, help_text="where people are told that they are filmed")
    retention_days = models.PositiveIntegerField(default=30)
    schedule = models.JSONField(
        default=list,
        blank=True,
        help_text='[{"days": [0, 1], "from": "06:00", "to": "22:00"}], 0 is Monday; empty: always',
    )
    is_active = models.BooleanField(default=True)
    is_generated = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class CameraCalibration(models.Model):
    """What turns a camera's pixels into ground metres, valid from a date; added, never changed.

    ``calibration`` holds ``geo.homography.Calibration.to_json()``; its local east-north metres start at ``anchor``.
    """

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="calibrations")
    valid_from = models.DateTimeField()
    anchor = models.PointField(srid=4326)
    calibration = models.JSONField()
    view_footprint = models.PolygonField(srid=4326, null=True)
    residual_m = models.FloatField()
    source = models.CharField(max_length=300)
    is_generated = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["camera", "valid_from"], name="one_calibration_per_moment")]
        triggers = [pgtrigger.Protect(name="calibration_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class ServiceRequest(models.Model):
    """What a citizen sends (Open311 service request). Says nothing of who sent it.

    The secret of the follow link is derived from ``code`` and a key of the settings; it is not stored.
    """

    code = models.CharField(max_length=20, unique=True)
    city = models.ForeignKey("geo.City", null=True, on_delete=models.PROTECT)
    category = models.CharField(max_length=24, choices=[(c.value, c.value) for c in Category])
    description = models.TextField(blank=True)
    status = models.CharField(
        max_length=24, choices=[(s.value, s.value) for s in RequestStatus], default=RequestStatus.SUBMITTED.value
    )
    version = models.PositiveIntegerField(default=1)
    channel = models.CharField(max_length=16, default="web")
    language = models.CharField(max_length=5, default="vi")
    idempotency_key = models.CharField(max_length=80, null=True, unique=True)
    submitted_at = models.DateTimeField()
    handle = models.CharField(
        max_length=16, unique=True, default=make_handle, editable=False, help_text="how officers name it: says nothing"
    )
    with_route = models.BooleanField(default=False, help_text="the sender asks that the visit looks like any other")
    answers = models.JSONField(default=dict, blank=True, help_text="to the city's extra questions, by their codes")
    joins_case = models.CharField(max_length=20, blank=True, help_text="the open case the sender says it is about")

    def __str__(self) -> str:
        return self.handle


class ServiceRequestEvent(models.Model):
    """One move in the life of a service request, with who, when and why. Added, never changed."""

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, help_text="user name, 'citizen' or 'system'")
    from_status = models.CharField(max_length=24, blank=True)
    to_status = models.CharField(max_length=24)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="request_event_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class ReporterContact(models.Model):
    """The vault: how to reach the sender, encrypted (Fernet, key from the settings).

    No officer-facing query joins it.
    """

    service_request = models.OneToOneField(ServiceRequest, on_delete=models.CASCADE, related_name="+")
    ciphertext = models.BinaryField()
    created_at = models.DateTimeField()


class Observation(models.Model):
    """One picture or clip with where and when: evidence, no judgement. Added, never changed.

    The file's own fix (its ``Geotag``) and the sender's pin (``pin_*``) stand side by side;
    ``intake.geotag.choose_position`` says which is used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=12, choices=[(s.value, s.value) for s in ObservationSource])
    service_request = models.ForeignKey(
        ServiceRequest, null=True, on_delete=models.PROTECT, related_name="observations"
    )
    camera = models.ForeignKey(Camera, null=True, on_delete=models.PROTECT, related_name="observations")
    media = models.ForeignKey(MediaFile, on_delete=models.PROTECT, related_name="observations")
    category = models.CharField(max_length=24, choices=[(c.value, c.value) for c in Category])
    received_at = models.DateTimeField()
    captured_at = models.DateTimeField(
        null=True,
        help_text="a fixed camera's moment of the first frame, its clock's error taken off; else in the geotag",
    )
    pin_point = models.PointField(srid=4326, null=True)
    pin_accuracy_m = models.FloatField(null=True)
    is_duplicate_media = models.BooleanField(default=False, help_text="the same bytes were received before")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service_request", "media"],
                condition=Q(service_request__isnull=False),
                name="one_observation_per_request_and_media",
            ),
            models.UniqueConstraint(
                fields=["camera", "media", "captured_at"],
                condition=Q(camera__isnull=False),
                nulls_distinct=False,
                name="one_observation_per_camera_clip",
            ),
        ]
        indexes = [models.Index(fields=["received_at"])]
        triggers = [pgtrigger.Protect(name="observation_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Geotag(models.Model):
    """Stage 2's reading of one file: place, time and bearing with their references, or why there is none."""

    observation = models.OneToOneField(Observation, on_delete=models.PROTECT, related_name="geotag")
    point = models.PointField(srid=4326, null=True)
    accuracy_m = models.FloatField(null=True)
    method = models.CharField(max_length=24, blank=True)
    altitude_m = models.FloatField(null=True)
    bearing_deg = models.FloatField(null=True)
    bearing_reference = models.CharField(
        max_length=8, blank=True, choices=[(b.value, b.value) for b in BearingReference]
    )
    captured_at = models.DateTimeField(null=True)
    captured_at_source = models.CharField(max_length=24, blank=True)
    no_position_reason = models.CharField(max_length=40, blank=True)
    hints = models.JSONField(default=list, blank=True, help_text="contradictions seen in the metadata, as codes")
    track = models.JSONField(
        default=list,
        blank=True,
        help_text="of a clip with telemetry or a recorded track: [[seconds, lon, lat, accuracy_m], ...]; else empty",
    )

    class Meta:
        triggers = [pgtrigger.Protect(name="geotag_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
