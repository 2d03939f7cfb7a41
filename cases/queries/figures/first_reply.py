"""The first reply that each sender is promised: given by a person in time, given late, or still owed."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from cases.figures import FigureAsk, FirstReplyRow
from cases.models import CaseRequest
from cases.permissions import Rights
from cases.queries.figures.asked import cases_of, count_by_key, in_period, key_expression
from cases.shares import measure_share

REPLIED_IN_TIME = Q(replied_at__lte=F("reply_due_at"))
REPLIED_LATE = Q(replied_at__gt=F("reply_due_at"))
OWED = Q(replied_at=None)


def read_first_reply(rights: Rights, ask: FigureAsk) -> tuple[FirstReplyRow, ...]:
    """Rows by key."""
    counted = count_by_key(ask, due_replies(rights, ask), on_time=REPLIED_IN_TIME, late=REPLIED_LATE, owed=OWED)
    return tuple(_row(row, name) for row, name in counted)


def due_replies(rights: Rights, ask: FigureAsk) -> QuerySet[Any]:
    """Voices whose promise falls into the period and was kept or broken, with their ``key``.

    One that waits counts from the day after its promise, in the city's time: by the minute, the figure would tell when it came.
    """
    today = ask.now.astimezone(ZoneInfo(ask.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = CaseRequest.objects.filter(in_period(ask, "reply_due_at"), case__in=cases_of(rights, ask))
    rows = rows.filter(Q(replied_at__isnull=False) | Q(reply_due_at__lt=today))
    return rows.annotate(key=key_expression(ask, to_case="case__", at="reply_due_at"))


def _row(row: dict[str, Any], name: tuple[str, str]) -> FirstReplyRow:
    on_time, late, owed = row["on_time"], row["late"], row["owed"]
    return FirstReplyRow(row["key"], *name, on_time, late, owed, measure_share(on_time, on_time + late + owed))
