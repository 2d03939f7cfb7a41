"""What people do about it: units and roles by period, cases with their history, assignments and inspections."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q

from cases.lifecycle import CaseState, InspectionState

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class Role(models.TextChoices):
    """What a signed-in person may do; held in a unit for a period. Citizens need no account."""

    INSPECTOR = "inspector", "inspector"
    REVIEWER = "reviewer", "reviewer"
    PLANNER = "planner", "planner"
    LEADER = "leader", "leader"
    OPERATOR = "operator", "operator"


class Unit(models.Model):
    """An office with a task in administrative units: ward police, ward committee, department. Dated data."""

    city = models.ForeignKey("geo.City", on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    admin_unit_codes = models.JSONField(default=list)
    uses = models.JSONField(default=list, help_text="categories of intake this unit answers for")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class RoleAssignment(models.Model):
    """Who holds which role in which unit, from when to when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, help_text="empty: the whole city")
    city = models.ForeignKey("geo.City", on_delete=models.PROTECT)
    role = models.CharField(max_length=12, choices=Role.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class Case(models.Model):
    """The city's file on one place and use, joining flags and service requests."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    city = models.ForeignKey("geo.City", on_delete=models.PROTECT)
    use = models.CharField(max_length=24)
    state = models.CharField(
        max_length=24, choices=[(s.value, s.value) for s in CaseState], default=CaseState.OPENED.value
    )
    version = models.PositiveIntegerField(default=1)
    point = models.PointField(srid=4326, null=True)
    accuracy_m = models.FloatField(null=True)
    parcel_key = models.CharField(max_length=40, blank=True)
    sidewalk_key = models.CharField(max_length=60, blank=True)
    unit_code = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT)
    recurrence_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="recurrences")
    due_at = models.DateTimeField(null=True)
    due_basis = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["use", "opened_at"]), models.Index(fields=["state", "due_at"])]
        triggers = [pgtrigger.Protect(name="case_no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.code


class CaseEvent(models.Model):
    """One entry of a case's history: a move, a joined flag or request, an assignment. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    kind = models.CharField(max_length=24)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24, blank=True)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="case_event_append_only", operation=_APPEND_ONLY)]


class CaseFlag(models.Model):
    """A flag joined to a case; a flag is in one case at most."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_flags")
    flag = models.OneToOneField("rules.Flag", on_delete=models.PROTECT, related_name="case_flag")
    joined_at = models.DateTimeField()


class CaseRequest(models.Model):
    """A service request joined to a case: one more voice, never a second visit."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_requests")
    service_request = models.OneToOneField(
        "intake.ServiceRequest", on_delete=models.PROTECT, related_name="case_request"
    )
    joined_at = models.DateTimeField()


class Assignment(models.Model):
    """Who goes, by when. A new row replaces the one before; history stays."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    due_at = models.DateTimeField()
    assigned_at = models.DateTimeField()
    assigned_by = models.CharField(max_length=150)
    why = models.JSONField(default=dict)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(is_current=True), name="one_current_assignment")
        ]


class Inspection(models.Model):
    """A visit and its outcome. Only this makes a violation of a flag."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="inspections")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(
        max_length=24, choices=[(s.value, s.value) for s in InspectionState], default=InspectionState.DRAFT.value
    )
    version = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    free_width_m = models.FloatField(null=True, help_text="by tape; the only width that enters the record")
    note = models.TextField(blank=True)
    photos = models.ManyToManyField("intake.MediaFile", blank=True)
    created_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(state__in=["approved", "cancelled", "completed", "no_access", "postponed"]),
                name="one_open_inspection",
            )
        ]


class InspectionEvent(models.Model):
    """One move of an inspection. Append-only."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="inspection_event_append_only", operation=_APPEND_ONLY)]


class Look(models.Model):
    """A look at an unredacted original: who, when, why. Append-only."""

    media = models.ForeignKey("intake.MediaFile", on_delete=models.PROTECT, related_name="looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    class Meta:
        triggers = [pgtrigger.Protect(name="look_append_only", operation=_APPEND_ONLY)]
