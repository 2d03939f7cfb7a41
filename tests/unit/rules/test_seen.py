"""What a picture shows, by label, and what its weights cannot show."""

from __future__ import annotations

import pytest

from detection.detections import Detection
from detection.labels import UNDETECTED
from detection.tracking import Track
from intake.kinds import Category
from rules.seen import list_unseen, summarise_seen
from rules.site_facts import SeenLabel

BOX = (0.0, 0.0, 10.0, 10.0)


def test_a_photo_counts_detections() -> None:
    claims = [Detection("car", 0.5, BOX), Detection("car", 0.9, BOX), Detection("chair", 0.7, BOX)]
    assert summarise_seen(claims, []) == (SeenLabel("car", 2, 0.9), SeenLabel("chair", 1, 0.7))


def test_a_clip_counts_each_thing_once() -> None:
    claims = [Detection("car", 0.5 + n / 10, BOX, frame_s=n, track=1) for n in range(3)]
    tracks = [Track(1, "car", 0, 2, 1.0, (0, 1, 2))]
    assert summarise_seen(claims, tracks) == (SeenLabel("car", 1, 0.7),)


@pytest.mark.parametrize(
    ("category", "labels", "named", "not_named"),
    [
        pytest.param(Category.CONSTRUCTION, ["car"], "site machinery", "litter", id="street-weights-see-no-machines"),
        pytest.param(
            Category.CONSTRUCTION, ["site machinery"], "formwork or rebar", "site machinery", id="site-weights"
        ),
        pytest.param(Category.EVENT, ["car"], "event tent or wreath", "formwork or rebar", id="wedding"),
    ],
)
def test_what_cannot_be_seen(category: Category, labels: list[str], named: str, not_named: str) -> None:
    unseen = list_unseen(category, [labels])
    assert named in unseen
    assert not_named not in unseen


def test_an_unstated_category_lists_nothing() -> None:
    assert list_unseen(Category.UNSTATED, [["car"]]) == ()
    assert {thing.name for thing in UNDETECTED}.issuperset(list_unseen(Category.TRADING, [["car"]]))
