"""Files of one form, opened and checked before anything is written: kind, size, hash, likeness and geotag of each.

A clip that the web server keeps in a temporary file is never read into memory as a whole.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from errors import UnreadableMedia
from intake.geotag import PHONE_ACCURACY_M, Geotag, NoGeotag, read_geotag
from intake.gpx_track import MOST_BYTES, GpxTrack, read_gpx
from intake.kinds import MediaKind
from intake.media import MediaLimits, check_bytes, check_photo
from intake.signature import FIELD, Readable, sniff
from intake.video import probe

HEAD_BYTES = 4_096


class Upload(Protocol):
    """What a web framework hands over for one file, and what ``UploadedMedia`` imitates."""

    @property
    def name(self) -> str | None:
        """The file's own name, trusted for nothing."""

    @property
    def size(self) -> int | None:
        """Bytes."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The bytes from the start, in blocks."""

    def seek(self, offset: int, whence: int = 0, /) -> object:
        """Go to a place in the file."""


@dataclass(slots=True)
class UploadedMedia:
    """A file's own name with its bytes or its path, in the shape of an upload: for cameras, drafts and commands."""

    name: str | None
    source: bytes | Path

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.source) if isinstance(self.source, bytes) else self.source.stat().st_size

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The bytes in blocks of a megabyte."""
        block = chunk_size or 1 << 20
        if isinstance(self.source, bytes):
            for at in range(0, len(self.source), block):
                yield self.source[at : at + block]
        else:
            with self.source.open("rb") as file:
                yield from iter(lambda: file.read(block), b"")

    def seek(self, offset: int, whence: int = 0, /) -> None:
        """Blocks always begin at the start."""

    def temporary_file_path(self) -> str:
        """The path; empty for bytes in memory."""
        return "" if isinstance(self.source, bytes) else str(self.source)


@dataclass(frozen=True, slots=True)
class CheckedMedia:
    """One file that can be used. ``upload`` gives its bytes once more for storing."""

    upload: Upload
    digest: str
    byte_size: int
    kind: MediaKind
    content_type: str
    width_px: int
    height_px: int
    duration_s: float | None
    perceptual_hash: int | None
    geotag: Geotag | NoGeotag


@dataclass(frozen=True, slots=True)
class Clock:
    """How times in files are judged: the moment of receipt, the city's timezone, the error of an unsaid fix."""

    now: datetime
    timezone: tzinfo | None = None
    default_accuracy_m: float = PHONE_ACCURACY_M


def check_all(uploads: Sequence[Upload], limits: MediaLimits, clock: Clock) -> list[CheckedMedia]:
    """Every file checked, or the first fault with the number of its file in ``value``."""
    return [check_upload(upload, limits, clock) for upload in uploads]


def check_upload(upload: Upload, limits: MediaLimits, clock: Clock) -> CheckedMedia:
    """One file checked. ``UnreadableMedia``, ``MediaTooLarge``."""
    size = upload.size or 0
    if size == 0:
        raise UnreadableMedia("The file is empty.", field=FIELD, value=upload.name or "", cure="Choose the file again.")
    info = sniff(_head(upload))
    check_bytes(info, size, limits)
    digest = digest_of(upload)
    if info.kind is MediaKind.PHOTO:
        whole = b"".join(_blocks(upload))
        photo = check_photo(whole, limits)
        geotag = _geotag(whole, upload, clock)
        return CheckedMedia(
            upload, digest, size, info.kind, info.content_type, photo.width_px, photo.height_px, None,
            photo.perceptual_hash, geotag,
        )  # fmt: skip
    source = _find_source(upload)
    clip = probe(source, limits)
    with readable(source) as data:
        geotag = _geotag(data, upload, clock)
    return CheckedMedia(
        upload, digest, size, info.kind, info.content_type, clip.width_px, clip.height_px, clip.duration_s, None, geotag
    )


def read_track(upload: Upload | None) -> GpxTrack | None:
    """The recorded track (GPX) sent beside the files, None where there is none. InputError as ``read_gpx``."""
    if upload is None:
        return None
    data = bytearray()
    for block in _blocks(upload):
        data += block
        if len(data) > MOST_BYTES:
            break
    return read_gpx(bytes(data))


def blocks_of(media: CheckedMedia) -> Iterable[bytes]:
    """The bytes as received, in blocks."""
    return _blocks(media.upload)


def _blocks(upload: Upload) -> Iterator[bytes]:
    upload.seek(0)
    yield from upload.chunks()


def _head(upload: Upload) -> bytes:
    return next(_blocks(upload), b"")[:HEAD_BYTES]


def digest_of(upload: Upload) -> str:
    """SHA-256 of the bytes as received, in hex."""
    seen = sha256()
    for block in _blocks(upload):
        seen.update(block)
    return seen.hexdigest()


def _geotag(data: Readable, upload: Upload, clock: Clock) -> Geotag | NoGeotag:
    return read_geotag(
        data, upload.name or "", now=clock.now, timezone=clock.timezone, default_accuracy_m=clock.default_accuracy_m
    )


def _find_source(upload: Upload) -> bytes | Path:
    find_path = getattr(upload, "temporary_file_path", None)
    path = find_path() if find_path is not None else ""
    return Path(path) if path else b"".join(_blocks(upload))


@contextmanager
def readable(source: bytes | Path) -> Iterator[Readable]:
    """Bytes to look into, mapped from the disk where they are a file."""
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        yield mapped
