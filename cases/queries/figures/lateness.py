"""Late at which step, and why: the time of late clocks summed by step, part and given cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.clocks import read_clocks
from cases.deadline import ClockUnit
from cases.figures import FigureAsk, LatenessFigure, LateStepRow, SpentRow
from cases.late_pieces import NOT_SAID, SpentEntry, cut_late
from cases.lateness import Part
from cases.models import CaseClock, LateEntry, LatePiece
from cases.permissions import Rights
from cases.queries.calendars import get_calendar
from cases.queries.figures.asked import cases_of, in_period
from cases.queries.figures.late_sums import LateSums, sum_pieces
from cases.queries.figures.on_time import overdue_at
from cases.queries.histories import read_histories
from geo.models import City

DAY_S = 86_400.0
_BY_DUTY = (ClockUnit.DUTY_MINUTES.value, ClockUnit.WORKING_DAYS.value)


@dataclass(frozen=True, slots=True)
class _Late:
    """One run that is late now: its time by step and part in seconds, what is late of it, and the cause that was given."""

    case_id: UUID
    unit: str
    cause: str
    spent: tuple[SpentEntry, ...]
    late_s: float
    late_wall_s: float
    handovers: int


def read_lateness(rights: Rights, ask: FigureAsk) -> LatenessFigure:
    """The lateness of clocks due in the period, those that still run past their moment included."""
    sums = sum_pieces(_late_pieces(rights, ask))
    running = list(_read_running(late_clocks(rights, ask).filter(stopped_at=None), ask))
    for one in running:
        pieces = cut_late(one.spent, late_s=one.late_s, late_wall_s=one.late_wall_s)
        sums.add(one.unit, one.cause, pieces, handovers=one.handovers)
    duty_s = _duty_day_s(ask)
    by_step = _rank_steps(sums, duty_s)
    return LatenessFigure(
        late_clocks=sums.clocks, still_open=len(running), unexplained=sums.unexplained, handovers=sums.handovers,
        days=round(sum(row.days for row in by_step), 1), by_step=by_step, spent=_list_spent(sums, duty_s),
    )  # fmt: skip


def list_late_cases(rights: Rights, ask: FigureAsk, key: str) -> list[UUID]:
    """The cases behind one row, by its key ``step:cause`` or ``step:part``; either side may be empty and then means any."""
    step, _, other = key.partition(":")
    part = other if other in list(Part) else ""
    cause = "" if part else other
    wanted = {name: value for name, value in (("step", step), ("cause", cause), ("part", part)) if value}
    pieces = _late_pieces(rights, ask).filter(**wanted)
    if not part:
        pieces = pieces.filter(clock_s__gt=0).exclude(part=Part.PAUSE.value)
    running = [
        one.case_id
        for one in _read_running(late_clocks(rights, ask).filter(stopped_at=None), ask)
        if (not cause or one.cause == cause)
        and any(
            (not step or s == step) and (p == part if part else p != Part.PAUSE and c > 0) for s, p, c, _ in one.spent
        )
    ]
    return list(dict.fromkeys([*pieces.order_by("id").values_list("case_id", flat=True), *running]))


def _late_pieces(rights: Rights, ask: FigureAsk) -> QuerySet[LatePiece]:
    return LatePiece.objects.filter(in_period(ask, "due_at"), case__in=cases_of(rights, ask))


def late_clocks(rights: Rights, ask: FigureAsk) -> QuerySet[Any]:
    """Clocks of the period that stopped late or run late, with the ``cause`` given last (or ``none``)."""
    late = Q(stopped_at__gt=F("due_at")) | overdue_at(ask)
    clocks = CaseClock.objects.filter(late, in_period(ask, "due_at"), case__in=cases_of(rights, ask))
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
            unit.value,
            cause,
            spent,
            found.late.total_seconds(),
            found.late_wall.total_seconds(),
            found.handovers,
        )


def _rank_steps(sums: LateSums, duty_s: float) -> tuple[LateStepRow, ...]:
    found: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
    for (unit, step, cause), one in sums.steps.items():
        row = found[(step, cause)]
        row[0] += one.late_s / _day_s(unit, duty_s)
        row[1] += one.late_wall_s / DAY_S
        row[2] += one.clocks
    rows = (
        LateStepRow(f"{step}:{cause}", step, cause, round(d, 1), round(w, 1), int(n))
        for (step, cause), (d, w, n) in found.items()
    )
    return tuple(sorted(rows, key=lambda row: (row.step, -row.days, row.cause)))


def _list_spent(sums: LateSums, duty_s: float) -> tuple[SpentRow, ...]:
    found: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (unit, step, part), one in sums.parts.items():
        found[(step, part)][0] += one.clock_s / _day_s(unit, duty_s)
        found[(step, part)][1] += one.wall_s / DAY_S
    return tuple(
        SpentRow(f"{step}:{part}", step, part, round(d, 1), round(w, 1))
        for (step, part), (d, w) in sorted(found.items())
    )


def _day_s(unit: str, duty_s: float) -> float:
    return duty_s if unit in _BY_DUTY else DAY_S


def _duty_day_s(ask: FigureAsk) -> float:
    hours = get_calendar(City.objects.get(pk=ask.city_id)).pack.calendar.duty_hours
    return float(sum((e.hour * 60 + e.minute - b.hour * 60 - b.minute) * 60 for b, e in hours))
