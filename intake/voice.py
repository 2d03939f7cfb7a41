"""A spoken note as phones record it: WebM, Ogg or MP4 with sound alone, short and small. Kept as it came, never recompressed."""

from __future__ import annotations

from errors import MediaTooLarge, UnreadableMedia
from intake.capture import NoGeotag, NoPositionReason
from intake.kinds import MediaKind
from intake.signature import FIELD
from intake.uploads import CheckedMedia, Upload, digest_of
from intake.video import probe_sound

MOST_BYTES = 10_000_000
MOST_S = 300.0
_CURE = "Record a note of at most 5 minutes."


def check_voice(upload: Upload) -> CheckedMedia:
    """The note, when it can be used. ``UnreadableMedia``, ``MediaTooLarge``."""
    size = upload.size or 0
    if size > MOST_BYTES:
        raise MediaTooLarge("The recording is too large.", field=FIELD, value=f"{size / 1e6:.1f} MB", cure=_CURE)
    upload.seek(0)
    data = b"".join(upload.chunks())
    content_type = sniff_sound(data)
    duration_s = probe_sound(data)
    if duration_s > MOST_S:
        raise MediaTooLarge("The recording is too long.", field=FIELD, value=f"{duration_s:.0f} s", cure=_CURE)
    no_place = NoGeotag(NoPositionReason.NO_METADATA)
    return CheckedMedia(
        upload, digest_of(upload), size, MediaKind.AUDIO, content_type, 0, 0, duration_s, None, no_place
    )


def sniff_sound(data: bytes) -> str:
    """The content type by the first bytes."""
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return "audio/webm"
    if data[:4] == b"OggS":
        return "audio/ogg"
    if data[4:8] == b"ftyp":
        return "audio/mp4"
    raise UnreadableMedia(
        "This is not a sound recording.", field=FIELD, value=f"{len(data)} bytes", cure="Send WebM, Ogg or MP4 sound."
    )
