"""Keeps the clocks of cases in step with their history: after every move, and for any number of cases at once.

Runs inside the caller's transaction. What is written can always be written again from the history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from cases.clocks import ARRIVED, ClockCode, ClockEvent, ClockRun, policy_code, read_clocks
from cases.deadline import Deadline, Pause, Policy, due
from cases.lateness import Moment, decompose
from cases.models import Case, CaseClock, CaseEvent, ClockPause, InspectionEvent
from cases.queries.calendars import CityCalendar, get_calendar

BATCH = 500
_STATES = ("opened", "move")
_UPDATED = [
    "started_at", "due_at", "soon_at", "stopped_at", "basis", "is_provisional", "is_paused", "pause_count", "paused_s",
    "spent", "late_s", "late_wall_s", "handovers",
]  # fmt: skip


def refresh_clocks(case_ids: Iterable[UUID]) -> int:
    """Read the clocks of these cases out of their history and keep them; how many runs there are."""
    ids = list(dict.fromkeys(case_ids))
    return sum(_refresh(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


def _refresh(ids: Sequence[UUID]) -> int:
    cases = Case.objects.select_related("city").filter(pk__in=ids)
    moments, pauses = _read_moments(ids), _read_pauses(ids)
    calendars: dict[int, CityCalendar] = {}
    rows: list[CaseClock] = []
    for case in cases:
        calendar = calendars.setdefault(case.city_id, get_calendar(case.city))
        rows += _rows_of(case, moments[case.pk], pauses[case.pk], calendar)
    CaseClock.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case", "code", "number"], update_fields=_UPDATED
    )
    _mirror_visit(rows)
    return len(rows)


def _read_moments(ids: Sequence[UUID]) -> dict[UUID, list[Moment]]:
    """The merged histories, each in the order of time."""
    found: dict[UUID, list[Moment]] = defaultdict(list)
    events = CaseEvent.objects.filter(case_id__in=ids, kind__in=(*_STATES, "nobody_to_assign"))
    for case_id, at, kind, came_from, to in events.order_by("id").values_list(
        "case_id", "at", "kind", "from_state", "to_state"
    ):
        name = "nobody" if kind not in _STATES else "reassigned" if came_from == to else "case"
        found[case_id].append(Moment(at, name, to))
    visits = InspectionEvent.objects.filter(inspection__case_id__in=ids).order_by("id")
    for case_id, at, to, reason in visits.values_list("inspection__case_id", "at", "to_state", "reason"):
        found[case_id].append(Moment(at, "reassigned" if reason == "reassigned" else "visit", to))
    for moments in found.values():
        moments.sort(key=lambda moment: moment.at)
    return found


def _read_pauses(ids: Sequence[UUID]) -> dict[UUID, list[ClockPause]]:
    found: dict[UUID, list[ClockPause]] = defaultdict(list)
    for pause in ClockPause.objects.filter(case_id__in=ids):
        found[pause.case_id].append(pause)
    return found


def _rows_of(
    case: Case, moments: Sequence[Moment], pauses: Sequence[ClockPause], calendar: CityCalendar
) -> list[CaseClock]:
    events = [
        ClockEvent(moment.at, moment.state)
        for moment in moments
        if moment.kind == "case" or (moment.kind == "visit" and moment.state == ARRIVED)
    ]
    return [_row(case, run, moments, pauses, calendar) for run in read_clocks(events)]


def _row(
    case: Case, run: ClockRun, moments: Sequence[Moment], pauses: Sequence[ClockPause], calendar: CityCalendar
) -> CaseClock:
    on = run.started_at.astimezone(ZoneInfo(case.city.timezone)).date()
    policy = calendar.pack.policy(policy_code(run.code, case.use), on)
    held = [Pause(begin, end, "suspended", "by law") for begin, end in run.held]
    held += [Pause(p.from_at, p.to_at, p.reason, p.document) for p in pauses if _belongs(p, run)]
    deadline = due(run.started_at, policy, calendar.pack.calendar, held)
    row = CaseClock(
        case=case, code=run.code.value, number=run.number, started_at=run.started_at, due_at=deadline.due_at,
        soon_at=deadline.soon_at, stopped_at=run.stopped_at, basis=basis_of(deadline, policy, calendar.edition_id),
        is_provisional=deadline.is_provisional, is_paused=deadline.is_paused and run.stopped_at is None,
        pause_count=deadline.pause_count, paused_s=deadline.paused.total_seconds(),
    )  # fmt: skip
    if run.stopped_at is not None:
        _take_apart(row, run.stopped_at, moments, held, policy, calendar)
    return row


def _belongs(pause: ClockPause, run: ClockRun) -> bool:
    ended = run.stopped_at is not None and pause.from_at >= run.stopped_at
    return pause.clock == run.code and pause.from_at >= run.started_at and not ended


def _take_apart(
    row: CaseClock, ended_at: datetime, moments: Sequence[Moment], held: Sequence[Pause], policy: Policy,
    calendar: CityCalendar,
) -> None:  # fmt: skip
    """Write down where the time of a run went."""
    found = decompose(
        moments, started_at=row.started_at, ended_at=ended_at, due_at=row.due_at, unit=policy.unit,
        calendar=calendar.pack.calendar, pauses=[(p.from_at, min(p.to_at or ended_at, ended_at)) for p in held],
    )  # fmt: skip
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
        "is_pausable": policy.is_pausable, "calendar_edition": edition_id, "started_at": deadline.started_at.isoformat(),
        "soon_at": deadline.soon_at.isoformat(), "is_provisional": deadline.is_provisional,
    }  # fmt: skip


def _mirror_visit(rows: Sequence[CaseClock]) -> None:
    """A case carries the due moment of its visit, for lists and routes."""
    newest: dict[UUID, CaseClock] = {}
    for row in rows:
        if row.code == ClockCode.VISIT and (row.case_id not in newest or newest[row.case_id].number < row.number):
            newest[row.case_id] = row
    for case_id, row in newest.items():
        changed = Case.objects.filter(pk=case_id).exclude(Q(due_at=row.due_at) & Q(due_basis=row.basis))
        changed.update(due_at=row.due_at, due_basis=row.basis)
