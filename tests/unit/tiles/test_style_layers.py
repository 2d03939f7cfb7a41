"""The parts of the map's style that know no database: themes, layers, legend."""

from __future__ import annotations

import re

import pytest

from tiles.base_style import city_areas, city_words, own_areas, own_lines, own_words
from tiles.layers import REGISTER_LAYERS, find_layer
from tiles.legend import PATTERNS, LegendEntry, describe_entries
from tiles.themes import DARK, LIGHT, SUN, THEMES, Theme


def _luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_words_can_be_read_on_land_and_water(theme: Theme) -> None:
    assert _contrast(theme.label, theme.land) >= 7
    assert _contrast(theme.water_label, theme.water) >= 4.5
    assert _contrast(theme.label, theme.building) >= 4.5


def test_the_sun_theme_is_the_strongest() -> None:
    assert _contrast(SUN.label, SUN.land) > _contrast(LIGHT.label, LIGHT.land)
    assert _contrast(SUN.parcel, SUN.land) > 4.5 > _contrast(LIGHT.parcel, LIGHT.land)
    assert SUN.line > LIGHT.line == DARK.line


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_every_layer_has_an_id_of_its_own_and_says_what_it_belongs_to(theme: Theme) -> None:
    for layers in ([*own_areas(theme), *own_lines(theme), *own_words(theme)], [*city_areas(theme), *city_words(theme)]):
        ids = [layer["id"] for layer in layers]
        assert len(ids) == len(set(ids))
        assert all({"group", "layer"} <= set(layer["metadata"]) for layer in layers)
        colours = [str(value) for layer in layers for name, value in layer["paint"].items() if name.endswith("-color")]
        assert all(re.fullmatch(r"#[0-9A-F]{6}|rgba\([\d,.]+\)|#[0-9A-Fa-f]{6}", colour) for colour in colours)


def test_a_layer_is_found_by_its_name() -> None:
    assert find_layer("nothing") is None
    assert all(find_layer(layer.name) is layer for layer in REGISTER_LAYERS)


def test_labelled_layers_say_from_which_zoom() -> None:
    assert all(layer.min_zoom <= layer.label_zoom <= layer.max_zoom for layer in REGISTER_LAYERS if layer.label)


def test_classes_that_share_a_fill_are_told_apart_by_a_pattern() -> None:
    entries = [
        LegendEntry("land_use", "TMD", "thương mại", "commerce", "#FAAAA0"),
        LegendEntry("land_use", "SKC", "sản xuất", "", "#faaaa0"),
        LegendEntry("land_use", "LUC", "lúa", "rice", "#FFFC8C", "waves"),
    ]
    first, second, third = describe_entries(entries, "en")
    assert (first["pattern"], second["pattern"], third["pattern"]) == (PATTERNS[0], PATTERNS[1], "waves")
    assert (first["shares_fill_with"], third["shares_fill_with"]) == (["SKC"], [])
    assert (first["name"], second["name"]) == ("commerce", "sản xuất")
