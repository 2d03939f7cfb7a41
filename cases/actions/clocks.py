"""Keeps the clocks of cases in step with their history: after every move, and for any number of cases at once.

Runs inside the caller's transaction. What is written can always be written again from the history.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from cases.clocks import ClockCode, ClockRun, policy_code, read_clocks
from cases.deadline import Deadline, Policy, due
from cases.late_pieces import NOT_SAID, cut_late
from cases.models import Case, CaseClock, LateEntry, LatePiece
from cases.queries.calendars import CityCalendar, get_calendar
from cases.queries.histories import CaseHistory, read_histories

BATCH = 500
_MIRROR = """
UPDATE cases_case c SET due_at = v.due_at, due_basis = v.basis
FROM (SELECT unnest(%s::uuid[]) AS id, unnest(%s::timestamptz[]) AS due_at, unnest(%s::jsonb[]) AS basis) v
WHERE c.id = v.id AND (c.due_at, c.due_basis) IS DISTINCT FROM (v.due_at, v.basis)
"""
_UPDATED = [
    "started_at", "due_at", "soon_at", "stopped_at", "basis", "is_provisional", "is_paused", "pause_count", "paused_s",
    "spent", "late_s", "late_wall_s", "handovers",
]  # fmt: skip


def refresh_clocks(case_ids: Iterable[UUID]) -> int:
    """Read the clocks of these cases out of their history and keep them; how many runs there are."""
    ids = list(dict.fromkeys(case_ids))
    return sum(_refresh(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


def _refresh(ids: Sequence[UUID]) -> int:
    histories = read_histories(ids)
    calendars: dict[int, CityCalendar] = {}
    rows: list[CaseClock] = []
    for case in Case.objects.select_related("city").defer("city__geometry").filter(pk__in=ids):
        if case.city_id not in calendars:
            calendars[case.city_id] = get_calendar(case.city)
        history = histories[case.pk]
        rows += [_row(case, run, history, calendars[case.city_id]) for run in read_clocks(history.events)]
    CaseClock.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case", "code", "number"], update_fields=_UPDATED
    )
    _keep_pieces(ids, [row for row in rows if row.stopped_at is not None and row.stopped_at > row.due_at])
    _mirror_visit(rows)
    return len(rows)


def _keep_pieces(ids: Sequence[UUID], late: Sequence[CaseClock]) -> None:
    """The time of the late runs of these cases as rows that figures can add up, in place of those that stood there."""
    LatePiece.objects.filter(case_id__in=ids).delete()
    if not late:
        return
    entries = LateEntry.objects.filter(clock__in=late).order_by("id")
    causes = dict(entries.values_list("clock_id", "cause"))
    LatePiece.objects.bulk_create(
        LatePiece(
            clock=row, case_id=row.case_id, due_at=row.due_at, unit=row.basis["unit"], cause=causes.get(row.pk, NOT_SAID),
            handovers=row.handovers * piece.leads, **asdict(piece),
        )
        for row in late
        for piece in cut_late([tuple(entry) for entry in row.spent], late_s=row.late_s, late_wall_s=row.late_wall_s)
    )  # fmt: skip


def _row(case: Case, run: ClockRun, history: CaseHistory, calendar: CityCalendar) -> CaseClock:
    on = run.started_at.astimezone(ZoneInfo(case.city.timezone)).date()
    policy = calendar.pack.policy(policy_code(run.code, case.use, with_route=case.with_route), on)
    deadline = due(run.started_at, policy, calendar.pack.calendar, history.held(run))
    row = CaseClock(
        case=case, code=run.code.value, number=run.number, started_at=run.started_at, due_at=deadline.due_at,
        soon_at=deadline.soon_at, stopped_at=run.stopped_at, basis=basis_of(deadline, policy, calendar.edition_id),
        is_provisional=deadline.is_provisional, is_paused=deadline.is_paused and run.stopped_at is None,
        pause_count=deadline.pause_count, paused_s=deadline.paused.total_seconds(),
    )  # fmt: skip
    if run.stopped_at is not None:
        _take_apart(row, run, run.stopped_at, history, policy, calendar)
    return row


def _take_apart(
    row: CaseClock, run: ClockRun, ended_at: datetime, history: CaseHistory, policy: Policy, calendar: CityCalendar
) -> None:
    """Write down where the time of a run went."""
    found = history.take_apart(run, ended_at=ended_at, due_at=row.due_at, unit=policy.unit, calendar=calendar)
    row.spent = [
        [one.step.value, one.part.value, round(one.clock.total_seconds(), 1), round(one.wall.total_seconds(), 1)]
        for one in found.spent
    ]
    row.late_s, row.late_wall_s = found.late.total_seconds(), found.late_wall.total_seconds()
    row.handovers = found.handovers


def basis_of(deadline: Deadline, policy: Policy, edition_id: int) -> dict[str, object]:
    """What a due moment was counted from, to stand beside it."""
    return {
        "policy": policy.code, "unit": policy.unit.value, "amount": policy.amount, "source": policy.source,
        "is_pausable": policy.is_pausable, "calendar_edition": edition_id,
        "started_at": deadline.started_at.isoformat(), "soon_at": deadline.soon_at.isoformat(),
        "is_provisional": deadline.is_provisional,
    }  # fmt: skip


def _mirror_visit(rows: Sequence[CaseClock]) -> None:
    """A case carries the due moment of its visit, for lists and routes; one statement for all, and only what changed."""
    newest: dict[UUID, CaseClock] = {}
    for row in rows:
        if row.code == ClockCode.VISIT and (row.case_id not in newest or newest[row.case_id].number < row.number):
            newest[row.case_id] = row
    if not newest:
        return
    moments, bases = zip(*((row.due_at, json.dumps(row.basis)) for row in newest.values()), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_MIRROR, [list(newest), list(moments), list(bases)])
