"""From the draft of a visit to its outcome and the answer to the senders; moves by hand; the database's own guard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases.actions import (
    InspectionOutcome,
    InspectionRecord,
    ReviewDecision,
    expire_flags,
    move_case,
    move_flag,
    move_inspection,
    move_request,
    open_or_join_case,
    open_original,
    record_inspection,
    review_flag,
)
from cases.models import Assignment, Case, CaseEvent, Inspection, Look
from cases.permissions import may_open_original, may_see_copy, read_rights
from cases.queries import find_case_of_observation, get_followed_request
from cases.roles import Role
from errors import Conflict, InputError, NotAllowed, NotFound
from rules.models import Flag
from tests.integration.cases import builders as b


@pytest.fixture
def visit(town: Any) -> Inspection:
    """A citizen's request whose flag was accepted: the visit is drafted."""
    photo = b.a_citizen_photo(b.a_request(town.city))
    flag = b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    return Inspection.objects.select_related("case").get()


def a_record(outcome: InspectionOutcome = InspectionOutcome.WARNED, **changes: Any) -> InspectionRecord:
    return InspectionRecord(outcome, **{"free_width_m": 1.05, **changes})


@pytest.mark.parametrize(
    ("outcome", "case_state", "status", "reason"),
    [
        (InspectionOutcome.WARNED, "warned", "resolved", "confirmed"),
        (InspectionOutcome.VIOLATION, "recorded", "resolved", "confirmed"),
        (InspectionOutcome.STOP_ORDERED, "stop_ordered", "resolved", "confirmed"),
        (InspectionOutcome.NO_VIOLATION, "no_violation", "resolved", "not_confirmed"),
        (InspectionOutcome.GONE, "no_violation", "resolved", "gone"),
    ],
    ids=str,
)
def test_an_outcome_moves_case_and_requests(
    town: Any, visit: Inspection, outcome: InspectionOutcome, case_state: str, status: str, reason: str
) -> None:
    record_inspection(visit.pk, a_record(outcome), by=town.inspector)
    case, request = Case.objects.get(), b.ServiceRequest.objects.get()
    visit.refresh_from_db()
    assert (visit.state, visit.outcome, visit.free_width_m) == ("completed", outcome.value, 1.05)
    assert (case.state, request.status, request.events.last().reason) == (case_state, status, reason)
    path = list(visit.events.values_list("to_state", flat=True))
    assert path == ["draft", "given", "taken", "on_site", "completed"]
    observation = b.Observation.objects.get()
    assert find_case_of_observation(observation.pk).inspection_outcome == outcome.value  # type: ignore[union-attr]


def test_no_access_asks_for_another_visit(town: Any, visit: Inspection) -> None:
    record_inspection(visit.pk, a_record(InspectionOutcome.NO_ACCESS, reason="locked gate"), by=town.inspector)
    assert list(Inspection.objects.order_by("created_at").values_list("state", flat=True)) == ["no_access", "draft"]
    assert Case.objects.get().state == "assigned"
    assert b.ServiceRequest.objects.get().status == "in_progress"


def test_the_same_record_sent_twice_changes_nothing(town: Any, visit: Inspection) -> None:
    first = record_inspection(visit.pk, a_record(), by=town.inspector)
    events = CaseEvent.objects.count()
    assert record_inspection(visit.pk, a_record(), by=town.inspector) == first
    assert CaseEvent.objects.count() == events
    with pytest.raises(Conflict):
        record_inspection(visit.pk, a_record(InspectionOutcome.GONE), by=town.inspector)


def test_only_the_inspector_of_the_visit_or_the_leader_records(town: Any, visit: Inspection) -> None:
    for who in (town.reviewer, town.planner, town.operator, town.stranger):
        with pytest.raises(NotAllowed):
            record_inspection(visit.pk, a_record(), by=who)
    assert Inspection.objects.get().state == "draft"


