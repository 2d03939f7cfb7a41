"""The planner's desk over HTTP: sorting and paging, figures per ward and zone, two days compared, views saved and shared."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cases.models import RoleAssignment
from cases.roles import Role
from geo.models import Parcel, RegisterSource
from tests.builders import a_staff, another
from tests.pipeline.conftest import _kept_city, media_folder, pack, small_city  # noqa: F401 - fixtures
from tests.small_city import rectangle

BEFORE, ON = "2026-11-22", "2026-12-05"
Ask = Callable[..., Any]


@pytest.fixture
def planner(small_city: Any) -> Any:  # noqa: F811 - the fixture imported above
    """A planner on record."""
    user = a_staff().reviewer
    RoleAssignment.objects.filter(user=user).update(role="planner")
    return user


@pytest.fixture
def ask(planner: Any, as_person: Any) -> Ask:
    """Posts a question as that planner."""
    client = as_person(planner)

    def post(path: str = "query", **body: Any) -> Any:
        return client.post(f"/api/v1/{path}?lang=en", {"on": BEFORE, **body}, format="json")

    return post


@pytest.fixture
def later_vintage(small_city: Any) -> None:  # noqa: F811
    """On 1 December one parcel changed its use, one was withdrawn and one is new, by a decision."""
    day = date(2026, 12, 1)
    RegisterSource.objects.filter(name="parcels").update(decision="QĐ 12/2026/QĐ-UBND")
    first, second = Parcel.objects.filter(key__in=["000010010001", "000010010002"]).order_by("key")
    Parcel.objects.filter(pk__in=[first.pk, second.pk]).update(is_listed=False, valid_to=day)
    for row, key, use in ((first, first.key, "TMD"), (second, "000010010099", "ODT")):
        row.pk, row.key, row.use_code, row.row_sha256 = None, key, use, f"{key}{use}"
        row.valid_from, row.valid_to, row.is_listed = day, None, True
        row.save()


def keys(answer: Any) -> list[str]:
    return [row["properties"]["key"] for row in answer.json()["features"]]


def test_rows_are_sorted_over_all_and_paged(ask: Ask) -> None:
    everything = keys(ask(layer="parcels", sort="-key", limit=5000))
    assert everything == sorted(everything, reverse=True)
    page = ask(layer="parcels", sort="-key", limit=3, offset=2)
    assert keys(page) == everything[2:5]
    assert page.json()["notes"] == [f"Rows 3 to 5 of {len(everything)} are shown; the file holds all."]
    largest = ask(layer="parcels", sort="-measured_area_m2", limit=1).json()["features"][0]["properties"]
    assert largest["measured_area_m2"] == pytest.approx(3600, abs=1)


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({"layer": "parcels", "sort": "owner"}, "sort", "There is: key"),
        ({"layer": "parcels", "offset": -1}, "offset", "Write 0 to"),
        ({"layer": "flags", "since": "2026-01-01"}, "layer", "Only registers have dates"),
        ({"layer": "parcels", "since": "2027-01-01"}, "since", "earlier day first"),
    ],
)
def test_what_is_refused(ask: Ask, body: dict[str, Any], field: str, said: str) -> None:
    answer = ask(**body)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (400, field)
    assert said in f"{error['message']} {error['cure']}"


def test_figures_per_ward_and_zone(ask: Ask) -> None:
    body = ask("query/statistics", layer="parcels", filter="measured_area_m2 > 1000").json()
    (ward,) = body["wards"]
    assert (ward["name"], ward["rows"], round(ward["area_m2"])) == ("Phường Nhỏ", 2, 7200)
    (zone,) = body["zones"]
    assert (zone["plan_kind"], zone["code"], zone["rows"]) == ("zoning", "NO-01", 2)
    assert zone["area_m2"] == pytest.approx(7200, abs=1)
    assert (body["wards_on_record"], body["plans_on_record"]) == (True, ["zoning"])


def test_figures_of_a_named_question(ask: Ask) -> None:
    blanks = {"street": "pho nho", "width_m": 30, "since": "2026-01-01"}
    found = ask(question="corridor_without_permit", blanks=blanks).json()["total"]
    body = ask("query/statistics", question="corridor_without_permit", blanks=blanks).json()
    assert sum(ward["rows"] for ward in body["wards"]) == found > 0


@pytest.mark.usefixtures("later_vintage")
def test_two_days_are_compared(ask: Ask) -> None:
    body = ask(layer="parcels", since=BEFORE, on=ON).json()
    told = {row["properties"]["key"]: row["properties"] for row in body["features"]}
    assert {key: row["change"] for key, row in told.items()} == {
        "000010010001": "changed", "000010010002": "withdrawn", "000010010099": "new",
    }  # fmt: skip
    assert "use_code: " in told["000010010001"]["what"] and "→ TMD" in told["000010010001"]["what"]
    assert {row["decision"] for row in told.values()} == {"QĐ 12/2026/QĐ-UBND"}
    assert {row["changed_on"] for row in told.values()} == {"2026-12-01"}
    assert {(one["change"], one["rows"]) for one in body["decisions"]} == {("changed", 1), ("withdrawn", 1), ("new", 1)}
    assert all(row["geometry"] for row in body["features"])
    unchanged = ask(layer="parcels", since="2026-11-01", on=BEFORE).json()
    assert (unchanged["total"], unchanged["has_data"]) == (0, True)


@pytest.mark.usefixtures("later_vintage")
def test_changes_in_an_area_and_as_a_file(ask: Ask) -> None:
    body = ask(layer="parcels", since=BEFORE, on=ON, area=rectangle(15, 110, 85, 180)).json()
    assert [row["properties"]["key"] for row in body["features"]] == ["000010010001"]
    answer = ask(layer="parcels", since=BEFORE, on=ON, format="csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert {row["change"] for row in rows} == {"new", "changed", "withdrawn"}
    figures = ask("query/statistics", layer="parcels", since=BEFORE, on=ON).json()
    assert sum(ward["rows"] for ward in figures["wards"]) == 3


def test_a_view_is_saved_opened_by_another_and_changed_by_its_owner_alone(
    ask: Ask, planner: Any, as_person: Any
) -> None:
    mine = as_person(planner)
    question = {"layer": "parcels", "filter": "measured_area_m2 > 1000", "on": BEFORE, "secret": "x"}
    saved = mine.post("/api/v1/saved-views", {"name": " Big  parcels ", "question": question}, format="json")
    body = saved.json()
    assert (saved.status_code, body["name"], body["is_mine"]) == (201, "Big parcels", True)
    assert "secret" not in body["question"] and len(body["code"]) >= 20
    path = f"/api/v1/saved-views/{body['code']}"
    other = another(Role.LEADER)
    theirs = as_person(other)
    opened = theirs.get(path).json()
    assert (opened["is_mine"], opened["question"]["filter"]) == (False, "measured_area_m2 > 1000")
    assert theirs.get("/api/v1/saved-views").json() == []
    change = {"name": "Taken over", "question": question}
    assert theirs.put(path, change, format="json").status_code == 404
    assert theirs.delete(path).status_code == 404
    mine = as_person(planner)
    assert mine.put(path, {**change, "name": "Renamed"}, format="json").json()["name"] == "Renamed"
    assert [row["name"] for row in mine.get("/api/v1/saved-views").json()] == ["Renamed"]
    again = mine.post("/api/v1/saved-views", {"name": "Renamed", "question": question}, format="json")
    assert again.status_code == 409
    assert mine.delete(path).status_code == 200 and mine.get(path).status_code == 404
    assert as_person(None).get(path).status_code == 401


@pytest.mark.parametrize(
    ("name", "question"), [("", {"layer": "parcels"}), ("x" * 121, {"layer": "parcels"}), ("a", {}), ("a", "text")]
)
def test_what_cannot_be_saved(planner: Any, as_person: Any, name: str, question: Any) -> None:
    answer = as_person(planner).post("/api/v1/saved-views", {"name": name, "question": question}, format="json")
    assert answer.status_code == 400
