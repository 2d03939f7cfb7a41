"""What the map asks besides its tiles: a place in the city's metres, and the wards by which it is narrowed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipeline.conftest import _kept_city, media_folder, pack, small_city  # noqa: F401 - fixtures
from tests.small_city import lonlat


def test_a_place_in_the_citys_metres_and_back(small_city: Any, as_person: Any) -> None:  # noqa: F811
    from geo.queries import get_metric_system

    lon, lat = lonlat(120, 80)
    body = as_person().get("/api/v1/grid", {"lon": lon, "lat": lat}).json()
    system = get_metric_system(lon, lat)
    assert body["system"] == system.name and body["title"]
    assert system.to_lonlat(body["east_m"], body["north_m"]) == pytest.approx((lon, lat), abs=2e-8)
    found = as_person().get("/api/v1/search", {"q": f"{body['north_m']}, {body['east_m']}"}).json()["hits"]
    assert found[0]["position"]["lon"] == pytest.approx(lon, abs=1e-6)


@pytest.mark.parametrize(("asked", "status"), [({"lon": 0, "lat": 0}, 422), ({"lon": "x", "lat": 1}, 400), ({}, 400)])
def test_no_system_is_guessed(small_city: Any, as_person: Any, asked: dict[str, Any], status: int) -> None:  # noqa: F811
    answer = as_person().get("/api/v1/grid", asked)
    assert answer.status_code == status and answer.json()["errors"][0]["cure"]


def test_wards_of_a_city(small_city: Any, as_person: Any) -> None:  # noqa: F811
    wards = as_person().get("/api/v1/wards").json()
    assert wards and all(
        west < east and south < north for west, south, east, north in (ward["bounds"] for ward in wards)
    )
    assert as_person().get("/api/v1/wards", {"city": "nowhere"}).status_code == 404
