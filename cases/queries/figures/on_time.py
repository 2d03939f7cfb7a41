"""What was due in the period: done in time, done late, or still open and overdue, which counts against it."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet

from cases.figures import FigureAsk, Group, OnTimeRow
from cases.models import CaseClock
from cases.permissions import Rights
from cases.queries.figures.asked import cases_of, count_by_key, in_period, key_expression
from cases.shares import measure_share

IN_TIME = Q(stopped_at__lte=F("due_at"))
LATE = Q(stopped_at__gt=F("due_at"))


def read_on_time(rights: Rights, ask: FigureAsk) -> tuple[OnTimeRow, ...]:
    """Rows by key. A paused clock is told beside the others and counts for neither side."""
    is_paused = Q(stopped_at=None, is_paused=True)
    counted = count_by_key(
        ask, due_clocks(rights, ask), on_time=IN_TIME, late=LATE, overdue=overdue_at(ask), paused=is_paused
    )
    return tuple(_row(row, name) for row, name in counted)


def due_clocks(rights: Rights, ask: FigureAsk) -> QuerySet[Any]:
    """Clocks whose due moment lies in the period and has come, or that stopped before it, with their ``key``."""
    rows = CaseClock.objects.filter(in_period(ask, "due_at"), case__in=cases_of(rights, ask))
    rows = rows.filter(Q(stopped_at__isnull=False) | Q(is_paused=True) | Q(due_at__lt=ask.now))
    if ask.group is Group.CLOCK:
        return rows.annotate(key=F("code"))
    return rows.annotate(key=key_expression(ask, to_case="case__", at="due_at"))


def overdue_at(ask: FigureAsk) -> Q:
    """A condition on clocks: running past the due moment and not paused."""
    return Q(stopped_at=None, is_paused=False, due_at__lt=ask.now)


def _row(row: dict[str, Any], name: tuple[str, str]) -> OnTimeRow:
    on_time, late, overdue = row["on_time"], row["late"], row["overdue"]
    return OnTimeRow(
        row["key"], *name, on_time, late, overdue, row["paused"], measure_share(on_time, on_time + late + overdue),
        measure_share(on_time, on_time + late),
    )  # fmt: skip
