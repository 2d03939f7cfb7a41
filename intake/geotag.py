"""Place, time and direction of view that a file carries, or the reason why it carries no place.

``read_geotag`` takes any bytes and never raises: no place is a daily event, not an error. Stage 2 stores what it
returns; the sender's pin stands beside it, and ``choose_position`` says which of the two is used.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from math import hypot

from geo.position import Bearing, NorthReference, Position
from intake.capture import (
    CaptureTimeSource,
    Geotag,
    GeotagHint,
    NoGeotag,
    NoPositionReason,
    TimedPosition,
    distance_m,
)
from intake.kinds import MediaKind
from intake.photo_geotag import read_photo_geotag
from intake.signature import Readable, find_media_info
from intake.video_geotag import read_video_geotag

__all__ = [
    "CaptureTimeSource",
    "Geotag",
    "GeotagHint",
    "NoGeotag",
    "NoPositionReason",
    "TimedPosition",
    "choose_position",
    "find_contradictions",
    "read_geotag",
    "to_true_bearing",
]

PHONE_ACCURACY_M = 10.0
PIN_ACCURACY_M = 5.0
FAR_M = 100.0
CLOCK_SLACK = timedelta(minutes=10)
OLD_AFTER = timedelta(days=30)
CHAT_NAMES = re.compile(r"(?i)^(z\d{8,}|(IMG|VID)-\d{8}-WA\d+|FB_IMG_|received_\d+|zalo|photo_\d{4}-\d\d-\d\d)")


def read_geotag(
    data: Readable,
    name: str = "",
    *,
    now: datetime | None = None,
    timezone: tzinfo | None = None,
    default_accuracy_m: float = PHONE_ACCURACY_M,
) -> Geotag | NoGeotag:
    """The geotag of a photo or clip. ``name`` is used only to tell copies of chat apps, never as a kind or a place.

    ``timezone`` reads camera clocks that do not say theirs; without it such a time stays unknown. ``now`` (aware) finds
    clocks in the future. ``default_accuracy_m`` is the error of a fix that states none.
    """
    try:
        found = _read_by_kind(data, timezone, default_accuracy_m)
    except Exception:  # noqa: BLE001 - the promise of this function: any bytes give an answer
        found = NoGeotag(NoPositionReason.UNREADABLE_METADATA)
    return _add_hints(found, name, now)


def _read_by_kind(data: Readable, timezone: tzinfo | None, default_accuracy_m: float) -> Geotag | NoGeotag:
    info = find_media_info(data)
    if info is None:
        return NoGeotag(NoPositionReason.NOT_MEDIA)
    if info.kind is MediaKind.PHOTO:
        return read_photo_geotag(
            bytes(data[:]), info.content_type, timezone=timezone, default_accuracy_m=default_accuracy_m
        )
    return read_video_geotag(data, info.content_type, default_accuracy_m=default_accuracy_m)


def _add_hints(found: Geotag | NoGeotag, name: str, now: datetime | None) -> Geotag | NoGeotag:
    hints = list(found.hints)
    if now is not None and found.captured_at is not None:
        if found.captured_at > now + CLOCK_SLACK:
            hints.append(GeotagHint.CLOCK_IN_FUTURE)
        elif found.captured_at < now - OLD_AFTER:
            hints.append(GeotagHint.OLD_CAPTURE)
    if found.position is None and CHAT_NAMES.match(str(name)):
        hints.append(GeotagHint.CHAT_COPY)
    return replace(found, hints=tuple(dict.fromkeys(str(hint) for hint in hints)))


def choose_position(file_fix: Position | None, pin: Position | None) -> Position | None:
    """The place that is used: the sender's pin when there is one, else the file's own fix. Both stay on record."""
    return pin if pin is not None else file_fix


def find_contradictions(file_fix: Position | None, pin: Position | None) -> tuple[str, ...]:
    """Hints from comparing the pin with the file's fix: far apart beyond both errors is worth a person's look."""
    if file_fix is None or pin is None:
        return ()
    apart_m = distance_m(file_fix, pin)
    allowed_m = FAR_M + 2 * hypot(file_fix.accuracy_m, pin.accuracy_m)
    return (GeotagHint.PIN_FAR_FROM_FILE.value,) if apart_m > allowed_m else ()


def to_true_bearing(bearing: Bearing, declination_deg: float) -> Bearing:
    """A magnetic bearing turned to true north by the city's declination (east positive).

    True and unknown ones come back as they are: an unknown reference is not made known by a guess.
    """
    if bearing.reference is not NorthReference.MAGNETIC:
        return bearing
    return Bearing((bearing.bearing_deg + declination_deg) % 360 % 360, NorthReference.TRUE)
