"""The private servers, as the tests themselves run on them."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["postgis"])
def test_the_test_database_has_its_extensions(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [name])
        assert cursor.fetchone() == (1,)


def test_the_broker_answers() -> None:
    cache.set("ops-test", "here", 5)
    assert cache.get("ops-test") == "here"
