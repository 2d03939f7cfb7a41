"""Boxes of an MP4, MOV or 3GP file: where they are, the moment of recording, the place, and a metadata track's samples.

Reads only headers and small values out of the bytes; every length is bounded by the file. Pure.
Formats: ISO/IEC 14496-12, QuickTime File Format, 3GPP TS 26.244 ("loci").
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from intake.signature import Readable

EPOCH_1904 = datetime(1904, 1, 1, tzinfo=UTC)
ISO6709 = re.compile(r"^([+-]\d{1,7}(?:\.\d+)?)([+-]\d{1,8}(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?")
BOXES = 20_000
SAMPLES = 20_000
SAMPLE_BYTES = 1_000_000
TEXT_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class Box:
    """A box by its four-letter name; ``start`` and ``end`` bound its content in the file."""

    name: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WrittenPlace:
    """A place as written in the file, degrees; ``altitude_m`` above the sea when given."""

    lat: float
    lon: float
    altitude_m: float | None = None
    horizontal_error_m: float | None = None


@dataclass(frozen=True, slots=True)
class TimedSample:
    """One sample of a track: its bytes, when it starts and how long it lasts, seconds from the clip's start."""

    start_s: float
    duration_s: float
    data: bytes


def list_boxes(data: Readable, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Boxes side by side between two offsets; stops quietly where the file is cut."""
    end = len(data) if end is None else min(end, len(data))
    at, seen = start, 0
    while at + 8 <= end and seen < BOXES:
        size, name = struct.unpack_from(">I4s", data, at)
        content = at + 8
        if size == 1 and at + 16 <= end:
            size, content = struct.unpack_from(">Q", data, at + 8)[0], at + 16
        elif size == 0:
            size = end - at
        if size < content - at:
            return
        yield Box(name, content, min(at + size, end))
        at += size
        seen += 1


def find_box(data: Readable, *path: bytes, within: Box | None = None) -> Box | None:
    """The first box down a path of names, none when any is missing."""
    box = within
    for name in path:
        start, end = (box.start, box.end) if box else (0, None)
        box = next((b for b in list_boxes(data, start, end) if b.name == name), None)
        if box is None:
            return None
    return box


def read_created_at(data: Readable) -> datetime | None:
    """When the clip says it was recorded (UTC); none for the empty value 1904-01-01."""
    box = find_box(data, b"moov", b"mvhd")
    if box is None or box.end - box.start < 16:
        return None
    wide = data[box.start] == 1
    seconds = struct.unpack_from(">Q" if wide else ">I", data, box.start + 4)[0]
    if not 0 < seconds < 2**33:
        return None
    return EPOCH_1904 + timedelta(seconds=seconds)


def read_written_places(data: Readable) -> list[WrittenPlace]:
    """Places in QuickTime keys, the ©xyz text and the 3GPP loci box, most exact first."""
    moov = find_box(data, b"moov")
    if moov is None:
        return []
    found = list(_read_keyed_places(data, moov))
    for udta in (b for b in list_boxes(data, moov.start, moov.end) if b.name == b"udta"):
        for box in list_boxes(data, udta.start, udta.end):
            if box.name == b"\xa9xyz":
                found += _keep(parse_iso6709(_text(data, box.start + 4, box.end)))
            elif box.name == b"loci":
                found += _keep(_parse_loci(data[box.start : min(box.end, box.start + TEXT_BYTES)]))
    return found


def read_keys(data: Readable) -> dict[str, str]:
    """QuickTime metadata by key (``com.apple.quicktime.creationdate``), text values only."""
    moov = find_box(data, b"moov")
    return _keyed_text(data, moov) if moov else {}


def parse_iso6709(text: str) -> WrittenPlace | None:
    """``+10.7769+106.7009+005.0/`` as a place; degrees, degrees and minutes, or with seconds, by the digits."""
    match = ISO6709.match(text.strip())
    if match is None:
        return None
    lat, lon = _degrees(match.group(1), 2), _degrees(match.group(2), 3)
    return WrittenPlace(lat, lon, float(match.group(3)) if match.group(3) else None)


def _degrees(text: str, degree_digits: int) -> float:
    sign = -1.0 if text[0] == "-" else 1.0
    whole, _, rest = text[1:].partition(".")
    if len(whole) <= degree_digits:
        return sign * float(text[1:])
    minutes_end = degree_digits + 2
    degrees, minutes = float(whole[:degree_digits]), whole[degree_digits:minutes_end]
    if len(whole) <= minutes_end:
        return sign * (degrees + float(f"{minutes}.{rest or 0}") / 60)
    return sign * (degrees + float(minutes) / 60 + float(f"{whole[minutes_end:]}.{rest or 0}") / 3600)


def _read_keyed_places(data: Readable, moov: Box) -> Iterator[WrittenPlace]:
    keyed = _keyed_text(data, moov)
    place = parse_iso6709(keyed.get("com.apple.quicktime.location.ISO6709", ""))
    if place is not None:
        error = keyed.get("com.apple.quicktime.location.accuracy.horizontal", "")
        try:
            yield WrittenPlace(place.lat, place.lon, place.altitude_m, float(error) if error else None)
        except ValueError:
            yield place


def _keyed_text(data: Readable, moov: Box) -> dict[str, str]:
    meta = find_box(data, b"meta", within=moov)
    if meta is None:
        return {}
    if find_box(data, b"keys", within=meta) is None:  # a full box, with four bytes of version before its content
        meta = Box(meta.name, meta.start + 4, meta.end)
    keys, values = find_box(data, b"keys", within=meta), find_box(data, b"ilst", within=meta)
    if keys is None or values is None:
        return {}
    names = [_text(data, k.start, k.end) for k in list_boxes(data, keys.start + 8, keys.end)]
    found = {}
    for item in list_boxes(data, values.start, values.end):
        index = int.from_bytes(item.name, "big")
        value = find_box(data, b"data", within=item)
        if value is not None and 1 <= index <= len(names):
            found[names[index - 1]] = _text(data, value.start + 8, value.end)
    return found


def _parse_loci(content: bytes) -> WrittenPlace | None:
    """Version, language, a name ending in zero (two in UTF-16), role, then 16.16 longitude, latitude, altitude."""
    if content[6:8] in (b"\xfe\xff", b"\xff\xfe"):
        at = 8
        while at + 1 < len(content) and content[at : at + 2] != b"\x00\x00":
            at += 2
        after = at + 2
    else:
        after = content.find(b"\x00", 6) + 1
    if after <= 0 or after + 13 > len(content):
        return None
    lon, lat, altitude = struct.unpack_from(">iii", content, after + 1)
    return WrittenPlace(lat / 65_536, lon / 65_536, altitude / 65_536)


def read_track_samples(data: Readable, sample_entry: bytes) -> Iterator[TimedSample]:
    """Samples of the first track whose sample description has this name (``gpmd`` for GoPro telemetry)."""
    moov = find_box(data, b"moov")
    for trak in list_boxes(data, moov.start, moov.end) if moov else ():
        table = find_box(data, b"mdia", b"minf", b"stbl", within=trak) if trak.name == b"trak" else None
        entries = find_box(data, b"stsd", within=table) if table else None
        if table and entries and data[entries.start + 12 : entries.start + 16] == sample_entry:
            yield from _list_samples(data, trak, table)
            return


def _list_samples(data: Readable, trak: Box, table: Box) -> Iterator[TimedSample]:
    header = find_box(data, b"mdia", b"mdhd", within=trak)
    if header is None or header.end - header.start < 24:
        return
    scale = struct.unpack_from(">I", data, header.start + (20 if data[header.start] == 1 else 12))[0] or 1
    sizes = _read_sizes(data, table)
    offsets = _read_offsets(data, table, sizes)
    start = 0
    for (offset, size), delta in zip(zip(offsets, sizes, strict=False), _read_deltas(data, table), strict=False):
        if 0 < size <= SAMPLE_BYTES and offset + size <= len(data):
            yield TimedSample(start / scale, delta / scale, bytes(data[offset : offset + size]))
        start += delta


def _numbers(data: Readable, box: Box | None, skip: int, width: int) -> list[int]:
    """The table of a full box: its count, then big-endian numbers of ``width`` bytes."""
    if box is None or box.start + skip + 4 > box.end:
        return []
    count = struct.unpack_from(">I", data, box.start + skip)[0]
    first = box.start + skip + 4
    count = min(count, (box.end - first) // width, 3 * SAMPLES)
    return list(struct.unpack_from(f">{count}{'Q' if width == 8 else 'I'}", data, first))


def _read_sizes(data: Readable, table: Box) -> list[int]:
    box = find_box(data, b"stsz", within=table)
    if box is None or box.end - box.start < 12:
        return []
    same, count = struct.unpack_from(">II", data, box.start + 4)
    return [same] * min(count, SAMPLES) if same else _numbers(data, box, 8, 4)[:SAMPLES]


def _read_deltas(data: Readable, table: Box) -> Iterator[int]:
    box = find_box(data, b"stts", within=table)
    pairs = _numbers(data, Box(b"", box.start + 4, box.end), 0, 8) if box else []
    for pair in pairs:
        for _ in range(min(pair >> 32, SAMPLES)):
            yield pair & 0xFFFF_FFFF


def _read_offsets(data: Readable, table: Box, sizes: list[int]) -> list[int]:
    chunks = _numbers(data, find_box(data, b"stco", within=table), 4, 4) or _numbers(
        data, find_box(data, b"co64", within=table), 4, 8
    )
    runs_box = find_box(data, b"stsc", within=table)
    flat = []
    if runs_box is not None and runs_box.start + 8 <= runs_box.end:
        count = min(struct.unpack_from(">I", data, runs_box.start + 4)[0], (runs_box.end - runs_box.start - 8) // 12)
        flat = [struct.unpack_from(">II", data, runs_box.start + 8 + 12 * i) for i in range(min(count, SAMPLES))]
    offsets: list[int] = []
    run = 0
    for number, chunk in enumerate(chunks, start=1):
        while run + 1 < len(flat) and flat[run + 1][0] <= number:
            run += 1
        at = chunk
        for _ in range(min(flat[run][1], SAMPLES) if flat else 1):
            if len(offsets) >= len(sizes):
                return offsets
            offsets.append(at)
            at += sizes[len(offsets) - 1]
    return offsets


def _text(data: Readable, start: int, end: int) -> str:
    return bytes(data[start : min(end, start + TEXT_BYTES)]).decode("utf-8", "replace").strip("\x00 ")


def _keep(place: WrittenPlace | None) -> list[WrittenPlace]:
    return [place] if place is not None else []
