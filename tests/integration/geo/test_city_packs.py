"""Both cities' packs as they are, with every kind of look-up over HTTP: each answers, or says in words why it cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

if TYPE_CHECKING:
    from geo.load_summary import LoadSummary

PACKS = Path(__file__).resolve().parents[3] / "cities"
BEFORE_ALL = "1990-01-01"
pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Known:
    """What a pack's registers hold, as its publisher or its recipe wrote it: one parcel and what leads to it."""

    city: str
    parcel: str
    keys: tuple[str, ...]
    house: str
    addresses: tuple[str, ...]
    misspelt: str
    units: tuple[str, str]
    streets: tuple[str, ...]
    permit: str
    permits: tuple[str, ...]  # the same, written otherwise
    permit_parcel: str
    wrong_keys: tuple[tuple[str, str], ...]
    first_day: str


HCMC = Known(
    city="hcmc", parcel="271390270044",
    keys=("27139 027 0044", "27139-027-0044", "tờ 27 thửa 44, phường Võ Thị Sáu", "tờ 27 thửa 44 phường Xuân Hoà"),
    house="309/87 Cây Dầu (tên minh hoạ)",
    addresses=("309/87 Cây Dầu", "309/87 cay dau", "87 hẻm 309 Cây Dầu", "309/87 Cây Dầu, phường Xuân Hoà",
               "309/87 Cây Dầu, P. Võ Thị Sáu, Q.3"),
    misspelt="309/87 Cay Dao", units=("Phường Xuân Hoà", "Phường Võ Thị Sáu, Quận 3"),
    streets=("Cây Dầu", "cay dau", "đường Cây Dầu"), permit="0001/2026/GPXD-XH (minh hoạ)",
    permits=("0001/2026/GPXD-XH", "1/2026/gpxđ", "giấy phép số 01 2026"), permit_parcel="271390010005",
    wrong_keys=(("271390270999", "Sheet 27 has no parcel 999"), ("271390990001", "There is no sheet 99"),
                ("999990010001", "ward code 99999"), ("2713902700", "This has 10 digits"),
                ("tờ 27 thửa 44, phường Bến Nghé", "no parcels of this ward")),
    first_day="01/01/2018",
)  # fmt: skip
CAMBRIDGE = Known(
    city="cambridge", parcel="229-110", keys=("229 110", "map 229 lot 110"), house="239 Concord Avenue",
    addresses=("239 Concord Avenue", "239 concord ave", "239 Concord Ave, West Cambridge"), misspelt="239 Concrod Avenue",
    units=("West Cambridge (clip)", ""), streets=("Concord Avenue", "concord ave"), permit="PB-068",
    permits=("PB68", "pb068", "PB 68", "permit no. PB-68"),
    permit_parcel="229-110",
    wrong_keys=(("229-9999", "Sheet 229 has no parcel"), ("999-1", "There is no sheet 999; there is 204")),
    first_day="01/01/2015",
)  # fmt: skip
CITIES = pytest.mark.parametrize("known", [HCMC, CAMBRIDGE], ids=lambda known: known.city)


@pytest.fixture(scope="module")
def _kept_packs(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, list[LoadSummary]]]:
    """Both packs, committed once for all tests of this file; the tables are empty again afterwards."""
    from django.core.management import call_command

    from geo.actions import load_city

    with django_db_blocker.unblock():
        told = {city: list(load_city(PACKS / city)) for city in ("hcmc", "cambridge")}
    yield told
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _packs(_kept_packs: Any, db: None) -> None:
    """Every test stands on both."""


def get(path: str, **asked: Any) -> tuple[int, dict[str, Any]]:
    answer = Client().get(f"/api/v1/{path}", {"lang": "en", "on": "2026-11-22", **asked})
    return answer.status_code, answer.json()


def find(text: str, **asked: Any) -> dict[str, Any]:
    status, body = get("search", q=text, **asked)
    assert status == 200, body
    return body


def point_of(known: Known) -> tuple[float, float]:
    from geo.models import Parcel

    middle = Parcel.objects.get(city__slug=known.city, key=known.parcel).geom.point_on_surface
    return middle.x, middle.y


