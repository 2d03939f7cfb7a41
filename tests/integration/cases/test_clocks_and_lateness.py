"""Clocks in the database: kept by every move, held with a paper, explained when late, told to those in charge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from cases.actions import (
    InspectionOutcome,
    InspectionRecord,
    ReviewDecision,
    escalate,
    give_late_cause,
    move_case,
    move_inspection,
    open_or_join_case,
    pause_clock,
    record_inspection,
    refresh_clocks,
    resume_clock,
    review_flag,
)
from cases.models import Case, CaseClock, CaseEvent, ClockPause, Escalation, Inspection, LateEntry
from cases.roles import Role
from errors import Conflict, InputError, NotAllowed
from tests.integration.cases import builders as b


@pytest.fixture
def case(town: Any) -> Case:
    """A case that was accepted and assigned."""
    photo = b.a_citizen_photo(b.a_request(town.city))
    flag = b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    return Case.objects.get()


def backdate(case: Case, by: timedelta) -> None:
    """Let the whole history lie earlier, as if time had passed; the table is append-only, so its guard is lifted here."""
    import pgtrigger
    from django.db.models import F

    with pgtrigger.ignore("cases.CaseEvent:case_event_append_only"):
        CaseEvent.objects.filter(case=case).update(at=F("at") - by)
    refresh_clocks([case.pk])


def test_moves_start_and_stop_the_clocks(town: Any, case: Case) -> None:
    by_code = {clock.code: clock for clock in CaseClock.objects.filter(case=case)}
    assert set(by_code) == {"triage", "visit"}
    assert by_code["triage"].stopped_at is not None
    assert by_code["visit"].stopped_at is None
    case.refresh_from_db()
    assert (case.due_at, case.due_basis["policy"]) == (by_code["visit"].due_at, "on_site")
    record_inspection(Inspection.objects.get().pk, InspectionRecord(InspectionOutcome.VIOLATION), by=town.inspector)
    codes = dict(CaseClock.objects.filter(case=case).values_list("code", "stopped_at"))
    assert codes["visit"] is not None
    assert codes["decision"] is None


def test_a_transfer_never_resets(town: Any, case: Case) -> None:
    b.a_person("ins2", town.city, town.office, Role.INSPECTOR)
    before = CaseClock.objects.get(case=case, code="visit")
    move_case(case.pk, "assigned", by=town.leader, version=case.version)
    after = CaseClock.objects.get(case=case, code="visit")
    assert (after.pk, after.started_at, after.due_at) == (before.pk, before.started_at, before.due_at)


def test_a_pause_needs_reason_and_paper_and_moves_the_due_moment(town: Any, case: Case) -> None:
    before = CaseClock.objects.get(case=case, code="visit")
    for reason, document in (("lunch", "12/TB"), ("storm_or_flood", " ")):
        with pytest.raises(InputError):
            pause_clock(case.pk, "visit", reason=reason, document=document, by=town.leader)
    with pytest.raises(NotAllowed):
        pause_clock(case.pk, "visit", reason="storm_or_flood", document="12/TB", by=town.inspector)
    paused = pause_clock(case.pk, "visit", reason="storm_or_flood", document="12/TB", by=town.leader)
    assert (paused.is_paused, paused.pause_count) == (True, 1)
    with pytest.raises(Conflict):
        pause_clock(case.pk, "visit", reason="storm_or_flood", document="12/TB", by=town.leader)
    running = resume_clock(case.pk, "visit", by=town.leader)
    assert not running.is_paused
    assert running.due_at >= before.due_at
    kinds = list(CaseEvent.objects.filter(case=case, kind__startswith="clock_").values_list("kind", "reason"))
    assert kinds == [("clock_paused", "storm_or_flood"), ("clock_resumed", "")]


def test_no_access_holds_the_clock_twice_at_most(town: Any, case: Case) -> None:
    for _ in range(2):
        pause_clock(case.pk, "visit", reason="no_access", document="BB 1/2026", by=town.leader)
        resume_clock(case.pk, "visit", by=town.leader)
    with pytest.raises(InputError, match="2 times"):
        pause_clock(case.pk, "visit", reason="no_access", document="BB 1/2026", by=town.leader)


def test_the_database_keeps_pauses_as_they_were(town: Any, case: Case) -> None:
    pause_clock(case.pk, "visit", reason="storm_or_flood", document="12/TB", by=town.leader)
    resume_clock(case.pk, "visit", by=town.leader)
    changes: list[dict[str, Any]] = [{"document": "x"}, {"to_at": None}, {"reason": "other"}]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            ClockPause.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClockPause.objects.all().delete()


def test_what_is_late_is_let_go_with_a_cause_only(town: Any, case: Case) -> None:
    with pytest.raises(Conflict):
        give_late_cause(case.pk, "visit", cause="understaffed", by=town.leader)
    backdate(case, timedelta(days=9))
    visit = Inspection.objects.get()
    record_inspection(visit.pk, InspectionRecord(InspectionOutcome.NO_VIOLATION), by=town.inspector)
    visit.refresh_from_db()
    with pytest.raises(InputError) as caught:
        move_inspection(visit.pk, "approved", by=town.leader, version=visit.version)
    assert caught.value.field == "late_cause"
    for clock in CaseClock.objects.filter(case=case, stopped_at__isnull=False, late_s__gt=0):
        give_late_cause(case.pk, clock.code, cause="understaffed", note="two on leave", by=town.leader)
    assert LateEntry.objects.count() >= 1
    move_inspection(visit.pk, "approved", by=town.leader, version=visit.version)
    case.refresh_from_db()
    move_case(case.pk, "closed", by=town.leader, version=case.version)


def test_the_time_of_a_stopped_clock_is_taken_apart(town: Any, case: Case) -> None:
    backdate(case, timedelta(days=9))
    record_inspection(Inspection.objects.get().pk, InspectionRecord(InspectionOutcome.NO_VIOLATION), by=town.inspector)
    clock = CaseClock.objects.get(case=case, code="visit")
    assert clock.late_wall_s > clock.late_s > 0
    assert clock.stopped_at is not None
    wall = sum(entry[3] for entry in clock.spent)
    assert wall == pytest.approx((clock.stopped_at - clock.started_at).total_seconds(), abs=1)


def test_those_in_charge_are_told_once(town: Any, case: Case) -> None:
    b.a_person("boss", town.city, None, Role.LEADER)
    due_at = CaseClock.objects.get(case=case, code="visit").due_at
    assert escalate(due_at - timedelta(minutes=1)) == 0
    assert escalate(due_at + timedelta(minutes=1)) == 1
    assert escalate(due_at + timedelta(minutes=2)) == 0
    assert escalate(due_at + timedelta(hours=25)) == 1
    told = list(Escalation.objects.order_by("id").values_list("step", "told"))
    assert told == [("+0h", ["ins", "lea"]), ("+24h", ["boss", "lea"])]


def test_clocks_can_be_rebuilt_from_the_history(town: Any, case: Case) -> None:
    kept = list(CaseClock.objects.order_by("id").values())
    assert refresh_clocks([case.pk]) == len(kept)
    assert list(CaseClock.objects.order_by("id").values()) == kept
    assert timezone.now() >= kept[0]["started_at"]
