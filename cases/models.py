"""What people do about it: units and roles by period, cases with their history, assignments and inspections."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone

from cases.clock_models import CaseClock, ClockPause, Escalation, LateEntry, LatePiece
from cases.custody_models import RetentionHold
from cases.lifecycle import (
    CASE_MOVES,
    FLAG_MOVES,
    INSPECTION_MOVES,
    OPEN_INSPECTIONS,
    REQUEST_MOVES,
    CaseState,
    InspectionState,
    transitions,
)
from cases.notice_models import ChannelToken, Notice, NoticeAttempt, StaffAddress
from cases.opinion_models import FlagOpinion
from cases.record_models import (
    FieldFormEdition,
    FollowUp,
    InspectionParty,
    InspectionPhoto,
    InspectionSubmission,
)
from cases.role_models import RoleChange
from cases.roles import Role
from cases.route_models import DayPlan, DayPlanStop, Shift, SkillHeld
from intake.models import ServiceRequest
from rules.models import Flag

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete

__all__ = [
    "Assignment",
    "CalendarEdition",
    "Case",
    "CaseClock",
    "CaseCounter",
    "CaseEvent",
    "CaseFlag",
    "CaseRequest",
    "ChannelToken",
    "ClockPause",
    "DayPlan",
    "DayPlanStop",
    "Escalation",
    "FieldFormEdition",
    "FlagOpinion",
    "FollowUp",
    "GuardedFlag",
    "GuardedRequest",
    "Inspection",
    "InspectionEvent",
    "InspectionParty",
    "InspectionPhoto",
    "InspectionSubmission",
    "LateEntry",
    "LatePiece",
    "Look",
    "Notice",
    "NoticeAttempt",
    "RetentionHold",
    "RoleAssignment",
    "RoleChange",
    "Shift",
    "SkillHeld",
    "StaffAddress",
    "Unit",
]


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
    role = models.CharField(max_length=12, choices=[(role.value, role.value) for role in Role])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="first day the role no longer holds")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "city", "role", "valid_from"], nulls_distinct=False, name="one_role_per_start"
            )
        ]

    def is_held_on(self, day: date) -> bool:
        """Whether the role is held on a day of its city."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class CalendarEdition(models.Model):
    """A city's calendar.toml as it was loaded: holidays, duty hours and the lengths of its clocks. Append-only.

    The newest edition of a city is in force; a due date keeps the id of the edition it was counted with.
    """

    city = models.ForeignKey("geo.City", on_delete=models.PROTECT, related_name="calendar_editions")
    sha256 = models.CharField(max_length=64)
    content = models.JSONField(help_text="calendar.toml as JSON, read by cases.calendar_pack")
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="calendar_append_only", operation=_APPEND_ONLY)]


class CaseCounter(models.Model):
    """The last number given to a case of one prefix and month, for codes such as VH-2611-0417."""

    month = models.CharField(max_length=20, primary_key=True, help_text="prefix and yymm, VH-2611")
    last = models.PositiveIntegerField()


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
    border_codes = models.JSONField(
        default=list, help_text="other wards within the error of the place: they have a say too"
    )
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT)
    recurrence_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="recurrences")
    due_at = models.DateTimeField(null=True)
    due_basis = models.JSONField(default=dict)
    with_route = models.BooleanField(
        default=False, help_text="settled with the day's route: the visit looks like any other"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["use", "opened_at"]),
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["opened_at", "id"]),
            models.Index(fields=["unit_code", "state"]),
            models.Index(
                fields=["sidewalk_key", "use", "closed_at"], condition=~Q(sidewalk_key=""), name="settled_on_sidewalk"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="case_no_delete", operation=pgtrigger.Delete),
            pgtrigger.FSM(name="case_moves", field="state", transitions=transitions(CASE_MOVES)),
        ]

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
        indexes = [models.Index(fields=["case"], condition=Q(to_state="reopened"), name="cases_reopened")]
        triggers = [pgtrigger.Protect(name="case_event_append_only", operation=_APPEND_ONLY)]

    @classmethod
    def write(cls, case: Case, kind: str, *, actor: str, detail: Mapping[str, object] | None = None) -> CaseEvent:
        """Append an entry that is not a move."""
        return cls.objects.create(case=case, at=timezone.now(), actor=actor, kind=kind, detail=dict(detail or {}))


class CaseFlag(models.Model):
    """A flag joined to a case; a flag is in one case at most.

    Until a reviewer says yes (``is_confirmed``) it is a candidate: near an open case, not yet part of its evidence.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_flags")
    flag = models.OneToOneField("rules.Flag", on_delete=models.PROTECT, related_name="case_flag")
    joined_at = models.DateTimeField()
    is_confirmed = models.BooleanField(default=False)


class CaseRequest(models.Model):
    """A service request joined to a case: one more voice, never a second visit."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_requests")
    service_request = models.OneToOneField(
        "intake.ServiceRequest", on_delete=models.PROTECT, related_name="case_request"
    )
    joined_at = models.DateTimeField()
    reply_due_at = models.DateTimeField(
        null=True,
        help_text="until when its sender is promised a first reply; no officer is told, since it tells when it came",
    )
    replied_at = models.DateTimeField(null=True, help_text="when a person first replied")

    class Meta:
        indexes = [models.Index(fields=["case"], condition=Q(replied_at=None), name="voices_without_reply")]


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
    photos = models.ManyToManyField(
        "intake.MediaFile", blank=True, related_name="inspections", related_query_name="inspection"
    )
    created_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=sorted(state.value for state in OPEN_INSPECTIONS)),
                name="one_open_inspection",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="inspection_no_delete", operation=pgtrigger.Delete),
            pgtrigger.FSM(name="inspection_moves", field="state", transitions=transitions(INSPECTION_MOVES)),
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


class GuardedFlag(Flag):
    """The flags again, only to give their table the database's guard of the table of moves, which lives in this room."""

    class Meta:
        proxy = True
        triggers = [pgtrigger.FSM(name="flag_moves", field="state", transitions=transitions(FLAG_MOVES))]


class GuardedRequest(ServiceRequest):
    """The service requests again, for the same guard."""

    class Meta:
        proxy = True
        triggers = [pgtrigger.FSM(name="request_moves", field="status", transitions=transitions(REQUEST_MOVES))]
