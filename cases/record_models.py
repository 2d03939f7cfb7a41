"""Records of the field: the city's checklists, what phones handed in, its photos and parties, and the visits to come.

Part of ``cases.models``. What a phone sent stays as it came, also where it came too late to count.
"""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete
SUBMISSION_STATES = ("applied", "conflict", "adopted", "set_aside")
FOLLOW_UP_STATES = ("planned", "drafted", "done", "cancelled")


class FieldFormEdition(models.Model):
    """A city's inspection.toml as it was loaded: checklists, acts by use, texts of the record. Append-only, newest in force."""

    city = models.ForeignKey("geo.City", on_delete=models.PROTECT, related_name="field_forms")
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="field_form_append_only", operation=_APPEND_ONLY)]


class InspectionSubmission(models.Model):
    """A form as a phone handed it in, once per key. Only its state may change: a leader adopts or sets aside a conflict."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=80, help_text="made by the phone before it first tries to send")
    inspection = models.ForeignKey("cases.Inspection", on_delete=models.PROTECT, related_name="submissions")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(help_text="on site, the phone's clock corrected by its error")
    clock_error_s = models.FloatField(null=True, help_text="phone ahead of server at sending; null when it did not say")
    content = models.JSONField(help_text="all of the form but the parties")
    sha256 = models.CharField(max_length=64, help_text="of the body without sent_at, as JSON with sorted names")
    state = models.CharField(max_length=10, choices=[(s, s) for s in SUBMISSION_STATES])
    conflict = models.CharField(max_length=24, blank=True, help_text="reassigned, ended, cancelled, changed")
    settled_by = models.CharField(max_length=150, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [models.UniqueConstraint(fields=["inspector", "key"], name="one_submission_per_key")]
        indexes = [models.Index(fields=["state", "received_at"])]
        triggers = [
            pgtrigger.Protect(name="submission_no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="submission_frozen", exclude=["state", "settled_by", "settled_at", "settled_reason"]
            ),
        ]


class InspectionPhoto(models.Model):
    """A picture of a visit: the phone's SHA-256 was compared with that of the bytes received. Append-only."""

    inspection = models.ForeignKey("cases.Inspection", on_delete=models.PROTECT, related_name="field_photos")
    media = models.ForeignKey("intake.MediaFile", on_delete=models.PROTECT, related_name="field_photos")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, help_text="overview, measure, detail, signature, voice")
    sha256 = models.CharField(max_length=64, help_text="as the phone computed it when the picture was taken")
    taken_at = models.DateTimeField(null=True, help_text="by the phone's clock")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "media"], name="one_photo_per_visit_and_file")]
        triggers = [pgtrigger.Protect(name="inspection_photo_append_only", operation=_APPEND_ONLY)]


class InspectionParty(models.Model):
    """Somebody the record is about or who witnessed it. Read by the inspector of the case and the unit's leader only, and
    every reading is written to the case's history (domain 1.8). Append-only.
    """

    submission = models.ForeignKey(InspectionSubmission, on_delete=models.PROTECT, related_name="parties")
    inspection = models.ForeignKey("cases.Inspection", on_delete=models.PROTECT, related_name="parties")
    part = models.CharField(max_length=12, help_text="violator, witness, harmed")
    identity = models.JSONField(help_text="name, born_on, id_number, address; organisation: tax_code, represented_by")
    statement = models.TextField(blank=True)
    signature = models.ForeignKey("intake.MediaFile", null=True, on_delete=models.PROTECT, related_name="+")
    unsigned_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="party_append_only", operation=_APPEND_ONLY)]


class FollowUp(models.Model):
    """A visit to come after an abatement: on day 3, 10, 30 (by the city's data). Drafted when its day comes."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="follow_ups")
    after = models.ForeignKey("cases.Inspection", null=True, on_delete=models.PROTECT, related_name="follow_ups")
    due_on = models.DateField()
    day = models.PositiveSmallIntegerField(help_text="days after the visit that it follows")
    state = models.CharField(max_length=10, choices=[(s, s) for s in FOLLOW_UP_STATES], default="planned")
    inspection = models.OneToOneField(
        "cases.Inspection", null=True, on_delete=models.PROTECT, related_name="follow_up_of"
    )

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "after", "day"], name="one_follow_up_per_day")]
        indexes = [models.Index(fields=["state", "due_on"])]
