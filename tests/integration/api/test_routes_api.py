"""Routes over HTTP: the own shift for an inspector, planning and moving for the unit's leader."""

from __future__ import annotations

from typing import Any

from cases.models import Assignment
from tests.integration.cases.test_day_plans import a_job, day

__all__ = ["day"]


def test_the_route_over_http(town: Any, day: Any, as_person: Any) -> None:  # noqa: F811 - the fixture
    case = a_job(town, 100)
    assert as_person(town.inspector).post("/api/v1/routes/plan", {}, format="json").status_code == 403
    assert as_person().get("/api/v1/routes").status_code == 401
    told = as_person(town.leader).post("/api/v1/routes/plan", {"budget_s": 0.5}, format="json")
    assert (told.status_code, told.json()["stops"]) == (200, 1), told.json()
    goes = Assignment.objects.get(case=case, is_current=True).inspector
    route = as_person(goes).get("/api/v1/routes").json()["routes"][0]
    assert route["stops"][0]["method"] == "straight_line"
    assert route["stops"][0]["case_id"] == str(case.pk)
    moves = f"/api/v1/routes/{route['id']}/moves"
    body = {"case": str(case.pk), "position": 1, "version": route["version"]}
    assert as_person(town.stranger).post(moves, body, format="json").status_code == 404
    moved = as_person(town.leader).post(moves, body, format="json")
    assert (moved.status_code, moved.json()["version"]) == (200, 2), moved.json()
    again = as_person(town.leader).post(moves, body, format="json")
    assert again.status_code == 409
    bad = as_person(town.leader).post("/api/v1/routes/plan", {"day": "2020-01-01"}, format="json")
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "day")
