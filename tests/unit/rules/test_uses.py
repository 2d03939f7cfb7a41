"""Which use a label speaks for: a shop's sign is a matter only where the sender speaks of signs."""

from __future__ import annotations

import pytest

from intake.kinds import Category
from rules.site_facts import SeenLabel
from rules.uses import use_of_label, use_of_scene

C = Category


@pytest.mark.parametrize(
    ("label", "category", "use"),
    [
        ("motorcycle", C.UNSTATED, C.PARKING),
        ("motorcycle", C.PARKING_SERVICE, C.PARKING_SERVICE),
        ("chair", C.UNSTATED, C.TRADING),
        ("signboard", C.UNSTATED, None),
        ("signboard", C.PARKING, None),
        ("projecting sign", C.SIGNBOARD, C.SIGNBOARD),
        ("person", C.UNSTATED, None),
        ("kite", C.UNSTATED, None),
    ],
)
def test_label(label: str, category: Category, use: Category | None) -> None:
    assert use_of_label(label, category) is use


def test_a_street_of_shops_is_not_about_their_signs() -> None:
    seen = [SeenLabel("signboard", 9, 0.9), SeenLabel("motorcycle", 1, 0.6)]
    assert use_of_scene(seen, C.UNSTATED) is C.PARKING
    assert use_of_scene(seen[:1], C.UNSTATED) is None
    assert use_of_scene(seen, C.SIGNBOARD) is C.SIGNBOARD
