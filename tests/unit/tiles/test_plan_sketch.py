"""The plan sketch draws what was measured: each free cross-section, the narrowest, the sidewalk taken; both languages."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.utils import translation

from rules.figures import format_figure
from rules.site_facts import FreeAt, FreeWidth, GroundFacts, Occupied, Share
from tests.data.site_facts import a_ground, a_place
from tests.unit.geo.grids import WEST
from tiles.plan_sketch import SketchedThing, draw_place

LINE = ((106.69, 10.78), (106.69, 10.78002))
PROFILE = (FreeAt(2.2, 1.9, 2.5, LINE), FreeAt(0.0, 0.0, 0.4, (LINE[0], LINE[0])))


def measured() -> GroundFacts:
    free = FreeWidth(1.12, 0.18, LINE, PROFILE)
    return a_ground(free_width=free, occupied=Occupied(1.4, 0.15), sidewalk=Share(0.8, 0.7, 0.9))


def draw(ground: GroundFacts | None) -> ElementTree.Element:
    return ElementTree.fromstring(draw_place(a_place(), [SketchedThing((), "x", ground)], WEST))


def count(root: ElementTree.Element, kind: str) -> int:
    return sum(kind in element.get("class", "").split() for element in root.iter())


@pytest.mark.parametrize(
    ("language", "width", "taken"),
    [
        ("en", "worst metre: 1.12 ± 0.36 m (2σ)", "taken: 1.4 ± 0.3 m² (2σ), 80 % of its outline"),
        ("vi", "mét hẹp nhất: 1,12 ± 0,36 m (2σ)", "bị chiếm: 1,4 ± 0,3 m² (2σ), bằng 80 % đường bao"),
    ],
)
def test_what_was_measured_is_drawn_and_said(language: str, width: str, taken: str) -> None:
    with translation.override(language):
        root = draw(measured())
    assert (count(root, "sketch-free"), count(root, "sketch-gap")) == (1, 1)
    said = "".join(root.itertext())
    assert width in said and taken in said
    assert width in root.get("aria-label", "")


def test_facts_of_an_older_version_are_drawn_without_what_they_do_not_hold() -> None:
    root = draw(replace(measured(), free_width=FreeWidth(1.12, 0.18), occupied=None))
    assert count(root, "sketch-free") == 0
    assert "m²" not in "".join(root.itertext())
    assert count(draw(None), "sketch-gap") == 0


def test_figures_are_rounded_as_the_facts_beside_the_plan_round_them() -> None:
    ground = replace(measured(), free_width=FreeWidth(4.757, 1.0379, LINE, PROFILE))
    with translation.override("en"):
        said = "".join(draw(ground).itertext())
        facts = [format_figure(name, value, "en", str) for name, value in (("width_m", 4.757), ("error_m", 2 * 1.0379))]
    assert f"{facts[0].removesuffix(' m')} ± {facts[1]} (2σ)" in said
