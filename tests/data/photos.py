"""Recipe: small photographs in the kinds phones send, and the broken ones people send."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pillow_heif
from PIL import Image

from tests.data.exif_block import an_exif_block, gps_tags

pillow_heif.register_heif_opener()
EXIF_HEADER = b"Exif\x00\x00"


def a_scene(width: int = 160, height: int = 120, *, seed: int = 1) -> np.ndarray:
    """Soft coloured patches with a red top left and a blue bottom right corner: an orientation shows at once."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(60, 200, (6, 8, 3), dtype=np.uint8))
    pixels = np.array(coarse.resize((width, height), Image.Resampling.BICUBIC))
    pixels[: height // 4, : width // 4] = (230, 20, 20)
    pixels[-(height // 4) :, -(width // 4) :] = (20, 20, 230)
    return pixels


def a_photo(kind: str = "JPEG", *, exif: bytes = b"", pixels: np.ndarray | None = None, **options: object) -> bytes:
    """A photo of a kind, with an EXIF block when given."""
    out = io.BytesIO()
    extra = {"exif": EXIF_HEADER + exif} if exif else {}
    picture = Image.fromarray(a_scene() if pixels is None else pixels)
    picture.save(out, kind, **extra, **options)
    return out.getvalue()


def a_geotagged_photo(lon: float = 106.7009, lat: float = 10.7769, kind: str = "JPEG", *, seed: int = 1) -> bytes:
    """A photo with a fix and nothing else."""
    return a_photo(kind, exif=an_exif_block(gps=gps_tags(lon, lat)), pixels=a_scene(seed=seed))


def a_truncated_jpeg() -> bytes:
    """The first half of a photo."""
    whole = a_photo(pixels=a_scene(400, 300), quality=95)
    return whole[: len(whole) // 2]


def a_png_bomb(width: int = 20_000, height: int = 10_000) -> bytes:
    """A few hundred bytes that claim 200 megapixels and really hold them, as zeros."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", b"\x78\x9c\x03\x00") + _chunk(b"IEND", b"")


def a_jpeg_bomb(width: int = 20_000, height: int = 10_000) -> bytes:
    """A JPEG whose frame header claims 200 megapixels."""
    data = bytearray(a_photo())
    at = data.index(b"\xff\xc0")
    struct.pack_into(">HH", data, at + 5, height, width)
    return bytes(data)


def a_webp_bomb() -> bytes:
    """A WebP that claims 16,384 x 16,384 pixels."""
    content = b"\x00" * 4 + (16_383).to_bytes(3, "little") * 2
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + content


def an_empty_jpeg() -> bytes:
    """A JPEG of zero pixels."""
    return a_jpeg_bomb(0, 0)


def an_animation(kind: str) -> bytes:
    """A moving PNG or WebP."""
    frames = [Image.fromarray(a_scene(64, 48, seed=seed)) for seed in (1, 2, 3)]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def with_raw_exif(block: bytes) -> bytes:
    """A JPEG that carries any bytes as its EXIF block, at most 65,527."""
    plain = a_photo()
    content = EXIF_HEADER + block
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + plain[2:]


def with_raw_png_exif(block: bytes) -> bytes:
    """A PNG that carries any bytes as its EXIF chunk."""
    plain = a_photo("PNG")
    return plain[:33] + _chunk(b"eXIf", block) + plain[33:]


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


NOT_PICTURES: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"hello, this is no picture",
    "page": lambda: b"<!doctype html><html></html>",
    "pdf": lambda: b"%PDF-1.7\n%...",
    "gif": lambda: a_photo("GIF"),
    "archive": lambda: b"PK\x03\x04" + b"\x00" * 40,
    "zeros": lambda: b"\x00" * 1_000,
    "avif": lambda: b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf" + b"\x00" * 40,
}
