"""Pixels come out upright, in RGB, no larger than asked, from every kind and mode."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from errors import UnreadableMedia
from intake.photo import decode_upright, encode_jpeg, hash_distance, make_thumbnail, perceptual_hash, shrink
from tests.data import photos
from tests.data.exif_block import an_exif_block, short

TRANSPOSES = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,  # stored turned left, so that a right turn makes it upright
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", TRANSPOSES)
def test_each_orientation_is_undone(kind: str, orientation: int) -> None:
    scene = Image.fromarray(photos.a_scene())
    turn = TRANSPOSES[orientation]
    stored = np.asarray(scene if turn is None else scene.transpose(turn))
    upright = decode_upright(photos.a_photo(kind, pixels=stored, exif=an_exif_block(main=[short(0x0112, orientation)])))
    assert upright.shape == (120, 160, 3)
    assert upright[5, 5, 0] > 180 > 80 > upright[5, 5, 2]
    assert upright[-5, -5, 2] > 180 > 80 > upright[-5, -5, 0]


def test_heic_is_turned_once_only() -> None:
    data = photos.a_photo("HEIF", exif=an_exif_block(main=[short(0x0112, 6)]))
    assert decode_upright(data).shape[:2] in {(120, 160), (160, 120)}


@pytest.mark.parametrize(
    ("kind", "side"),
    [(kind, side) for kind in ("JPEG", "PNG", "WEBP") for side in (1000, 640, 100, 37, 16)] + [("HEIF", 100)],
)
def test_the_longer_side_is_at_most_what_is_asked(kind: str, side: int) -> None:
    data = photos.a_photo(kind, pixels=photos.a_scene(800, 600))
    pixels = decode_upright(data, max_side_px=side)
    assert max(pixels.shape[:2]) == min(side, 800)
    assert pixels.flags["C_CONTIGUOUS"]
    assert abs(pixels.shape[1] / pixels.shape[0] - 4 / 3) < 0.05


@pytest.mark.parametrize(("mode", "kind"), [
    ("L", "JPEG"), ("CMYK", "JPEG"), ("L", "PNG"), ("LA", "PNG"), ("RGBA", "PNG"), ("P", "PNG"), ("1", "PNG"),
    ("I;16", "PNG"), ("RGBA", "WEBP"),
])  # fmt: skip
def test_every_mode_becomes_rgb(mode: str, kind: str) -> None:
    out = io.BytesIO()
    if mode == "I;16":
        Image.fromarray(np.full((48, 64), 30_000, np.uint16)).save(out, kind)
    else:
        Image.fromarray(photos.a_scene(64, 48)).convert(mode).save(out, kind)
    pixels = decode_upright(out.getvalue())
    assert pixels.shape == (48, 64, 3)
    assert pixels.dtype == np.uint8
    assert 20 < pixels.mean() < 235


def test_transparent_parts_become_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (32, 32), (0, 0, 0, 0)).save(out, "PNG")
    assert decode_upright(out.getvalue()).min() == 255


@pytest.mark.parametrize("data", [b"", b"junk", b"\xff\xd8\xff" + b"\x00" * 50, photos.a_photo("PNG")[:60]])
def test_what_does_not_decode_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableMedia):
        decode_upright(data)


def test_likeness_survives_scaling_and_compression_and_tells_pictures_apart() -> None:
    scene = photos.a_scene(640, 480, seed=3)
    small = decode_upright(encode_jpeg(shrink(scene, 200), quality=50))
    other = photos.a_scene(640, 480, seed=9)
    assert hash_distance(perceptual_hash(scene), perceptual_hash(small)) <= 6
    assert hash_distance(perceptual_hash(scene), perceptual_hash(other)) > 12
    assert hash_distance(-1, 0) == 64


def test_a_thumbnail_is_small_and_bare() -> None:
    data = make_thumbnail(photos.a_scene(800, 600), max_side_px=100)
    opened = Image.open(io.BytesIO(data))
    assert opened.size == (100, 75)
    assert not opened.getexif()
