"""Flags, cases, visits, observations and pictures for offices: rights, pages, moves, and what is never told."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import ReviewDecision, open_or_join_case, review_flag
from cases.models import Case, Inspection, Look
from intake.actions import store_copy
from intake.kinds import Derivation
from intake.models import Observation
from tests.data import photos
from tests.integration.cases import builders as b

API = "/api/v1"


def a_camera_flag(town: Any, metres: float = 0.0, **changes: Any) -> Any:
    from django.contrib.gis.geos import Point

    camera = b.a_camera(town.city, f"camera-{next(b._numbers)}")
    return b.a_flag(b.a_frame(camera), town.city, point=Point(b.LON, b.north(metres), srid=4326), **changes)


def test_flags_come_as_geojson_page_by_page(town: Any, as_person: Any) -> None:
    flags = {str(a_camera_flag(town, metres=n).pk) for n in range(5)}
    client, url, seen = as_person(town.planner), f"{API}/flags?limit=2", []
    while url:
        body = client.get(url).json()
        assert body["type"] == "FeatureCollection"
        seen += [feature["id"] for feature in body["features"]]
        url = body["next"]
    assert len(seen) == 5
    assert set(seen) == flags
    first = client.get(f"{API}/flags?limit=1").json()["features"][0]
    assert first["geometry"]["coordinates"][0] == pytest.approx(b.LON)
    assert first["properties"]["verdict"] == "flagged"


def test_a_list_costs_the_same_however_long(town: Any, as_person: Any) -> None:
    client = as_person(town.planner)
    for path in ("flags", "cases"):
        counts = []
        for _ in range(2):
            review_flag(a_camera_flag(town, metres=500 * len(counts)).pk, ReviewDecision.ACCEPT, by=town.reviewer)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"{API}/{path}").status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("verdict=undetermined", 1),
        ("verdict=flagged&use=parking", 1),
        ("state=accepted", 0),
        (f"bounds={b.LON - 0.001},{b.LAT - 0.001},{b.LON + 0.001},{b.LAT + 0.001}", 2),
        ("since=2999-01-01", 0),
        ("since=2020-01-01T00:00:00Z", 3),
    ],
)
def test_filters_of_flags(town: Any, as_person: Any, query: str, found: int) -> None:
    a_camera_flag(town)
    a_camera_flag(town, use="parking")
    a_camera_flag(town, metres=900, verdict="undetermined")
    assert len(as_person(town.leader).get(f"{API}/flags?{query}").json()["features"]) == found


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("flags?bounds=1,2,3", "bounds"),
        ("flags?bounds=9,9,1,1", "bounds"),
        ("flags?verdict=violation", "verdict"),
        ("flags?since=yesterday", "since"),
        ("flags?limit=0", "limit"),
        ("flags?limit=5000", "limit"),
        ("flags?after=x", "after"),
        ("cases?unit=%00", "unit"),
        ("flags?after=00000000-0000-0000-0000-000000000000", "after"),
        ("cases?state=lost", "state"),
        ("places?lon=106.69", "lat"),
        ("places?lon=north&lat=1", "lon"),
        ("places?lon=106.69&lat=10.78&on=soon", "on"),
    ],
)
def test_bad_questions_name_the_field(town: Any, as_person: Any, path: str, field: str) -> None:
    answer = as_person(town.leader).get(f"{API}/{path}", headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert answer.json()["errors"][0]["cure"]


def test_rights_are_of_role_ward_and_day(town: Any, as_person: Any) -> None:
    flag = a_camera_flag(town)
    assert as_person().get(f"{API}/flags").status_code == 401
    nobody = b.a_person("nobody", town.city, None)
    assert as_person(nobody).get(f"{API}/flags").status_code == 403
    assert as_person(town.stranger).get(f"{API}/flags").json()["features"] == []
    assert as_person(town.stranger).get(f"{API}/flags/{flag.pk}").status_code == 404
    former = b.a_person("former", town.city, town.office, b.Role.LEADER, to=b.date(2025, 8, 1))
    assert as_person(former).get(f"{API}/flags").status_code == 403
    assert as_person(town.operator).get(f"{API}/cases").status_code == 403


def test_a_flag_is_decided_over_http(town: Any, as_person: Any) -> None:
    flag = a_camera_flag(town)
    url, client = f"{API}/flags/{flag.pk}/moves", as_person(town.reviewer)
    assert client.post(url, {"to": "accepted"}, format="json").json()["errors"][0]["field"] == "version"
    assert client.post(url, {"to": "dismissed", "version": 1}, format="json").status_code == 400
    taken = client.post(url, {"to": "in_review", "version": 1}, format="json").json()
    no = client.post(url, {"to": "dismissed", "reason": "temporary", "version": taken["version"]}, format="json").json()
    undone = client.post(url, {"to": "new", "version": no["version"]}, format="json").json()
    assert (no["state"], undone["state"]) == ("dismissed", "new")
    late = as_person(town.leader).post(url, {"to": "accepted", "version": 1}, format="json")
    assert (late.status_code, late.json()["type"]) == (409, "conflict")
    yes = client.post(url, {"to": "accepted", "version": undone["version"]}, format="json")
    assert yes.status_code == 200
    assert yes.json()["case_code"].startswith("VH-")
    history = client.get(f"{API}/flags/{flag.pk}/timeline").json()
    assert [step["to_state"] for step in history] == ["in_review", "dismissed", "new", "accepted"]


@pytest.fixture
def opened(town: Any) -> Case:
    """A case of one voice whose visit is drafted."""
    photo = b.a_citizen_photo(b.a_request(town.city))
    flag = b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    return Case.objects.get()


def test_a_visit_goes_from_draft_to_approval_over_http(town: Any, as_person: Any, opened: Case) -> None:
    inspector, leader = as_person(town.inspector), as_person(town.leader)
    detail = inspector.get(f"{API}/cases/{opened.pk}").json()["properties"]
    visit = detail["visits"][0]
    url = f"{API}/inspections/{visit['id']}/moves"
    assert inspector.post(url, {"to": "completed", "version": 1}, format="json").status_code == 400
    done = inspector.post(
        url, {"to": "completed", "outcome": "warned", "free_width_m": 1.05, "version": visit["version"]}, format="json"
    )
    assert (done.status_code, done.json()["state"]) == (200, "completed")
    mine = inspector.post(url, {"to": "approved", "version": done.json()["version"]}, format="json")
    assert mine.status_code == 403
    assert leader.post(url, {"to": "approved", "version": done.json()["version"]}, format="json").status_code == 200
    timeline = leader.get(f"{API}/cases/{opened.pk}/timeline").json()
    kinds = {entry["kind"] for entry in timeline}
    assert {"opened", "assigned", "inspected", "move", "inspection"} <= kinds
    assert timeline[0]["is_day_only"] is True
    assert len(leader.get(f"{API}/inspections/{visit['id']}/timeline").json()) == 6


def test_a_case_is_moved_over_http(town: Any, as_person: Any, opened: Case) -> None:
    url, leader = f"{API}/cases/{opened.pk}/moves", as_person(town.leader)
    version = leader.get(f"{API}/cases/{opened.pk}").json()["properties"]["version"]
    assert leader.post(url, {"to": "closed", "version": version}, format="json").status_code == 409
    assert as_person(town.planner).post(url, {"to": "dismissed", "version": version}, format="json").status_code == 403
    assert as_person(town.stranger).post(url, {"to": "dismissed", "version": version}, format="json").status_code == 404
    done = leader.post(url, {"to": "dismissed", "reason": "filed twice", "version": version}, format="json")
    assert (done.status_code, done.json()["state"]) == (200, "dismissed")
    assert leader.post(url, "[]", content_type="application/json").status_code == 400
    assert leader.post(url, "{", content_type="application/json").status_code == 400


def test_an_observation_with_all_that_was_made_of_it(town: Any, as_person: Any) -> None:
    flag = a_camera_flag(town)
    body = as_person(town.operator).get(f"{API}/observations/{flag.observation_id}").json()
    properties = body["properties"]
    assert (body["type"], properties["source"]) == ("Feature", "camera")
    assert properties["flags"][0]["id"] == str(flag.pk)
    assert properties["media"]["redacted_url"] == ""
    assert as_person(town.stranger).get(f"{API}/observations/{flag.observation_id}").status_code == 404
    assert as_person().get(f"{API}/observations/{flag.observation_id}").status_code == 401


@pytest.fixture
def picture(town: Any, as_person: Any) -> Observation:
    """A report really sent, flagged, with a redacted copy."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = photos.a_geotagged_photo(b.LON, b.LAT)
    as_person().post(f"{API}/reports", {"media": SimpleUploadedFile("a.jpg", data), "category": "trading"})
    observation = Observation.objects.get()
    b.a_flag(observation, town.city)
    open_or_join_case(observation.pk)
    store_copy(observation.media_id, Derivation.REDACTED, photos.a_photo(), content_type="image/jpeg", detail={})
    return observation


