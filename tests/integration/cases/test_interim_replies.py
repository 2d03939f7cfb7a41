"""Within the promised time every sender hears something; where no person has replied, that is what is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.actions import ask_sender, move_request, open_or_join_case
from cases.actions.interim import refresh_promises, send_interim_replies
from cases.models import Case, CaseRequest, Notice
from cases.queries import get_followed_request
from cases.queries.voices import list_voices
from cases.wording import word_request
from intake.models import InterimReply, ReporterContact, ServiceRequest
from intake.vault import seal_contact
from tests.integration.cases import builders as b


def a_report_of(town: Any, *, hours: float) -> ServiceRequest:
    """Sent so many hours ago, by somebody who left an address."""
    from django.conf import settings

    request = b.a_request(town.city, at=timezone.now() - timedelta(hours=hours))
    sealed = seal_contact("lan@example.org", settings.ENV.security.vault_key)
    ReporterContact.objects.create(service_request=request, ciphertext=sealed, created_at=timezone.now())
    return request


def test_a_sender_hears_before_the_promise_is_due_that_nobody_has_replied(town: Any) -> None:
    request = a_report_of(town, hours=40)
    assert send_interim_replies(timezone.now()) == 1
    followed = get_followed_request(request.code)
    assert followed.interim is not None and not followed.interim.is_late
    assert followed.reply_state() == "done_on_time"
    said = word_request(followed, "en").interim
    assert said.startswith("No person has replied yet. Nobody has looked at your report yet.")
    assert word_request(followed, "vi").interim.startswith("Chưa có người nào trả lời bạn.")
    assert Notice.objects.get(kind="interim_reply").request_id == request.pk


def test_it_is_sent_once_and_to_nobody_too_early(town: Any) -> None:
    a_report_of(town, hours=2)
    old = a_report_of(town, hours=40)
    assert send_interim_replies(timezone.now()) == 1
    assert send_interim_replies(timezone.now()) == 0
    assert InterimReply.objects.get().service_request_id == old.pk


def test_late_it_says_that_it_is_late(town: Any) -> None:
    request = a_report_of(town, hours=70)
    send_interim_replies(timezone.now())
    followed = get_followed_request(request.code)
    assert followed.reply_state() == "done_late"
    assert word_request(followed, "en").interim.endswith("it should have come within the promised time.")


@pytest.mark.parametrize("act", ["refused", "asked"])
def test_who_was_answered_by_a_person_is_not_told_again(town: Any, act: str) -> None:
    request = a_report_of(town, hours=40)
    b.a_citizen_photo(request)
    open_or_join_case(request.observations.get().pk)
    case = Case.objects.get()
    request.refresh_from_db()
    if act == "refused":
        move_request(request.handle, "refused", by=town.reviewer, reason="Không thuộc vỉa hè")
    else:
        ask_sender(case.pk, request.handle, "Họ dọn ra lúc mấy giờ?", by=town.reviewer)
    assert send_interim_replies(timezone.now()) == 0
    assert [voice.reply for voice in list_voices(case.pk)] == ["given"]


def test_officers_see_whose_reply_is_owed_and_no_moment_of_it(town: Any) -> None:
    request = a_report_of(town, hours=40)
    b.a_citizen_photo(request)
    open_or_join_case(request.observations.get().pk)
    case = Case.objects.get()
    assert [voice.reply for voice in list_voices(case.pk)] == ["owed"]
    send_interim_replies(timezone.now())
    [voice] = list_voices(case.pk)
    assert voice.reply == "interim"
    assert "at" not in type(voice).__slots__


def test_the_list_of_cases_tells_where_a_reply_is_owed(town: Any, client: Client) -> None:
    """The count and the filter, and no moment with them: neither of the promise nor of the arrival."""
    replied = a_report_of(town, hours=30)
    b.a_citizen_photo(replied, lat=b.north(300))
    open_or_join_case(replied.observations.get().pk)
    replied.refresh_from_db()
    move_request(replied.handle, "refused", by=town.reviewer, reason="Không thuộc vỉa hè")
    request = a_report_of(town, hours=40)
    b.a_citizen_photo(request)
    open_or_join_case(request.observations.get().pk)
    case = Case.objects.get(case_requests__service_request=request)
    client.force_login(town.reviewer)
    answer = client.get("/api/v1/cases?reply_owed=true")
    [row] = answer.json()["features"]
    assert (row["id"], row["properties"]["replies_owed"]) == (str(case.pk), 1)
    assert not {"reply_due_at", "replied_at", "submitted_at"} & row["properties"].keys()
    ask_sender(case.pk, request.handle, "Họ dọn ra lúc mấy giờ?", by=town.reviewer)
    assert client.get("/api/v1/cases?reply_owed=true").json()["features"] == []
    assert len(client.get("/api/v1/cases").json()["features"]) == 2


def test_an_amended_calendar_moves_a_promise_that_nobody_has_kept(town: Any) -> None:
    request = a_report_of(town, hours=40)
    b.a_citizen_photo(request)
    open_or_join_case(request.observations.get().pk)
    joined = CaseRequest.objects.get()
    promised = joined.reply_due_at
    assert promised == request.submitted_at + timedelta(hours=48)
    CaseRequest.objects.update(reply_due_at=None)  # as of a case from before promises were kept
    assert refresh_promises() == 1
    assert refresh_promises() == 0
    joined.refresh_from_db()
    assert joined.reply_due_at == promised


def test_a_persons_answer_takes_the_place_of_the_interim_one(town: Any) -> None:
    request = a_report_of(town, hours=40)
    send_interim_replies(timezone.now())
    move_request(request.code, "refused", by=town.reviewer, reason="Không thuộc vỉa hè")
    followed = get_followed_request(request.code)
    assert followed.interim is None
    assert word_request(followed, "en").interim == ""


def test_the_page_says_it_and_stops_no_persons_clock(town: Any, client: Client) -> None:
    from django.conf import settings

    from intake.secrets import make_code, secret_for

    request = a_report_of(town, hours=40)
    request.code = make_code("PA", timezone.localdate(), b"12345678")
    request.save(update_fields=["code"])
    send_interim_replies(timezone.now())
    secret = secret_for(request.code, settings.ENV.security.secret_key)
    client.cookies["django_language"] = "en"
    page = client.get(f"/follow/{request.code}/?s={secret}").content.decode()
    assert "No person has replied yet." in page
    assert "no person has replied yet" in page
    answer = client.get(f"/api/v1/reports/{request.code}?secret={secret}&lang=en").json()
    assert answer["first_reply"]["interim"].startswith("No person has replied yet.")
