"""An area uploaded or linked, then asked with; what cannot be used is said in the reader's language and nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile

from geo.area_files import MOST_FILE_BYTES
from geo.link_area import write_link_area
from tests.builders import a_staff
from tests.pipeline.conftest import _kept_city, media_folder, pack, small_city  # noqa: F401 - fixtures
from tests.small_city import ORIGIN_M, lonlat, rectangle

Send = Callable[..., Any]


@pytest.fixture
def client(small_city: Any, as_person: Any) -> Any:  # noqa: F811 - the fixture imported above
    """Signed in as one of the staff."""
    return as_person(a_staff().reviewer)


@pytest.fixture
def send(client: Any) -> Send:
    """Posts a file."""

    def post(content: bytes, name: str = "area.geojson", lang: str = "en", **fields: str) -> Any:
        body = {"file": SimpleUploadedFile(name, content), **fields}
        return client.post(f"/api/v1/areas?lang={lang}", body, format="multipart")

    return post


def csv_in_metres() -> bytes:
    x, y = ORIGIN_M
    outline = shapely.to_wkt(shapely.box(x + 15, y + 110, x + 85, y + 180), rounding_precision=2)
    return f'name;wkt\nA;"{outline}"\n'.replace(";", ",").encode()


def test_a_file_becomes_the_area_of_a_question(client: Any, send: Send) -> None:
    answer = send(csv_in_metres(), "wards.csv", crs="small")
    body = answer.json()
    assert answer.status_code == 200
    assert (round(body["area_m2"]), body["crs"], body["parts"], body["notes"]) == (4900, "small", 1, [])
    asked = client.post(
        "/api/v1/query", {"layer": "parcels", "area": body["area"], "on": "2026-11-22"}, format="json"
    ).json()
    assert [row["properties"]["key"] for row in asked["features"]] == ["000010010001"]


@pytest.mark.parametrize(
    ("name", "content", "fields", "field", "said"),
    [
        ("a.csv", csv_in_metres(), {}, "crs", "Tệp không cho biết toạ độ thuộc hệ nào."),
        ("a.csv", csv_in_metres(), {"crs": "wgs84"}, "crs", "Nếu hiểu theo small"),
        ("a.geojson", b"", {}, "file", "trống"),
        ("a.dwg", b"AC1027", {}, "file", "Không đọc được vùng"),
        ("a.geojson", b"<html>", {}, "file", "Không đọc được tệp này"),
    ],
)
def test_faults_are_said_in_vietnamese(
    send: Send, name: str, content: bytes, fields: dict[str, str], field: str, said: str
) -> None:
    answer = send(content, name, lang="vi", **fields)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (400, field)
    assert said in f"{error['message']} {error['cure']}"


def test_without_a_file_and_with_too_large_a_one(client: Any, send: Send) -> None:
    assert client.post("/api/v1/areas", {}, format="multipart").status_code == 400
    answer = send(b" " * (MOST_FILE_BYTES + 1))
    assert "too large" in answer.json()["errors"][0]["message"]


def test_an_outline_of_a_million_points_is_simplified_and_said(send: Send) -> None:
    lon, lat = lonlat(50, 140)
    angles = np.linspace(0, 2 * np.pi, 1_000_001)
    reach = 3e-4 * (1 + 1e-7 * np.sin(9 * angles))
    smooth = np.column_stack([lon + reach * np.cos(angles), lat + reach * np.sin(angles)])
    body = send(shapely.to_geojson(shapely.Polygon(smooth.round(9))).encode()).json()
    assert body["area"]["type"] == "Polygon" and len(body["area"]["coordinates"][0]) <= 20_000
    assert any("1000001" in "".join(filter(str.isalnum, note)) for note in body["notes"]), body["notes"]


def test_a_million_points_that_no_tolerance_makes_fewer_are_refused_at_once(send: Send) -> None:
    lon, lat = lonlat(50, 140)
    angles = np.linspace(0, 2 * np.pi, 1_000_001)
    reach = np.where(np.arange(1_000_001) % 2, 3e-4, 1e-4)
    star = np.column_stack([lon + reach * np.cos(angles), lat + reach * np.sin(angles)]).round(9)
    star[-1] = star[0]
    answer = send(shapely.to_geojson(shapely.Polygon(star)).encode())
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (400, "file")
    assert "too many points" in error["message"] and "20000" in error["cure"]


def test_unknown_city_and_strangers(send: Send, as_person: Any) -> None:
    square = json.dumps(rectangle(15, 110, 85, 180)).encode()
    assert send(square, city="atlantis").status_code == 404
    body = {"file": SimpleUploadedFile("a.geojson", square)}
    assert as_person(None).post("/api/v1/areas", body, format="multipart").status_code == 401


SQUARE = [lonlat(15, 110), lonlat(85, 110), lonlat(85, 180), lonlat(15, 180)]


def test_an_area_of_a_link_is_measured_in_the_metres_of_the_city(client: Any) -> None:
    answer = client.get("/api/v1/areas", {"area": write_link_area(shapely.Polygon(SQUARE))})
    body = answer.json()
    assert abs(body["area_m2"] - 4900) < 5  # corners of a link are a decimetre wide
    assert (body["corners"], len(body["area"]["coordinates"][0])) == (4, 5)
    assert np.abs(np.subtract(body["bounds"], [*lonlat(15, 110), *lonlat(85, 180)])).max() < 1e-5
    assert answer["Cache-Control"] == "private, max-age=3600"
    asked = client.post("/api/v1/query", {"layer": "parcels", "area": body["area"], "on": "2026-11-22"}, format="json")
    assert [row["properties"]["key"] for row in asked.json()["features"]] == ["000010010001"]


@pytest.mark.parametrize(
    ("corners", "status", "said"),
    [
        ([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]], 400, "Đường bao của vùng này tự cắt. Hãy vẽ lại"),
        ([(105.0, 21.0), (105.1, 21.0), (105.1, 21.1)], 422, "Vùng này nằm ngoài thành phố. Hãy chọn đúng thành phố"),
        (
            [(105.0, 9.0), (107.5, 9.0), (107.5, 12.0)],
            400,
            "rộng hơn cả một thành phố. Hãy vẽ vùng rộng nhiều nhất 10000",
        ),
    ],
)
def test_faults_of_an_area_of_a_link_are_said_in_vietnamese(
    client: Any, corners: list[tuple[float, float]], status: int, said: str
) -> None:
    answer = client.get("/api/v1/areas?lang=vi", {"area": write_link_area(shapely.Polygon(corners))})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (status, "area")
    assert said in f"{error['message']} {error['cure']}"


def test_an_area_of_a_link_is_for_staff_and_for_a_loaded_city(client: Any, as_person: Any) -> None:
    asked = {"area": write_link_area(shapely.Polygon(SQUARE))}
    assert client.get("/api/v1/areas", asked | {"city": "atlantis"}).status_code == 404
    assert client.get("/api/v1/areas").status_code == 400
    assert as_person(None).get("/api/v1/areas", asked).status_code == 401
