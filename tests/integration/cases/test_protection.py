"""The relay in which neither side sees the other, and the vault that two leaders open for a quarter of an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from cases.actions import (
    answer_office,
    ask_opening,
    ask_sender,
    decide_opening,
    let_go_with_route,
    open_identity,
    open_or_join_case,
)
from cases.models import Case, CaseClock, CaseEvent
from cases.permissions import read_rights
from cases.queries.voices import list_openings, list_voices
from cases.roles import Role
from errors import Conflict, InputError, NotAllowed, NotFound
from intake.models import ReporterContact, ServiceRequest
from intake.vault import seal_contact
from tests.integration.cases import builders as b

REASON = "Người phản ánh đang bị đe doạ, phải báo ngay."


@pytest.fixture
def case(town: Any) -> Case:
    """A case of two voices; the first one left a contact."""
    for contact in ("Bà Bí Mật, 0909 123 456", ""):
        request = b.a_request(town.city)
        if contact:
            sealed = seal_contact(contact, settings.ENV.security.vault_key)
            ReporterContact.objects.create(service_request=request, ciphertext=sealed, created_at=timezone.now())
        open_or_join_case(b.a_citizen_photo(request).pk)
    return Case.objects.get()


def handle_of(number: int) -> str:
    return str(ServiceRequest.objects.order_by("pk").values_list("handle", flat=True)[number])


@pytest.fixture
def second(town: Any) -> Any:
    return b.a_person("lea2", town.city, town.office, Role.LEADER)


def test_two_leaders_open_a_contact_and_it_leaves_a_mark(town: Any, case: Case, second: Any) -> None:
    opening = ask_opening(case.pk, handle_of(0), reason=REASON, by=town.leader)
    with pytest.raises(Conflict):
        open_identity(opening, by=town.leader)
    with pytest.raises(NotAllowed):
        decide_opening(opening, is_allowed=True, by=town.leader)
    decide_opening(opening, is_allowed=True, by=second)
    with pytest.raises(NotAllowed):
        open_identity(opening, by=second)
    assert open_identity(opening, by=town.leader) == "Bà Bí Mật, 0909 123 456"
    kinds = list(CaseEvent.objects.filter(case=case, kind__startswith="identity").values_list("kind", "actor"))
    assert kinds == [("identity_asked", "lea"), ("identity_allowed", "lea2"), ("identity_opened", "lea")]
    [row] = list_openings(read_rights(town.leader))
    assert (row.state, row.asked_by, row.decided_by, row.looks) == ("opened", "lea", "lea2", 1)
    auditor = b.a_person("aud", town.city, None, Role.AUDITOR)
    assert [row.id for row in list_openings(read_rights(auditor))] == [opening]
    assert list_openings(read_rights(town.inspector)) == ()


def test_the_look_is_for_a_quarter_of_an_hour(
    town: Any, case: Case, second: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = ask_opening(case.pk, handle_of(0), reason=REASON, by=town.leader)
    decide_opening(opening, is_allowed=True, by=second)
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(Conflict, match="over"):
        open_identity(opening, by=town.leader)
    assert list_openings(read_rights(town.leader))[0].state == "over"


def test_a_refusal_has_a_reason_and_is_final(town: Any, case: Case, second: Any) -> None:
    opening = ask_opening(case.pk, handle_of(0), reason=REASON, by=town.leader)
    with pytest.raises(InputError):
        decide_opening(opening, is_allowed=False, by=second)
    decide_opening(opening, is_allowed=False, by=second, reason="the relay does")
    for step in (
        lambda: decide_opening(opening, is_allowed=True, by=second),
        lambda: open_identity(opening, by=town.leader),
    ):
        with pytest.raises(Conflict):
            step()


def test_nobody_else_asks_and_not_without_a_reason(town: Any, case: Case) -> None:
    for who in (town.inspector, town.reviewer, town.planner, town.operator, town.stranger):
        with pytest.raises(NotAllowed):
            ask_opening(case.pk, handle_of(0), reason=REASON, by=who)
    with pytest.raises(InputError):
        ask_opening(case.pk, handle_of(0), reason="because", by=town.leader)
    with pytest.raises(NotFound):
        ask_opening(case.pk, handle_of(1), reason=REASON, by=town.leader)
    with pytest.raises(NotFound):
        ask_opening(case.pk, "v000000000000", reason=REASON, by=town.leader)


def test_a_question_and_its_answer_tell_no_names(town: Any, case: Case) -> None:
    request = ServiceRequest.objects.order_by("pk")[0]
    with pytest.raises(Conflict):
        answer_office(request.code, "hello?")
    ask_sender(case.pk, request.handle, "Trước hay sau nhà?", by=town.inspector)
    answer_office(request.code, "Phía sau. Gọi tôi 0909 123 456")
    voices = {voice.handle: voice for voice in list_voices(case.pk)}
    said = [(line.from_office, line.text, line.by) for line in voices[request.handle].relay]
    assert said == [(True, "Trước hay sau nhà?", "ins"), (False, "Phía sau. Gọi tôi •••", "")]
    assert [voice.handle for voice in list_voices(case.pk)] == sorted(voices)
    with pytest.raises(NotAllowed):
        ask_sender(case.pk, request.handle, "?", by=town.stranger)


def test_settled_with_the_route_the_visit_waits_for_the_round(town: Any, case: Case) -> None:
    let_go_with_route(case.pk, by=town.leader)
    from cases.actions import assign_case

    assign_case(case.pk)
    assert CaseClock.objects.get(case=case, code="visit").basis["policy"] == "routine_round"


def test_a_sender_may_ask_for_it(town: Any) -> None:
    request = b.a_request(town.city)
    ServiceRequest.objects.filter(pk=request.pk).update(with_route=True)
    open_or_join_case(b.a_citizen_photo(request).pk)
    assert Case.objects.get().with_route
