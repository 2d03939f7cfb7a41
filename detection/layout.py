"""How a picture is shown to a network: whole at a chosen size, or in overlapping windows and once whole. Pure.

Small things need more of the network's pixels: a motorbike of 15 input pixels is missed, one of 40 is found. ``choose_layout``
gives the cheapest layout that shows the smallest expected thing large enough; a camera knows that size from its calibration, and
the part of its picture in which small things matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from errors import InputError

Window = tuple[int, int, int, int]  # x_min, y_min, x_max, y_max in the picture's pixels
Eighths = tuple[int, int, int, int]  # the same in eighths of its width and height: few shapes, so that few are compiled

STRIDE_PX = 32
WANTED_PX = 28.0  # height in input pixels from which a small network sees a figure; see bench/results/small_objects.md
MOST_COST = 12.0  # times the work of one whole look at the usual input
_INPUT_SHARES = (1.0, 1.25, 1.5)  # of the usual input; larger ones see large things worse
_OVERLAP_PX = 64
_GRIDS = ((2, 1), (2, 2), (3, 2), (4, 3))
_STRIPS = ((1, 1), (1, 2), (3, 1), (4, 1))  # beside these, for a part of the picture
ALL_OF_IT: Eighths = (0, 0, 8, 8)


@dataclass(frozen=True, slots=True)
class Layout:
    """``columns`` x ``rows`` windows that overlap by ``overlap_px`` of the picture, each at an input whose longer side is
    ``input_px`` (0: the usual one of the weights). More than one window: the whole picture is looked at too, for large things.
    ``joins_riders``: a two-wheeler and its rider are one figure, as a camera from far above shows them. ``part``: the windows
    cover this much of the picture only, and what lies outside is seen in the look at the whole.
    """

    columns: int = 1
    rows: int = 1
    input_px: int = 0
    overlap_px: int = _OVERLAP_PX
    joins_riders: bool = False
    part: Eighths = ALL_OF_IT

    def __post_init__(self) -> None:
        if not (1 <= self.columns <= 8 and 1 <= self.rows <= 8):
            raise InputError(
                "A layout has 1 to 8 columns and rows.", field="layout", value=f"{self.columns}x{self.rows}"
            )
        if self.input_px and not 32 <= self.input_px <= 4096:
            raise InputError("An input is 32 to 4096 pixels.", field="layout", value=self.input_px)
        left, top, right, bottom = self.part
        if not (0 <= left < right <= 8 and 0 <= top < bottom <= 8):
            raise InputError("A part of a picture lies within its eighths.", field="layout", value=self.part)

    @property
    def is_whole(self) -> bool:
        """One look at the whole picture."""
        return self.columns * self.rows == 1 and self.part == ALL_OF_IT

    def windows(self, width_px: int, height_px: int) -> tuple[Window, ...]:
        """The windows of a picture, row by row."""
        across = _cut(width_px, self.part[0::2], self.columns, self.overlap_px)
        down = _cut(height_px, self.part[1::2], self.rows, self.overlap_px)
        return tuple((left, top, right, bottom) for top, bottom in down for left, right in across)

    def scale(self, width_px: int, height_px: int, usual_px: int) -> float:
        """Input pixels for one pixel of the picture."""
        left, top, right, bottom = self.windows(width_px, height_px)[0]
        return (self.input_px or usual_px) / max(right - left, bottom - top)

    def cost(self, width_px: int, height_px: int, usual_px: int) -> float:
        """Work in units of one whole look at the usual input."""
        unit = _input_area(width_px, height_px, usual_px)
        size = self.input_px or usual_px
        looks = [(right - left, bottom - top, size) for left, top, right, bottom in self.windows(width_px, height_px)]
        looks += [] if self.is_whole else [(width_px, height_px, usual_px)]
        return sum(_input_area(*look) for look in looks) / unit

    def to_json(self) -> dict[str, Any]:
        """The form kept with a run; empty for the usual whole look."""
        if self == WHOLE:
            return {}
        return {
            "columns": self.columns,
            "rows": self.rows,
            "input_px": self.input_px,
            "overlap_px": self.overlap_px,
            "joins_riders": self.joins_riders,
            **({} if self.part == ALL_OF_IT else {"part": list(self.part)}),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Layout:
        """The value back from its stored form."""
        return cls(**(stored | {"part": tuple(stored.get("part", ALL_OF_IT))})) if stored else WHOLE

    def __str__(self) -> str:
        size = f"{self.input_px} px" if self.input_px else "usual input"
        grid = f"whole at {size}" if self.is_whole else f"{self.columns}x{self.rows} windows at {size}"
        grid = grid if self.part == ALL_OF_IT else f"{grid} of eighths {self.part}"
        return f"{grid}, riders joined" if self.joins_riders else grid


WHOLE = Layout()


def parse_layout(text: str) -> Layout:
    """``whole``, ``whole@1280``, ``3x2`` or ``3x2@640``, each with ``+riders`` or without; InputError for anything else."""
    looked, plus, extra = text.strip().lower().partition("+")
    grid, _, size = looked.partition("@")
    try:
        if plus and extra != "riders":
            raise ValueError(extra)
        columns, rows = (1, 1) if grid == "whole" else (int(part) for part in grid.split("x"))
        return Layout(columns, rows, int(size) if size else 0, joins_riders=bool(plus))
    except ValueError as broken:
        raise InputError(
            "A layout is 'whole', 'whole@1280', '3x2' or '3x2@640', with '+riders' or without.",
            field="layout",
            value=text,
        ) from broken


@dataclass(frozen=True, slots=True)
class ChosenLayout:
    """A layout, how large the smallest thing appears in it (input pixels), its cost, and whether that is enough."""

    layout: Layout
    shown_px: float
    cost: float
    is_enough: bool


def choose_layout(
    width_px: int,
    height_px: int,
    smallest_px: float,
    *,
    usual_px: int = 640,
    is_flexible: bool = True,
    most_cost: float = MOST_COST,
    wanted_px: float = WANTED_PX,
    part: Eighths = ALL_OF_IT,
) -> ChosenLayout:
    """The cheapest layout that shows a thing of ``smallest_px`` (in ``part`` of the picture) at ``wanted_px`` or more.

    Where none within ``most_cost`` does, the one that shows it largest, with ``is_enough`` False: such things are then
    often missed, and the camera's page says so. A network of fixed input (not ``is_flexible``) can only be given windows.
    """
    if not smallest_px > 0:
        raise InputError("The smallest thing has a size in pixels.", field="smallest_px", value=smallest_px)
    measured = [
        ChosenLayout(layout, shown, layout.cost(width_px, height_px, usual_px), shown >= wanted_px)
        for layout in _candidates(usual_px, part, is_flexible=is_flexible)
        for shown in [smallest_px * layout.scale(width_px, height_px, usual_px)]
    ]
    affordable = [one for one in measured if one.cost <= most_cost]
    enough = [one for one in affordable if one.is_enough]
    if enough:
        return min(enough, key=lambda one: (one.cost, -one.shown_px))
    return max(affordable, key=lambda one: (round(one.shown_px, 3), -one.cost))


def _candidates(usual_px: int, part: Eighths, *, is_flexible: bool) -> Iterator[Layout]:
    """The usual look, and windows. Windows find more than one larger look at the same scale, and keep what is large."""
    yield WHOLE
    for columns, rows in _GRIDS if part == ALL_OF_IT else (*_STRIPS, *_GRIDS):
        for share in _INPUT_SHARES if is_flexible else (1.0,):
            size = round(usual_px * share / STRIDE_PX) * STRIDE_PX
            yield Layout(columns, rows, size, joins_riders=True, part=part)


def _cut(length: int, within: tuple[int, ...], parts: int, overlap: int) -> tuple[tuple[int, int], ...]:
    """Stretches of equal length that overlap and cover what lies ``within`` two eighths."""
    first, last = (round(length * eighth / 8) for eighth in within)
    first = min(first, length - 1)
    last = max(last, first + 1)
    if parts == 1:
        return ((first, last),)
    size = min(last - first, ceil((last - first + overlap * (parts - 1)) / parts))
    step = (last - first - size) / (parts - 1)
    return tuple((first + round(number * step), first + round(number * step) + size) for number in range(parts))


def _input_area(width_px: int, height_px: int, longer_px: int) -> int:
    scale = longer_px / max(width_px, height_px)
    return _whole_strides(width_px * scale) * _whole_strides(height_px * scale)


def _whole_strides(length: float) -> int:
    return max(1, ceil(length / STRIDE_PX - 1e-6)) * STRIDE_PX
