"""The clocks of one case for its file: standing, pauses with reason and paper, cause, where the time went.

The clock of triage starts when a citizen's report arrives: of it only day and standing are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from cases.clocks import ClockCode, read_clocks
from cases.deadline import ClockUnit, DeadlineState
from cases.lateness import Lateness
from cases.models import Case, CaseClock, ClockPause
from cases.queries.calendars import get_calendar
from cases.queries.histories import read_histories


@dataclass(frozen=True, slots=True)
class PauseRow:
    """A time that did not count."""

    reason: str
    document: str
    from_at: datetime
    to_at: datetime | None
    started_by: str


@dataclass(frozen=True, slots=True)
class SpentPart:
    """Time of one step and part: as the clock counts, and by the wall."""

    step: str
    part: str
    clock_s: float
    wall_s: float


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One run of a clock. With ``is_day_only`` moments are local midnights and nothing more is told, on purpose."""

    code: str
    number: int
    state: str
    is_day_only: bool
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    is_provisional: bool
    policy: str
    amount: int
    unit: str
    source: str
    paused_s: float
    pauses: tuple[PauseRow, ...]
    late_s: float
    late_wall_s: float
    handovers: int
    cause: str
    cause_note: str
    needs_cause: bool
    spent: tuple[SpentPart, ...]


def list_case_clocks(case_id: UUID, *, now: datetime) -> tuple[ClockRow, ...]:
    """The clocks of a case, oldest first. Check the right with ``get_case`` before."""
    zone = ZoneInfo(Case.objects.values_list("city__timezone", flat=True).get(pk=case_id))
    clocks = CaseClock.objects.filter(case_id=case_id).prefetch_related("late_entries").order_by("started_at", "id")
    pauses = list(ClockPause.objects.filter(case_id=case_id))
    so_far = _take_running_apart(case_id, now) if any(clock.stopped_at is None for clock in clocks) else {}
    return tuple(
        _row(clock, [p for p in pauses if p.clock == clock.code], now, zone, so_far.get((clock.code, clock.number)))
        for clock in clocks
    )


def _take_running_apart(case_id: UUID, now: datetime) -> dict[tuple[str, int], Lateness]:
    """Where the time of the clocks that still run has gone until now."""
    case = Case.objects.select_related("city").defer("city__geometry").get(pk=case_id)
    history, calendar = read_histories([case_id])[case_id], get_calendar(case.city)
    units = {(clock.code, clock.number): clock for clock in CaseClock.objects.filter(case_id=case_id, stopped_at=None)}
    found = {}
    for run in read_clocks(history.events):
        clock = units.get((run.code.value, run.number))
        if clock is not None:
            unit = ClockUnit(clock.basis["unit"])
            found[clock.code, clock.number] = history.take_apart(
                run, ended_at=max(now, run.started_at), due_at=clock.due_at, unit=unit, calendar=calendar
            )
    return found


def standing_of(clock: CaseClock, now: datetime) -> DeadlineState:
    """How a clock stands at a moment."""
    if clock.stopped_at is not None:
        return DeadlineState.DONE_ON_TIME if clock.stopped_at <= clock.due_at else DeadlineState.DONE_LATE
    if clock.is_paused:
        return DeadlineState.PAUSED
    if now > clock.due_at:
        return DeadlineState.LATE
    return DeadlineState.SOON if now >= clock.soon_at else DeadlineState.WITHIN


def _row(
    clock: CaseClock, pauses: list[ClockPause], now: datetime, zone: ZoneInfo, so_far: Lateness | None
) -> ClockRow:
    state, entries = standing_of(clock, now), list(clock.late_entries.all())
    is_arrival = clock.code == ClockCode.TRIAGE

    def moment(at: datetime) -> datetime:
        return datetime.combine(at.astimezone(zone).date(), time.min, zone) if is_arrival else at

    late_s = so_far.late.total_seconds() if so_far else clock.late_s
    late_wall_s = so_far.late_wall.total_seconds() if so_far else clock.late_wall_s
    paused_s = _paused_until(clock, pauses, now)
    is_late = state in (DeadlineState.LATE, DeadlineState.DONE_LATE)
    return ClockRow(
        code=clock.code, number=clock.number, state=state.value, is_day_only=is_arrival,
        started_at=moment(clock.started_at), due_at=moment(clock.due_at),
        stopped_at=moment(clock.stopped_at) if clock.stopped_at else None, is_provisional=clock.is_provisional,
        policy=clock.basis["policy"], amount=clock.basis["amount"], unit=clock.basis["unit"],
        source=clock.basis["source"], paused_s=0 if is_arrival else paused_s,
        pauses=tuple(PauseRow(p.reason, p.document, p.from_at, p.to_at, p.started_by) for p in pauses),
        late_s=0 if is_arrival or not is_late else late_s,
        late_wall_s=0 if is_arrival or not is_late else late_wall_s,
        handovers=so_far.handovers if so_far else clock.handovers,
        cause=entries[-1].cause if entries else "", cause_note=entries[-1].note if entries else "",
        needs_cause=is_late and not entries,
        spent=() if is_arrival else _spent(clock, so_far),
    )  # fmt: skip


def _spent(clock: CaseClock, so_far: Lateness | None) -> tuple[SpentPart, ...]:
    if so_far is None:
        return tuple(SpentPart(*entry) for entry in clock.spent)
    return tuple(
        SpentPart(one.step.value, one.part.value, one.clock.total_seconds(), one.wall.total_seconds())
        for one in so_far.spent
    )


def _paused_until(clock: CaseClock, pauses: list[ClockPause], now: datetime) -> float:
    """All its pauses by the wall, an open one until now."""
    open_ones = [pause for pause in pauses if pause.to_at is None]
    if clock.stopped_at is not None or not open_ones:
        return clock.paused_s
    return clock.paused_s + sum(max(0.0, (now - pause.from_at).total_seconds()) for pause in open_ones)
