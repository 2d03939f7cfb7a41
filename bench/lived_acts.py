"""Every act of a drawn year as the call of the product's action that does it, in order of time under a moved clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from django.db import transaction
from django.utils import timezone

from bench.lived_rows import read_tables
from cases.actions import (
    InspectionRecord,
    ReviewDecision,
    expire_flags,
    move_case,
    move_inspection,
    open_or_join_case,
    record_inspection,
    review_flag,
)
from cases.actions.interim import send_interim_replies
from cases.actions.reopening import close_silent_requests
from cases.actions.timekeeping import give_late_cause, late_clocks
from cases.calendar_pack import PolicyCode
from cases.deadline import due
from cases.interim import owed_from
from cases.lifecycle import CaseState as C
from cases.lifecycle import InspectionState as I
from cases.models import Case, CaseFlag, CaseRequest, Inspection
from intake.kinds import RequestStatus
from pipeline.year.arrivals import LABEL
from pipeline.year.lives import IN_HAND, CaseLife
from pipeline.year.rows import MINUTE, SECOND, cause_of, reason_of, width_of
from pipeline.year.simulate import WARDS, Year, draw_year

Act = tuple[datetime, Callable[[], object]]


def compare_year(*, seed: int, scale: float, ends_at: datetime) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The rows of both sides by table, each as text: generated, lived. Nothing of either stays in the database.

    One inspector to a ward, so that whom the product sends is no matter of chance.
    """
    sides = []
    for is_lived in (False, True):
        with transaction.atomic():
            year = draw_year(seed=seed, scale=scale, ends_at=ends_at, inspectors=WARDS, say=lambda _: None)
            if is_lived:
                live_through(year)
            else:
                year.writer.write(year.lives, ends_at=ends_at)
            sides.append(read_tables())
            transaction.set_rollback(True)
    return sides[0], sides[1]


def live_through(year: Year) -> None:
    """What arrives is there; everything that people and sweeps make of it is done, each at its moment."""
    year.writer.decide(year.lives, year.ends_at)
    year.writer.write_arrived()
    acts = [act for life in year.lives.cases for act in Player(year, life).list_acts()]
    acts += [*_list_loose(year), *_list_sweeps(year)]
    for at, do in sorted(acts, key=lambda act: act[0]):
        if at <= year.ends_at:
            with mock.patch.object(timezone, "now", return_value=at):
                do()


def _list_loose(year: Year) -> Iterator[Act]:
    """Cameras' flags of which no case came: they wait, and a reviewer says no to some."""
    writer = year.writer
    for index in (*year.lives.loose, *year.lives.waiting):
        arrival = writer.arrivals[index]
        yield _arrive(year, index)
        label = year.lives.loose.get(index)
        if label:
            reviewer = writer.cast.reviewers[writer.spots[arrival.spot].ward_code]
            yield arrival.at + timedelta(hours=2), _review(year, index, ReviewDecision.DISMISS, reviewer, label)


def _list_sweeps(year: Year) -> Iterator[Act]:
    """The sweeps at each moment at which they find something: on a busy system they run every few minutes."""
    writer = year.writer

    def over(at: datetime, code: str) -> datetime:
        policy = writer.calendar.policy(code, at.astimezone(writer.zone).date())
        return due(at, policy, writer.calendar.calendar).due_at

    for index, flag in writer.arrived.flags.items():
        if index not in writer.arrived.requests:
            at = over(flag.created_at, PolicyCode.FLAG_REVIEW)
            yield at, lambda at=at: expire_flags(at)
    for request in writer.arrived.requests.values():
        policy = writer.calendar.policy(PolicyCode.FIRST_REPLY, request.submitted_at.astimezone(writer.zone).date())
        at = owed_from(due(request.submitted_at, policy, writer.calendar.calendar))
        yield at, lambda at=at: send_interim_replies(at)
    for moves in writer.moves.values():
        for move in moves:
            if move.status is RequestStatus.CLOSED:
                yield move.at, lambda at=move.at: close_silent_requests(at)


