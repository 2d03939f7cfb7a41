"""What offices and senders read: the queue in its order, cases without arrivals, counts, the follow page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions import ReviewDecision, move_case, open_or_join_case, review_flag
from cases.models import Case
from cases.permissions import read_rights
from cases.queries import (
    CaseFilter,
    count_by_ward,
    count_review_queue,
    get_case,
    get_followed_request,
    list_case_timeline,
    list_cases,
    list_cases_to_triage,
    list_own_jobs,
    list_review_queue,
)
from cases.roles import Role
from cases.wording import word_request
from errors import NotFound
from tests.integration.cases import builders as b


def a_waiting_flag(town: Any, **changes: Any) -> Any:
    return b.a_flag(b.a_frame(b.a_camera(town.city, f"camera-{next(b._numbers)}")), town.city, **changes)


def test_the_queue_goes_by_verdict_danger_and_age(town: Any) -> None:
    now = timezone.now()
    young = a_waiting_flag(town, priority=10, created_at=now)
    undetermined = a_waiting_flag(town, priority=99, verdict="undetermined")
    old = a_waiting_flag(town, priority=10, created_at=now - timedelta(hours=5))
    danger = a_waiting_flag(town, priority=50)
    a_waiting_flag(town, verdict="compliant", state="logged")
    a_waiting_flag(town, unit_code="90002")
    with CaptureQueriesContext(connection) as queries:
        queue = list_review_queue(read_rights(town.reviewer))
    assert [row.id for row in queue] == [danger.pk, old.pk, young.pk, undetermined.pk]
    assert len(queries) <= 2
    assert count_review_queue(read_rights(town.reviewer)) == 4
    assert list_review_queue(read_rights(town.inspector)) == ()
    assert len(list_review_queue(read_rights(town.stranger))) == 1


def test_what_came_back_within_thirty_days_goes_up_and_names_the_case_before(town: Any) -> None:
    now = timezone.now()
    settled = b.an_assigned_case(town)
    old = b.an_assigned_case(town, metres=500)
    rows = ((settled, "walk-7", 10), (old, "walk-8", 45))
    for case, key, days in rows:
        Case.objects.filter(pk=case.pk).update(sidewalk_key=key, closed_at=now - timedelta(days=days))
    usual = a_waiting_flag(town, sidewalk_key="walk-9", created_at=now - timedelta(hours=9))
    long_ago = a_waiting_flag(town, sidewalk_key="walk-8", created_at=now - timedelta(hours=8))
    other_use = a_waiting_flag(town, sidewalk_key="walk-7", use="material", created_at=now - timedelta(hours=7))
    again = a_waiting_flag(town, sidewalk_key="walk-7", created_at=now)
    danger = a_waiting_flag(town, priority=50)
    queue = list_review_queue(read_rights(town.reviewer))
    assert [row.id for row in queue] == [danger.pk, again.pk, usual.pk, long_ago.pk, other_use.pk]
    assert [row.repeat_of for row in queue] == ["", settled.code, "", "", ""]


def test_an_unplaced_flag_is_everybodys(town: Any) -> None:
    flag = a_waiting_flag(town, unit_code="", point=None)
    assert [row.id for row in list_review_queue(read_rights(town.stranger))] == [flag.pk]


def test_a_role_for_some_uses_sees_those(town: Any) -> None:
    office = b.an_office(town.city, "construction-office", uses=("construction",))
    person = b.a_person("con", town.city, office, Role.REVIEWER)
    a_waiting_flag(town, use="trading")
    flag = a_waiting_flag(town, use="construction")
    assert [row.id for row in list_review_queue(read_rights(person))] == [flag.pk]


@pytest.fixture
def opened(town: Any) -> Case:
    for _ in range(2):
        photo = b.a_citizen_photo(b.a_request(town.city))
        open_or_join_case(photo.pk)
    flag = a_waiting_flag(town)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    return Case.objects.get()


def test_a_case_counts_voices_and_sources(town: Any, opened: Case) -> None:
    detail = get_case(read_rights(town.leader), code=opened.code)
    assert (detail.row.voices, detail.row.flags, detail.sources) == (2, 1, 3)
    assert len(detail.observation_ids) == 3
    assert (detail.row.inspector, detail.row.deadline) == ("ins", "within")
    with pytest.raises(NotFound):
        get_case(read_rights(town.stranger), code=opened.code)
    with pytest.raises(NotFound):
        get_case(read_rights(town.operator), code=opened.code)


def test_a_report_that_left_nothing_to_ask_still_reaches_a_person(town: Any) -> None:
    quiet = b.a_citizen_photo(b.a_request(town.city, category="construction"))
    b.a_flag(quiet, town.city, use="construction", verdict="compliant", state="logged")
    asked = b.a_citizen_photo(b.a_request(town.city, category="parking"))
    b.a_flag(asked, town.city, use="parking")
    outcome = open_or_join_case(quiet.pk)
    open_or_join_case(asked.pk)
    rows = list_cases_to_triage(read_rights(town.reviewer))
    assert [row.code for row in rows] == [outcome.case_code]
    assert list_cases_to_triage(read_rights(town.stranger)) == ()
    move_case(rows[0].id, "dismissed", by=town.reviewer, reason="permitted", version=rows[0].version)
    assert list_cases_to_triage(read_rights(town.reviewer)) == ()
    assert quiet.service_request is not None
    decision = word_request(get_followed_request(quiet.service_request.code), "en").decision
    assert "permitted" in decision


def test_the_history_has_no_arrivals(town: Any, opened: Case) -> None:
    entries = list_case_timeline(opened.pk)
    assert {entry.kind for entry in entries} == {"opened", "flag_joined", "assigned", "move", "inspection"}
    first = entries[0]
    assert (first.kind, first.is_day_only, first.at.hour, first.at.minute) == ("opened", True, 0, 0)


def test_own_jobs_and_late_ones(town: Any, opened: Case) -> None:
    assert [row.code for row in list_own_jobs(town.inspector)] == [opened.code]
    Case.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert list_own_jobs(town.inspector)[0].deadline == "late"
    counts = count_by_ward(read_rights(town.leader), now=timezone.now())
    assert [(c.ward_code, c.open_cases, c.late_cases, c.awaiting_review) for c in counts] == [(b.WARD, 1, 1, 0)]


def test_filters_of_cases(town: Any, opened: Case) -> None:
    rights = read_rights(town.planner)
    found = [
        len(list_cases(rights, wanted).items)
        for wanted in (CaseFilter(), CaseFilter(is_open=True), CaseFilter(is_open=False), CaseFilter(use="parking"),
                       CaseFilter(inspector_id=town.inspector.pk), CaseFilter(unit_code="90002"))
    ]  # fmt: skip
    assert found == [1, 1, 0, 0, 1, 0]


@pytest.mark.parametrize(
    ("label", "words_vi", "words_en"),
    [("private_land", "đất tư", "private land"), ("permitted", "được phép", "permitted")],
)
def test_a_refusal_is_said_with_its_reason(town: Any, label: str, words_vi: str, words_en: str) -> None:
    request = b.a_request(town.city)
    photo = b.a_citizen_photo(request)
    flag = b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    review_flag(flag.pk, ReviewDecision.DISMISS, by=town.reviewer, reason=label)
    followed = get_followed_request(request.code)
    assert (followed.status, followed.reply_state()) == ("refused", "done_on_time")
    assert words_vi in word_request(followed, "vi").decision
    assert words_en in word_request(followed, "en").decision


def test_the_first_reply_is_late_after_two_days(town: Any) -> None:
    request = b.a_request(town.city, at=b.long_ago(2.1))
    assert get_followed_request(request.code).reply_state() == "late"
    with pytest.raises(NotFound):
        get_followed_request("PA-0000-000000")
