"""What leaders do with a case beside moving it: clocks taken apart, evidence read again, the public page looked at before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from cases.models import Case, CaseClock, CaseEvent, Inspection
from intake.models import MediaFile
from tests.builders import Staff
from tiles.models import Publication

pytestmark = pytest.mark.django_db
As = Callable[[Any], Client]
JSON = "application/json"


def file_of(client: Client, case: Case) -> Any:
    return client.get(f"/api/v1/case-files/{case.code}?lang=en").json()


def settle(case: Case, staff: Staff, as_person: As) -> None:
    """The visit is recorded by the inspector; the leader has not approved it yet."""
    visit = Inspection.objects.get(case=case)
    body = {"to": "completed", "outcome": "no_violation", "version": visit.version}
    answer = as_person(staff.inspector).post(f"/api/v1/inspections/{visit.pk}/moves", body, content_type=JSON)
    assert answer.status_code == 200, answer.json()


def test_the_file_names_the_acts_of_each_role(case: Case, staff: Staff, as_person: As) -> None:
    leaders, inspectors = (
        file_of(as_person(staff.leader), case)["acts"],
        file_of(as_person(staff.inspector), case)["acts"],
    )
    assert {"open_vault", "publish", "hold_clock", "check_evidence", "export_evidence"} <= set(leaders)
    assert set(inspectors) == {"read_voices", "ask_sender"}


def test_the_history_is_told_in_sentences(case: Case, staff: Staff, as_person: As) -> None:
    timeline = file_of(as_person(staff.leader), case)["timeline"]
    assert timeline[0]["said"] == "The case was opened by the machine."
    assert all(entry["said"].endswith(".") for entry in timeline)


def test_a_visit_offers_the_leader_its_approval_and_its_inspector_none(case: Case, staff: Staff, as_person: As) -> None:
    settle(case, staff, as_person)
    [leaders] = file_of(as_person(staff.leader), case)["visits"]
    [own] = file_of(as_person(staff.inspector), case)["visits"]
    assert [move["to"] for move in leaders["moves"]] == ["approved"]
    assert own["moves"] == []


def test_a_running_clock_is_taken_apart_until_now(case: Case, staff: Staff, as_person: As) -> None:
    past = timezone.now() - timedelta(days=3)
    CaseClock.objects.filter(case=case, code="visit").update(due_at=past)
    body = {"clock": "visit", "reason": "storm_or_flood", "document": "12/TB-UBND, 20/11/2026"}
    client = as_person(staff.leader)
    rows = client.get(f"/api/v1/cases/{case.pk}/clocks").json()["clocks"]
    visit = next(row for row in rows if row["code"] == "visit")
    assert visit["state"] == "late"
    assert visit["needs_cause"]
    assert visit["late_wall_s"] > 2 * 86_400
    assert visit["stopped_at"] is None
    assert {part["step"] for part in visit["spent"]} <= {"triage", "assignment", "visit"}
    held = client.post(f"/api/v1/cases/{case.pk}/pauses", body, content_type=JSON).json()
    assert next(row for row in held["clocks"] if row["code"] == "visit")["pauses"][0]["document"] == body["document"]


def test_evidence_is_read_again_and_says_what_it_is(case: Case, staff: Staff, as_person: As) -> None:
    client = as_person(staff.leader)
    whole = client.post(f"/api/v1/cases/{case.pk}/evidence-checks", {}, content_type=JSON)
    assert whole.status_code == 201
    assert whole.json()["faults"] == 0
    assert {file["standing"] for file in whole.json()["files"]} == {"whole"}
    assert whole.json()["links"] >= len(whole.json()["files"]) >= 2
    original = MediaFile.objects.get(parent=None)
    path = Path(default_storage.path(original.storage_name))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    after = client.post(f"/api/v1/cases/{case.pk}/evidence-checks", {}, content_type=JSON).json()
    assert after["faults"] == 1
    assert [file["standing"] for file in after["files"] if file["media_id"] == str(original.pk)] == ["altered"]
    assert file_of(client, case)["altered"] == 1
    assert CaseEvent.objects.filter(case=case, kind="evidence_checked").count() == 2


@pytest.mark.parametrize("who", ["inspector", "reviewer"])
def test_only_leaders_and_auditors_have_evidence_read(case: Case, staff: Staff, as_person: As, who: str) -> None:
    client = as_person(getattr(staff, who))
    answer = client.post(f"/api/v1/cases/{case.pk}/evidence-checks", {}, content_type=JSON)
    assert answer.status_code == 403


def test_the_preview_is_what_the_gate_then_shows_and_changes_nothing(
    case: Case, staff: Staff, as_person: As, client: Client
) -> None:
    leader = as_person(staff.leader)
    path = f"/api/v1/cases/{case.pk}/publication"
    assert leader.get(path).json()["standing"] == "not_settled"
    assert leader.get(path).json()["page"] is None
    settle(case, staff, as_person)
    seen = leader.get(path).json()
    assert seen["standing"] == "waiting"
    assert seen["page"]["code"] == case.code
    assert not Publication.objects.exclude(approved_by="").exists()
    assert client.get(f"/cases/{case.code}/").status_code != 200
    assert leader.post(path, {"do": "approve"}, content_type=JSON).status_code == 200
    from tiles.queries import find_public_case

    public = find_public_case(case.code)
    assert public is not None
    shown = leader.get(path).json()
    assert shown["standing"] == "public"
    for name in ("before_id", "after_id", "outcome", "office", "lon", "lat", "state"):
        assert shown["page"][name] == seen["page"][name]
        assert str(getattr(public, name)) == str(seen["page"][name])
    leader.post(path, {"do": "withdraw", "reason": "nhầm ảnh"}, content_type=JSON)
    assert leader.get(path).json()["standing"] == "withdrawn"


def test_who_recorded_the_visit_is_told_that_another_must_decide(case: Case, staff: Staff, as_person: As) -> None:
    settle(case, staff, as_person)
    Inspection.objects.filter(case=case).update(inspector=staff.leader)
    assert as_person(staff.leader).get(f"/api/v1/cases/{case.pk}/publication").json()["refused"] is True
