"""What the machine can see: figures with their days for everybody, and everything it cannot see by name, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from detection.labels import UNDETECTED
from detection.weights_record import read_record


@pytest.mark.parametrize("language", ["vi", "en"])
def test_everything_it_cannot_see_is_named(client: Client, db: Any, language: str) -> None:
    client.cookies["django_language"] = language
    page = client.get("/what-the-machine-sees/").content.decode()
    for thing in UNDETECTED:
        assert (thing.name_vi if language == "vi" else thing.name) in page


def test_figures_stand_with_their_day_and_set(client: Client, db: Any) -> None:
    client.cookies["django_language"] = "en"
    page = client.get("/what-the-machine-sees/").content.decode()
    record = read_record("building-site-int8")
    for title, told in record.figures.items():
        assert title in page
        year, month, day = str(told["measured_on"]).split("-")
        assert f"{day}/{month}/{year}" in page
        assert f"{told['photos']} photographs" in page
