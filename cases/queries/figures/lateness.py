"""Late at which step, and why: the time of late clocks summed by step, part and given cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.clocks import read_clocks
from cases.deadline import ClockUnit
from cases.figures import FigureAsk, LatenessFigure, LateStepRow, SpentRow
from cases.lateness import Part
from cases.models import CaseClock, LateEntry
from cases.permissions import Rights
from cases.queries.calendars import get_calendar
from cases.queries.figures.asked import cases_of, in_period
from cases.queries.figures.late_sums import NOT_SAID, PartSum, StepSum, sum_late
from cases.queries.figures.on_time import overdue_at
from cases.queries.histories import read_histories
from geo.models import City

DAY_S = 86_400.0
_BY_DUTY = (ClockUnit.DUTY_MINUTES.value, ClockUnit.WORKING_DAYS.value)
SpentEntry = tuple[str, str, float, float]


@dataclass(frozen=True, slots=True)
class _Late:
    """One late run: its time by step and part in seconds, what is late of it, and the cause that was given."""

    case_id: UUID
    is_running: bool
    unit: str
    cause: str
    spent: tuple[SpentEntry, ...]
    late_s: float
    late_wall_s: float
    handovers: int


def read_lateness(rights: Rights, ask: FigureAsk) -> LatenessFigure:
    """The lateness of clocks due in the period, those that still run past their moment included."""
    clocks = _late_clocks(rights, ask)
    stopped = sum_late(clocks.filter(stopped_at__isnull=False))
    running = list(_read_running(_with_cause(clocks.filter(stopped_at=None)), ask))
    duty_s = _duty_day_s(ask)
    by_step = _sum_by_step([*stopped.steps, *_steps_of(running)], duty_s)
    return LatenessFigure(
        late_clocks=stopped.clocks + len(running), still_open=len(running),
        unexplained=stopped.unexplained + sum(one.cause == NOT_SAID for one in running),
        handovers=stopped.handovers + sum(one.handovers for one in running),
        days=round(sum(row.days for row in by_step), 1), by_step=by_step,
        spent=_sum_spent([*stopped.parts, *_parts_of(running)], duty_s),
    )  # fmt: skip


def list_late_cases(rights: Rights, ask: FigureAsk, key: str) -> list[UUID]:
    """The cases behind one row, by its key ``step:cause`` or ``step:part``; either side may be empty and then means any."""
    step, _, other = key.partition(":")
    part = other if other in list(Part) else ""
    cause = "" if part else other
    return [
        one.case_id
        for one in _read_late(rights, ask)
        if (not cause or one.cause == cause)
        and any(
            (not step or s == step) and (p == part if part else p != Part.PAUSE and c > 0) for s, p, c, _ in one.spent
        )
    ]


def _read_late(rights: Rights, ask: FigureAsk) -> list[_Late]:
    clocks = late_clocks(rights, ask)
    stopped = clocks.filter(stopped_at__isnull=False).values_list(
        "case_id", "basis__unit", "cause", "spent", "late_s", "late_wall_s", "handovers"
    )
    return [
        *(
            _Late(case_id, False, unit, cause, tuple(tuple(entry) for entry in spent), late_s, wall_s, handovers)
            for case_id, unit, cause, spent, late_s, wall_s, handovers in stopped
        ),
        *_read_running(clocks.filter(stopped_at=None), ask),
    ]


def late_clocks(rights: Rights, ask: FigureAsk) -> QuerySet[Any]:
    """Clocks of the period that stopped late or run late, with the ``cause`` given last (or ``none``)."""
    return _with_cause(_late_clocks(rights, ask))


def _late_clocks(rights: Rights, ask: FigureAsk) -> QuerySet[Any]:
    late = Q(stopped_at__gt=F("due_at")) | overdue_at(ask)
    rows: QuerySet[Any] = CaseClock.objects.filter(late, in_period(ask, "due_at"), case__in=cases_of(rights, ask))
    return rows


def _with_cause(clocks: QuerySet[Any]) -> QuerySet[Any]:
    newest = LateEntry.objects.filter(clock=OuterRef("pk")).order_by("-id").values("cause")[:1]
    rows: QuerySet[Any] = clocks.annotate(cause=Coalesce(Subquery(newest), Value(NOT_SAID)))
    return rows


def _read_running(clocks: QuerySet[CaseClock], ask: FigureAsk) -> Iterator[_Late]:
    """What runs late has no sums yet: its history is taken apart now."""
    rows = list(clocks)
    histories = read_histories(list(dict.fromkeys(row.case_id for row in rows)))
    calendar = get_calendar(City.objects.get(pk=ask.city_id))
    runs = {
        (case_id, run.code.value, run.number): run
        for case_id, history in histories.items()
        for run in read_clocks(history.events)
    }
    for row in rows:
        run = runs.get((row.case_id, row.code, row.number))
        if run is None:
            continue
        unit = ClockUnit(row.basis["unit"])
        found = histories[row.case_id].take_apart(
            run, ended_at=max(ask.now, run.started_at), due_at=row.due_at, unit=unit, calendar=calendar
        )
        spent = tuple(
            (s.step.value, s.part.value, s.clock.total_seconds(), s.wall.total_seconds()) for s in found.spent
        )
        cause = str(row.cause)  # type: ignore[attr-defined]
        yield _Late(
            row.case_id,
            True,
            unit.value,
            cause,
            spent,
            found.late.total_seconds(),
            found.late_wall.total_seconds(),
            found.handovers,
        )


def _steps_of(late: Iterable[_Late]) -> Iterator[StepSum]:
    """Each run's lateness laid on its steps by their share of the counted time."""
    for one in late:
        counted = [entry for entry in one.spent if entry[1] != Part.PAUSE and entry[2] > 0]
        total = sum(entry[2] for entry in counted)
        for step in dict.fromkeys(entry[0] for entry in counted):
            share = sum(entry[2] for entry in counted if entry[0] == step) / total
            yield StepSum(one.unit, one.cause, step, one.late_s * share, one.late_wall_s * share, 1)