def words_of(body: dict[str, Any]) -> str:
    return " ".join(f"{error['message']} {error['cure']}" for error in body["errors"])


def test_every_source_of_both_packs_is_loaded(_kept_packs: dict[str, list[LoadSummary]]) -> None:
    from geo.models import City, RegisterSource
    from geo.pack import read_pack

    assert set(City.objects.values_list("slug", flat=True)) == set(_kept_packs) == {"hcmc", "cambridge"}
    for city, summaries in _kept_packs.items():
        wanted = {source.name for source in read_pack(PACKS / city).sources}
        assert {summary.source for summary in summaries} == wanted
        assert set(RegisterSource.objects.filter(city__slug=city).values_list("name", flat=True)) == wanted


@CITIES
def test_a_point(known: Known) -> None:
    lon, lat = point_of(known)
    status, body = get("places", lon=lon, lat=lat)
    assert status == 200 and known.parcel in {parcel["key"] for parcel in body["parcels"]}
    assert body["units"][0]["name"] == known.units[0]
    (parcel,) = [parcel for parcel in body["parcels"] if parcel["key"] == known.parcel]
    assert parcel["stated_area_m2"] and parcel["measured_area_m2"] and parcel["zoning"]
    assert {one["coverage"] for one in body["registers"]} <= {"found", "checked", "no_data"}
    assert body["sidewalks"] and body["permits"] and body["plan_lines"] and body["reference"]
    for fact in (*body["parcels"], *parcel["zoning"], *body["permits"], *body["sidewalks"], *body["plan_lines"]):
        assert fact["source"]["title"] and fact["source"]["date"]


@CITIES
def test_a_parcel_key_however_it_is_written(known: Known) -> None:
    status, body = get(f"parcels/{known.parcel}")
    assert (status, body["chosen"]) == (200, known.parcel)
    for key in known.keys:
        assert find(key)["hits"][0]["key"] == known.parcel, key


@CITIES
def test_an_address_with_and_without_accents_with_old_and_new_units(known: Known) -> None:
    for text in known.addresses:
        best = find(text)["hits"][0]
        assert (best["kind"], best["title"], best["why"]) == ("address", known.house, "exact"), text
        assert (best["unit"], best["former_unit"]) == known.units
        status, body = get("places", address=text)
        assert status == 200 and body["chosen"] == known.parcel and len(body["parcels"]) == 1, text
        assert best["place"].startswith(f"/api/v1/parcels/{known.parcel}"), text


@CITIES
def test_a_misspelt_address_says_that_it_was(known: Known) -> None:
    body = find(known.misspelt)
    best = body["hits"][0]
    assert (best["title"], best["why"]) == (known.house, "spelling")


@CITIES
def test_a_street(known: Known) -> None:
    for name in known.streets:
        assert find(name)["hits"][0]["kind"] == "street", name
        status, body = get("places", street=name)
        assert status == 200 and body["asked"]["subject"] == "street" and body["asked"]["area_m2"] > 0
        assert body["parcels"] and body["zoning"], name


@CITIES
def test_a_permit_number(known: Known) -> None:
    for number in (known.permit, known.permit.lower(), *known.permits):
        assert find(number)["hits"][0]["key"] == known.permit
        status, body = get("places", permit=number)
        assert status == 200 and body["chosen"] == known.permit_parcel
        assert known.permit in {permit["number"] for permit in body["permits"]}
    status, body = get("places", permit="GP-0")
    assert status == 404 and "No permit has this number" in words_of(body)


@CITIES
def test_a_drawn_area(known: Known) -> None:
    status, body = ask_area(known, "2026-11-22")
    assert status == 200 and body["parcels_in_all"] > 1 and body["chosen"] == ""
    assert known.parcel in {parcel["key"] for parcel in body["parcels"]}
    assert sum(part["share_pct"] for part in body["zoning"] if part["plan"] == body["zoning"][0]["plan"]) <= 100.01


