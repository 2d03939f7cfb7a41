"""The first figure: what was settled and came back within thirty days, per spot, unit, remedy, ward, use, month."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases.figures import FigureAsk, Group, RecurrenceRow
from cases.joining import RECURRENCE_PERIOD
from cases.lifecycle import CaseState
from cases.models import Case
from cases.permissions import Rights
from cases.queries.figures.asked import cases_of, in_period, key_expression, name_keys
from cases.shares import measure_share

ROWS_MAX = 200


def read_recurrence(rights: Rights, ask: FigureAsk) -> tuple[RecurrenceRow, ...]:
    """Rows, those with most returns first (months in order); two hundred at most, since a city has thousands of spots."""
    old, young = Q(settled_at__lte=ask.now - RECURRENCE_PERIOD), Q(settled_at__gt=ask.now - RECURRENCE_PERIOD)
    back = Q(came_back=True)
    rows: list[dict[str, Any]] = list(
        settled(rights, ask)
        .values("key")
        .annotate(
            total=Count("pk", filter=old), hits=Count("pk", filter=old & back),
            watched=Count("pk", filter=young), again=Count("pk", filter=young & back),
        )
        .order_by(*(["key"] if ask.group is Group.MONTH else ["-hits", "-total", "key"]))[:ROWS_MAX]
    )  # fmt: skip
    names = name_keys(ask, (row["key"] for row in rows))
    return tuple(
        RecurrenceRow(
            row["key"], *names.get(row["key"], ("", "")), measure_share(row["hits"], row["total"]), row["watched"],
            row["again"],
        )
        for row in rows
    )  # fmt: skip


def settled(rights: Rights, ask: FigureAsk) -> QuerySet[Any]:
    """Cases settled in the period with their ``key``, ``settled_at`` and whether they ``came_back``.

    A case found to have come back at its re-check was never closed: it counts as settled when the new one was opened.
    """
    again = Case.objects.filter(recurrence_of=OuterRef("pk"))
    opened = Subquery(again.order_by("opened_at").values("opened_at")[:1])
    rows = cases_of(rights, ask).filter(Q(closed_at__isnull=False) | Q(state=CaseState.RECURRED.value))
    rows = rows.annotate(settled_at=Coalesce("closed_at", opened), came_back=Exists(again))
    return rows.filter(in_period(ask, "settled_at")).annotate(key=key_expression(ask, at="settled_at"))
