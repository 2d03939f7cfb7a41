"""Recipe: EXIF blocks byte by byte, well-formed or broken on purpose."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

ASCII, SHORT, LONG, RATIONAL, BYTE = 2, 3, 4, 5, 1


@dataclass(frozen=True, slots=True)
class Tag:
    """One entry of a directory: number, type, count and the bytes of its value (little-endian)."""

    number: int
    kind: int
    count: int
    value: bytes


def text(number: int, value: str) -> Tag:
    data = value.encode("ascii") + b"\x00"
    return Tag(number, ASCII, len(data), data)


def short(number: int, value: int) -> Tag:
    return Tag(number, SHORT, 1, struct.pack("<H", value))


def byte(number: int, value: int) -> Tag:
    return Tag(number, BYTE, 1, bytes([value]))


def rational(number: int, *parts: tuple[int, int]) -> Tag:
    return Tag(number, RATIONAL, len(parts), b"".join(struct.pack("<II", *part) for part in parts))


def dms(number: int, degrees: float) -> Tag:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    seconds = round(((degrees - whole) * 60 - minutes) * 60 * 10_000)
    return rational(number, (whole, 1), (minutes, 1), (seconds, 10_000))


def gps_tags(lon: float, lat: float, *more: Tag) -> list[Tag]:
    return [
        text(1, "N" if lat >= 0 else "S"),
        dms(2, abs(lat)),
        text(3, "E" if lon >= 0 else "W"),
        dms(4, abs(lon)),
        *more,
    ]


def an_exif_block(*, main: Sequence[Tag] = (), exif: Sequence[Tag] = (), gps: Sequence[Tag] = ()) -> bytes:
    """A TIFF-shaped block with the three directories; the offsets are right."""
    main_tags = list(main)
    sizes = {0x8769: _size(exif), 0x8825: _size(gps)}
    pointers = [number for number, tags in ((0x8769, exif), (0x8825, gps)) if tags]
    at = 8 + _size([*main_tags, *(Tag(n, LONG, 1, b"\x00" * 4) for n in pointers)])
    for number in pointers:
        main_tags.append(Tag(number, LONG, 1, struct.pack("<I", at)))
        at += sizes[number]
    parts, at = [b"II*\x00\x08\x00\x00\x00"], 8
    for tags in [main_tags, *(t for t in (exif, gps) if t)]:
        directory = _directory(tags, at)
        parts.append(directory)
        at += len(directory)
    return b"".join(parts)


def a_looping_block() -> bytes:
    """Directories that point at themselves and at each other."""
    entry = struct.pack("<HHII", 0x8769, LONG, 1, 8) + struct.pack("<HHII", 0x8825, LONG, 1, 8)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 2) + entry + struct.pack("<I", 8)


def a_hoarding_block(tags: int = 4_000, filler: int = 12_000) -> bytes:
    """Thousands of tags which all claim the same long value: kept one by one they fill gigabytes."""
    start = 8 + 2 + 12 * tags + 4
    size = min(filler, 65_000 - start)
    entries = b"".join(struct.pack("<HHII", 0x9000 + n, 7, size, start) for n in range(tags))
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", tags) + entries + struct.pack("<I", 0) + b"x" * size


def _size(tags: Sequence[Tag]) -> int:
    return 2 + 12 * len(tags) + 4 + sum(len(t.value) + (len(t.value) & 1) for t in tags if len(t.value) > 4)


def _directory(tags: Sequence[Tag], start: int) -> bytes:
    entries, values = b"", b""
    at = start + 2 + 12 * len(tags) + 4
    for tag in sorted(tags, key=lambda t: t.number):
        if len(tag.value) <= 4:
            content = tag.value.ljust(4, b"\x00")
        else:
            content = struct.pack("<I", at + len(values))
            values += tag.value + b"\x00" * (len(tag.value) & 1)
        entries += struct.pack("<HHI", tag.number, tag.kind, tag.count) + content
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0) + values
