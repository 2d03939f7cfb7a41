"""What is hidden: found faces and plates, and heads and plate bands of near things without."""

from __future__ import annotations

import numpy as np
import pytest

from detection.detections import Box, Detection, Detections
from detection.privacy_regions import Found, HiddenKind, choose_regions, head_region

F, P, H, V = HiddenKind.FACE, HiddenKind.PLATE, HiddenKind.HEAD, HiddenKind.VEHICLE_PART
STANDING: Box = (100.0, 100.0, 200.0, 400.0)
CAR: Box = (300.0, 300.0, 600.0, 500.0)


def scene(*things: tuple[str, Box]) -> Detections:
    return Detections(1000, 800, tuple(Detection(label, 0.8, box) for label, box in things))


@pytest.mark.parametrize(
    ("things", "faces", "plates", "kinds"),
    [
        pytest.param([], [], [], [], id="nobody"),
        pytest.param([("person", STANDING)], [], [], [H], id="a near person without a face"),
        pytest.param([("worker", STANDING)], [], [], [H], id="a worker is a person"),
        pytest.param([("person", STANDING)], [((130, 110, 160, 150), 0.9)], [], [F], id="a near person with a face"),
        pytest.param([("person", STANDING)], [((130, 110, 160, 150), 0.4)], [], [F, H], id="an unsure face hides both"),
        pytest.param([("person", STANDING)], [((130, 300, 160, 340), 0.9)], [], [F, H], id="a face on the chest is another"),
        pytest.param(
            [("person", STANDING), ("person", (110.0, 100.0, 210.0, 400.0))], [((130, 110, 160, 150), 0.9)], [], [F, H],
            id="one face answers for one person",
        ),
        pytest.param([("person", (100.0, 100.0, 120.0, 150.0))], [], [], [], id="too far to be recognised"),
        pytest.param([("car", CAR)], [], [], [V], id="a near car without a plate"),
        pytest.param([("car", CAR)], [], [((400, 420, 470, 450), 0.9)], [P], id="a near car with its plate"),
        pytest.param([("car", CAR)], [], [((400, 420, 470, 450), 0.3)], [P, V], id="an unsure plate hides both"),
        pytest.param([("motorcycle", (0.0, 0.0, 60.0, 90.0))], [], [], [V], id="a motorbike"),
        pytest.param([("bicycle", CAR)], [], [], [], id="a bicycle has no plate"),
        pytest.param([("car", (0.0, 0.0, 60.0, 40.0))], [], [], [], id="a far car"),
        pytest.param([], [((0, 0, 20, 20), 0.35)], [((50, 50, 80, 60), 0.4)], [F, P], id="found without person or car"),
        pytest.param([], [], [((50, 50, 80, 60), 0.2)], [], id="a weak plate on no vehicle"),
        pytest.param([], [], [((0, 0, 900, 700), 0.4)], [], id="a facade is no plate"),
        pytest.param([], [], [((100, 100, 900, 700), 0.8)], [P], id="a plate from very near"),
        pytest.param([], [], [((0, 0, 1000, 700), 0.8)], [], id="the whole picture is no plate"),
    ],
)  # fmt: skip
def test_what_is_hidden(
    things: list[tuple[str, Box]],
    faces: list[tuple[Box, float]],
    plates: list[tuple[Box, float]],
    kinds: list[HiddenKind],
) -> None:
    regions = choose_regions(scene(*things), [Found(*one) for one in faces], [Found(*one) for one in plates])
    assert [region.kind for region in regions] == kinds


def test_regions_are_whole_pixels_within_the_picture() -> None:
    (region,) = choose_regions(scene(), [Found((-5.0, 780.0, 30.5, 810.0), 0.9)], [])
    x_min, y_min, x_max, y_max = region.box_px
    assert (x_min, y_max) == (0, 800)
    assert x_max == 40
    assert y_min < 780


def test_a_region_wholly_outside_is_no_region() -> None:
    assert choose_regions(scene(), [Found((1200.0, 900.0, 1300.0, 950.0), 0.9)], []) == ()


@pytest.mark.parametrize(
    ("box", "share"),
    [
        pytest.param((0.0, 0.0, 30.0, 100.0), 0.25, id="standing"),
        pytest.param((0.0, 0.0, 60.0, 100.0), 0.42, id="seated"),
        pytest.param((0.0, 0.0, 120.0, 100.0), 0.5, id="cropped"),
    ],
)
def test_the_head_is_the_upper_part(box: Box, share: float) -> None:
    assert head_region(box)[3] == pytest.approx(share * 100)


def test_hiding_leaves_a_few_coarse_squares() -> None:
    from detection.redaction import hide

    chance = np.random.default_rng(3)
    picture = chance.integers(0, 256, (200, 300, 3)).astype(np.uint8)
    before = picture.copy()
    hide(picture, (50, 40, 130, 100))
    region = picture[40:100, 50:130]
    assert len(np.unique(region.reshape(-1, 3), axis=0)) <= 4 * 6
    assert set(np.unique(region % 32)) == {16}
    picture[40:100, 50:130] = before[40:100, 50:130]
    assert (picture == before).all()


@pytest.mark.parametrize("size", [(1, 1), (2, 9), (5, 3)], ids=str)
def test_hiding_a_tiny_region(size: tuple[int, int]) -> None:
    from detection.redaction import hide

    picture = np.arange(300, dtype=np.uint8).reshape(10, 10, 3).copy()
    hide(picture, (0, 0, *size))
    assert set(np.unique(picture[: size[1], : size[0]] % 32)) == {16}
