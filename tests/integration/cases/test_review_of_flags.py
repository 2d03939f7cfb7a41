"""A reviewer's yes, no and undo: the case, the requests, the assignment and the visit that follow."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import ReviewDecision, open_or_join_case, review_flag
from cases.models import Assignment, Case, CaseFlag, Inspection
from cases.queries import find_case_of_observation
from errors import Conflict, InputError, NotAllowed, NotFound
from intake.models import ServiceRequest
from rules.models import FlagEvent
from tests.integration.cases import builders as b


def a_camera_flag(town: Any, **changes: Any) -> Any:
    return b.a_flag(b.a_frame(b.a_camera(town.city, f"camera-{next(b._numbers)}")), town.city, **changes)


def test_yes_opens_assigns_and_drafts(town: Any) -> None:
    flag = a_camera_flag(town)
    outcome = review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer, version=1)
    case = Case.objects.get()
    assert (outcome.state, outcome.is_new_case, outcome.inspector) == ("accepted", True, "ins")
    assert (case.state, case.unit, case.unit_code) == ("assigned", town.office, b.WARD)
    assert case.due_at == outcome.due_at is not None
    assert case.due_basis["policy"] == "on_site"
    assert case.due_basis["is_provisional"] is True
    assert Inspection.objects.get().state == "draft"
    assert Assignment.objects.get().why["rule"] == "least_load"
    assert find_case_of_observation(flag.observation_id).is_accepted  # type: ignore[union-attr]
    assert [e.to_state for e in FlagEvent.objects.filter(flag=flag)] == ["accepted"]


def test_yes_on_a_near_flag_joins_and_new_does_not(town: Any) -> None:
    first = review_flag(a_camera_flag(town).pk, ReviewDecision.ACCEPT, by=town.reviewer)
    near = a_camera_flag(town)
    open_or_join_case(near.observation_id)
    joined = review_flag(near.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    apart = review_flag(a_camera_flag(town).pk, ReviewDecision.ACCEPT_NEW, by=town.reviewer)
    assert (joined.case_id, joined.is_new_case) == (first.case_id, False)
    assert apart.is_new_case
    assert Inspection.objects.filter(case_id=first.case_id).count() == 1


def test_yes_to_a_citizens_flag_moves_the_request(town: Any) -> None:
    request = b.a_request(town.city)
    photo = b.a_citizen_photo(request)
    flag, sibling = b.a_flag(photo, town.city), b.a_flag(photo, town.city)
    opened = open_or_join_case(photo.pk)
    outcome = review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    request.refresh_from_db()
    sibling.refresh_from_db()
    assert (outcome.case_id, outcome.merged) == (opened.case_id, 1)
    assert (request.status, sibling.state) == ("in_progress", "merged")
    assert CaseFlag.objects.filter(case_id=opened.case_id, is_confirmed=True).count() == 2


def test_a_voice_that_comes_after_the_yes_is_at_work_at_once(town: Any) -> None:
    review_flag(a_camera_flag(town).pk, ReviewDecision.ACCEPT, by=town.reviewer)
    request = b.a_request(town.city)
    open_or_join_case(b.a_citizen_photo(request).pk)
    request.refresh_from_db()
    assert request.status == "in_progress"
    assert Inspection.objects.count() == 1


@pytest.mark.parametrize(
    ("label", "case_state", "status"),
    [("permitted", "dismissed", "refused"), ("wrong_object", "opened", "received")],
    ids=["an answer to the sender", "the machine's fault only"],
)
def test_no_and_its_undo(town: Any, label: str, case_state: str, status: str) -> None:
    request = b.a_request(town.city)
    photo = b.a_citizen_photo(request)
    flag = b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    said_no = review_flag(flag.pk, ReviewDecision.DISMISS, by=town.reviewer, reason=label, version=1)
    request.refresh_from_db()
    assert (said_no.state, Case.objects.get().state, request.status) == ("dismissed", case_state, status)
    undone = review_flag(flag.pk, ReviewDecision.UNDO, by=town.reviewer, version=said_no.version)
    request.refresh_from_db()
    assert (undone.state, Case.objects.get().state, request.status) == ("new", "opened", "received")
    assert [e.to_state for e in FlagEvent.objects.filter(flag=flag)] == ["dismissed", "new"]


def test_a_case_with_another_live_flag_stays_open(town: Any) -> None:
    photo = b.a_citizen_photo(b.a_request(town.city))
    flag, _ = b.a_flag(photo, town.city), b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    review_flag(flag.pk, ReviewDecision.DISMISS, by=town.reviewer, reason="permitted")
    assert Case.objects.get().state == "opened"


def test_a_dismissal_needs_a_label(town: Any) -> None:
    flag = a_camera_flag(town)
    with pytest.raises(InputError) as caught:
        review_flag(flag.pk, ReviewDecision.DISMISS, by=town.reviewer, reason="I do not like it")
    assert "off_sidewalk" in caught.value.cure
    flag.refresh_from_db()
    assert flag.state == "new"


def test_the_second_of_two_reviewers_is_told(town: Any) -> None:
    flag = a_camera_flag(town)
    review_flag(flag.pk, ReviewDecision.DISMISS, by=town.reviewer, reason="temporary", version=1)
    with pytest.raises(Conflict) as caught:
        review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.leader, version=1)
    assert (caught.value.field, Case.objects.count()) == ("version", 0)
    with pytest.raises(Conflict):
        review_flag(flag.pk, ReviewDecision.DISMISS, by=town.leader, reason="other", version=2)


@pytest.mark.parametrize("who", ["inspector", "planner", "operator", "stranger"])
def test_only_reviewers_and_leaders_of_the_ward_decide(town: Any, who: str) -> None:
    flag = a_camera_flag(town)
    with pytest.raises(NotAllowed) as caught:
        review_flag(flag.pk, ReviewDecision.ACCEPT, by=getattr(town, who))
    assert "reviewer" in caught.value.cure
    assert Case.objects.count() == 0


def test_an_accepted_flag_cannot_be_undone(town: Any) -> None:
    flag = a_camera_flag(town)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    with pytest.raises(Conflict):
        review_flag(flag.pk, ReviewDecision.UNDO, by=town.reviewer)


def test_without_an_inspector_the_case_stands_and_says_so(town: Any) -> None:
    town.inspector.roles.all().delete()
    outcome = review_flag(a_camera_flag(town).pk, ReviewDecision.ACCEPT, by=town.reviewer)
    case = Case.objects.get()
    assert (outcome.inspector, case.state) == ("", "opened")
    assert case.events.filter(kind="nobody_to_assign").count() == 1


def test_no_such_flag(town: Any) -> None:
    with pytest.raises(NotFound):
        review_flag(b.Flag().pk, ReviewDecision.ACCEPT, by=town.reviewer)


def test_the_request_that_was_not_taken_up_says_why(town: Any) -> None:
    photo = b.a_citizen_photo(b.a_request(town.city))
    flag = b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    review_flag(flag.pk, ReviewDecision.DISMISS, by=town.reviewer, reason="private_land")
    assert ServiceRequest.objects.get().events.last().reason == "private_land"


def test_a_yes_costs_a_bounded_number_of_queries(town: Any) -> None:
    flag = a_camera_flag(town)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    assert len(queries) <= 84  # clocks, the inspector's notice and today's route are among them
