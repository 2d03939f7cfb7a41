"""The boxes drawn over a redacted picture: what counted, what was seen and did not, each with its words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

LETTER_SHARE = 0.62  # width of a letter of the page's font, in heights
DESK_LETTERS, PHONE_LETTERS = 52, 31
PLATE_HEIGHT = 1.5  # of a label's plate, in letter heights


@dataclass(frozen=True, slots=True)
class SeenBox:
    """One detection on the picture. ``box_px`` is x_min, y_min, x_max, y_max in pixels of the upright picture."""

    label: str
    score: float
    box_px: tuple[float, float, float, float]
    counts: bool


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A box with its label's plate, in units of the drawing, which is as wide as the picture."""

    x: float
    y: float
    width: float
    height: float
    text: str
    plate_x: float
    plate_y: float
    plate_width: float
    text_x: float
    text_y: float
    counts: bool
    has_plate: bool = True


@dataclass(frozen=True, slots=True)
class Overlay:
    """Everything the template needs to draw: picture size, letter height, line width, boxes from back to front."""

    width_px: int
    height_px: int
    letter_px: float
    line_px: float
    plate_px: float
    boxes: tuple[DrawnBox, ...]


def lay_out(
    width_px: int,
    height_px: int,
    seen: Sequence[SeenBox],
    *,
    say: Callable[[SeenBox], str],
    letters_across: int = DESK_LETTERS,
    only_counted: bool = False,
) -> Overlay:
    """Place each box and its plate; those that count lie on top. Plates stay inside the picture.

    ``letters_across``: how many letter heights the longer side holds; ``only_counted`` writes no other plates (phones).
    """
    letter_px = max(width_px, height_px) / letters_across
    line_px = max(1.5, max(width_px, height_px) / 420)
    ordered = sorted(seen, key=lambda box: (box.counts, box.score))
    drawn = [_draw(box, say(box), width_px, height_px, letter_px) for box in ordered]
    if only_counted:
        drawn = [replace(box, has_plate=box.counts) for box in drawn]
    return Overlay(
        width_px, height_px, letter_px, line_px, letter_px * PLATE_HEIGHT,
        tuple(_thin_plates(drawn, letter_px * PLATE_HEIGHT)),
    )  # fmt: skip


def _thin_plates(boxes: Sequence[DrawnBox], height: float) -> tuple[DrawnBox, ...]:
    """The same boxes; a plate that would lie on a more important one is left out, its box stays."""
    taken: list[DrawnBox] = []
    kept: list[DrawnBox] = []
    for box in reversed(boxes):
        if not box.has_plate:
            kept.append(box)
            continue
        if any(_overlap(box, other, height) for other in taken):
            kept.append(replace(box, has_plate=False))
            continue
        taken.append(box)
        kept.append(box)
    return tuple(reversed(kept))


def _overlap(one: DrawnBox, other: DrawnBox, height: float) -> bool:
    return (
        one.plate_x < other.plate_x + other.plate_width
        and other.plate_x < one.plate_x + one.plate_width
        and abs(one.plate_y - other.plate_y) < height
    )


def _draw(box: SeenBox, text: str, width_px: int, height_px: int, letter_px: float) -> DrawnBox:
    x_min, y_min, x_max, y_max = box.box_px
    x, y = max(0.0, min(x_min, width_px)), max(0.0, min(y_min, height_px))
    width, height = max(1.0, min(x_max, width_px) - x), max(1.0, min(y_max, height_px) - y)
    plate_width = letter_px * (LETTER_SHARE * len(text) + 0.9)
    plate_x = min(x, max(0.0, width_px - plate_width))
    plate_y = y - letter_px * PLATE_HEIGHT if y >= letter_px * PLATE_HEIGHT else y
    return DrawnBox(
        x, y, width, height, text, plate_x, plate_y, plate_width,
        plate_x + letter_px * 0.45, plate_y + letter_px * 1.08, box.counts,
    )  # fmt: skip
