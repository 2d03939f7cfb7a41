"""Recipe: short clips with real presentation times, rotations, places and telemetry."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from fractions import Fraction

import av
import numpy as np


def a_clip(
    moments_s: Sequence[float] = tuple(n / 10 for n in range(20)),
    *,
    width: int = 160,
    height: int = 120,
    rotation_deg: int = 0,
    form: str = "mp4",
    codec: str = "libx264",
    key_every: int = 12,
    metadata: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
) -> bytes:
    """A clip whose frame n is shown at ``moments_s[n]``; each frame is grey by its number, with a red top left corner."""
    out = io.BytesIO()
    with av.open(out, "w", format=form, options=options or {}) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, 1000)
        stream.codec_context.gop_size = key_every
        if codec == "libx264":
            stream.codec_context.options = {"preset": "ultrafast", "sc_threshold": "0", "bf": "0"}
        if rotation_deg:
            stream.set_display_rotation(rotation_deg)
        for number, moment in enumerate(moments_s):
            frame = av.VideoFrame.from_ndarray(a_numbered_frame(number, width, height), format="rgb24")
            frame.pts, frame.time_base = round(moment * 1000), Fraction(1, 1000)
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return out.getvalue()


def a_numbered_frame(number: int, width: int, height: int) -> np.ndarray:
    pixels = np.full((height, width, 3), 40 + number * 3 % 180, dtype=np.uint8)
    pixels[: height // 4, : width // 4] = (230, 20, 20)
    return pixels


def a_silent_sound() -> bytes:
    """An MP4 with sound and no pictures."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=8000, layout="mono")
        for number in range(4):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), dtype=np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 8000, number * 1024
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return out.getvalue()


def a_box(name: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), name) + content


def a_movie_header(seconds_since_1904: int = 0) -> bytes:
    return a_box(b"mvhd", struct.pack(">IIIII", 0, seconds_since_1904, 0, 1000, 1000), b"\x00" * 80)


def a_shell(*boxes: bytes, created: int = 0) -> bytes:
    """The boxes of a clip without any picture: enough for reading places and times."""
    return a_box(b"ftyp", b"isom\x00\x00\x02\x00isommp42") + a_box(b"moov", a_movie_header(created), *boxes)


def xyz(text: str) -> bytes:
    """QuickTime's place as text in user data."""
    return a_box(b"udta", a_box(b"\xa9xyz", struct.pack(">HH", len(text), 0x15C7), text.encode()))


def loci(lon: float, lat: float, *, name: bytes = b"\x00") -> bytes:
    """3GPP's place."""
    numbers = struct.pack(">iii", round(lon * 65_536), round(lat * 65_536), 0)
    return a_box(b"udta", a_box(b"loci", b"\x00" * 4 + b"\x15\xc7" + name + b"\x00" + numbers + b"earth\x00\x00"))


def keyed(values: dict[str, str]) -> bytes:
    """QuickTime's metadata by key."""
    keys = [a_box(b"mdta", key.encode()) for key in values]
    items = [
        a_box(struct.pack(">I", n), a_box(b"data", struct.pack(">II", 1, 0), value.encode()))
        for n, value in enumerate(values.values(), start=1)
    ]
    return a_box(
        b"meta",
        a_box(b"hdlr", b"\x00" * 8 + b"mdta" + b"\x00" * 12),
        a_box(b"keys", struct.pack(">II", 0, len(keys)), *keys),
        a_box(b"ilst", *items),
    )


def klv(key: bytes, kind: str, size: int, count: int, content: bytes) -> bytes:
    """One key-length-value of GoPro telemetry, padded to four bytes."""
    head = struct.pack(">4scBH", key, kind.encode("latin-1"), size, count)
    return head + content + b"\x00" * (-len(content) % 4)


def gps5_payload(
    fixes: Sequence[tuple[float, float, float]], *, fix: int = 3, dilution: int = 150, utc: str = "260711093000.000"
) -> bytes:
    """One second of GPS5: (lat, lon, altitude) each, one fix, precision and time for all."""
    rows = b"".join(
        struct.pack(">5i", round(lat * 1e7), round(lon * 1e7), round(alt * 1000), 0, 0) for lat, lon, alt in fixes
    )
    stream = (
        klv(b"GPSF", "L", 4, 1, struct.pack(">I", fix))
        + klv(b"GPSU", "U", 16, 1, utc.encode())
        + klv(b"GPSP", "S", 2, 1, struct.pack(">H", dilution))
        + klv(b"SCAL", "l", 4, 5, struct.pack(">5i", 10_000_000, 10_000_000, 1000, 1000, 100))
        + klv(b"GPS5", "l", 20, len(fixes), rows)
    )
    return _device(stream)


def gps9_payload(fixes: Sequence[tuple[float, float, float]], *, fix: int = 3, days: int = 9688) -> bytes:
    """One second of GPS9 (HERO11 and later): everything per sample."""
    rows = b"".join(
        struct.pack(">7iHH", round(lat * 1e7), round(lon * 1e7), round(alt * 1000), 0, 0, days, 34_200_000, 150, fix)
        for lat, lon, alt in fixes
    )
    scales = struct.pack(">9i", 10_000_000, 10_000_000, 1000, 1000, 100, 1, 1000, 100, 1)
    return _device(
        klv(b"TYPE", "c", 1, 9, b"lllllllSS")
        + klv(b"SCAL", "l", 4, 9, scales)
        + klv(b"GPS9", "?", 32, len(fixes), rows)
    )


def _device(stream: bytes) -> bytes:
    inner = klv(b"STRM", "\x00", 1, len(stream), stream)
    return klv(b"DEVC", "\x00", 1, len(inner), inner)


def a_telemetry_clip(payloads: Sequence[bytes], *, created: int = 0) -> bytes:
    """A clip with a ``gpmd`` track of one payload per second, and no pictures."""
    head = a_box(b"ftyp", b"mp41\x00\x00\x02\x00mp41")
    mdat = a_box(b"mdat", *payloads)
    first = len(head) + 8
    table = a_box(
        b"stbl",
        a_box(b"stsd", struct.pack(">II", 0, 1), a_box(b"gpmd", b"\x00" * 8)),
        a_box(b"stts", struct.pack(">IIII", 0, 1, len(payloads), 1000)),
        a_box(b"stsc", struct.pack(">IIIII", 0, 1, 1, len(payloads), 1)),
        a_box(b"stsz", struct.pack(">III", 0, 0, len(payloads)), *(struct.pack(">I", len(p)) for p in payloads)),
        a_box(b"stco", struct.pack(">III", 0, 1, first)),
    )
    mdhd = a_box(b"mdhd", struct.pack(">IIIIII", 0, 0, 0, 1000, 1000 * len(payloads), 0))
    trak = a_box(b"trak", a_box(b"mdia", mdhd, a_box(b"minf", table)))
    return head + mdat + a_box(b"moov", a_movie_header(created), trak)
