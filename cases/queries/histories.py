"""The merged history of cases, and where the time of a clock's run went by it. Called by the writers of clocks and by figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.clocks import ARRIVED, ClockEvent, ClockRun
from cases.deadline import ClockUnit, Pause
from cases.lateness import Lateness, Moment, decompose
from cases.models import CaseEvent, ClockPause, InspectionEvent
from cases.queries.calendars import CityCalendar

_STATES = ("opened", "move")


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """Everything a case's clocks are read from, in the order of time."""

    moments: tuple[Moment, ...]
    pauses: tuple[ClockPause, ...]

    @property
    def events(self) -> tuple[ClockEvent, ...]:
        """What starts and stops clocks."""
        return tuple(
            ClockEvent(moment.at, moment.state)
            for moment in self.moments
            if moment.kind == "case" or (moment.kind == "visit" and moment.state == ARRIVED)
        )

    def held(self, run: ClockRun) -> tuple[Pause, ...]:
        """The pauses of one run: by law, and by a leader with a paper."""
        by_law = [Pause(begin, end, "suspended", "by law") for begin, end in run.held]
        given = [Pause(p.from_at, p.to_at, p.reason, p.document) for p in self.pauses if _belongs(p, run)]
        return (*by_law, *given)

    def take_apart(
        self, run: ClockRun, *, ended_at: datetime, due_at: datetime, unit: ClockUnit, calendar: CityCalendar
    ) -> Lateness:
        """Where the time of one run went."""
        spans = [(p.from_at, min(p.to_at or ended_at, ended_at)) for p in self.held(run)]
        return decompose(
            self.moments, started_at=run.started_at, ended_at=ended_at, due_at=due_at, unit=unit,
            calendar=calendar.pack.calendar, pauses=spans,
        )  # fmt: skip


def read_histories(ids: Sequence[UUID]) -> dict[UUID, CaseHistory]:
    """The histories of these cases, in three queries."""
    moments, pauses = _read_moments(ids), defaultdict(list)
    for pause in ClockPause.objects.filter(case_id__in=ids):
        pauses[pause.case_id].append(pause)
    return {pk: CaseHistory(tuple(moments[pk]), tuple(pauses[pk])) for pk in ids}


def _read_moments(ids: Sequence[UUID]) -> dict[UUID, list[Moment]]:
    found: dict[UUID, list[Moment]] = defaultdict(list)
    events = CaseEvent.objects.filter(case_id__in=ids, kind__in=(*_STATES, "nobody_to_assign")).order_by("id")
    for case_id, at, kind, came_from, to in events.values_list("case_id", "at", "kind", "from_state", "to_state"):
        name = "nobody" if kind not in _STATES else "reassigned" if came_from == to else "case"
        found[case_id].append(Moment(at, name, to))
    visits = InspectionEvent.objects.filter(inspection__case_id__in=ids).order_by("id")
    for case_id, at, to, reason in visits.values_list("inspection__case_id", "at", "to_state", "reason"):
        found[case_id].append(Moment(at, "reassigned" if reason == "reassigned" else "visit", to))
    for moments in found.values():
        moments.sort(key=lambda moment: moment.at)
    return found


def _belongs(pause: ClockPause, run: ClockRun) -> bool:
    ended = run.stopped_at is not None and pause.from_at >= run.stopped_at
    return pause.clock == run.code and pause.from_at >= run.started_at and not ended
