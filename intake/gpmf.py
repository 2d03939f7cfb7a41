"""GoPro telemetry (GPMF): positions over time out of a clip's ``gpmd`` track. Pure; own parser.

GPS5 holds latitude, longitude, altitude, ground speed, 3D speed at about 18 Hz with one fix, time and precision per
payload; GPS9 (since HERO11) carries all of it per sample. Format: https://github.com/gopro/gpmf-parser
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

EPOCH_2000 = datetime(2000, 1, 1, tzinfo=UTC)
LETTERS = {"b": "b", "B": "B", "s": "h", "S": "H", "l": "i", "L": "I", "j": "q", "J": "Q", "f": "f", "d": "d"}
DEPTH = 6
FIXES = 200_000


@dataclass(frozen=True, slots=True)
class TelemetryFix:
    """One satellite fix. ``offset`` 0 to 1 is where in its payload it stands; ``dimensions`` 0 none, 2 or 3.

    ``dilution`` is the dilution of precision (none when not said), ``at`` the satellites' time (UTC).
    """

    offset: float
    lat: float
    lon: float
    altitude_m: float
    dimensions: int
    dilution: float | None
    at: datetime | None


@dataclass(slots=True)
class _Stream:
    """What the keys of one stream said so far; GPMF states scale, type and precision before the samples."""

    scale: list[float] = field(default_factory=lambda: [1.0])
    types: str = ""
    dimensions: int = 0
    dilution: float | None = None
    at: datetime | None = None


def read_fixes(payload: bytes) -> list[TelemetryFix]:
    """All fixes of one payload in order; empty for payloads without positions or with damaged ones."""
    try:
        return list(_walk(payload, _Stream(), 0))[:FIXES]
    except (struct.error, ValueError, OverflowError, ZeroDivisionError, IndexError, KeyError):
        return []


def _walk(payload: bytes, stream: _Stream, depth: int) -> Iterator[TelemetryFix]:
    at = 0
    while at + 8 <= len(payload) and depth < DEPTH:
        key, kind, size, repeat = struct.unpack_from(">4scBH", payload, at)
        content = payload[at + 8 : at + 8 + size * repeat]
        if kind == b"\x00" and key != b"\x00\x00\x00\x00":
            yield from _walk(content, _Stream(), depth + 1)
        elif key == b"GPS5":
            yield from _read_gps5(content, size, stream)
        elif key == b"GPS9":
            yield from _read_gps9(content, size, stream)
        else:
            _note(stream, key, kind.decode("latin-1"), content)
        at += 8 + (size * repeat + 3) // 4 * 4


def _note(stream: _Stream, key: bytes, kind: str, content: bytes) -> None:
    if key == b"SCAL":
        stream.scale = [float(value) or 1.0 for value in _numbers(kind, content)]
    elif key == b"TYPE":
        stream.types = content.decode("latin-1").rstrip("\x00")
    elif key == b"GPSF":
        stream.dimensions = int(_numbers(kind, content)[0])
    elif key == b"GPSP":
        stream.dilution = _numbers(kind, content)[0] / 100
    elif key == b"GPSU":
        stream.at = _parse_utc(content.decode("latin-1"))


def _numbers(kind: str, content: bytes) -> tuple[float, ...]:
    letter = LETTERS.get(kind)
    if letter is None:
        raise ValueError(kind)
    count = len(content) // struct.calcsize(">" + letter)
    return struct.unpack_from(f">{count}{letter}", content)


def _read_gps5(content: bytes, size: int, stream: _Stream) -> Iterator[TelemetryFix]:
    count = len(content) // size if size >= 20 else 0
    for index in range(count):
        lat, lon, altitude = _scaled(struct.unpack_from(">3i", content, index * size), stream.scale)
        yield TelemetryFix(index / count, lat, lon, altitude, stream.dimensions, stream.dilution, stream.at)


def _read_gps9(content: bytes, size: int, stream: _Stream) -> Iterator[TelemetryFix]:
    form = ">" + "".join(LETTERS[letter] for letter in stream.types or "lllllllSS")
    count = len(content) // size if size >= struct.calcsize(form) else 0
    for index in range(count):
        lat, lon, altitude, _, _, days, seconds, dilution, fix = _scaled(
            struct.unpack_from(form, content, index * size), stream.scale
        )
        at = EPOCH_2000 + timedelta(days=days, seconds=seconds)
        yield TelemetryFix(index / count, lat, lon, altitude, int(fix), dilution, at)


def _scaled(values: tuple[float, ...], scale: list[float]) -> list[float]:
    scales = scale * len(values) if len(scale) == 1 else scale
    return [value / by for value, by in zip(values, scales, strict=False)]


def _parse_utc(text: str) -> datetime | None:
    """``yymmddhhmmss.sss``; none when the camera had no time yet."""
    try:
        return datetime.strptime(text[:16].strip("\x00 "), "%y%m%d%H%M%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return None
