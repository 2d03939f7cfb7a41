"""A sender answers, rates and opens again by plain forms and over HTTP; twice at most, with a new photo, to another officer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cases.actions import (
    InspectionOutcome,
    InspectionRecord,
    ReviewDecision,
    ask_sender,
    move_inspection,
    open_or_join_case,
    record_inspection,
    review_flag,
)
from cases.actions.reopening import close_silent_requests
from cases.models import Assignment, Case, Inspection
from cases.queries import get_followed_request
from cases.roles import Role
from intake.models import ServiceRequest
from intake.secrets import make_code, secret_for
from tests.data.photos import a_photo, a_scene
from tests.integration.cases import builders as b


@pytest.fixture
def town(db: None, tmp_path: Any, settings: Any) -> Any:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    return b.a_town()


@pytest.fixture
def answered(town: Any, settings: Any) -> tuple[str, str]:
    """Code and secret of a report that was checked and answered; a second inspector stands by."""
    request = b.a_request(town.city)
    code = make_code("PA", timezone.now().date(), b"12345678")
    ServiceRequest.objects.filter(pk=request.pk).update(code=code)
    request.refresh_from_db()
    photo = b.a_citizen_photo(request)
    flag = b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    visit = Inspection.objects.get()
    record_inspection(visit.pk, InspectionRecord(InspectionOutcome.WARNED), by=town.inspector)
    visit.refresh_from_db()
    move_inspection(visit.pk, "approved", by=town.leader, version=visit.version)
    b.a_person("ins2", town.city, town.office, Role.INSPECTOR)
    return code, secret_for(code, settings.ENV.security.secret_key)


def a_new_photo(seed: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("now.jpg", a_photo(pixels=a_scene(seed=seed)), content_type="image/jpeg")


def reopen(code: str, secret: str, seed: int | None) -> Any:
    form: dict[str, Any] = {"s": secret, "reason": "vẫn còn"}
    if seed is not None:
        form["media"] = a_new_photo(seed)
    return Client().post(f"/follow/{code}/reopen/", form, follow=True)


def test_opened_again_another_officer_looks(town: Any, answered: tuple[str, str]) -> None:
    code, secret = answered
    first = Assignment.objects.get(is_current=True).inspector_id
    page = Client().get(f"/follow/{code}/", {"s": secret}).content.decode()
    assert 'id="again"' in page and "capture" not in page, "whoever has no camera at hand chooses a picture"
    assert reopen(code, secret, 21).status_code == 200
    case = Case.objects.get()
    assert (get_followed_request(code).status, case.state) == ("in_progress", "assigned")
    assert Assignment.objects.get(is_current=True).inspector_id != first
    assert get_followed_request(code).reopenings_left == 1
    states = list(case.events.filter(kind="move").values_list("to_state", flat=True))
    assert states[-4:] == ["recheck", "closed", "reopened", "assigned"]


def test_without_a_new_photo_it_stays_answered(town: Any, answered: tuple[str, str]) -> None:
    code, secret = answered
    page = reopen(code, secret, None)
    assert "ảnh mới" in page.content.decode()
    assert get_followed_request(code).status == "answered"
    assert reopen(code, "wrong", 22).redirect_chain[0][0] == "/follow/"
    assert get_followed_request(code).status == "answered"


def test_twice_at_most(town: Any, answered: tuple[str, str]) -> None:
    code, secret = answered
    for seed in (31, 32):
        reopen(code, secret, seed)
        assert get_followed_request(code).status == "in_progress"
        visit = Inspection.objects.exclude(state__in=["approved", "completed"]).get()
        record_inspection(visit.pk, InspectionRecord(InspectionOutcome.WARNED), by=visit.inspector)
        visit.refresh_from_db()
        move_inspection(visit.pk, "approved", by=town.leader, version=visit.version)
    answer = Client().post(f"/api/v1/reports/{code}/reopenings?secret={secret}", {"media": a_new_photo(33)})
    assert (answer.status_code, answer.json()["type"]) == (409, "conflict")


def test_the_same_photo_shows_nothing_new(town: Any, answered: tuple[str, str]) -> None:
    code, secret = answered
    reopen(code, secret, 41)
    ServiceRequest.objects.filter(code=code)
    visit = Inspection.objects.exclude(state__in=["approved", "completed"]).get()
    record_inspection(visit.pk, InspectionRecord(InspectionOutcome.WARNED), by=visit.inspector)
    visit.refresh_from_db()
    move_inspection(visit.pk, "approved", by=town.leader, version=visit.version)
    answer = Client().post(f"/api/v1/reports/{code}/reopenings?secret={secret}", {"media": a_new_photo(41)})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "media")


@pytest.mark.parametrize(("score", "status"), [(3, "closed"), (2, "answered"), (1, "answered")])
def test_a_content_sender_closes_the_report(town: Any, answered: tuple[str, str], score: int, status: str) -> None:
    code, secret = answered
    Client().post(f"/follow/{code}/rate/", {"s": secret, "score": score})
    assert (get_followed_request(code).rating, get_followed_request(code).status) == (score, status)


def test_an_answer_nobody_objects_to_closes_itself(town: Any, answered: tuple[str, str]) -> None:
    code, _ = answered
    assert close_silent_requests(timezone.now() + timedelta(days=6)) == 0
    assert close_silent_requests(timezone.now() + timedelta(days=8)) == 1
    assert get_followed_request(code).status == "closed"


def test_a_question_is_answered_on_the_page(town: Any, answered: tuple[str, str]) -> None:
    code, secret = answered
    handle = ServiceRequest.objects.get().handle
    ask_sender(Case.objects.get().pk, handle, "Trước hay sau nhà?", by=town.inspector)
    page = Client().get(f"/follow/{code}/?s={secret}").content.decode()
    assert "Trước hay sau nhà?" in page
    assert "ins" not in [word.strip() for word in page.split(">")]
    Client().post(f"/follow/{code}/answer/", {"s": secret, "text": "Phía sau, gọi 0909123456"})
    assert [line.text for line in get_followed_request(code).relay] == ["Trước hay sau nhà?", "Phía sau, gọi •••"]
