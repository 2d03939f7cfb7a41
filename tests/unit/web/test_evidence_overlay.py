"""Boxes over a picture: inside it, those that count on top, plates that can be read."""

from __future__ import annotations

import pytest

from web.evidence_labels import speaks_for
from web.evidence_overlay import PHONE_LETTERS, Overlay, SeenBox, lay_out


def a_box(
    label: str = "car", counts: bool = True, score: float = 0.9, box: tuple[float, ...] = (100, 100, 300, 200)
) -> SeenBox:
    return SeenBox(label, score, (box[0], box[1], box[2], box[3]), counts)


def laid_out(*boxes: SeenBox, **options: object) -> Overlay:
    return lay_out(1000, 500, boxes, say=lambda box: f"{box.label} {box.score:.2f}", **options)  # type: ignore[arg-type]


def test_what_counts_lies_on_top() -> None:
    overlay = laid_out(a_box(), a_box("chair", counts=False, score=0.99, box=(500, 100, 600, 200)))
    assert [box.counts for box in overlay.boxes] == [False, True]


@pytest.mark.parametrize(
    "box", [(-20, -10, 50, 40), (980, 480, 1200, 700), (0, 0, 1000, 500), (999, 10, 999, 10)],
    ids=["left and above", "right and below", "all of it", "no width"],
)  # fmt: skip
def test_boxes_and_plates_stay_inside_the_picture(box: tuple[float, ...]) -> None:
    overlay = laid_out(a_box(box=box))
    drawn = overlay.boxes[0]
    assert drawn.x >= 0 and drawn.y >= 0
    assert drawn.width >= 1 and drawn.height >= 1
    assert drawn.plate_x >= 0 and drawn.plate_y >= 0
    assert drawn.plate_x + drawn.plate_width <= 1000 + 1e-6


def test_a_plate_never_covers_a_more_important_one() -> None:
    overlay = laid_out(a_box(score=0.5), a_box(score=0.9, box=(104, 102, 300, 200)), a_box(box=(700, 100, 800, 200)))
    assert [box.has_plate for box in overlay.boxes] == [False, True, True]


def test_on_a_phone_letters_are_larger_and_only_what_counts_is_named() -> None:
    overlay = laid_out(
        a_box(counts=False, box=(500, 100, 600, 200)), a_box(), letters_across=PHONE_LETTERS, only_counted=True
    )
    assert overlay.letter_px > laid_out(a_box()).letter_px
    assert [box.has_plate for box in overlay.boxes] == [False, True]


@pytest.mark.parametrize(
    ("label", "use", "speaks"),
    [
        ("motorcycle", "parking", True),
        ("person", "parking", False),
        ("chair", "trading", True),
        ("site machinery", "construction", True),
        ("car", "construction", False),
        ("car", "nothing we know", False),
    ],
)
def test_a_label_speaks_for_its_use(label: str, use: str, speaks: bool) -> None:
    assert speaks_for(label, use) is speaks
