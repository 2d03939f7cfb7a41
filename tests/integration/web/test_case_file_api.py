"""A case by its code: what its page shows, the moves that the reader may make, and that others' changes are seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cases.models import Case
from tests.builders import Staff

pytestmark = pytest.mark.django_db
As = Callable[[Any], Client]


def test_the_file_holds_evidence_visits_history_and_allowed_moves(case: Case, staff: Staff, as_person: As) -> None:
    file = as_person(staff.leader).get(f"/api/v1/case-files/{case.code}").json()
    assert file["case"]["code"] == case.code
    assert file["flags"][0]["picture"] and file["flags"][0]["reasons"]
    assert file["flags_in_all"] == len(file["flags"]) > 0
    assert any(entry["kind"] == "opened" for entry in file["timeline"])
    assert file["moves"]


def test_moves_are_those_of_the_readers_roles(case: Case, staff: Staff, as_person: As) -> None:
    def moves_of(person: Any) -> set[str]:
        return {move["to"] for move in as_person(person).get(f"/api/v1/case-files/{case.code}").json()["moves"]}

    assert moves_of(staff.leader) != moves_of(staff.inspector)
    for move in moves_of(staff.inspector):
        assert move in {"verifying", "no_violation", "warned", "recorded", "fined_on_spot", "stop_ordered", "recheck"}


def test_a_change_by_somebody_else_is_seen(case: Case, staff: Staff, as_person: As) -> None:
    client = as_person(staff.leader)
    path = f"/api/v1/case-files/{case.code}"
    etag = client.get(path)["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    case.refresh_from_db()
    body = {"to": "dismissed", "reason": "Không còn gì ở đó", "version": case.version}
    moved = as_person(staff.reviewer).post(f"/api/v1/cases/{case.pk}/moves", body, content_type="application/json")
    assert moved.status_code == 200
    assert client.get(path, headers={"If-None-Match": etag}).json()["case"]["state"] == "dismissed"


@pytest.mark.parametrize("code", ["VH-0000-0000", "x"])
def test_an_unknown_code_is_not_found(case: Case, staff: Staff, as_person: As, code: str) -> None:
    assert as_person(staff.leader).get(f"/api/v1/case-files/{code}").status_code == 404


def test_nobody_else_opens_it(case: Case, client: Client) -> None:
    assert client.get(f"/api/v1/case-files/{case.code}").status_code == 401