def _parts_of(late: Iterable[_Late]) -> Iterator[PartSum]:
    for one in late:
        yield from (PartSum(one.unit, step, part, clock_s, wall_s) for step, part, clock_s, wall_s in one.spent)


def _sum_by_step(found: Iterable[StepSum], duty_s: float) -> tuple[LateStepRow, ...]:
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
    for one in found:
        row = sums[(one.step, one.cause)]
        row[0] += one.late_s / _day_s(one.unit, duty_s)
        row[1] += one.late_wall_s / DAY_S
        row[2] += one.clocks
    rows = (
        LateStepRow(f"{step}:{cause}", step, cause, round(d, 1), round(w, 1), int(n))
        for (step, cause), (d, w, n) in sums.items()
    )
    return tuple(sorted(rows, key=lambda row: (row.step, -row.days, row.cause)))


def _sum_spent(found: Iterable[PartSum], duty_s: float) -> tuple[SpentRow, ...]:
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in found:
        sums[(one.step, one.part)][0] += one.clock_s / _day_s(one.unit, duty_s)
        sums[(one.step, one.part)][1] += one.wall_s / DAY_S
    return tuple(
        SpentRow(f"{step}:{part}", step, part, round(d, 1), round(w, 1))
        for (step, part), (d, w) in sorted(sums.items())
    )


def _day_s(unit: str, duty_s: float) -> float:
    return duty_s if unit in _BY_DUTY else DAY_S


def _duty_day_s(ask: FigureAsk) -> float:
    hours = get_calendar(City.objects.get(pk=ask.city_id)).pack.calendar.duty_hours
    return float(sum((e.hour * 60 + e.minute - b.hour * 60 - b.minute) * 60 for b, e in hours))
