"""Whether uploaded files can be used, before a draft is kept; the same checks run again when the report is received."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from errors import InputError
from intake.media import MediaLimits, check_count
from intake.photo import decode_upright, make_thumbnail
from intake.uploads import Clock, check_all
from web.drafts import CheckedUpload, Draft, DraftFile, keep_draft
from web.report_form import Choice

PREVIEW_SIDE_PX = 960


def keep_checked(files: Sequence[UploadedFile[bytes]], choice: Choice) -> Draft:
    """Check every file and keep them as a draft. InputError (and its kinds) names what is wrong with the first bad one."""
    limits = read_limits()
    given = [file for file in files if file.name]
    if not given:
        cure = "Take or choose a photo of the place."
        raise InputError("A photo or a video is needed.", field="media", value="", cure=cure)
    check_count(len(given), limits)
    checked = check_all(given, limits, Clock(timezone.now()))
    uploads = [
        CheckedUpload(f, c.kind.value, c.content_type, c.duration_s) for f, c in zip(given, checked, strict=True)
    ]
    return keep_draft(uploads, category=choice.category, description=choice.description)


def preview(file: DraftFile) -> bytes:
    """A small upright JPEG of a draft's photo, without metadata."""
    return make_thumbnail(decode_upright(file.path.read_bytes(), PREVIEW_SIDE_PX), PREVIEW_SIDE_PX)


def read_limits() -> MediaLimits:
    """The largest files we take, from the settings."""
    storage = settings.ENV.storage
    return MediaLimits(
        photo_bytes=storage.photo_max_bytes,
        photo_pixels=storage.photo_max_pixels,
        video_bytes=storage.video_max_bytes,
        video_seconds=storage.video_max_seconds,
        files=storage.files_max,
    )
