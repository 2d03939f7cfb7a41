"""A visit over HTTP, as a phone does it: photos, then the form, twice."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Inspection, InspectionSubmission
from tests.data.photos import a_photo
from tests.data.sounds import a_recording
from tests.integration.cases.test_field_forms import a_body, visit

__all__ = ["visit"]


def test_photos_then_the_form_then_the_record(town: Any, visit: Inspection, as_person: Any) -> None:  # noqa: F811
    phone, base, data = as_person(town.inspector), f"/api/v1/inspections/{visit.pk}", a_photo()
    shown = phone.get(base).json()
    assert {item["code"] for item in shown["checklist"]} >= {"people_can_pass"}
    assert {act["code"] for act in shown["acts"]} >= {"VH01"}

    def send(digest: str) -> Any:
        file = SimpleUploadedFile("a.jpg", data, "image/jpeg")
        return phone.post(f"{base}/photos", {"photo": file, "sha256": digest, "role": "overview"})

    assert send("0" * 64).status_code == 400
    sent = send(sha256(data).hexdigest())
    assert sent.status_code == 201, sent.json()
    body = a_body("violation", acts=["VH01"], photos=[sent.json()["photo_id"]])
    first = phone.post(f"{base}/forms", body, format="json", HTTP_IDEMPOTENCY_KEY="phone-0001")
    again = phone.post(f"{base}/forms", body, format="json", HTTP_IDEMPOTENCY_KEY="phone-0001")
    assert (first.status_code, again.status_code) == (200, 200), first.json()
    assert (first.json()["is_known"], again.json()["is_known"]) == (False, True)
    assert InspectionSubmission.objects.count() == 1
    sheet = phone.get(f"{base}/record.pdf")
    assert (sheet.status_code, sheet["Content-Type"], sheet.content[:4]) == (200, "application/pdf", b"%PDF")
    assert as_person(town.planner).get(f"{base}/record.pdf").status_code == 403
    assert as_person(town.reviewer).get(f"{base}/parties").status_code == 403
    assert as_person().post(f"{base}/forms", body, format="json").status_code == 401


def test_a_spoken_note_is_kept_and_heard_by_a_logged_look(town: Any, visit: Inspection, as_person: Any) -> None:  # noqa: F811
    phone, base, data = as_person(town.inspector), f"/api/v1/inspections/{visit.pk}", a_recording()
    file = SimpleUploadedFile("note.webm", data, "audio/webm")
    sent = phone.post(f"{base}/photos", {"photo": file, "sha256": sha256(data).hexdigest(), "role": "voice"})
    assert sent.status_code == 201, sent.json()
    picture = SimpleUploadedFile("a.jpg", a_photo(), "image/jpeg")
    as_sound = phone.post(
        f"{base}/photos", {"photo": picture, "sha256": sha256(a_photo()).hexdigest(), "role": "voice"}
    )
    assert as_sound.status_code == 422 and as_sound.json()["errors"][0]["cure"]
    media = sent.json()["photo_id"]
    file_of = as_person(town.leader).get(f"/api/v1/case-files/{visit.case.code}").json()
    assert [one["voice_ids"] for one in file_of["visits"]] == [[media]] and not file_of["visits"][0]["photo_ids"]
    heard = as_person(town.leader).get(f"/api/v1/media/{media}/original", {"reason": "to decide the case"})
    assert (heard.content, heard["Content-Type"]) == (data, "audio/webm")
    assert as_person(town.planner).get(f"/api/v1/media/{media}/original", {"reason": "curious"}).status_code in {
        403,
        404,
    }
    assert as_person(town.leader).get(f"/api/v1/media/{media}").status_code == 404  # there is no copy for everybody


def test_a_form_without_its_key_is_refused_in_words(town: Any, visit: Inspection, as_person: Any) -> None:  # noqa: F811
    told = as_person(town.inspector).post(f"/api/v1/inspections/{visit.pk}/forms", a_body(), format="json")
    assert told.status_code == 400
    assert told.json()["errors"][0]["field"] == "Idempotency-Key"


def test_late_forms_are_the_leaders_to_settle(town: Any, visit: Inspection, as_person: Any) -> None:  # noqa: F811
    phone, leader = as_person(town.inspector), as_person(town.leader)
    forms = f"/api/v1/inspections/{visit.pk}/forms"
    phone.post(forms, a_body(), format="json", HTTP_IDEMPOTENCY_KEY="phone-0001")
    late = phone.post(forms, a_body("gone"), format="json", HTTP_IDEMPOTENCY_KEY="phone-0002").json()
    assert (late["state"], late["conflict"]) == ("conflict", "ended")
    assert [row["id"] for row in leader.get("/api/v1/inspections/forms").json()] == [late["submission_id"]]
    moves = f"/api/v1/inspections/forms/{late['submission_id']}/moves"
    assert phone.post(moves, {"to": "set_aside", "reason": "x"}, format="json").status_code == 403
    assert leader.post(moves, {"to": "set_aside", "reason": "too late"}, format="json").json()["state"] == "set_aside"
