"""The few metadata tags we use, out of any photo's bytes: the EXIF block is cut out of the file, bounded, then read.

Pillow reads it first, exifread second; both are known to raise on damaged files, so both are wrapped. No error leaves.
"""

from __future__ import annotations

import io
import logging
import struct
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import nan
from typing import Any

import exifread
import pillow_heif
from PIL import Image

logging.getLogger("exifread").setLevel(logging.CRITICAL)  # it writes what it finds in people's files

EXIF_HEADER = b"Exif\x00\x00"
BLOCK_BYTES = 262_144  # real ones are below 100 kB; a larger one is only there to keep a worker busy
SLACK_BYTES = 65_536
IFDS = 12
VALUE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
SUB_IFDS = frozenset({0x8769, 0x8825, 0xA005})
Parts = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ExifTags:
    """Tags as written in the file, made plain but not yet judged. Empty or none when absent; nan for x/0."""

    orientation: int = 1
    latitude: Parts = ()
    latitude_ref: str = ""
    longitude: Parts = ()
    longitude_ref: str = ""
    altitude: float | None = None
    altitude_ref: str = ""
    horizontal_error_m: float | None = None
    bearing: float | None = None
    bearing_ref: str = ""
    gps_status: str = ""
    gps_date: str = ""
    gps_time: Parts = ()
    map_datum: str = ""
    taken_at: str = ""
    taken_at_offset: str = ""
    has_gps: bool = False
    software: str = ""
    pixel_size: tuple[int, int] | None = None
    focal_35mm: float | None = None


@dataclass(frozen=True, slots=True)
class ExifReading:
    """Tags of a file, and whether a block was there but could not be read."""

    tags: ExifTags = field(default_factory=ExifTags)
    is_present: bool = False
    is_damaged: bool = False


def read_exif(data: bytes, content_type: str) -> ExifReading:
    """Tags of a photo's bytes; never an error, whatever the bytes are."""
    block = cut_exif_block(data, content_type)
    if not block:
        return ExifReading()
    if len(block) > BLOCK_BYTES or not is_bounded(block):
        return ExifReading(is_present=True, is_damaged=True)
    first = _try_parser(_parse_with_pillow, block)
    if first is not None and first.has_gps:
        return ExifReading(first, is_present=True)
    second = _try_parser(_parse_with_exifread, block) if is_bounded(block, with_chain=True) else None
    best = second if second is not None and (first is None or second.has_gps) else first
    return ExifReading(best or ExifTags(), is_present=True, is_damaged=first is None or best is None)


def _try_parser(parse: Callable[[bytes], ExifTags], block: bytes) -> ExifTags | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parse(block)
    except Exception:  # noqa: BLE001 - parsers of hostile bytes raise anything; an unread tag is a daily event
        return None


def cut_exif_block(data: bytes, content_type: str) -> bytes:
    """The TIFF-shaped EXIF block of a photo, empty when there is none."""
    try:
        block = CUTTERS[content_type](data) if content_type in CUTTERS else b""
    except Exception:  # noqa: BLE001 - as above
        return b""
    while block[:6] == EXIF_HEADER:
        block = block[6:]
    return block if len(block) >= 8 and block[:2] in (b"II", b"MM") else b""


def list_jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start, end) of each header segment up to the picture itself; ``start`` is at the 0xFF."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            return
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        yield marker, at, end
        at = end


def _cut_jpeg(data: bytes) -> bytes:
    """Only the first EXIF segment: joined ones exist in no camera's file and open a way to huge blocks."""
    for marker, start, end in list_jpeg_segments(data):
        if marker == 0xE1 and data[start + 4 : start + 10] == EXIF_HEADER:
            return bytes(data[start + 10 : end])
    return b""


def _cut_png(data: bytes) -> bytes:
    at = 8
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if name == b"eXIf":
            return bytes(data[at + 8 : at + 8 + length])
        at += 12 + length
    return b""


def _cut_webp(data: bytes) -> bytes:
    at = 12
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        if name == b"EXIF":
            return bytes(data[at + 8 : at + 8 + length])
        at += 8 + length + (length & 1)
    return b""


def _cut_heic(data: bytes) -> bytes:
    return bytes(pillow_heif.open_heif(data, convert_hdr_to_8bit=True).info.get("exif") or b"")


CUTTERS: Mapping[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _cut_jpeg,
    "image/png": _cut_png,
    "image/webp": _cut_webp,
    "image/heic": _cut_heic,
}


