"""Records of time: clocks as they run, their pauses, the causes of lateness, and who was told. Part of ``cases.models``."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from cases.clocks import ClockCode
from cases.late_causes import LateCause

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class CaseClock(models.Model):
    """One run of one clock of a case, as ``cases.clocks`` reads it out of the history; rebuilt whenever that grows.

    The standing is computed when read: from ``due_at``, ``soon_at``, ``is_paused`` and ``stopped_at``.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="clocks")
    code = models.CharField(max_length=16, choices=[(c.value, c.value) for c in ClockCode])
    number = models.PositiveSmallIntegerField(help_text="1 for the first run, more after a reopening")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    soon_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    basis = models.JSONField(help_text="policy, unit, amount, source, calendar edition it was counted with")
    is_provisional = models.BooleanField()
    is_paused = models.BooleanField(default=False)
    pause_count = models.PositiveSmallIntegerField(default=0)
    paused_s = models.FloatField(default=0)
    spent = models.JSONField(default=list, help_text="once stopped: [step, part, clock s, wall s] each")
    late_s = models.FloatField(default=0, help_text="counted by the clock past the due moment, once stopped")
    late_wall_s = models.FloatField(default=0)
    handovers = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "code", "number"], name="one_clock_per_run")]
        indexes = [
            models.Index(fields=["started_at"]),
            models.Index(fields=["due_at"], condition=Q(stopped_at=None), name="running_clocks"),
        ]


class LatePiece(models.Model):
    """A piece of the time of a late run that has stopped: kept beside ``CaseClock.spent`` so that a year sums up quickly.

    Written anew with its clock; the database itself keeps ``cause`` at that of the newest ``LateEntry``. Of a run's first piece
    ``leads`` is 1 and ``handovers`` its number, of the first counted piece of each step ``begins`` is 1, so that all add up.
    """

    clock = models.ForeignKey(CaseClock, on_delete=models.CASCADE, related_name="late_pieces")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    unit = models.CharField(max_length=16, help_text="cases.deadline.ClockUnit")
    cause = models.CharField(max_length=20, help_text="the one given last, or none")
    step = models.CharField(max_length=16)
    part = models.CharField(max_length=16)
    clock_s = models.FloatField()
    wall_s = models.FloatField()
    late_s = models.FloatField(help_text="the run's lateness by its share of the counted time")
    late_wall_s = models.FloatField()
    begins = models.PositiveSmallIntegerField()
    leads = models.PositiveSmallIntegerField()
    handovers = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["due_at"])]


class ClockPause(models.Model):
    """A time in which a clock of a case stood still, with reason and document. Only its end may be set, and once."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="pauses")
    clock = models.CharField(max_length=16, choices=[(c.value, c.value) for c in ClockCode])
    reason = models.CharField(max_length=40)
    document = models.CharField(max_length=200, help_text="number and date of the paper that shows it")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    started_by = models.CharField(max_length=150)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["from_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "clock"], condition=Q(to_at=None), name="one_open_pause_per_clock"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(document=""), name="pause_has_reason_and_document"),
        ]
        triggers = [
            pgtrigger.Protect(name="pause_no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="pause_frozen", exclude=["to_at", "ended_by"]),
            pgtrigger.Protect(
                name="pause_ends_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__to_at__isnull=False)
            ),
        ]


class LateEntry(models.Model):
    """Why a clock of a case was late, by one of the ten causes. Append-only: the newest entry of a run counts."""

    clock = models.ForeignKey(CaseClock, on_delete=models.PROTECT, related_name="late_entries")
    cause = models.CharField(max_length=20, choices=[(c.value, c.value) for c in LateCause])
    note = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="late_entry_append_only", operation=_APPEND_ONLY),
            pgtrigger.Trigger(
                name="late_entry_names_pieces", when=pgtrigger.After, operation=pgtrigger.Insert,
                func="UPDATE cases_latepiece SET cause = NEW.cause WHERE clock_id = NEW.clock_id; RETURN NULL;",
            ),
        ]  # fmt: skip


class Escalation(models.Model):
    """Somebody was told that a clock is late, or nearly so. Append-only; one row per clock and step."""

    clock = models.ForeignKey(CaseClock, on_delete=models.PROTECT, related_name="escalations")
    step = models.CharField(max_length=12)
    told = models.JSONField(help_text="user names")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["clock", "step"], name="one_escalation_per_step")]
        triggers = [pgtrigger.Protect(name="escalation_append_only", operation=_APPEND_ONLY)]
