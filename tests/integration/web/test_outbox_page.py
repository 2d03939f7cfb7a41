"""The outbox page: for operators alone, in both languages, with what failed and a way to send it again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Notice
from tests.integration.cases import builders as b


@pytest.fixture
def town(db: None, settings: Any) -> Any:
    """The cases' town, with a folder for static files."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    return b.a_town()


def a_failed_notice(town: Any) -> Notice:
    now = timezone.now()
    return Notice.objects.create(
        key="k", kind="receipt", channel="sms", request=b.a_request(town.city), created_at=now, next_try_at=now,
        gives_up_at=now, state="failed", attempts=3, last_error="unreachable: 503", values={"code": "PA-2611-000001"},
    )  # fmt: skip


@pytest.mark.parametrize(("language", "words"), [("vi", "Hộp gửi"), ("en", "Outbox")])
def test_what_failed_is_seen_and_sent_again(town: Any, language: str, words: str) -> None:
    notice = a_failed_notice(town)
    client = Client(headers={"accept-language": language})
    client.cookies["django_language"] = language
    client.force_login(town.operator, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/outbox/")
    text = page.content.decode()
    assert page.status_code == 200
    assert words in text
    assert "unreachable: 503" in text
    assert "PA-2611-000001" not in text
    assert client.post("/outbox/", {"notice": str(notice.pk)}).status_code == 303
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("queued", 0)
    assert "unreachable: 503" in client.get("/outbox/").content.decode()


def test_it_is_the_operators(town: Any) -> None:
    client = Client()
    assert client.get("/outbox/").status_code == 302
    client.force_login(town.leader, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/outbox/").status_code == 403
