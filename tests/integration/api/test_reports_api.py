"""A citizen sends, gets a code and a secret, and follows; everything wrong is told with field, value and cure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from cases.actions import (
    InspectionOutcome,
    InspectionRecord,
    ReviewDecision,
    move_inspection,
    open_or_join_case,
    record_inspection,
    review_flag,
)
from cases.models import Inspection
from intake.models import Observation, ReporterContact, ServiceRequest
from pipeline.models import Progress
from tests.data import photos
from tests.data.exif_block import an_exif_block, text
from tests.data.tracks import a_track
from tests.integration.cases import builders as b

URL = "/api/v1/reports"


def a_file(data: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photos.a_geotagged_photo(b.LON, b.LAT) if data is None else data, "image/jpeg")


def send(client: Any, **fields: Any) -> Any:
    headers = fields.pop("headers", {})
    return client.post(URL, {"media": a_file(), **fields}, format="multipart", headers=headers)


def test_a_photo_gets_a_code_and_can_be_followed(town: Any, as_person: Any) -> None:
    client = as_person()
    answer = send(client, lon=b.LON, lat=b.north(3), category="trading", description="Bàn ghế", contact="0900 000 000")
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"code", "secret", "status_url", "notices"}
    assert Progress.objects.filter(observation__service_request__code=body["code"]).count() == 1
    followed = client.get(body["status_url"]).json()
    assert (followed["status"], followed["processing"], followed["stage"]) == ("submitted", True, "")
    assert followed["position"]["method"] == "sender_pin"
    assert followed["pin"]["lat"] == pytest.approx(b.north(3))
    assert followed["decided_by"] == "nobody"
    assert followed["decision"]
    assert followed["first_reply"]["state"] == "within"
    assert "0900" not in str(followed)
    assert ReporterContact.objects.count() == 1


def test_several_files_are_one_report(town: Any, as_person: Any) -> None:
    files = [a_file(), a_file(photos.a_geotagged_photo(b.LON, b.LAT, seed=2))]
    answer = as_person().post(URL, {"media": files}, format="multipart")
    assert answer.status_code == 201
    assert Observation.objects.filter(service_request__code=answer.json()["code"]).count() == 2


def test_the_same_key_gives_the_first_answer_again(town: Any, as_person: Any) -> None:
    client, headers = as_person(), {"Idempotency-Key": "a1b2c3d4"}
    first, second = send(client, headers=headers), send(client, headers=headers)
    assert first.json()["code"] == second.json()["code"]
    assert ServiceRequest.objects.count() == 1
    other = client.post(
        URL, {"media": a_file(photos.a_geotagged_photo(b.LON, b.LAT, seed=3))}, format="multipart", headers=headers
    )
    assert other.status_code == 409


def test_a_wrong_code_and_a_wrong_secret_get_the_same_answer(town: Any, as_person: Any) -> None:
    client = as_person()
    code = send(client).json()["code"]
    wrong = [client.get(f"{URL}/{code}?secret=wrong"), client.get(f"{URL}/{code}")]
    unknown = client.get(f"{URL}/PA-2611-ZZZZZZ?secret=wrong")
    assert {answer.status_code for answer in [*wrong, unknown]} == {404}
    bodies = [answer.json() for answer in [*wrong, unknown]]
    for body in bodies:
        body["errors"][0].pop("value")
    assert bodies[0] == bodies[1] == bodies[2]


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        pytest.param({"media": []}, 400, "media", id="empty form"),
        pytest.param({"media": b""}, 422, "media", id="empty file"),
        pytest.param({"media": b"not an image at all"}, 422, "media", id="not an image"),
        pytest.param({"media": photos.a_truncated_jpeg()}, 422, "media", id="truncated JPEG"),
        pytest.param({"media": photos.a_png_bomb()}, 413, "media", id="200 megapixels"),
        pytest.param({"lon": "0", "lat": "0"}, 400, "lon", id="zero and zero"),
        pytest.param({"lon": "106.69"}, 400, "lat", id="half a place"),
        pytest.param({"lon": "east", "lat": "10.78"}, 400, "lon", id="no number"),
        pytest.param({"lon": "2.35", "lat": "48.85"}, 422, "lon", id="outside the city"),
        pytest.param({"category": "weather"}, 400, "category", id="no such category"),
        pytest.param({"description": "x" * 3000}, 400, "description", id="text too long"),
    ],
)
def test_bad_reports(town: Any, as_person: Any, fields: dict[str, Any], status: int, field: str) -> None:
    media = fields.pop("media", None)
    files = {} if media == [] else {"media": a_file(media)}
    answer = as_person().post(URL, {**files, **fields}, format="multipart", headers={"Accept-Language": "en"})
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert set(body) == {"type", "title", "errors"}
    error = body["errors"][0]
    assert error["field"].startswith(field)
    assert error["message"]
    assert error["cure"]
    assert "Traceback" not in str(body)
    assert ServiceRequest.objects.count() == 0


def test_errors_come_in_the_readers_language(town: Any, as_person: Any) -> None:
    client = as_person()
    titles = [
        client.get(f"{URL}/PA-0?secret=x{query}", headers=headers).json()["title"]
        for query, headers in (("", {"Accept-Language": "en"}), ("&lang=vi", {"Accept-Language": "en"}), ("", {}))
    ]
    assert titles == ["Not found.", "Không tìm thấy.", "Không tìm thấy."]


def test_a_body_that_no_report_may_have_is_refused_unread(town: Any, as_person: Any) -> None:
    answer = as_person().post(URL, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="99000000000")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [("application/json", b"{}", 415), ("multipart/form-data", b"no boundary", 400)],
    ids=["JSON", "multipart without boundary"],
)
def test_another_form_of_sending(town: Any, as_person: Any, content_type: str, body: bytes, status: int) -> None:
    assert as_person().post(URL, body, content_type=content_type).status_code == status


def test_a_silent_broker_loses_no_report(town: Any, as_person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr("pipeline.tasks.run_stage.apply_async", silent)
    answer = send(as_person())
    assert answer.status_code == 201
    assert Progress.objects.count() == 1


def test_a_silent_database_is_told_without_a_traceback(
    town: Any, as_person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("api.views.reports.receive_request", down)
    answer = send(as_person())
    assert (answer.status_code, answer.json()["type"]) == (503, "temporary")
    assert answer["Retry-After"]
    assert "server closed" not in str(answer.json())


def test_what_nobody_expected_is_told_by_number(town: Any, as_person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("api.views.reports.receive_request", broken)
    answer = send(as_person())
    assert (answer.status_code, answer.json()["type"]) == (500, "unexpected")
    assert "secret detail" not in str(answer.json())


def test_the_answer_reaches_the_sender_once_it_is_approved(town: Any, as_person: Any) -> None:
    client = as_person()
    body = send(client, category="trading").json()
    observation = Observation.objects.get()
    flag = b.a_flag(observation, town.city)
    open_or_join_case(observation.pk)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    visit = Inspection.objects.get()
    record_inspection(visit.pk, InspectionRecord(InspectionOutcome.WARNED, free_width_m=1.86), by=town.inspector)
    assert client.get(body["status_url"]).json()["decided_by"] != "person"
    move_inspection(visit.pk, "approved", by=town.leader)
    answered = client.get(body["status_url"]).json()
    assert (answered["status"], answered["decided_by"]) == ("answered", "person")
    assert "1,86 m" in answered["decision"]
    assert "Công an phường Đồi" in answered["decision"]
    steps = client.get(body["status_url"].replace("?", "/timeline?")).json()
    assert [step["code"] for step in steps] == ["sent", "received", "in_progress", "checked", "answered"]
    english = client.get(body["status_url"] + "&lang=en").json()
    assert "It is as you reported." in english["decision"]


def test_too_many_reports_from_one_address(
    town: Any, as_person: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from django.core.cache import cache

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr("api.throttles.ReportThrottle.rate", "2/hour", raising=False)
    monkeypatch.setattr("api.throttles.ReportThrottle.cache", cache)
    client = as_person()
    codes = [client.post(URL, {}, format="multipart").status_code for _ in range(3)]
    assert codes == [400, 400, 429]


@pytest.mark.parametrize("who", ["inspector", "planner"])
def test_only_reviewers_and_leaders_move_reports(town: Any, as_person: Any, who: str) -> None:
    request = b.a_request(town.city)
    url, move = f"{URL}/{request.code}/moves", {"to": "received", "version": 1}
    assert as_person(getattr(town, who)).post(url, move, format="json").status_code == 403
    assert as_person().post(url, move, format="json").status_code == 401
    done = as_person(town.reviewer).post(url, move, format="json")
    assert (done.status_code, done.json()["state"], done.json()["version"]) == (200, "received", 2)


def test_a_track_places_a_photo_that_knows_only_its_moment(town: Any, as_person: Any) -> None:
    moment = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    clock = [text(0x9003, f"{moment:%Y:%m:%d %H:%M:%S}"), text(0x9011, "+00:00")]
    photo = photos.a_photo(exif=an_exif_block(exif=clock))
    walk = a_track(moment, b.LON, b.LAT)
    answer = send(as_person(), media=a_file(photo), track=SimpleUploadedFile("walk.gpx", walk))
    assert answer.status_code == 201
    followed = as_person().get(answer.json()["status_url"]).json()
    assert followed["position"]["method"] == "gpx_track"
    assert followed["position"]["lon"] == pytest.approx(b.LON, abs=1e-6)


def test_a_wrong_track_is_told_and_nothing_is_kept(town: Any, as_person: Any) -> None:
    other_year = a_track(datetime(2020, 1, 1, tzinfo=UTC), b.LON, b.LAT)
    for track, field in ((b"no gpx", "track"), (other_year, "captured_at")):
        answer = send(as_person(), lon=b.LON, lat=b.LAT, track=SimpleUploadedFile("walk.gpx", track))
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == field
        assert answer.json()["errors"][0]["cure"]
    assert ServiceRequest.objects.count() == 0
