"""The town of the cases' tests, seen over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.integration.cases.builders import Town


@pytest.fixture
def town(db: None, tmp_path: Any, settings: Any) -> Town:
    """The town, with media in a folder of its own; imported here because Django is not set up when this file is read."""
    from tests.integration.cases.builders import a_town

    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    return a_town()


@pytest.fixture
def as_person() -> Any:
    """Gives a client signed in as a person by token, or of nobody."""
    from rest_framework.authtoken.models import Token
    from rest_framework.test import APIClient

    def sign_in(user: Any = None) -> APIClient:
        client = APIClient()
        if user is not None:
            token, _ = Token.objects.get_or_create(user=user)
            client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        return client

    return sign_in
