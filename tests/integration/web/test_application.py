"""The frame of the application and what it asks first."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from web.built_app import Build

pytestmark = pytest.mark.django_db
BUILD = Build("/static/app/assets/main-1.js", ("/static/app/assets/a-1.js",), ("/static/app/assets/main.css",))


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build, without Node."""
    monkeypatch.setattr("web.views.application.read_build", lambda: BUILD)


def test_the_frame_is_for_staff_and_leads_visitors_to_the_door(small_city: Any, client: Client) -> None:
    answer = client.get("/app/map?at=1,2,3")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=/app/map")


def test_somebody_without_a_role_is_refused(small_city: Any, as_person: Any, django_user_model: Any) -> None:
    answer = as_person(django_user_model.objects.create_user("nobody")).get("/app/")
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/app/", "/app/map", "/app/cases/VH-2611-0417"])
def test_every_address_gets_the_same_frame_without_a_word_of_the_reader(staff: Any, as_person: Any, path: str) -> None:
    answer = as_person(staff.reviewer).get(path)
    html = answer.content.decode()
    assert BUILD.script in html and BUILD.preloads[0] in html and BUILD.styles[0] in html
    assert staff.reviewer.get_username() not in html
    assert "csrftoken" in answer.cookies
    assert "no-cache" in answer["Cache-Control"]


def test_the_frame_is_sent_once(staff: Any, as_person: Any) -> None:
    client = as_person(staff.inspector)
    first = client.get("/app/")
    again = client.get("/app/map", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_words_are_for_all_codes_in_the_readers_language(staff: Any, as_person: Any) -> None:
    client = as_person(staff.leader)
    said = client.get("/app/words.json").json()
    assert said["verdict"]["flagged"] == "Cảnh báo"
    client.cookies["django_language"] = "en"
    assert client.get("/app/words.json").json()["verdict"]["flagged"] == "Flagged"


def test_words_travel_packed_to_whoever_can_unpack_them(staff: Any, as_person: Any) -> None:
    client = as_person(staff.leader)
    packed = client.get("/app/words.json", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(client.get("/app/words.json").content) / 2


def test_the_maps_worker_is_started_below_the_application(client: Client) -> None:
    answer = client.get("/app/map-worker/map-worker-DIYMYaB6.js")
    assert answer["Content-Type"] == "text/javascript"
    assert answer.content == b'import "/static/app/assets/map-worker-DIYMYaB6.js";'


@pytest.mark.parametrize("file", ["main-1.js", 'map-worker-";alert(1)//.js', "map-worker-1.css"])
def test_nothing_but_a_script_of_the_map_is_started_there(client: Client, file: str) -> None:
    assert client.get(f"/app/map-worker/{file}").status_code == 302  # the frame's address: to the door


@pytest.mark.parametrize(("role", "waits"), [("reviewer", True), ("leader", True), ("inspector", False)])
def test_me_says_roles_cities_and_what_waits(staff: Any, as_person: Any, role: str, waits: bool) -> None:
    me = as_person(getattr(staff, role)).get("/api/v1/me").json()
    assert me["roles"] == [role]
    assert [city["is_default"] for city in me["cities"]] == [True]
    assert (me["waiting"] is not None) is waits


def test_me_is_nobody_without_signing_in(small_city: Any, client: Client) -> None:
    assert client.get("/api/v1/me").status_code == 401
