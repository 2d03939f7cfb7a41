"""The door before the framework says what the framework says, byte for byte where the clock allows, and hands on the rest."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from api.hot_reads import HotReads
from geo.models import Imagery
from tests.integration.geo.conftest import loaded, pack_path  # noqa: F401 - fixtures
from tests.small_city import lonlat

pytestmark = pytest.mark.usefixtures("loaded")


def place(**more: Any) -> str:
    lon, lat = lonlat(50, 140)
    return "/api/v1/places?" + urlencode({"lon": lon, "lat": lat, "on": "2026-11-22", "at": "09:00", **more})


class Handed(Exception):
    """The read went on to the framework."""


def framework(environ: Any, start_response: Any) -> Any:
    raise Handed


def knock(address: str, **more: Any) -> tuple[str, dict[str, str], bytes]:
    """Status, headers and body at the door; Handed where it does not answer itself."""
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "testserver", "SERVER_PORT": "80",
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), **more,
    }  # fmt: skip
    said: list[Any] = []
    body = b"".join(HotReads(framework)(environ, lambda status, headers: said.extend((status, dict(headers)))))  # type: ignore[arg-type, func-returns-value, return-value]
    return said[0], said[1], body


@pytest.mark.parametrize("language", ["vi", "en", "fr, en;q=0.5"])
@pytest.mark.parametrize("parts", ["", "parcel,zoning"])
def test_a_place_is_the_same_at_the_door_and_behind_it(client: Client, parts: str, language: str) -> None:
    address = place(**({"parts": parts} if parts else {}))
    status, headers, body = knock(address, HTTP_ACCEPT_LANGUAGE=language)
    answer = client.get(address, headers={"accept-language": language})
    assert (status, body) == ("200 OK", answer.content)
    policy = [sorted(told["Content-Security-Policy"].split("; ")) for told in (headers, answer.headers)]
    assert policy[0] == policy[1]
    told = {name: value for name, value in answer.items() if name not in ("Allow", "Vary", "Content-Security-Policy")}
    assert {name: headers[name] for name in told} == told


@pytest.mark.parametrize(
    ("address", "more"),
    [
        (place(lang="en"), {}),
        (place(parts="permits"), {}),
        (place(lon="east"), {}),
        (place(on="yesterday"), {}),
        (place(accuracy_m="-1"), {}),
        ("/api/v1/places?lon=0.5&lat=0.5", {}),
        ("/api/v1/places?parcel=1", {}),
        (place(), {"REQUEST_METHOD": "POST"}),
        (place(), {"REQUEST_METHOD": "HEAD"}),
        (place(), {"HTTP_IF_NONE_MATCH": '"x"'}),
        (place(), {"HTTP_HOST": "elsewhere.example"}),
        ("/tiles/flags/14/1/1.pbf", {}),
        ("/tiles/nothing/14/1/1.pbf", {}),
        ("/tiles/parcels/14/99999/1.pbf", {}),
        ("/tiles/parcels/14/1/1.pbf?on=2024-01-01", {}),
        ("/", {}),
    ],
)
def test_what_is_not_plain_goes_the_frameworks_way(address: str, more: dict[str, str]) -> None:
    with pytest.raises(Handed):
        knock(address, **more)


def test_a_picture_for_staff_is_never_given_at_the_door() -> None:
    from geo.models import City

    Imagery.objects.create(
        city=City.objects.get(), name="secret", title="", kind="aerial", taken_on=date(2026, 1, 1), path="none.tif",
        resolution_m=1, source="test", staff_only=True, file_sha256="0" * 64, style={},
        coverage="SRID=4326;MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))",
    )  # fmt: skip
    with pytest.raises(Handed):
        knock("/imagery/secret/14/1/1.webp")
