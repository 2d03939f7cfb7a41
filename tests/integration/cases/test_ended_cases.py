"""Nobody waits for ever: however a case ends, each voice gets an answer or a reason, and goes along where the place came back."""

from __future__ import annotations

from typing import Any

import pytest

from cases.actions import (
    InspectionOutcome,
    InspectionRecord,
    ReviewDecision,
    move_case,
    move_inspection,
    open_or_join_case,
    record_inspection,
    review_flag,
)
from cases.actions.reopening import reopen_request
from cases.lifecycle import CASE_MOVES, CaseState
from cases.models import Case, CaseRequest, Inspection
from cases.queries import get_followed_request
from intake.models import ServiceRequest
from intake.uploads import UploadedMedia
from tests.data.photos import a_photo
from tests.integration.cases import builders as b

O = InspectionOutcome
# How a case that was visited with this outcome comes to its end, by moves of a leader.
WAYS: dict[str, tuple[O, tuple[str, ...]]] = {
    "closed after a warning": (O.WARNED, ("recheck", "closed")),
    "closed at once": (O.NO_VIOLATION, ("closed",)),
    "closed after a decision": (
        O.VIOLATION, ("awaiting_decision", "decided", "served", "complying", "complied", "recheck", "closed"),
    ),
    "not sanctioned": (O.VIOLATION, ("awaiting_decision", "not_sanctioned", "recheck", "closed")),
    "handed over by the decision": (O.VIOLATION, ("awaiting_decision", "handed_over")),
    "referred": (O.VIOLATION, ("awaiting_decision", "criminal_referral")),
    "permit obtained": (
        O.STOP_ORDERED, ("stop_supervised", "awaiting_permit", "permit_obtained", "recheck", "closed"),
    ),
    "dismantled": (
        O.STOP_ORDERED,
        ("stop_supervised", "continued_after_stop", "dismantling_ordered", "enforced", "complied", "recheck", "closed"),
    ),
}  # fmt: skip
SAID = {"handed over by the decision": "handed_over", "referred": "handed_over", "closed at once": "not_confirmed"}


@pytest.fixture
def voice(town: Any) -> ServiceRequest:
    """A citizen's report whose flag was accepted: somebody is sent."""
    photo = b.a_citizen_photo(b.a_request(town.city))
    flag = b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    return ServiceRequest.objects.get()


def a_later_voice(town: Any) -> ServiceRequest:
    """One more report of the same place, while the case is open."""
    request = b.a_request(town.city)
    open_or_join_case(b.a_citizen_photo(request).pk)
    request.refresh_from_db()
    return request


def visit_with(town: Any, outcome: O) -> Case:
    visit = Inspection.objects.get()
    record_inspection(visit.pk, InspectionRecord(outcome, free_width_m=1.1), by=town.inspector)
    move_inspection(visit.pk, "approved", by=town.leader)
    return Case.objects.get()


def walk(case: Case, town: Any, *states: str) -> Case:
    for state in states:
        move_case(case.pk, state, by=town.leader, reason="by the book")
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("way", WAYS)
def test_a_voice_that_came_after_the_visit_is_answered_when_the_case_ends(
    town: Any, voice: ServiceRequest, way: str
) -> None:
    outcome, states = WAYS[way]
    case = visit_with(town, outcome)
    late = a_later_voice(town)
    assert (late.status, CaseRequest.objects.get(service_request=late).case) == ("in_progress", case)
    assert not CASE_MOVES[CaseState(walk(case, town, *states).state)] or case.state == "closed"
    late.refresh_from_db()
    followed = get_followed_request(late.code)
    assert (followed.status, followed.decision and followed.decision.answer) == ("answered", SAID.get(way, "confirmed"))


@pytest.mark.parametrize("state", ["opened", "assigned"])
def test_a_case_handed_over_before_any_visit_tells_its_senders(town: Any, state: str) -> None:
    photo = b.a_citizen_photo(b.a_request(town.city))
    open_or_join_case(photo.pk)
    case = Case.objects.get()
    Case.objects.filter(pk=case.pk).update(unit=town.office)
    if state == "assigned":
        move_case(case.pk, "assigned", by=town.leader)
    walk(case, town, "handed_over")
    followed = get_followed_request(ServiceRequest.objects.get().code)
    assert (followed.status, followed.decision and followed.decision.answer) == ("answered", "handed_over")
    assert not Inspection.objects.exclude(state="cancelled").exists()


def test_a_case_dismissed_after_somebody_was_sent_refuses_with_its_reason(town: Any, voice: ServiceRequest) -> None:
    walk(Case.objects.get(), town, "dismissed")
    followed = get_followed_request(voice.code)
    assert followed.status == "refused"
    assert followed.decision is not None and followed.decision.reason == "by the book"


@pytest.mark.parametrize("how", ["by hand", "at the visit afterwards"])
def test_who_still_waits_goes_along_when_the_place_came_back(town: Any, voice: ServiceRequest, how: str) -> None:
    case = visit_with(town, O.WARNED)
    late = a_later_voice(town)
    walk(case, town, "recheck")
    if how == "by hand":
        walk(case, town, "recurred")
    else:
        again = Inspection.objects.create(case=case, inspector=town.inspector, created_at=case.opened_at)
        record_inspection(again.pk, InspectionRecord(O.WARNED, free_width_m=0.4), by=town.inspector)
    new = Case.objects.get(recurrence_of=case)
    assert list(new.case_requests.values_list("service_request_id", flat=True)) == [late.pk]
    assert new.events.filter(kind="voice_joined").count() == 1
    assert list(case.case_requests.values_list("service_request_id", flat=True)) == [voice.pk]
    voice.refresh_from_db()
    late.refresh_from_db()
    assert (voice.status, late.status) == ("answered", "in_progress")
    move_case(new.pk, "assigned", by=town.leader)
    visit = Inspection.objects.get(case=new)
    record_inspection(visit.pk, InspectionRecord(O.GONE), by=town.inspector)
    move_inspection(visit.pk, "approved", by=town.leader)
    assert get_followed_request(late.code).status == "answered"


def test_a_case_on_its_way_back_answers_nobody(town: Any, voice: ServiceRequest) -> None:
    """Reopening leads through "closed"; that is no end, and who reopened must not be answered at once."""
    visit_with(town, O.WARNED)
    late = a_later_voice(town)
    reopen_request(voice.code, [UploadedMedia("now.jpg", a_photo())], reason="it is back")
    voice.refresh_from_db()
    late.refresh_from_db()
    case = Case.objects.get()
    assert (case.state, case.closed_at, voice.status, late.status) == ("assigned", None, "in_progress", "in_progress")