def _arrive(year: Year, index: int) -> Act:
    observation = year.writer.arrived.observations[index]
    return year.writer.arrivals[index].at + IN_HAND, lambda: open_or_join_case(observation.pk)


def _review(year: Year, index: int, decision: ReviewDecision, by: Any, label: str = "") -> Callable[[], object]:
    return lambda: review_flag(year.writer.arrived.flags[index].pk, decision, by=by, reason=label)


class Player:
    """Plays one life: its people, and the acts by which it came to be what it is."""

    def __init__(self, year: Year, life: CaseLife) -> None:
        self.year, self.life, self.writer = year, life, year.writer
        ward = self.writer.spots[life.spot].ward_code
        cast = self.writer.cast
        self.inspector = cast.inspector(life, ward)
        self.reviewer, self.leader = cast.reviewers[ward], cast.leaders[ward]
        self.use = self.writer.spots[life.spot].use

    def list_acts(self) -> Iterator[Act]:
        """In no order but that of one moment."""
        life = self.life
        for index in life.arrivals:
            yield _arrive(self.year, index)
            fate = self.writer.fates.get(index)
            if fate is not None and fate.state == "accepted":
                yield fate.at, _review(self.year, index, ReviewDecision.ACCEPT, self.reviewer)
            if fate is not None and fate.state == "dismissed":
                yield fate.at, _review(self.year, index, ReviewDecision.DISMISS, self.reviewer, fate.label)
        for step in life.steps:
            yield from self._list_step(step.at, step.state, step.by, step.reason)
        yield from self._list_visit()

    def _list_step(self, at: datetime, state: C, by: str, reason: str) -> Iterator[Act]:
        person = {"reviewer": self.reviewer, "inspector": self.inspector, "leader": self.leader}[by]
        if state in (C.ASSIGNED, C.DISMISSED):
            yield at, lambda: self._move_unless_moved(state, person, reason)
        elif at != self.life.done_at:
            if state is C.CLOSED:
                yield at - SECOND, self._explain
            yield at, lambda: move_case(self._case().pk, state.value, by=person, reason=reason)

    def _move_unless_moved(self, state: C, person: Any, reason: str) -> None:
        """By hand where no flag's decision has done it already."""
        if self._case().state == C.OPENED:
            move_case(self._case().pk, state.value, by=person, reason=reason)

    def _list_visit(self) -> Iterator[Act]:
        life = self.life
        if life.assigned_at is None:
            return
        yield life.assigned_at + MINUTE, lambda: self._move_visit(I.GIVEN, self.leader)
        yield life.assigned_at + 2 * MINUTE, lambda: self._move_visit(I.TAKEN, self.inspector)
        if life.on_site_at is not None:
            yield life.on_site_at, lambda: self._move_visit(I.ON_SITE, self.inspector)
        if life.done_at is not None:
            yield life.done_at, self._record
        if life.answered_at is not None:
            yield life.answered_at - SECOND, self._explain
            yield life.answered_at, lambda: self._move_visit(I.APPROVED, self.leader)

    def _move_visit(self, state: I, person: Any) -> None:
        move_inspection(self._visit().pk, state.value, by=person)

    def _record(self) -> None:
        if self.life.outcome is not None:
            width_m = width_of(self.life, self.use)
            record = InspectionRecord(self.life.outcome, reason=reason_of(self.life), free_width_m=width_m)
            record_inspection(self._visit().pk, record, by=self.inspector)

    def _explain(self) -> None:
        """Why each clock that is late by now is late."""
        case = self._case()
        for clock in late_clocks(case).filter(late_entries=None):
            cause = cause_of(self.life, clock)
            give_late_cause(case.pk, clock.code, cause=cause, note=LABEL, by=self.leader)

    def _visit(self) -> Inspection:
        return Inspection.objects.get(case=self._case())

    def _case(self) -> Case:
        arrived = self.writer.arrived
        requests = [arrived.requests[index].pk for index in self.life.arrivals if index in arrived.requests]
        if self.life.by_report:
            return CaseRequest.objects.select_related("case").get(service_request_id=requests[0]).case
        return CaseFlag.objects.select_related("case").get(flag_id=arrived.flags[self.life.arrivals[0]].pk).case
