"""Windows cover the picture, costs add up, and the cheapest layout that shows small things large enough is chosen."""

from __future__ import annotations

import pytest

from detection.layout import WHOLE, Layout, choose_layout, parse_layout
from errors import InputError


@pytest.mark.parametrize("layout", [WHOLE, Layout(2, 2), Layout(3, 2, 640), Layout(4, 3, 960, overlap_px=0)])
@pytest.mark.parametrize("size", [(1280, 720), (511, 289), (4000, 3000)])
def test_windows_cover_every_pixel_and_stay_inside(layout: Layout, size: tuple[int, int]) -> None:
    width, height = size
    windows = layout.windows(width, height)
    assert len(windows) == layout.columns * layout.rows
    assert all(0 <= left < right <= width and 0 <= top < bottom <= height for left, top, right, bottom in windows)
    across = {(left, right) for left, _, right, _ in windows}
    assert _covered(across) == width
    assert _covered({(top, bottom) for _, top, _, bottom in windows}) == height


def _covered(stretches: set[tuple[int, int]]) -> int:
    return len(set().union(*(range(first, last) for first, last in stretches)))


def test_neighbours_overlap() -> None:
    left, right = Layout(2, 1, overlap_px=64).windows(1280, 720)
    assert left[2] - right[0] == 64


def test_cost_of_a_larger_look_grows_with_its_area() -> None:
    assert WHOLE.cost(1280, 720, 640) == pytest.approx(1.0)
    assert Layout(1, 1, 1280).cost(1280, 720, 640) == pytest.approx(4.0, rel=0.1)
    assert Layout(2, 2).cost(1280, 720, 640) == pytest.approx(5.0, rel=0.1)


@pytest.mark.parametrize(
    ("smallest_px", "is_enough"),
    [pytest.param(120, True, id="large"), pytest.param(30, True, id="small"), pytest.param(3, False, id="hopeless")],
)
def test_the_cheapest_layout_that_is_enough(smallest_px: float, is_enough: bool) -> None:
    chosen = choose_layout(1280, 720, smallest_px, wanted_px=40, most_cost=12)
    assert chosen.is_enough is is_enough
    assert chosen.cost <= 12
    if smallest_px == 120:
        assert chosen.layout == WHOLE
    if is_enough:
        assert chosen.shown_px >= 40


def test_a_network_of_fixed_input_gets_windows() -> None:
    chosen = choose_layout(1280, 720, 40, is_flexible=False, wanted_px=40)
    assert not chosen.layout.is_whole
    assert chosen.layout.input_px == 640


def test_more_pixels_are_never_chosen_for_larger_things() -> None:
    costs = [choose_layout(1280, 720, size).cost for size in (10, 20, 40, 80, 160)]
    assert costs == sorted(costs, reverse=True)


@pytest.mark.parametrize("text", ["whole", "whole@1280", "3x2", "3x2@640"])
def test_layouts_in_words(text: str) -> None:
    layout = parse_layout(text)
    assert Layout.from_json(layout.to_json()) in (layout, WHOLE)


@pytest.mark.parametrize("text", ["", "threexthree", "9x9", "whole@7", "0x1"])
def test_no_layout(text: str) -> None:
    with pytest.raises(InputError):
        parse_layout(text)


def test_nothing_is_of_no_size() -> None:
    with pytest.raises(InputError):
        choose_layout(1280, 720, 0)


def test_windows_of_a_part_cover_it_and_no_more() -> None:
    layout = Layout(3, 1, 640, joins_riders=True, part=(0, 2, 8, 4))
    windows = layout.windows(960, 540)
    assert {(top, bottom) for _, top, _, bottom in windows} == {(135, 270)}
    assert _covered({(left, right) for left, _, right, _ in windows}) == 960
    assert Layout.from_json(layout.to_json()) == layout
    assert not Layout(part=(0, 0, 8, 7)).is_whole
    assert layout.cost(960, 540, 640) < Layout(3, 1, 640).cost(960, 540, 640)


@pytest.mark.parametrize("size", [(7, 3), (1, 1), (1280, 720)])
def test_a_part_of_a_tiny_picture_is_no_empty_window(size: tuple[int, int]) -> None:
    for left, top, right, bottom in Layout(4, 1, 640, part=(7, 7, 8, 8)).windows(*size):
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]


@pytest.mark.parametrize("part", [(0, 0, 9, 8), (4, 0, 4, 8), (0, 5, 8, 2), (-1, 0, 8, 8)])
def test_a_part_outside_the_picture_is_refused(part: tuple[int, int, int, int]) -> None:
    with pytest.raises(InputError):
        Layout(2, 2, part=part)


def test_less_to_look_at_shows_small_things_larger_for_the_same_work() -> None:
    everywhere = choose_layout(1280, 720, 20, most_cost=5)
    strip = choose_layout(1280, 720, 20, most_cost=5, part=(0, 2, 8, 4))
    assert strip.cost <= 5
    assert strip.shown_px > everywhere.shown_px
    assert (strip.is_enough, everywhere.is_enough) == (True, False)
