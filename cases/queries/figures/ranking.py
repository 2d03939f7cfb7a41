"""Units (or wards) beside each other, by a share that neither closing early nor leaving open can improve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Avg, BooleanField, Count, ExpressionWrapper, Q
from django.db.models.expressions import Combinable

from cases.figures import FigureAsk, Group, RankRow, RecurrenceRow
from cases.lifecycle import OPEN_CASES, CaseState
from cases.models import Case, CaseEvent
from cases.permissions import Rights
from cases.queries.figures.asked import cases_of, key_expression, name_keys
from cases.queries.figures.on_time import IN_TIME, LATE, due_clocks, overdue_at
from cases.queries.figures.recurrence import read_recurrence
from cases.shares import measure_share
from errors import InputError

DAY_S = 86_400


def read_ranking(rights: Rights, ask: FigureAsk) -> tuple[RankRow, ...]:
    """The best first; a unit with fewer than thirty due clocks has no rank and stands at the end."""
    if ask.group is Group.ALL:
        ask = replace(ask, group=Group.UNIT)
    if ask.group not in (Group.UNIT, Group.WARD):
        raise InputError("Units are ranked, or wards.", field="group", value=ask.group, cure="One of: unit, ward.")
    due, back = _count_due(rights, ask), {row.key: row for row in read_recurrence(rights, ask)}
    open_now = _count_open(rights, ask)
    keys = due.keys() | back.keys() | open_now.keys()
    names = name_keys(ask, keys)
    rows = [_row(key, names.get(key, ("", "")), due.get(key, {}), back.get(key), open_now.get(key, 0)) for key in keys]
    return _rank(rows)


def _count_due(rights: Rights, ask: FigureAsk) -> dict[str, dict[str, Any]]:
    good = IN_TIME & Q(is_reopened=False, came_back=False)
    back = Case.objects.filter(recurrence_of__isnull=False).values("recurrence_of")
    rows = due_clocks(rights, ask).annotate(
        is_reopened=was_reopened(), came_back=ExpressionWrapper(Q(case__in=back), output_field=BooleanField())
    )
    counted = rows.values("key").annotate(
        good=Count("pk", filter=good), late=Count("pk", filter=LATE), in_time=Count("pk", filter=IN_TIME),
        overdue=Count("pk", filter=overdue_at(ask)), mean_late_s=Avg("late_wall_s", filter=LATE),
        reopened=Count("case", filter=Q(is_reopened=True), distinct=True),
    )  # fmt: skip
    return {row["key"]: dict(row) for row in counted}


def was_reopened() -> Combinable:
    """A condition on clocks: their case was opened again at some time."""
    again = CaseEvent.objects.filter(to_state=CaseState.REOPENED.value, kind="move").values("case")
    return ExpressionWrapper(Q(case__in=again), output_field=BooleanField())


def _count_open(rights: Rights, ask: FigureAsk) -> dict[str, int]:
    rows = cases_of(rights, ask).filter(state__in=[state.value for state in OPEN_CASES])
    counted = rows.annotate(key=key_expression(ask)).values("key").annotate(n=Count("pk"))
    return dict(counted.values_list("key", "n"))


def _row(key: str, name: tuple[str, str], due: dict[str, Any], back: RecurrenceRow | None, open_now: int) -> RankRow:
    total = due.get("in_time", 0) + due.get("late", 0) + due.get("overdue", 0)
    return RankRow(
        key, *name, rank=None, good=measure_share(due.get("good", 0), total),
        recurrence=back.share if back else measure_share(0, 0), open_overdue=due.get("overdue", 0),
        reopened=due.get("reopened", 0), mean_late_days=round((due.get("mean_late_s") or 0) / DAY_S, 1), open=open_now,
    )  # fmt: skip


def _rank(rows: Iterable[RankRow]) -> tuple[RankRow, ...]:
    ordered = sorted(rows, key=lambda row: (not row.good.is_enough, -row.good.low, row.key))
    enough = [row for row in ordered if row.good.is_enough]
    return (
        *(replace(row, rank=place) for place, row in enumerate(enough, 1)),
        *(row for row in ordered if not row.good.is_enough),
    )
