"""Signs that a picture is not what it seems: found where they are, and not in honest pictures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from intake.exif import ExifTags
from intake.tamper import find_metadata_hints, is_screen_photo

SIZE = (4000, 3000)


@pytest.mark.parametrize(
    ("tags", "kind", "size", "hints"),
    [
        pytest.param(ExifTags(software="Adobe Photoshop 25.1"), "image/jpeg", SIZE, ("edited",), id="editor"),
        pytest.param(ExifTags(software="HDR+ 1.0.6"), "image/jpeg", SIZE, (), id="the phone's own software"),
        pytest.param(ExifTags(pixel_size=SIZE), "image/jpeg", (4000, 2250), ("size_differs",), id="cut"),
        pytest.param(ExifTags(pixel_size=SIZE), "image/jpeg", (1600, 1200), (), id="made smaller by a chat"),
        pytest.param(ExifTags(pixel_size=SIZE), "image/jpeg", (3000, 4000), (), id="turned upright"),
        pytest.param(ExifTags(), "image/png", (1080, 2340), ("screenshot",), id="screenshot"),
        pytest.param(ExifTags(), "image/jpeg", (1080, 2340), (), id="tall photo"),
    ],
)
def test_metadata(tags: ExifTags, kind: str, size: tuple[int, int], hints: tuple[str, ...]) -> None:
    assert find_metadata_hints(tags, kind, size) == hints


def a_street(random: np.random.Generator) -> np.ndarray:
    coarse = random.integers(30, 220, (30, 40, 3), dtype=np.uint8)
    fine = cv2.resize(coarse, (640, 480), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return np.clip(fine + random.normal(0, 6, fine.shape), 0, 255).astype(np.uint8)


def photographed_from_a_screen(rgb: np.ndarray) -> np.ndarray:
    """Each pixel of the picture becomes three coloured stripes with gaps; then a camera, a little turned, looks at it."""
    small = cv2.resize(rgb, (240, 180))
    big = small.repeat(6, axis=0).repeat(6, axis=1).astype(np.float32)
    stripes = np.zeros((6, 6, 3), np.float32)
    for channel in range(3):
        stripes[:5, 2 * channel : 2 * channel + 2, channel] = 2.2
    big *= np.tile(stripes, (180, 240, 1))
    turned = cv2.warpAffine(big, cv2.getRotationMatrix2D((720, 540), 5, 1), (1440, 1080))
    seen = cv2.resize(turned, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_LINEAR)
    return np.clip(seen, 0, 255).astype(np.uint8)


def test_a_screen_shows_its_grid_and_a_street_does_not() -> None:
    random = np.random.default_rng(4)
    streets = [a_street(random) for _ in range(6)]
    assert not any(is_screen_photo(street) for street in streets)
    assert all(is_screen_photo(photographed_from_a_screen(street)) for street in streets)
    assert not is_screen_photo(np.zeros((40, 40, 3), np.uint8))
