"""The review queue by its interface: who sees what, deciding, undoing, being second, looking at an original, the sketch."""

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
As = Callable[[Any], Client]
LABELS = ["wrong_object", "off_sidewalk", "permitted", "private_land", "temporary", "funeral_or_wedding", "other"]


@pytest.fixture
def flag(small_city: Any, see: Any) -> Flag:
    """A flagged building site that waits for a person."""
    see(building_work())
    for observation_id in a_report():
        run_to_rest(observation_id)
    return Flag.objects.get(verdict="flagged")


def decide(client: Client, flag: Flag, to: str, reason: str = "", version: int | None = None) -> Any:
    flag.refresh_from_db()
    body = {"to": to, "reason": reason, "version": flag.version if version is None else version}
    return client.post(f"/api/v1/flags/{flag.pk}/moves", body, content_type="application/json")


def test_the_queue_says_why_each_flag_stands_where_it_stands(flag: Flag, staff: Staff, as_person: As) -> None:
    queue = as_person(staff.reviewer).get("/api/v1/review").json()
    assert queue["waiting"] == len(queue["items"]) == 1
    (row,) = queue["items"]
    assert row["title"] == "Xây dựng, cần đối chiếu giấy phép"
    assert row["picture"] == str(MediaFile.objects.exclude(parent=None).get().pk)
    assert "vi phạm" not in str(row).lower()


def test_a_flag_has_evidence_conditions_place_and_versions(flag: Flag, staff: Staff, as_person: As) -> None:
    answer = as_person(staff.reviewer).get(f"/api/v1/review/{flag.pk}").json()
    evidence = answer["evidence"]
    assert [box["counts"] for box in evidence["boxes"]].count(True) > 0
    assert all(0 <= box["box_px"][0] < box["box_px"][2] <= evidence["width_px"] for box in evidence["boxes"])
    assert len(evidence["original_sha256"]) == 64
    assert any(row["name"] and row["value"] and row["limit"] for row in answer["conditions"])
    assert answer["place"]["parcels"][0]["number"]
    assert answer["place"]["is_generated"] is True
    assert answer["may_decide"] and answer["is_waiting"]


def test_nothing_tells_when_a_citizens_picture_arrived(flag: Flag, staff: Staff, as_person: As) -> None:
    answer = as_person(staff.reviewer).get(f"/api/v1/review/{flag.pk}").json()
    assert answer["row"]["created_at"] is None
    assert "received_at" not in str(answer)


def test_the_query_count_does_not_grow_with_the_queue(
    flag: Flag, staff: Staff, as_person: As, see: Any, django_assert_max_num_queries: Any
) -> None:
    for observation_id in [*a_report(), *a_report(), *a_report()]:
        run_to_rest(observation_id)
    client = as_person(staff.reviewer)
    with django_assert_max_num_queries(14):
        assert len(client.get("/api/v1/review").json()["items"]) > 1


def test_the_queue_is_sent_once_until_it_changes(flag: Flag, staff: Staff, as_person: As) -> None:
    client = as_person(staff.reviewer)
    etag = client.get("/api/v1/review")["ETag"]
    assert client.get("/api/v1/review", headers={"If-None-Match": etag}).status_code == 304
    assert decide(client, flag, "accepted").status_code == 200
    assert client.get("/api/v1/review", headers={"If-None-Match": etag}).json()["items"] == []


def test_who_else_looks_is_told(flag: Flag, staff: Staff, as_person: As) -> None:
    first, second = as_person(staff.reviewer), as_person(staff.leader)
    assert first.get(f"/api/v1/review/{flag.pk}?look=1").json()["row"]["looked_at_by"] == ""
    assert second.get("/api/v1/review").json()["items"][0]["looked_at_by"] == staff.reviewer.get_username()
    assert second.get(f"/api/v1/review/{flag.pk}?look=1").json()["row"]["looked_at_by"] == staff.reviewer.get_username()


def test_accepting_opens_a_case(flag: Flag, staff: Staff, as_person: As) -> None:
    answer = decide(as_person(staff.reviewer), flag, "accepted").json()
    assert answer["case_code"] == Case.objects.get().code
    flag.refresh_from_db()
    assert flag.state == "accepted"


@pytest.mark.parametrize("label", LABELS)
def test_a_dismissal_has_a_label_and_can_be_taken_back(flag: Flag, staff: Staff, as_person: As, label: str) -> None:
    client = as_person(staff.reviewer)
    assert decide(client, flag, "dismissed", label).status_code == 200
    assert FlagEvent.objects.filter(flag=flag, reason=label).exists()
    assert decide(client, flag, "new").status_code == 200
    flag.refresh_from_db()
    assert flag.state == "new"


def test_the_second_of_two_people_is_told(flag: Flag, staff: Staff, as_person: As) -> None:
    before = flag.version
    assert decide(as_person(staff.reviewer), flag, "dismissed", "private_land").status_code == 200
    answer = decide(as_person(staff.leader), flag, "accepted", version=before)
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["cure"]


@pytest.mark.parametrize("role", ["inspector", "nobody"])
def test_the_queue_is_for_those_who_decide(
    flag: Flag, staff: Staff, as_person: As, django_user_model: Any, role: str
) -> None:
    person = django_user_model.objects.create_user("nobody") if role == "nobody" else staff.inspector
    client = as_person(person)
    assert client.get("/api/v1/review").status_code == 403
    assert client.get(f"/api/v1/review/{flag.pk}").status_code == 403


def test_the_plan_sketch_is_drawn_for_those_who_may_read_the_flag(
    flag: Flag, staff: Staff, as_person: As, client: Client, django_user_model: Any
) -> None:
    path = f"/app/plans/{flag.pk}.svg"
    answer = as_person(staff.reviewer).get(path)
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    assert client.get(path).status_code == 302
    assert as_person(django_user_model.objects.create_user("nobody")).get(path).status_code == 403


def test_originals_are_opened_only_with_a_reason_and_that_is_logged(flag: Flag, staff: Staff, as_person: As) -> None:
    client, path = as_person(staff.reviewer), f"/api/v1/media/{flag.observation.media_id}/original"
    assert client.get(path, {"reason": "?"}).status_code == 400
    assert Look.objects.count() == 0
    assert client.get(path, {"reason": "Biển số bị che khuất"})["Cache-Control"] == "no-store"
    assert Look.objects.get().reason == "Biển số bị che khuất"


def test_what_was_decided_before_stands_beside_it(flag: Flag, staff: Staff, as_person: As, see: Any) -> None:
    for observation_id in a_report():
        run_to_rest(observation_id)
    client = as_person(staff.reviewer)
    other = Flag.objects.filter(verdict="flagged").exclude(pk=flag.pk).get()
    assert client.get(f"/api/v1/review/{flag.pk}").json()["similar"] == []
    assert decide(client, other, "dismissed", "permitted").status_code == 200
    (told,) = client.get(f"/api/v1/review/{flag.pk}").json()["similar"]
    assert (told["id"], told["state"], told["label"]) == (str(other.pk), "dismissed", "permitted")
    assert told["picture"] and told["decided_at"]


def test_the_most_alike_figure_comes_first() -> None:
    from math import inf

    from cases.queries.similar import distance, measure

    reasons = [{"code": "a", "values": {"width_m": None}}, {"code": "b", "values": {"width_m": 1.2, "limit_m": 1.5}}]
    assert measure(reasons, "width_m") == 1.2 and measure(reasons, "") is None and measure([], "width_m") is None
    assert distance(1.2, 1.0) < distance(1.2, 1.8) < distance(1.2, None) == inf
