"""Counts per ward, for offices: what waits, what is open, what is late, what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from cases.lifecycle import OPEN_CASES
from cases.permissions import Rights, scope_cases, scope_flags
from cases.queries.cases import BEFORE_VISIT
from geo.models import AdminUnit
from rules.finding import FlagState, Verdict


@dataclass(frozen=True, slots=True)
class WardCounts:
    """One ward's figures. ``ward_code`` is empty for what has no certain place."""

    ward_code: str
    name: str
    awaiting_review: int
    open_cases: int
    late_cases: int
    recurrences: int


def count_by_ward(rights: Rights, *, now: datetime) -> tuple[WardCounts, ...]:
    """Figures of every ward within the rights that has any, by code."""
    open_states = [state.value for state in OPEN_CASES]
    late = Q(due_at__lt=now, state__in=BEFORE_VISIT)
    cases = scope_cases(rights).values("unit_code").annotate(
        open=Count("pk", filter=Q(state__in=open_states)), late=Count("pk", filter=late),
        again=Count("pk", filter=Q(recurrence_of__isnull=False)),
    )  # fmt: skip
    waiting = scope_flags(rights).filter(state__in=[FlagState.NEW.value, FlagState.IN_REVIEW.value])
    flags = waiting.exclude(verdict=Verdict.COMPLIANT.value).values("unit_code").annotate(waiting=Count("pk"))
    by_case = {row["unit_code"]: row for row in cases.order_by("unit_code")}
    by_flag = {row["unit_code"]: row["waiting"] for row in flags.order_by("unit_code")}
    codes = sorted(by_case.keys() | by_flag.keys())
    names = dict(AdminUnit.objects.filter(code__in=codes, is_listed=True).values_list("code", "name"))
    nothing = {"open": 0, "late": 0, "again": 0}
    return tuple(
        WardCounts(code, names.get(code, ""), by_flag.get(code, 0), row["open"], row["late"], row["again"])
        for code in codes
        for row in [by_case.get(code, nothing)]
    )
