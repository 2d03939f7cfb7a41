"""An inspector's own day over HTTP: own jobs with their visits, names of the place, ground for the map; nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cases.queries import list_own_jobs

if TYPE_CHECKING:
    from tests.integration.cases.builders import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(town: Town) -> Any:
    """A case that was given to the inspector."""
    from tests.integration.cases.builders import an_assigned_case

    return an_assigned_case(town)


def test_the_day_holds_the_own_jobs_with_the_visit_of_each(town: Town, job: Any, as_person: Any) -> None:
    day = as_person(town.inspector).get("/api/v1/own-day").json()
    assert [one["case"]["code"] for one in day["jobs"]] == [job.code]
    visit = job.inspections.get()
    assert day["jobs"][0]["visit"] == {"id": str(visit.pk), "state": visit.state, "version": visit.version}
    west, south, east, north = day["bounds"]
    assert west < job.point.x < east
    assert south < job.point.y < north
    assert len(list_own_jobs(town.inspector)) == 1


def test_the_same_day_is_sent_once(town: Town, job: Any, as_person: Any) -> None:
    client = as_person(town.inspector)
    first = client.get("/api/v1/own-day")
    assert client.get("/api/v1/own-day", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_an_inspector_without_jobs_has_an_empty_day_with_the_wards_ground(town: Town, as_person: Any) -> None:
    day = as_person(town.inspector).get("/api/v1/own-day").json()
    assert day["jobs"] == []
    assert day["bounds"] is not None


@pytest.mark.parametrize(("role", "status"), [("reviewer", 403), ("leader", 403), (None, 401)])
def test_the_day_is_the_inspectors_alone(town: Town, as_person: Any, role: str | None, status: int) -> None:
    client = as_person(getattr(town, role) if role else None)
    assert client.get("/api/v1/own-day").status_code == status


def test_queries_do_not_grow_with_the_jobs(
    town: Town, job: Any, as_person: Any, django_assert_max_num_queries: Any
) -> None:
    from tests.integration.cases.builders import an_assigned_case

    for _ in range(4):
        an_assigned_case(town)
    client = as_person(town.inspector)
    with django_assert_max_num_queries(16):
        assert len(client.get("/api/v1/own-day").json()["jobs"]) == 5
