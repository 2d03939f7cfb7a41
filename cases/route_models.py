"""Records of the day's work: shifts, skills, and each inspector's planned day in versions. Part of ``cases.models``."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q

from cases.routes.values import LegMethod

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class Shift(models.Model):
    """When somebody is on duty, and where they set out. A day without any: the unit's duty hours, said so in the plan."""

    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts")
    unit = models.ForeignKey("cases.Unit", on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    start_point = models.PointField(srid=4326, null=True, blank=True, help_text="empty: the middle of the unit's ward")

    class Meta:
        indexes = [models.Index(fields=["unit", "starts_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_begins"),
            models.UniqueConstraint(fields=["inspector", "starts_at"], name="one_shift_per_start"),
        ]


class SkillHeld(models.Model):
    """What somebody is trained for, from when to when; which use asks for which skill is in the city's calendar."""

    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="skills")
    skill = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="first day it no longer holds")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspector", "skill", "valid_from"], name="one_skill_per_start")]


class DayPlan(models.Model):
    """One inspector's day in travel order. Every change is a new version; the ones before stay as they were."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey("geo.City", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("cases.Unit", on_delete=models.PROTECT, related_name="day_plans")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="day_plans")
    day = models.DateField(help_text="by the city's clock")
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    reason = models.CharField(max_length=40, help_text="planned, urgent, moved")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_shift_assumed = models.BooleanField(default=False)
    start_point = models.PointField(srid=4326, null=True)
    start_method = models.CharField(max_length=16, help_text="shift, ward or first_stop")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspector", "unit", "day", "version"], name="one_plan_per_version"),
            models.UniqueConstraint(
                fields=["inspector", "unit", "day"], condition=Q(is_current=True), name="one_current_plan_per_day"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="day_plan_no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="day_plan_frozen", exclude=["is_current"]),
        ]


class DayPlanStop(models.Model):
    """One stop of one version of a day: how far from the one before, how that is known, and when. Append-only."""

    plan = models.ForeignKey(DayPlan, on_delete=models.PROTECT, related_name="stops")
    number = models.PositiveSmallIntegerField(help_text="from 1, in travel order")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    distance_m = models.PositiveIntegerField()
    travel_s = models.PositiveIntegerField()
    method = models.CharField(max_length=16, choices=[(m.value, m.value) for m in LegMethod])
    arrives_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    late_s = models.PositiveIntegerField(default=0)
    is_pinned = models.BooleanField(
        default=False, help_text="put here by a leader; planning leaves it with this person"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_stop_per_number"),
            models.UniqueConstraint(fields=["plan", "case"], name="one_stop_per_case"),
        ]
        triggers = [pgtrigger.Protect(name="day_plan_stop_append_only", operation=_APPEND_ONLY)]