def is_bounded(block: bytes, *, with_chain: bool = False) -> bool:
    """Whether reading every tag costs no more than a few copies of the block.

    Thousands of tags may all claim the same megabyte: a parser that keeps each claimed value then needs gigabytes.
    ``with_chain`` includes the directories that follow the first one, which only the second parser reads.
    """
    order = "<" if block[:2] == b"II" else ">"
    first = struct.unpack_from(order + "I", block, 4)[0]
    waiting, seen, claimed = [(first, True)], set[int](), 0
    while waiting:
        at, is_chain = waiting.pop()
        if at in seen or at + 2 > len(block):
            continue
        seen.add(at)
        count = struct.unpack_from(order + "H", block, at)[0]
        for entry in range(at + 2, min(at + 2 + 12 * count, len(block) - 11), 12):
            tag, kind, amount, value = struct.unpack_from(order + "HHII", block, entry)
            claimed += 12 + min(VALUE_SIZES.get(kind, 1) * amount, len(block))
            if tag in SUB_IFDS:
                waiting.append((value, False))
        following = at + 2 + 12 * count
        if with_chain and is_chain and following + 4 <= len(block):
            waiting.append((struct.unpack_from(order + "I", block, following)[0], True))
        if len(seen) > IFDS or claimed > 4 * len(block) + SLACK_BYTES:
            return False
    return True


def _parse_with_pillow(block: bytes) -> ExifTags:
    exif = Image.Exif()
    exif.load(block)
    return _plain_tags(dict(exif), exif.get_ifd(0x8769), exif.get_ifd(0x8825))


def _parse_with_exifread(block: bytes) -> ExifTags:
    tags = exifread.process_file(io.BytesIO(block), details=False)
    by_name = {name: tag for name, tag in tags.items() if hasattr(tag, "values")}

    def pick(group: str) -> dict[int, Any]:
        return {tag.tag: tag.values for name, tag in by_name.items() if name.startswith(group + " ")}

    return _plain_tags(pick("Image"), pick("EXIF"), pick("GPS"))


def _plain_tags(main: Mapping[int, Any], exif: Mapping[int, Any], gps: Mapping[int, Any]) -> ExifTags:
    return ExifTags(
        orientation=_orientation(main.get(0x0112)),
        latitude=_parts(gps.get(2)),
        latitude_ref=_letter(gps.get(1)),
        longitude=_parts(gps.get(4)),
        longitude_ref=_letter(gps.get(3)),
        altitude=_number(gps.get(6)),
        altitude_ref=_altitude_ref(gps.get(5)),
        horizontal_error_m=_number(gps.get(31)),
        bearing=_number(gps.get(17)),
        bearing_ref=_letter(gps.get(16)),
        gps_status=_letter(gps.get(9)),
        gps_date=_text(gps.get(29)),
        gps_time=_parts(gps.get(7)),
        map_datum=_text(gps.get(18)),
        taken_at=_text(exif.get(0x9003)) or _text(exif.get(0x9004)),
        taken_at_offset=_text(exif.get(0x9011)) or _text(exif.get(0x9012)),
        has_gps=2 in gps or 4 in gps,
        software=_text(main.get(0x0131)),
        pixel_size=_size(exif.get(0xA002), exif.get(0xA003)),
        focal_35mm=_number(exif.get(0xA405)),
    )


def _size(width: Any, height: Any) -> tuple[int, int] | None:
    numbers = (_number(width), _number(height))
    if any(n is None or not 0 < n < 100_000 for n in numbers):
        return None
    return int(numbers[0] or 0), int(numbers[1] or 0)


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        value = value[0] if len(value) == 1 else bytes(v for v in value if isinstance(v, int) and 0 <= v < 256)
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\x00 \t\r\n")[:64] if isinstance(value, str) else ""


def _letter(value: Any) -> str:
    return _text(value)[:1].upper()


def _altitude_ref(value: Any) -> str:
    """ "0" above the sea, "1" below it, as one character; files hold a byte, a number or text."""
    if isinstance(value, (list, tuple)) and value:
        value = value[0]
    if isinstance(value, bytes) and len(value) == 1:
        value = value[0]
    return str(value) if isinstance(value, int) else _text(value)


def _parts(value: Any) -> Parts:
    items = value if isinstance(value, (list, tuple)) else () if value is None else (value,)
    return tuple(_float(item) for item in items[:4])


def _number(value: Any) -> float | None:
    parts = _parts(value)
    return parts[0] if parts else None


def _float(value: Any) -> float:
    """A rational or number as float; nan for x/0 and for what is no number."""
    bottom = getattr(value, "denominator", 1)
    top = getattr(value, "numerator", value)
    if isinstance(top, (int, float)) and isinstance(bottom, (int, float)) and bottom:
        return float(top) / float(bottom)
    return nan


def _orientation(value: Any) -> int:
    if isinstance(value, (list, tuple)) and value:
        value = value[0]
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