def ask_area(known: Known, on: str) -> tuple[int, dict[str, Any]]:
    (lon, lat), reach = point_of(known), 0.0004
    ring = [[lon + east * reach, lat + north * reach] for east, north in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    sent = json.dumps({"area": {"type": "Polygon", "coordinates": [ring]}, "on": on})
    answer = Client().post("/api/v1/places?lang=en", sent, content_type="application/json")
    return answer.status_code, answer.json()


def test_as_of_a_day_the_vintage_of_that_day_answers() -> None:
    lon, lat = point_of(CAMBRIDGE)
    told = {on: get("places", lon=lon, lat=lat, on=on)[1]["sidewalks"] for on in ("2016-05-05", "2026-11-22")}
    sources = {on: {walk["source"]["name"] for walk in walks} for on, walks in told.items()}
    assert sources == {"2016-05-05": {"cambridge-sidewalks-2015"}, "2026-11-22": {"cambridge-sidewalks-2019"}}
    lon, lat = point_of(HCMC)
    units = {on: get("units", lon=lon, lat=lat, city="hcmc", on=on)[1]["units"] for on in ("2024-06-01", "2026-11-22")}
    assert [unit["name"] for unit in units["2026-11-22"]] == ["Phường Xuân Hoà"]
    assert "Phường Võ Thị Sáu, Quận 3, Thành phố Hồ Chí Minh" in {unit["name"] for unit in units["2024-06-01"]}
    (before,) = find("phường Võ Thị Sáu, quận 3", on="2024-06-01")["hits"]
    assert (before["kind"], before["title"].split(",")[0]) == ("unit", "Phường Võ Thị Sáu")


@CITIES
def test_a_day_before_all_data_is_answered_in_words(known: Known) -> None:
    lon, lat = point_of(known)
    for status, body in (get("places", lon=lon, lat=lat, on=BEFORE_ALL), ask_area(known, BEFORE_ALL)):
        assert (status, body["parcels"], body["zoning"]) == (200, [], [])
        assert {one["coverage"] for one in body["registers"]} == {"no_data"}
        assert known.first_day in body["notice"]
    for text in (known.parcel, known.house, known.permit, known.streets[0]):
        body = find(text, on=BEFORE_ALL, city=known.city)
        assert all(hit["kind"] == "street" for hit in body["hits"])
        assert "There are no data before" in " ".join(note["words"] for note in body["notes"]), text
    for path, asked in ((f"parcels/{known.parcel}", {}), ("places", {"permit": known.permit}),
                        ("places", {"address": known.house})):  # fmt: skip
        status, body = get(path, on=BEFORE_ALL, **asked)
        assert status == 404 and "There are no data before" in words_of(body), asked
    status, body = get("places", street=known.streets[0], on=BEFORE_ALL)
    assert status == 404 and "on record on that day. Choose a later day." in words_of(body)


@CITIES
def test_a_wrong_key_is_told_which_part_is_wrong(known: Known) -> None:
    for key, said in known.wrong_keys:
        status, body = get(f"parcels/{key}", city=known.city)
        assert status == 404 and said in words_of(body), (key, body)


@CITIES
def test_swapped_coordinates_are_told_the_right_order(known: Known) -> None:
    lon, lat = point_of(known)
    status, body = get("places", lon=lat, lat=lon)
    assert status in (400, 422)
    assert f"Longitude and latitude look swapped: ask for lon={lon:.10g}&lat={lat:.10g}." in words_of(body)
    assert body["errors"][0]["value"]
    page = Client().get("/places/", {"lon": lat, "lat": lon}).content.decode()
    assert f"bị đổi chỗ: hãy hỏi lon={lon:.10g}&amp;lat={lat:.10g}" in page
    vietnamese = get("places", lon=lat, lat=lon, lang="vi")[1]
    assert f"bị đổi chỗ: hãy hỏi lon={lon:.10g}&lat={lat:.10g}" in words_of(vietnamese)
    for text in (
        f"{lon:.6f}, {lat:.6f}",
        f"{lat:.6f}, {lon:.6f}",
    ):  # typed into the field, either order is read and said
        body = find(text)
        assert body["hits"][0]["why"] == "coordinates" and body["notes"][0]["words"].startswith("Read as")
