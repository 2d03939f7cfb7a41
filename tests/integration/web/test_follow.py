"""One's own report: only by code and secret, without the hour of anybody's visit."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from detection.fake_detector import FakeDetector
from intake.models import MediaFile, Observation, ServiceRequest
from intake.secrets import secret_for
from tests.builders import a_report, building_work, run_to_rest

pytestmark = pytest.mark.django_db


def address(code: str) -> str:
    return f"/follow/{code}/?s={secret_for(code, settings.ENV.security.secret_key)}"


@pytest.fixture
def looked_at(small_city: Any, see: Any) -> ServiceRequest:
    """A report whose picture the pipeline has looked at."""
    see(building_work())
    for observation_id in a_report():
        run_to_rest(observation_id)
    return ServiceRequest.objects.get()


def test_it_tells_what_the_machine_saw_and_that_a_person_decides(looked_at: ServiceRequest, client: Client) -> None:
    html = client.get(address(looked_at.code)).content.decode()
    assert "Máy thấy gì" in html
    assert "máy cảnh báo, người kết luận" in html
    assert "Đã gửi" in html
    assert 'http-equiv="refresh"' not in html
    assert "vi phạm" not in html.lower()


def test_while_the_pipeline_works_the_page_renews_itself(small_city: Any, client: Client) -> None:
    a_report()
    html = client.get(address(ServiceRequest.objects.get().code)).content.decode()
    assert 'http-equiv="refresh"' in html
    assert "data-url" in html


@pytest.mark.parametrize(
    ("code", "secret"),
    [("PA-2611-00000X", "x"), ("{code}", "wrong"), ("{code}", ""), ("' OR 1=1 --", "x")],
    ids=["no such code", "wrong secret", "no secret", "nonsense"],
)
def test_a_wrong_pair_says_only_not_found(looked_at: ServiceRequest, client: Client, code: str, secret: str) -> None:
    answer = client.get(f"/follow/{code.format(code=looked_at.code)}/", {"s": secret})
    assert answer.status_code == 404
    html = answer.content.decode()
    assert "Không tìm thấy." in html
    assert looked_at.code not in html.split("<main")[1]


def test_the_form_leads_to_the_page_in_any_spelling(looked_at: ServiceRequest, client: Client) -> None:
    secret = secret_for(looked_at.code, settings.ENV.security.secret_key)
    answer = client.get("/follow/", {"code": f" {looked_at.code.lower()} ", "s": secret})
    assert answer.status_code == 302
    assert answer["Location"] == address(looked_at.code)


def test_only_redacted_copies_of_ones_own_pictures_are_shown(looked_at: ServiceRequest, client: Client) -> None:
    copy = MediaFile.objects.exclude(parent=None).get()
    original = Observation.objects.get().media
    query = address(looked_at.code).split("?")[1]
    assert client.get(f"/follow/{looked_at.code}/pictures/{copy.pk}/?{query}").status_code == 200
    assert client.get(f"/follow/{looked_at.code}/pictures/{original.pk}/?{query}").status_code == 404
    assert client.get(f"/follow/{looked_at.code}/pictures/{copy.pk}/?s=wrong").status_code == 404


def test_nothing_seen_is_said_too(small_city: Any, see: Any, client: Client) -> None:
    see(FakeDetector([]))
    from intake.kinds import Category

    for observation_id in a_report(category=Category.OTHER):
        run_to_rest(observation_id)
    html = client.get(address(ServiceRequest.objects.get().code)).content.decode()
    assert "Cán bộ vẫn xem phản ánh của bạn." in html
