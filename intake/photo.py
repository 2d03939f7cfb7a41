"""From a photo's bytes to upright RGB pixels, a 64-bit likeness and thumbnails. The one place where photos are decoded.

Large JPEGs are decoded at a reduced scale inside the decoder: 12 megapixels at 1/4 take about half the time of a whole
decode and a sixteenth of the memory. Who decodes elsewhere loses the orientation.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

from intake.exif import EXIF_HEADER, cut_exif_block, is_bounded, list_jpeg_segments, read_exif
from intake.picture_header import read_header, unreadable
from intake.signature import sniff

Pixels = NDArray[np.uint8]

# Our own limits are lower and are checked before; this one is the last fence of the library.
Image.MAX_IMAGE_PIXELS = 120_000_000
pillow_heif.register_heif_opener(thumbnails=False)

PROOF_PIXELS = 24_000_000
PROOF_SIDE_PX = 256
REDUCTIONS = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)
REDUCIBLE = frozenset({"RGB", "L", "RGBA", "CMYK"})
SWAPPING_ORIENTATIONS = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, slots=True)
class DecodeProof:
    """What opening a photo once showed: upright size, the orientation undone, and its likeness."""

    width_px: int
    height_px: int
    orientation: int
    perceptual_hash: int | None


def prove_decodable(data: bytes, content_type: str) -> DecodeProof:
    """Open the whole file at the least cost that still finds a truncated or damaged one (``UnreadableMedia``)."""
    header = read_header(data, content_type)
    orientation = read_orientation(data, content_type)
    likeness = None
    with _open(data, content_type) as picture:
        if content_type == "image/jpeg":
            picture.draft("RGB", (PROOF_SIDE_PX, PROOF_SIDE_PX))
        if content_type == "image/jpeg" or header.width_px * header.height_px <= PROOF_PIXELS:
            likeness = perceptual_hash(_turn(_load_rgb(picture, content_type, most_px=PROOF_SIDE_PX), orientation))
        else:
            _verify(picture, content_type)
    swap = orientation in SWAPPING_ORIENTATIONS
    width_px, height_px = (header.width_px, header.height_px)[:: -1 if swap else 1]
    return DecodeProof(width_px, height_px, orientation, likeness)


def decode_upright(data: bytes, max_side_px: int | None = None) -> Pixels:
    """RGB pixels (height, width, 3) as a person would hold the photo; longer side at most ``max_side_px``.

    Errors: ``UnreadableMedia``.
    """
    content_type = sniff(data).content_type
    header = read_header(data, content_type)
    orientation = read_orientation(data, content_type)
    if content_type == "image/jpeg":
        pixels = _decode_jpeg(data, max(header.width_px, header.height_px), max_side_px)
    else:
        with _open(data, content_type) as picture:
            pixels = _load_rgb(picture, content_type)
    return np.ascontiguousarray(_turn(shrink(pixels, max_side_px), orientation))


def read_orientation(data: bytes, content_type: str) -> int:
    """EXIF orientation 1 to 8; 1 for HEIC, whose decoder already turns the picture."""
    return 1 if content_type == "image/heic" else read_exif(data, content_type).tags.orientation


def encode_jpeg(pixels: Pixels, quality: int = 88) -> bytes:
    """RGB pixels as a JPEG without any metadata."""
    done, encoded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise unreadable("encode")
    return encoded.tobytes()


def make_thumbnail(pixels: Pixels, max_side_px: int = 320) -> bytes:
    """A small JPEG without any metadata."""
    return encode_jpeg(shrink(pixels, max_side_px), quality=82)


def perceptual_hash(pixels: Pixels) -> int:
    """64 bits of the lowest frequencies (pHash), as a signed number for a database's bigint."""
    grey = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (32, 32), interpolation=cv2.INTER_AREA)
    lowest = cv2.dct(grey.astype(np.float32))[:8, :8].ravel()
    bits = np.packbits(lowest > np.median(lowest[1:])).tobytes()
    return int.from_bytes(bits, "big", signed=True)


def hash_distance(one: int, other: int) -> int:
    """Bits in which two likenesses differ: 0 the same picture, up to about 10 a copy, near 32 unrelated."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()


def shrink(pixels: Pixels, max_side_px: int | None) -> Pixels:
    """The same picture with its longer side at most ``max_side_px``; never enlarged."""
    height, width = pixels.shape[:2]
    if max_side_px is None or max(height, width) <= max_side_px:
        return pixels
    scale = max_side_px / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _decode_jpeg(data: bytes, side_px: int, max_side_px: int | None) -> Pixels:
    flag = cv2.IMREAD_COLOR
    if max_side_px is not None:
        flag = next((f for factor, f in REDUCTIONS if -(-side_px // factor) >= max_side_px), cv2.IMREAD_COLOR)
    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise unreadable("image/jpeg") from error
    if found is None:  # rare kinds, such as 12-bit or arithmetic coding
        with _open(data, "image/jpeg") as picture:
            return _load_rgb(picture, "image/jpeg")
    return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _turn(pixels: Pixels, orientation: int) -> Pixels:
    """Undo the EXIF orientation: 2 to 4 flips and half turn, 5 to 8 the same of the transposed picture."""
    if orientation in SWAPPING_ORIENTATIONS:
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels


def _open(data: bytes, content_type: str) -> Image.Image:
    if content_type == "image/jpeg":
        data = _without_unbounded_exif(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data))
    except Exception as error:  # noqa: BLE001 - decoders of hostile bytes raise anything
        raise unreadable(content_type) from error


def _without_unbounded_exif(data: bytes) -> bytes:
    """Pillow reads a JPEG's EXIF when it opens the file: leave out blocks made to exhaust memory."""
    blocks = [
        (start, end)
        for marker, start, end in list_jpeg_segments(data)
        if marker == 0xE1 and data[start + 4 : start + 10] == EXIF_HEADER
    ]
    if len(blocks) < 2 and is_bounded(cut_exif_block(data, "image/jpeg") or b"II*\x00\x08\x00\x00\x00\x00\x00"):
        return data
    for start, end in reversed(blocks):
        data = data[:start] + data[end:]
    return data


def _verify(picture: Image.Image, content_type: str) -> None:
    try:
        picture.verify()
    except Exception as error:  # noqa: BLE001 - as above
        raise unreadable(content_type) from error


def _load_rgb(picture: Image.Image, content_type: str, most_px: int | None = None) -> Pixels:
    try:
        if most_px is not None:
            picture.load()
            picture = (
                picture.reduce(max(1, max(picture.size) // (2 * most_px))) if picture.mode in REDUCIBLE else picture
            )
        if picture.mode.startswith("I;16") or picture.mode == "I":
            deep = np.asarray(picture, dtype=np.float32)
            grey = np.clip(deep / 257.0, 0, 255).astype(np.uint8)
            return np.repeat(grey[:, :, None], 3, axis=2)
        if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
            with_alpha = picture.convert("RGBA")
            picture = Image.new("RGB", with_alpha.size, "white")
            picture.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except Exception as error:  # noqa: BLE001 - as above
        raise unreadable(content_type) from error
