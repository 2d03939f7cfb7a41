"""The review queue by plain forms: who sees what, deciding, undoing, being second, and looking at an original."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cases.models import Case, Look
from intake.models import MediaFile
from rules.models import Flag, FlagEvent
from tests.builders import Staff, a_report, building_work, run_to_rest

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag(small_city: Any, see: Any) -> Flag:
    """A flagged building site that waits for a person."""
    see(building_work())
    for observation_id in a_report():
        run_to_rest(observation_id)
    return Flag.objects.get(verdict="flagged")


def decide(client: Client, flag: Flag, decision: str, **more: str) -> Any:
    return client.post(f"/review/{flag.pk}/decide/", {"decision": decision, "version": str(flag.version), **more})


def test_the_page_shows_evidence_facts_and_ways_to_decide(
    flag: Flag, staff: Staff, as_person: Callable[[Any], Client]
) -> None:
    answer = as_person(staff.reviewer).get("/review/")
    html = answer.content.decode()
    assert answer.status_code == 200
    for part in (
        "Dấu hiệu thi công",
        "mũ bảo hộ 0,80",
        "Thửa",
        "SHA-256",
        "Bỏ qua vì",
        'value="accept_new"',
        "dữ liệu minh hoạ",
    ):
        assert part in html
    copy = MediaFile.objects.exclude(parent=None).first()
    assert f"/pictures/{copy.pk}/" in html
    assert "vi phạm" not in html.lower()


def test_nothing_tells_when_a_citizens_picture_arrived(
    flag: Flag, staff: Staff, as_person: Callable[[Any], Client]
) -> None:
    html = as_person(staff.reviewer).get(f"/review/{flag.pk}/").content.decode()
    assert "<time" not in html.split("<aside")[1].split("</aside>")[0]


def test_the_query_count_does_not_grow_with_the_queue(
    flag: Flag, staff: Staff, as_person: Callable[[Any], Client], see: Any, django_assert_max_num_queries: Any
) -> None:
    for observation_id in [*a_report(), *a_report(), *a_report()]:
        run_to_rest(observation_id)
    client = as_person(staff.reviewer)
    with django_assert_max_num_queries(26):
        assert client.get("/review/").status_code == 200


def test_accepting_leads_to_a_case_and_to_the_next_flag(
    flag: Flag, staff: Staff, as_person: Callable[[Any], Client]
) -> None:
    client = as_person(staff.reviewer)
    answer = decide(client, flag, "accept", note="rõ ràng")
    assert answer.status_code == 303
    assert answer["Location"] == "/review/"
    flag.refresh_from_db()
    assert flag.state == "accepted"
    assert FlagEvent.objects.filter(flag=flag, note="rõ ràng").exists()
    case = Case.objects.get()
    assert case.code in client.get("/review/").content.decode()


@pytest.mark.parametrize(
    "label",
    ["wrong_object", "off_sidewalk", "permitted", "private_land", "temporary", "funeral_or_wedding", "other"],
)
def test_a_dismissal_has_a_label_and_can_be_taken_back(
    flag: Flag, staff: Staff, as_person: Callable[[Any], Client], label: str
) -> None:
    client = as_person(staff.reviewer)
    assert decide(client, flag, label).status_code == 303
    flag.refresh_from_db()
    assert flag.state == "dismissed"
    assert FlagEvent.objects.filter(flag=flag, reason=label).exists()
    assert decide(client, flag, "undo").status_code == 303
    flag.refresh_from_db()
    assert flag.state == "new"


def test_the_second_of_two_people_is_told(flag: Flag, staff: Staff, as_person: Callable[[Any], Client]) -> None:
    first, second = as_person(staff.reviewer), as_person(staff.leader)
    assert decide(first, flag, "private_land").status_code == 303
    answer = decide(second, flag, "accept")
    assert answer.status_code == 409
    assert "Đã có người thay đổi cảnh báo này" in answer.content.decode()


def test_an_unknown_decision_is_refused(flag: Flag, staff: Staff, as_person: Callable[[Any], Client]) -> None:
    assert decide(as_person(staff.reviewer), flag, "explode").status_code == 422


def test_visitors_are_led_to_sign_in_and_back(flag: Flag, client: Client) -> None:
    answer = client.get(f"/review/{flag.pk}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next=/review/{flag.pk}/"


def test_without_a_role_the_queue_is_closed(
    flag: Flag, django_user_model: Any, as_person: Callable[[Any], Client]
) -> None:
    nobody = django_user_model.objects.create_user("nobody")
    assert as_person(nobody).get("/review/").status_code == 403
    copy = MediaFile.objects.exclude(parent=None).first()
    assert as_person(nobody).get(f"/pictures/{copy.pk}/").status_code == 403


def test_originals_are_opened_only_with_a_reason_and_that_is_logged(
    flag: Flag, staff: Staff, as_person: Callable[[Any], Client]
) -> None:
    client, path = as_person(staff.reviewer), f"/review/{flag.pk}/original/"
    assert client.post(path, {"reason": "?"}).status_code == 422
    assert Look.objects.count() == 0
    answer = client.post(path, {"reason": "Biển số bị che khuất"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert Look.objects.get().reason == "Biển số bị che khuất"
    assert client.get(f"/pictures/{flag.observation.media_id}/").status_code == 404