def test_pictures_are_redacted_copies_and_originals_are_logged(town: Any, as_person: Any, picture: Observation) -> None:
    media, data = picture.media_id, photos.a_geotagged_photo(b.LON, b.LAT)
    reviewer = as_person(town.reviewer)
    for client, status in ((reviewer, 200), (as_person(town.stranger), 404), (as_person(), 404)):
        answer = client.get(f"{API}/media/{media}")
        assert answer.status_code == status
        assert answer.content != data
    assert as_person().get(f"{API}/media/{media}/original?reason=curiosity").status_code == 401
    assert as_person(town.planner).get(f"{API}/media/{media}/original?reason=curiosity").status_code == 403
    assert reviewer.get(f"{API}/media/{media}/original").status_code == 400
    assert Look.objects.count() == 0
    assert reviewer.get(f"{API}/media/{media}/original?reason=number+plate").content == data
    assert Look.objects.get().user == town.reviewer


def test_no_answer_to_an_officer_tells_who_sent_or_when_it_came(
    town: Any, as_person: Any, picture: Observation
) -> None:
    """Walks every address an officer can reach from the lists, as every role, and looks for what must not be there."""
    request = picture.service_request
    assert request is not None
    flag = b.Flag.objects.get()
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    case, visit = Case.objects.get(), Inspection.objects.get()
    arrival = [moment.isoformat()[:26] for moment in (request.submitted_at, case.opened_at, flag.created_at)]
    forbidden = [request.code, "contact", "secret", "submitted_at", *arrival]
    paths = [
        "flags", f"flags/{flag.pk}", f"flags/{flag.pk}/timeline", "cases", f"cases/{case.pk}", f"cases/{case.pk}/timeline",
        f"inspections/{visit.pk}/timeline", f"observations/{picture.pk}", "wards/counts", "wards/figures",
        f"places?lon={b.LON}&lat={b.LAT}",
    ]  # fmt: skip
    for who in (town.inspector, town.reviewer, town.leader, town.planner, town.operator):
        client = as_person(who)
        for path in paths:
            answer = client.get(f"{API}/{path}")
            assert answer.status_code in (200, 403, 404)
            text = json.dumps(answer.json()) if answer.status_code == 200 else ""
            assert [word for word in forbidden if word in text] == [], f"{who.username} at {path}"


