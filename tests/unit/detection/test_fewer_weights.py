"""A task is spared the weights it has no use for; claims that matter to it stay."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from detection.detector import MergedDetector, NetworkDetector
from detection.fake_detector import FakeDetector
from detection.fewer_weights import narrow_to
from detection.labels import LabelGroup

G = LabelGroup


def a_part(*labels: str) -> NetworkDetector:
    part: Any = SimpleNamespace(weights=(), runtime="fake", thresholds=dict.fromkeys(labels, 0.3))
    return cast(NetworkDetector, part)


STREET, SITE, SIGNS = a_part("car", "person"), a_part("traffic cone", "hardhat"), a_part("signboard")
ALL = MergedDetector([STREET, SITE, SIGNS])


@pytest.mark.parametrize(
    ("groups", "left"),
    [
        ({G.VEHICLE, G.BARRIER}, (STREET, SITE)),
        ({G.VEHICLE, G.BARRIER, G.SIGN}, (STREET, SITE, SIGNS)),
        ({G.SITE_MACHINERY}, (STREET, SITE, SIGNS)),
    ],
)
def test_parts_with_a_use_stay(groups: set[LabelGroup], left: tuple[NetworkDetector, ...]) -> None:
    narrowed = narrow_to(ALL, frozenset(groups))
    assert isinstance(narrowed, MergedDetector)
    assert narrowed.parts == left


def test_one_part_alone_is_no_merger() -> None:
    assert narrow_to(ALL, frozenset({G.SIGN})) is SIGNS
    double = FakeDetector([])
    assert narrow_to(double, frozenset({G.SIGN})) is double