def test_a_photo_of_the_visit_is_the_offices_to_see(town: Any, visit: Inspection) -> None:
    photo = b.a_photo()
    record_inspection(visit.pk, a_record(photo_ids=(photo.pk,)), by=town.inspector)
    seen = [may_see_copy(read_rights(who), photo.pk) for who in (town.leader, town.planner, town.stranger)]
    assert seen == [True, True, False]
    assert may_open_original(read_rights(town.leader), photo.pk)
    assert get_followed_request(b.ServiceRequest.objects.get().code).after_media_ids == ()


def test_an_unknown_photo_writes_nothing(town: Any, visit: Inspection) -> None:
    with pytest.raises(InputError) as caught:
        record_inspection(visit.pk, a_record(photo_ids=(uuid4(),)), by=town.inspector)
    assert caught.value.field == "photos"
    assert Inspection.objects.get().state == "draft"
    assert Case.objects.get().state == "assigned"


def test_the_leader_approves_and_the_sender_reads_it(town: Any, visit: Inspection) -> None:
    code = b.ServiceRequest.objects.get().code
    record_inspection(visit.pk, a_record(), by=town.inspector)
    assert get_followed_request(code).decision is None
    visit.refresh_from_db()
    with pytest.raises(NotAllowed):
        move_inspection(visit.pk, "approved", by=town.inspector, version=visit.version)
    move_inspection(visit.pk, "approved", by=town.leader, version=visit.version)
    followed = get_followed_request(code)
    assert followed.status == "answered"
    assert followed.decision is not None
    assert (followed.decision.answer, followed.decision.free_width_m) == ("confirmed", 1.05)
    assert [step.code for step in followed.steps] == ["sent", "received", "in_progress", "checked", "answered"]


def test_a_leader_cannot_approve_an_own_record(town: Any, visit: Inspection) -> None:
    Inspection.objects.filter(pk=visit.pk).update(inspector=town.leader)
    record_inspection(visit.pk, a_record(), by=town.leader)
    with pytest.raises(NotAllowed):
        move_inspection(visit.pk, "approved", by=town.leader)


def test_a_case_is_closed_reopened_and_goes_to_another_inspector(town: Any, visit: Inspection) -> None:
    second = b.a_person("ins2", town.city, town.office, Role.INSPECTOR)
    record_inspection(visit.pk, a_record(InspectionOutcome.NO_VIOLATION), by=town.inspector)
    case = Case.objects.get()
    moved = move_case(case.pk, "closed", by=town.leader, version=case.version)
    assert Case.objects.get().closed_at is not None
    with pytest.raises(InputError):
        move_case(case.pk, "reopened", by=town.leader, version=moved.version)
    moved = move_case(case.pk, "reopened", by=town.leader, reason="still there", version=moved.version)
    moved = move_case(case.pk, "assigned", by=town.leader, version=moved.version)
    assert (moved.state, Assignment.objects.get(is_current=True).inspector) == ("assigned", second)
    assert Case.objects.get().closed_at is None


def test_a_transfer_never_resets_the_clock(town: Any, visit: Inspection) -> None:
    second = b.a_person("ins2", town.city, town.office, Role.INSPECTOR)
    due_at = visit.case.due_at
    move_case(visit.case_id, "assigned", by=town.leader)
    visit.refresh_from_db()
    assert visit.inspector == second
    assert (Case.objects.get().due_at, Inspection.objects.count()) == (due_at, 1)
    assert visit.events.last().reason == "reassigned"


def test_what_returns_at_the_recheck_is_a_new_linked_case(town: Any, visit: Inspection) -> None:
    record_inspection(visit.pk, a_record(), by=town.inspector)
    move_case(visit.case_id, "recheck", by=town.inspector)
    move_case(visit.case_id, "recurred", by=town.inspector)
    again = Case.objects.get(recurrence_of=visit.case_id)
    assert (again.state, again.use, again.unit_code) == ("opened", visit.case.use, visit.case.unit_code)


