"""One place and use become one case, whoever comes first, however often, even at the same moment."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from cases.actions import JoinKind, open_or_join_case
from cases.models import Case, CaseFlag, CaseRequest
from cases.queries import find_case_of_observation, list_observations_of_case
from tests.integration.cases import builders as b


def test_a_request_opens_a_case_and_is_received(town: Any) -> None:
    request = b.a_request(town.city)
    photo = b.a_citizen_photo(request)
    outcome = open_or_join_case(photo.pk)
    case = Case.objects.get()
    request.refresh_from_db()
    assert (outcome.kind, outcome.case_code, outcome.is_new) == (JoinKind.OPENED, case.code, True)
    assert (case.state, case.unit_code, case.use, request.status) == ("opened", b.WARD, "trading", "received")
    assert case.code.startswith("VH-")
    assert case.code.endswith("-0001")


def test_twice_is_once(town: Any) -> None:
    request = b.a_request(town.city)
    photo, second = b.a_citizen_photo(request), b.a_citizen_photo(request, lat=b.north(900))
    first = open_or_join_case(photo.pk)
    for observation in (photo, second, photo):
        again = open_or_join_case(observation.pk)
        assert (again.kind, again.case_id) == (JoinKind.JOINED, first.case_id)
    assert (Case.objects.count(), CaseRequest.objects.count()) == (1, 1)
    assert set(list_observations_of_case(first.case_id)) == {photo.pk, second.pk}


@pytest.mark.parametrize(
    ("category", "metres", "accuracy_m", "joins"),
    [
        pytest.param("trading", 14, 5, True, id="14 m, good fixes"),
        pytest.param("trading", 16, 5, False, id="16 m, good fixes"),
        pytest.param("trading", 40, 20, True, id="40 m, poor fixes"),
        pytest.param("signboard", 3, 5, True, id="same group of uses"),
        pytest.param("parking", 3, 5, False, id="another use"),
    ],
)
def test_a_second_voice(town: Any, category: str, metres: float, accuracy_m: float, joins: bool) -> None:
    first = open_or_join_case(b.a_citizen_photo(b.a_request(town.city), accuracy_m=accuracy_m).pk)
    other = b.a_citizen_photo(b.a_request(town.city, category=category), lat=b.north(metres), accuracy_m=accuracy_m)
    second = open_or_join_case(other.pk)
    assert (second.case_id == first.case_id) is joins
    assert Case.objects.count() == (1 if joins else 2)


def test_a_request_without_any_place_opens_its_own_case(town: Any) -> None:
    for _ in range(2):
        photo = b.a_citizen_photo(b.a_request(None), lon=None, lat=None)
        assert open_or_join_case(photo.pk).kind is JoinKind.OPENED
    assert Case.objects.filter(point=None, unit_code="").count() == 2


def test_a_request_takes_the_use_that_its_flag_names(town: Any) -> None:
    photo = b.a_citizen_photo(b.a_request(town.city, category="unstated"))
    flag = b.a_flag(photo, town.city, use="parking")
    other = b.a_flag(photo, town.city, use="construction", priority=1)
    outcome = open_or_join_case(photo.pk)
    assert Case.objects.get().use == "parking"
    assert CaseFlag.objects.get(flag=flag).is_confirmed is False
    assert not CaseFlag.objects.filter(flag=other).exists()
    assert find_case_of_observation(photo.pk).is_accepted is False  # type: ignore[union-attr]
    assert outcome.is_new


def test_a_camera_flag_waits_and_opens_nothing(town: Any) -> None:
    frame = b.a_frame(b.a_camera(town.city))
    b.a_flag(frame, town.city)
    outcome = open_or_join_case(frame.pk)
    assert (outcome.kind, outcome.case_code, outcome.waits_for_review) == (JoinKind.WAITS_FOR_REVIEW, None, True)
    assert Case.objects.count() == 0
    assert find_case_of_observation(frame.pk) is None


def test_a_camera_flag_near_an_open_case_is_its_candidate(town: Any) -> None:
    opened = open_or_join_case(b.a_citizen_photo(b.a_request(town.city)).pk)
    frame = b.a_frame(b.a_camera(town.city))
    flag = b.a_flag(frame, town.city)
    undetermined = b.a_flag(frame, town.city, verdict="undetermined")
    for _ in range(2):
        outcome = open_or_join_case(frame.pk)
        assert (outcome.case_code, outcome.near_case_code) == (None, opened.case_code)
    assert list(CaseFlag.objects.values_list("flag_id", "is_confirmed")) == [(flag.pk, False)]
    assert not CaseFlag.objects.filter(flag=undetermined).exists()


def test_a_compliant_frame_asks_nobody(town: Any) -> None:
    frame = b.a_frame(b.a_camera(town.city))
    b.a_flag(frame, town.city, verdict="compliant", state="logged")
    assert open_or_join_case(frame.pk).kind is JoinKind.NOTHING


@pytest.mark.parametrize(("days", "linked"), [(29, True), (31, False)], ids=["29 days", "31 days"])
def test_what_comes_back_within_thirty_days_is_linked(town: Any, days: int, linked: bool) -> None:
    first = open_or_join_case(b.a_citizen_photo(b.a_request(town.city)).pk)
    _close(first.case_id, days)
    again = open_or_join_case(b.a_citizen_photo(b.a_request(town.city), lat=b.north(4)).pk)
    assert again.kind is JoinKind.OPENED
    assert (again.recurrence_of == first.case_id) is linked


def test_an_original_arrival_is_in_no_history_entry_but_the_opening(town: Any) -> None:
    first = open_or_join_case(b.a_citizen_photo(b.a_request(town.city)).pk)
    open_or_join_case(b.a_citizen_photo(b.a_request(town.city)).pk)
    kinds = list(Case.objects.get(pk=first.case_id).events.values_list("kind", flat=True))
    assert kinds == ["opened", "voice_joined", "voice_joined"]
    assert not Case.objects.get().events.exclude(detail={}).exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_open_one_case() -> None:
    city = b.a_city()
    b.a_ward(city)
    photos = [b.a_citizen_photo(b.a_request(city), lat=b.north(n)).pk for n in range(8)]
    barrier, failures = threading.Barrier(len(photos)), []

    def join(observation_id: Any) -> None:
        try:
            barrier.wait(timeout=20)
            open_or_join_case(observation_id)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=(photo,)) for photo in photos]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert Case.objects.count() == 1
    assert CaseRequest.objects.count() == len(photos)


def _close(case_id: Any, days: float) -> None:
    """Walk a case to its end as it would go, then date the end back."""
    for state in ("assigned", "verifying", "no_violation", "closed"):
        Case.objects.filter(pk=case_id).update(state=state)
    Case.objects.filter(pk=case_id).update(closed_at=timezone.now() - timedelta(days=days))
