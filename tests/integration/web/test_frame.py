"""What every page has: the language, headers, faults as pages, signing in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

pytestmark = pytest.mark.django_db
OPEN_PAGES = ["/", "/report/", "/follow/", "/places/", "/sign-in/", "/map/"]


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_pages_open_to_everybody_carry_no_script_of_their_own(small_city: Any, client: Client, path: str) -> None:
    answer = client.get(path)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert (
        "script-src" in answer["Content-Security-Policy"] or "default-src 'self'" in answer["Content-Security-Policy"]
    )
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert all("src=" in head or 'type="application/json"' in head for head, _ in scripts)
    assert not re.search(r"\son\w+=", html.split("<body")[1])
    assert "http://" not in re.sub(r"http://www\.w3\.org\S+|http://testserver\S*", "", html)


@pytest.mark.parametrize(("chosen", "accepted", "word"), [("", "en", "Gửi phản ánh"), ("en", "vi", "Report a problem")])
def test_vietnamese_is_spoken_until_another_language_is_chosen(
    small_city: Any, client: Client, chosen: str, accepted: str, word: str
) -> None:
    if chosen:
        client.post("/i18n/setlang/", {"language": chosen, "next": "/"})
    html = client.get("/", headers={"Accept-Language": accepted}).content.decode()
    assert word in html
    assert f'<html lang="{chosen or "vi"}">' in html


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_english_pages_hold_no_vietnamese_of_ours(small_city: Any, client: Client, path: str) -> None:
    client.cookies["django_language"] = "en"
    text = re.sub(r"<(script|svg)\b.*?</\1>|<[^>]+>", " ", client.get(path).content.decode(), flags=re.DOTALL)
    for ours in ("Gửi", "Theo dõi", "Bản đồ", "Cảnh báo", "Quay lại"):
        assert ours not in text


def test_an_unknown_page_is_a_page(small_city: Any, client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "Không tìm thấy." in answer.content.decode()


def test_a_silent_store_is_said_and_not_traced(
    small_city: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_silent(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("web.views.places.answer_point", fall_silent)
    answer = client.get("/places/", {"lon": "106.666", "lat": "10.762"})
    assert answer.status_code == 503
    html = answer.content.decode()
    assert "Hãy thử lại sau một phút." in html
    assert "connection refused" not in html


def test_signing_in_leads_back_and_never_away(small_city: Any, client: Client, django_user_model: Any) -> None:
    django_user_model.objects.create_user("lan", password="a long enough one")
    form = {"username": "lan", "password": "a long enough one"}
    assert client.post("/sign-in/", form | {"next": "/cases/"})["Location"] == "/cases/"
    assert client.post("/sign-in/", form | {"next": "https://elsewhere.example/"})["Location"] == "/"


def test_a_wrong_password_is_told_and_many_lock_the_name(
    small_city: Any, client: Client, django_user_model: Any, settings: Any
) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    django_user_model.objects.create_user("minh", password="a long enough one")
    answers = [client.post("/sign-in/", {"username": "minh", "password": "wrong"}) for _ in range(4)]
    assert answers[0].status_code == 422
    assert "Sai tên hoặc mật khẩu." in answers[0].content.decode()
    assert answers[-1].status_code == 429
    assert "Sai quá nhiều lần." in answers[-1].content.decode()


def test_signing_out_needs_a_form(small_city: Any, client: Client) -> None:
    assert client.get("/sign-out/").status_code == 405