def test_a_dismissed_case_takes_its_visit_along(town: Any, visit: Inspection) -> None:
    move_case(visit.case_id, "dismissed", by=town.leader, reason="filed twice")
    assert Inspection.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    ("to", "reason", "error"),
    [
        pytest.param("closed", "", Conflict, id="not listed"),
        pytest.param("dismissed", "", InputError, id="needs a reason"),
        pytest.param("gone fishing", "", InputError, id="no such state"),
    ],
)
def test_bad_moves_of_a_case(town: Any, visit: Inspection, to: str, reason: str, error: type[Exception]) -> None:
    before = CaseEvent.objects.count()
    with pytest.raises(error):
        move_case(visit.case_id, to, by=town.leader, reason=reason)
    assert CaseEvent.objects.count() == before


def test_moves_of_others_and_of_nothing(town: Any, visit: Inspection) -> None:
    with pytest.raises(NotAllowed):
        move_case(visit.case_id, "dismissed", by=town.stranger, reason="mine now")
    with pytest.raises(NotFound):
        move_case(uuid4(), "assigned", by=town.leader)
    with pytest.raises(NotFound):
        move_request("PA-0000-000000", "received", by=town.leader)
    with pytest.raises(InputError):
        move_flag(Flag.objects.get().pk, "dismissed", by=town.reviewer)
    with pytest.raises(InputError):
        move_inspection(visit.pk, "completed", by=town.inspector)


def test_the_database_refuses_what_the_tables_do_not_list(town: Any, visit: Inspection) -> None:
    request, flag = b.ServiceRequest.objects.get(), Flag.objects.get()
    statements = [
        ("UPDATE cases_case SET state = 'closed' WHERE id = %s", visit.case_id),
        ("UPDATE rules_flag SET state = 'new' WHERE id = %s", flag.pk),
        ("UPDATE cases_inspection SET state = 'approved' WHERE id = %s", visit.pk),
        ("UPDATE intake_servicerequest SET status = 'closed' WHERE id = %s", request.pk),
        ("DELETE FROM cases_case WHERE id = %s", visit.case_id),
        ("DELETE FROM cases_caseevent WHERE case_id = %s", visit.case_id),
        ("UPDATE cases_inspectionevent SET reason = 'x' WHERE inspection_id = %s", visit.pk),
    ]
    for statement, key in statements:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [key])


def test_a_flag_is_taken_into_review_and_given_back(town: Any) -> None:
    flag = b.a_flag(b.a_frame(b.a_camera(town.city)), town.city)
    taken = move_flag(flag.pk, "in_review", by=town.reviewer, version=1)
    with pytest.raises(Conflict):
        move_flag(flag.pk, "in_review", by=town.leader, version=1)
    assert move_flag(flag.pk, "new", by=town.reviewer, version=taken.version).state == "new"


def test_flags_expire_but_never_a_citizens(town: Any) -> None:
    old = {"created_at": b.long_ago(15)}
    camera, young = b.a_camera(town.city), b.a_camera(town.city, "camera-8")
    expiring = b.a_flag(b.a_frame(camera), town.city, **old)
    kept = [
        b.a_flag(b.a_citizen_photo(b.a_request(town.city)), town.city, **old),
        b.a_flag(b.a_frame(young), town.city),
    ]
    assert expire_flags(timezone.now()) == 1
    assert expire_flags(timezone.now()) == 0
    expiring.refresh_from_db()
    assert expiring.state == "expired"
    assert all(Flag.objects.get(pk=flag.pk).state == "new" for flag in kept)
    assert expire_flags(timezone.now() + timedelta(days=15)) == 1


def test_an_original_is_opened_with_a_right_a_reason_and_an_entry(
    town: Any, visit: Inspection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.actions.looking.read_verified", lambda _: b"bytes")
    media = b.Observation.objects.get().media_id
    with pytest.raises(InputError):
        open_original(media, by=town.inspector, reason="  ")
    for who in (town.planner, town.operator, town.stranger):
        with pytest.raises(NotAllowed):
            open_original(media, by=who, reason="curious about it")
    assert Look.objects.count() == 0
    for who in (town.inspector, town.reviewer, town.leader):
        assert open_original(media, by=who, reason="to read the number plate") == b"bytes"
    assert Look.objects.count() == 3
    with pytest.raises(NotFound):
        open_original(uuid4(), by=town.leader, reason="no such picture")
