"""Width, height and animation of a picture from its header alone: no pixel is decoded and no parser is trusted.

JPEG, PNG and WebP are read here; HEIC through libheif, which reads only its boxes until pixels are asked for.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import pillow_heif

from errors import UnreadableMedia

CURE = "The file is damaged. Send the photo again as your phone took it."
JPEG_FRAMES = frozenset(set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC})
JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
WEBP_ANIMATION_BIT = 0x02


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """Size in pixels as stored (before any rotation), and whether the file moves."""

    width_px: int
    height_px: int
    is_animated: bool = False


def read_header(data: bytes, content_type: str) -> PictureHeader:
    """The header of a photo of a known type; ``UnreadableMedia`` when there is none."""
    try:
        found = READERS[content_type](data)
    except (struct.error, IndexError, ValueError, OSError, RuntimeError, EOFError, TypeError, KeyError) as error:
        raise unreadable(content_type) from error
    if found is None:
        raise unreadable(content_type)
    return found


def unreadable(value: object) -> UnreadableMedia:
    """The one error for pictures that do not open."""
    return UnreadableMedia("The picture cannot be opened.", field="media", value=value, cure=CURE)


def _read_jpeg(data: bytes) -> PictureHeader | None:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            at += 1
            continue
        marker = data[at + 1]
        if marker in JPEG_FRAMES:
            height_px, width_px = struct.unpack_from(">HH", data, at + 5)
            return PictureHeader(width_px, height_px)
        if marker == 0xDA:
            return None
        bare = marker in JPEG_BARE or marker in (0x00, 0xFF)
        at += (1 if marker == 0xFF else 2) if bare else 2 + max(2, struct.unpack_from(">H", data, at + 2)[0])
    return None


def _read_png(data: bytes) -> PictureHeader | None:
    if data[12:16] != b"IHDR":
        return None
    width_px, height_px = struct.unpack_from(">II", data, 16)
    return PictureHeader(width_px, height_px, _png_is_animated(data))


def _png_is_animated(data: bytes) -> bool:
    at = 8
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if name in (b"acTL", b"IDAT"):
            return bool(name == b"acTL" and data[at + 8 : at + 12] > b"\x00\x00\x00\x01")
        at += 12 + length
    return False


def _read_webp(data: bytes) -> PictureHeader | None:
    name = data[12:16]
    if name == b"VP8X":
        width_px = 1 + int.from_bytes(data[24:27], "little")
        height_px = 1 + int.from_bytes(data[27:30], "little")
        return PictureHeader(width_px, height_px, bool(data[20] & WEBP_ANIMATION_BIT))
    if name == b"VP8L":
        packed = int.from_bytes(data[21:25], "little")
        return PictureHeader(1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF))
    if name == b"VP8 ":
        width_px, height_px = struct.unpack_from("<HH", data, 26)
        return PictureHeader(width_px & 0x3FFF, height_px & 0x3FFF)
    return None


def _read_heic(data: bytes) -> PictureHeader | None:
    width_px, height_px = pillow_heif.open_heif(data, convert_hdr_to_8bit=True).size
    return PictureHeader(width_px, height_px)


READERS = {
    "image/jpeg": _read_jpeg,
    "image/png": _read_png,
    "image/webp": _read_webp,
    "image/heic": _read_heic,
}
