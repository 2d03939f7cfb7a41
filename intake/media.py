"""Whether a file that arrived is one we can use: its kind by its first bytes, its size, and that it opens.

Bytes and limits come in (settings are read at the rim); a small value or an error with field, value and cure goes out.
Called by ``intake.actions`` before anything is written.
"""

from __future__ import annotations

from dataclasses import dataclass

from errors import InputError, MediaTooLarge, UnreadableMedia
from intake.kinds import MediaKind
from intake.photo import prove_decodable
from intake.picture_header import read_header
from intake.signature import FIELD, MediaInfo, find_media_info, sniff

__all__ = [
    "MediaInfo",
    "MediaLimits",
    "PhotoInfo",
    "check_bytes",
    "check_count",
    "check_photo",
    "find_media_info",
    "sniff",
]

SEND_PHOTO = "Send the photo as your phone took it: JPEG, PNG, WebP or HEIC."


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """The most we accept of one file. ``whole_pixels`` bounds what cannot be decoded at a reduced scale."""

    photo_bytes: int = 40_000_000
    photo_pixels: int = 120_000_000
    whole_pixels: int = 52_000_000
    photo_side_px: int = 16
    video_bytes: int = 300_000_000
    video_seconds: float = 600.0
    video_pixels: int = 17_000_000
    files: int = 10


@dataclass(frozen=True, slots=True)
class PhotoInfo:
    """A photo that opens: its upright size in pixels, the EXIF orientation that was undone (1 to 8), its likeness.

    ``perceptual_hash`` is a signed 64-bit number for comparing likeness; none for pictures too large to decode here.
    """

    content_type: str
    width_px: int
    height_px: int
    orientation: int
    perceptual_hash: int | None


def check_bytes(info: MediaInfo, byte_size: int, limits: MediaLimits) -> None:
    """Refuse a file with more bytes than its kind may have."""
    most = limits.photo_bytes if info.kind is MediaKind.PHOTO else limits.video_bytes
    if byte_size > most:
        raise MediaTooLarge(
            "The file is too large.",
            field=FIELD,
            value=f"{byte_size / 1e6:.1f} MB",
            cure=f"Send a file of at most {most / 1e6:.0f} MB, or a shorter clip.",
        )


def check_photo(data: bytes, limits: MediaLimits) -> PhotoInfo:
    """Whether a photo can be used, judged by its header first: nothing large is decoded before its size is known."""
    info = sniff(data)
    if info.kind is not MediaKind.PHOTO:
        raise UnreadableMedia("This is a clip, not a photo.", field=FIELD, value=info.content_type, cure=SEND_PHOTO)
    check_bytes(info, len(data), limits)
    header = read_header(data, info.content_type)
    check_pixels(header.width_px, header.height_px, content_type=info.content_type, limits=limits)
    if header.is_animated:
        raise UnreadableMedia(
            "This is an animation, not a photo.",
            field=FIELD,
            value=info.content_type,
            cure="Send a single photo, or a clip as MP4, MOV, 3GP or WebM.",
        )
    proof = prove_decodable(data, info.content_type)
    return PhotoInfo(
        content_type=info.content_type,
        width_px=proof.width_px,
        height_px=proof.height_px,
        orientation=proof.orientation,
        perceptual_hash=proof.perceptual_hash,
    )


def check_pixels(width_px: int, height_px: int, *, content_type: str, limits: MediaLimits) -> None:
    """Refuse a picture with no pixels, too few to show anything, or more than fit into memory."""
    value = f"{width_px} x {height_px} pixels"
    if min(width_px, height_px) < limits.photo_side_px:
        cure = f"Send a photo of at least {limits.photo_side_px} pixels on each side."
        raise UnreadableMedia("The picture has too few pixels.", field=FIELD, value=value, cure=cure)
    most = limits.photo_pixels if content_type == "image/jpeg" else min(limits.whole_pixels, limits.photo_pixels)
    if width_px * height_px > most:
        cure = f"Send a photo of at most {most / 1e6:.0f} megapixels."
        raise MediaTooLarge("The picture has too many pixels.", field=FIELD, value=value, cure=cure)


def check_count(count: int, limits: MediaLimits) -> None:
    """Refuse a form without any file, or with more files than one request may hold."""
    if count == 0:
        raise InputError("There is no photo or clip.", field=FIELD, value="", cure="Add at least one photo or clip.")
    if count > limits.files:
        cure = f"Send at most {limits.files} files in one report."
        raise InputError("There are too many files.", field=FIELD, value=count, cure=cure)