def test_every_endpoint_says_who_may_call_it(town: Any, as_person: Any) -> None:
    document = as_person().get(f"{API}/openapi.json").json()
    operations = [
        operation for path in document["paths"].values() for operation in path.values() if "summary" in operation
    ]
    assert len(operations) >= 20
    assert all("**Who may call:**" in operation["description"] for operation in operations)
    named = {operation["operationId"] for operation in operations}
    assert len(named) == len(operations)


def test_a_visitor_gets_nothing_that_is_not_said_to_be_for_anyone(town: Any, as_person: Any, opened: Case) -> None:
    document = as_person().get(f"{API}/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method not in ("get", "post") or "anyone" in operation["description"]:
                continue
            numbers = {
                one["name"]
                for one in operation.get("parameters", [])
                if one["in"] == "path" and one["schema"]["type"] == "integer"
            }
            some = {True: "1", False: "00000000-0000-0000-0000-000000000000"}
            address = re.sub(r"\{(\w+)\}", lambda part: some[part[1] in numbers], urlsplit(path).path)  # noqa: B023
            answer = getattr(as_person(), method)(address, format="json")
            assert answer.status_code == 401, path


@pytest.mark.parametrize("path", ["nothing", "flags/not-an-id", "reports/"])
def test_other_addresses_answer_in_the_same_form(town: Any, as_person: Any, path: str) -> None:
    for method in ("get", "post"):
        answer = getattr(as_person(), method)(f"{API}/{path}", format="json")
        assert (answer.status_code, answer.json()["type"]) == (404, "not_found")


def test_the_public_learns_counts_per_ward_only(town: Any, as_person: Any) -> None:
    a_camera_flag(town)
    counts = as_person().get(f"{API}/wards/counts").json()
    assert counts == [{"ward_code": b.WARD, "name": "Phường Đồi", "awaiting_review": 1}]
    assert as_person().get(f"{API}/wards/counts?city=atlantis").status_code == 404
    figures = as_person(town.leader).get(f"{API}/wards/figures").json()
    assert figures[0]["awaiting_review"] == 1


def test_a_place_names_its_sources_and_what_has_no_data(town: Any, as_person: Any) -> None:
    body = as_person().get(f"{API}/places?lon={b.LON}&lat={b.LAT}&lang=en").json()
    assert body["units"][0]["code"] == b.WARD
    assert set(body["units"][0]["source"]) >= {"name", "title", "date", "decision", "licence", "generated"}
    coverage = {state["register"]: state["coverage"] for state in body["registers"]}
    assert coverage["permit"] == "no_data"
    assert body["reference"] == "For reference, not an official reply."
    outside = as_person().get(f"{API}/places?lon=2.35&lat=48.85")
    assert outside.status_code == 422
