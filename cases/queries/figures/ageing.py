"""Open cases by age in days, and how many of each have an overdue clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cases.figures import AgeRow, FigureAsk
from cases.lifecycle import OPEN_CASES
from cases.models import CaseClock
from cases.permissions import Rights
from cases.queries.figures.asked import cases_of
from cases.queries.figures.on_time import overdue_at

BOUNDS_DAYS: tuple[tuple[int, int | None], ...] = ((0, 2), (3, 7), (8, 14), (15, 30), (31, None))


def read_ageing(rights: Rights, ask: FigureAsk) -> tuple[AgeRow, ...]:
    """One row per age, the youngest first; the period does not matter, today does."""
    counts = {}
    for first, last in BOUNDS_DAYS:
        of_age = _aged(ask, first, last)
        counts[f"o{first}"] = Count("pk", filter=of_age)
        counts[f"l{first}"] = Count("pk", filter=of_age & Q(is_overdue=True))
    found = open_cases(rights, ask).aggregate(**counts)
    return tuple(
        AgeRow(age_key(first, last), first, last, found[f"o{first}"], found[f"l{first}"]) for first, last in BOUNDS_DAYS
    )


def open_cases(rights: Rights, ask: FigureAsk) -> QuerySet[Any]:
    """Open cases, with whether one of their clocks ``is_overdue``."""
    late = CaseClock.objects.filter(overdue_at(ask), case=OuterRef("pk"))
    states = [state.value for state in OPEN_CASES]
    return cases_of(rights, ask).filter(state__in=states).annotate(is_overdue=Exists(late))


def age_condition(ask: FigureAsk, key: str) -> Q | None:
    """The condition of a row's key; None for a key that is no age."""
    return next((_aged(ask, *bounds) for bounds in BOUNDS_DAYS if age_key(*bounds) == key), None)


def age_key(first: int, last: int | None) -> str:
    """``3-7``, or ``31+``."""
    return f"{first}-{last}" if last is not None else f"{first}+"


def _aged(ask: FigureAsk, first: int, last: int | None) -> Q:
    condition = Q(opened_at__lte=ask.now - timedelta(days=first)) if first else Q()
    return condition & Q(opened_at__gt=ask.now - timedelta(days=last + 1)) if last is not None else condition
