"""A planner's query over HTTP: rows, totals and files; what tries SQL, names nothing or is too large is refused in words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from geo.models import Parcel, Permit, RoadSegment
from tests.builders import a_staff
from tests.pipeline.conftest import _kept_city, media_folder, pack, small_city  # noqa: F401 - fixtures
from tests.small_city import rectangle

ON = "2026-11-22"
Ask = Callable[..., Any]
BOW = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.fixture
def ask(small_city: Any, as_person: Any) -> Ask:  # noqa: F811 - the fixture imported above
    """Posts a question as a planner; ``role`` of nobody is a visitor."""
    from cases.models import RoleAssignment

    planner = a_staff().reviewer
    RoleAssignment.objects.filter(user=planner).update(role="planner")
    client = as_person(planner)

    def post(client: Any = client, **body: Any) -> Any:
        return client.post("/api/v1/query?lang=en", {"on": ON, **body}, format="json")

    return post


def test_a_filter_and_an_area(ask: Ask) -> None:
    body = ask(layer="parcels", filter="measured_area_m2 > 1000").json()
    assert (body["total"], body["returned"], round(body["sums"]["measured_area_m2"])) == (2, 2, 7200)
    assert {feature["properties"]["key"] for feature in body["features"]} == {"000010010001", "000010010002"}
    inside = ask(layer="parcels", area=rectangle(15, 110, 85, 180)).json()
    assert [feature["properties"]["unit"] for feature in inside["features"]] == ["Phường Nhỏ"]
    assert ask(layer="parcels", filter="last_permit_on >= DATE('2026-01-01')").json()["total"] == 1


def test_parcels_in_a_corridor_without_a_permit(ask: Ask) -> None:
    RoadSegment.objects.update(width_m=10)
    blanks = {"street": "pho nho", "width_m": 30, "since": "2026-01-01"}
    found = ask(question="corridor_without_permit", blanks=blanks).json()
    keys = {feature["properties"]["key"] for feature in found["features"]}
    assert "000010010002" in keys and "000010010001" not in keys  # A has a permit of June
    second = next(f for f in found["features"] if f["properties"]["key"] == "000010010002")
    assert second["properties"]["inside_m2"] == pytest.approx(60 * 6, rel=0.01)
    later = ask(question="corridor_without_permit", blanks={**blanks, "since": "2026-07-01"}).json()
    assert later["total"] == found["total"] + 1


def test_zone_shares_by_ward(ask: Ask) -> None:
    (row,) = ask(question="zone_shares_by_ward").json()["features"]
    told = row["properties"]
    assert (told["unit"], told["code"], round(told["area_m2"])) == ("Phường Nhỏ", "NO-01", 400 * 286)
    assert told["share_pct"] == pytest.approx(100 * 286 / 400, abs=0.01)
    assert not ask(question="zone_shares_by_ward", blanks={"plan_kind": "land_use"}).json()["has_data"]


def test_flags_near_schools_say_when_there_is_no_register_of_schools(ask: Ask) -> None:
    body = ask(question="flags_near_places", blanks={"kind": "school"}).json()
    assert (body["total"], body["has_data"]) == (0, False)
    assert body["notes"] == ["No data: what this question rests on is not on record here. That is not a no."]


@pytest.mark.parametrize("form", ["gpkg", "geojson", "csv", "shp", "dxf"])
@pytest.mark.parametrize("crs", ["wgs84", "city"])
def test_files(ask: Ask, form: str, crs: str, tmp_path: Path) -> None:
    answer = ask(layer="parcels", format=form, crs=crs)
    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200 and len(content) == int(answer["Content-Length"]) > 200
    assert "Coordinates: " in answer["X-Notes"]
    if form == "shp":
        assert "README.txt" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    if form == "gpkg":
        path = tmp_path / "a.gpkg"
        path.write_bytes(content)
        assert pyogrio.read_info(path)["features"] == Parcel.objects.count()


@pytest.mark.parametrize(
    ("body", "status", "field", "said"),
    [
        ({"layer": "parcels", "filter": "1=1; DROP TABLE geo_parcel"}, 400, "filter", "not CQL2"),
        ({"layer": "parcels", "filter": "owner = 'x'"}, 400, "filter", "There is: address, key"),
        ({"layer": "geo_parcel"}, 400, "layer", "There is: addresses"),
        ({"question": "drop_tables"}, 400, "question", "corridor_without_permit"),
        ({}, 400, "layer", "Layers: addresses"),
        ({"question": "corridor_without_permit", "blanks": {"street": "pho nho"}}, 400, "since", "empty blank"),
        ({"question": "corridor_without_permit", "blanks": {"streets": "x"}}, 400, "blanks", "There is: street"),
        ({"question": "flags_near_places", "blanks": {"distance_m": "far"}}, 400, "distance_m", "a number between"),
        ({"layer": "parcels", "area": {"type": "Point", "coordinates": [1, 2]}}, 400, "area", "An area is needed"),
        ({"layer": "parcels", "area": BOW}, 400, "area", "crosses itself"),
        ({"layer": "parcels", "format": "dwg"}, 400, "format", "gpkg"),
        ({"layer": "parcels", "format": "csv", "crs": "mars"}, 400, "crs", "wgs84"),
        ({"layer": "parcels", "on": "yesterday"}, 400, "on", "2026-11-22"),
        ({"layer": "parcels", "limit": 0}, 400, "limit", "Write 1 to"),
        ({"layer": "parcels", "city": "atlantis"}, 404, "city", "smallville"),
    ],
)  # fmt: skip
def test_what_is_refused(ask: Ask, body: dict[str, Any], status: int, field: str, said: str) -> None:
    answer = ask(**body)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (status, field)
    assert said in f"{error['message']} {error['cure']}"
    assert Parcel.objects.exists()


@pytest.mark.parametrize("points", [25_000, 1_000_000])  # counted in the outline; refused by its bytes before that
def test_an_area_of_a_million_points_is_refused_with_limit_and_cure(ask: Ask, as_person: Any, points: int) -> None:
    area = {"type": "Polygon", "coordinates": [[[106.6 + i * 1e-8, 10.7] for i in range(points)]]}
    visitor = as_person(None).post("/api/v1/places?lang=en", {"area": area, "on": ON}, format="json")
    for answer in (ask(layer="parcels", area=area), visitor):
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["field"]) == (400, "area")
        assert "too many points" in error["message"] and "20000" in error["cure"]


@pytest.mark.parametrize(
    "tried",
    [
        "key = '1' UNION SELECT password FROM auth_user",
        "key = '1'; DELETE FROM geo_parcel",
        "key IN (SELECT number FROM geo_permit)",
        "pg_sleep(5) = 1",
        "key = '1' -- and the rest",
        "(SELECT 1) = 1",
        {"op": "=", "args": [{"property": 'key" OR 1=1 --'}, "1"]},
        {"op": "pg_sleep", "args": [5]},
        {"op": "=", "args": [{"function": {"name": "pg_read_file", "args": ["/etc/passwd"]}}, "1"]},
    ],
)  # fmt: skip
def test_a_filter_that_tries_sql_is_refused_in_words(ask: Ask, tried: Any) -> None:
    answer = ask(layer="parcels", filter=tried)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (400, "filter")
    assert error["message"] and error["cure"]
    assert Parcel.objects.exists()


def test_sql_in_a_value_is_only_a_value(ask: Ask) -> None:
    hostile = {"op": "=", "args": [{"property": "key"}, "1' OR 1=1; DROP TABLE geo_parcel; --"]}
    body = ask(layer="parcels", filter=hostile).json()
    assert body["total"] == 0 and Parcel.objects.exists()


def test_a_day_before_all_data_is_said(ask: Ask) -> None:
    body = ask(layer="parcels", on="1990-01-01").json()
    assert body["total"] == 0 and "01/01/2024" in body["notes"][0]


def test_who_may_ask(ask: Ask, as_person: Any) -> None:
    assert ask(client=as_person(None), layer="parcels").status_code == 401


def test_what_may_be_asked_is_listed(ask: Ask, small_city: Any, as_person: Any) -> None:  # noqa: F811
    from django.contrib.auth import get_user_model

    planner = get_user_model().objects.get(username="the-reviewer")
    body = as_person(planner).get("/api/v1/query").json()
    assert body["layers"]["parcels"]["measured_area_m2"] == "number"
    assert set(body["questions"]) == {"corridor_without_permit", "zone_shares_by_ward", "flags_near_places"}


def test_the_number_of_statements_does_not_grow_with_rows(ask: Ask, django_assert_max_num_queries: Any) -> None:
    Permit.objects.update(valid_from=date(2024, 1, 1))
    with django_assert_max_num_queries(16):
        ask(layer="parcels")
