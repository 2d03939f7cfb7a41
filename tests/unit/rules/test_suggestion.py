"""What a picture's things speak for: a suggestion where something was seen surely enough, else none."""

from __future__ import annotations

import pytest

from intake.kinds import Category
from rules.site_facts import SeenLabel
from rules.suggestion import suggest_category


def seen(*things: tuple[str, float]) -> list[SeenLabel]:
    return [SeenLabel(label, 1, score) for label, score in things]


@pytest.mark.parametrize(
    ("things", "category", "labels"),
    [
        ((("motorcycle", 0.8), ("person", 0.9)), Category.PARKING, ("motorcycle",)),
        ((("site machinery", 0.7), ("car", 0.9), ("car", 0.9)), Category.CONSTRUCTION, ("site machinery",)),
        ((("hardhat", 0.6), ("safety vest", 0.7), ("car", 0.9)), Category.CONSTRUCTION, ("safety vest", "hardhat")),
        ((("dining table", 0.6),), Category.TRADING, ("dining table",)),
    ],
    ids=["vehicles", "a machine of a site", "two signs of work", "tables"],
)
def test_what_is_suggested(things: tuple[tuple[str, float], ...], category: Category, labels: tuple[str, ...]) -> None:
    found = suggest_category(seen(*things))
    assert found is not None
    assert (found.category, found.labels) == (category, labels)


@pytest.mark.parametrize(
    "things", [(), (("motorcycle", 0.2),), (("person", 0.9),), (("hardhat", 0.9),)],
    ids=["nothing", "not surely", "only people", "one hat is no site"],
)  # fmt: skip
def test_where_nothing_is_suggested(things: tuple[tuple[str, float], ...]) -> None:
    assert suggest_category(seen(*things)) is None
