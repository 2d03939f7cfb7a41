"""Place, time and direction of view that a file carries, or the reason why it carries no place.

``read_geotag`` takes any bytes and never raises: no place is a daily event, not an error. Stage 2 stores what it
returns; the sender's pin stands beside it, and ``choose_position`` says which of the two is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from math import cos, hypot, radians

from geo.position import Bearing, NorthReference, Position
from intake.kinds import MediaKind
from intake.signature import find_media_info

PHONE_ACCURACY_M = 10.0
PIN_ACCURACY_M = 5.0
FAR_M = 100.0
CLOCK_SLACK = timedelta(minutes=10)
OLD_AFTER = timedelta(days=30)
METRES_PER_DEGREE = 111_195.0
CHAT_NAMES = re.compile(r"(?i)^(z\d{8,}|(IMG|VID)-\d{8}-WA\d+|FB_IMG_|received_\d+|zalo|photo_\d{4}-\d\d-\d\d)")


class NoPositionReason(StrEnum):
    """Why a file gives no place."""

    NOT_MEDIA = "not_media"
    NO_METADATA = "no_metadata"
    NO_GPS = "no_gps"
    UNREADABLE_METADATA = "unreadable_metadata"
    ZERO_POSITION = "zero_position"  # 0,0 is written by phones that had no fix
    OUT_OF_RANGE = "out_of_range"
    IMPOSSIBLE_VALUE = "impossible_value"  # x/0, or minutes above 60
    NO_HEMISPHERE = "no_hemisphere"  # neither N nor S, E nor W: the place would be a guess
    NO_FIX = "no_fix"  # telemetry without satellites


class GeotagHint(StrEnum):
    """Contradictions and gaps in the metadata: they inform a person and never decide."""

    CLOCK_IN_FUTURE = "clock_in_future"
    OLD_CAPTURE = "old_capture"
    TIMES_DIFFER = "times_differ"
    LOCAL_TIME_WITHOUT_ZONE = "local_time_without_zone"
    IMPOSSIBLE_TIME = "impossible_time"
    IMPOSSIBLE_BEARING = "impossible_bearing"
    GPS_MEASUREMENT_VOID = "gps_measurement_void"
    OTHER_DATUM = "other_datum"
    PLACES_DIFFER = "places_differ"
    CHAT_COPY = "chat_copy"  # the name is of a copy made by a chat app, which removes the metadata
    PIN_FAR_FROM_FILE = "pin_far_from_file"


class CaptureTimeSource(StrEnum):
    """Which clock the moment of capture comes from, best first."""

    SATELLITE = "satellite"
    CAMERA_WITH_OFFSET = "camera_with_offset"
    CAMERA_LOCAL = "camera_local"  # the camera's clock read in the city's timezone
    VIDEO_CONTAINER = "video_container"
    FIXED_CAMERA = "fixed_camera"


@dataclass(frozen=True, slots=True)
class TimedPosition:
    """Where a moving camera was, seconds from the clip's start."""

    t_s: float
    position: Position
    altitude_m: float | None = None


@dataclass(frozen=True, slots=True)
class Geotag:
    """What the file says of place, direction and time. ``track`` is filled for clips with telemetry."""

    position: Position
    bearing: Bearing | None = None
    captured_at: datetime | None = None
    captured_at_source: CaptureTimeSource | None = None
    altitude_m: float | None = None
    hints: tuple[str, ...] = ()
    track: tuple[TimedPosition, ...] = ()


@dataclass(frozen=True, slots=True)
class NoGeotag:
    """The file carries no usable place, and why; its time and bearing may still be known."""

    reason: NoPositionReason
    bearing: Bearing | None = None
    captured_at: datetime | None = None
    captured_at_source: CaptureTimeSource | None = None
    hints: tuple[str, ...] = ()

    @property
    def position(self) -> None:
        """Always none, so that both answers can be asked alike."""
        return None

    @property
    def altitude_m(self) -> None:
        """Always none, as the place."""
        return None

    @property
    def track(self) -> tuple[TimedPosition, ...]:
        """Always empty."""
        return ()


def read_geotag(
    data: bytes,
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


def _read_by_kind(data: bytes, timezone: tzinfo | None, default_accuracy_m: float) -> Geotag | NoGeotag:
    from intake.photo_geotag import read_photo_geotag  # noqa: PLC0415 - both readers return this module's values
    from intake.video_geotag import read_video_geotag  # noqa: PLC0415

    info = find_media_info(data)
    if info is None:
        return NoGeotag(NoPositionReason.NOT_MEDIA)
    if info.kind is MediaKind.PHOTO:
        return read_photo_geotag(data, info.content_type, timezone=timezone, default_accuracy_m=default_accuracy_m)
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


def find_position_fault(lon: float, lat: float) -> NoPositionReason | None:
    """Why two numbers are no place, none when they are one."""
    if lon != lon or lat != lat:
        return NoPositionReason.IMPOSSIBLE_VALUE
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return NoPositionReason.OUT_OF_RANGE
    if abs(lon) < 1e-4 and abs(lat) < 1e-4:
        return NoPositionReason.ZERO_POSITION
    return None


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


def distance_m(one: Position, other: Position) -> float:
    """Rough ground distance, good to 1 % within a city; for hints only, never for a rule."""
    narrowing = cos(radians((one.lat + other.lat) / 2))
    east = (other.lon - one.lon + 180) % 360 - 180
    return METRES_PER_DEGREE * hypot(east * narrowing, other.lat - one.lat)


def to_true_bearing(bearing: Bearing, declination_deg: float) -> Bearing:
    """A magnetic bearing turned to true north by the city's declination (east positive).

    True and unknown ones come back as they are: an unknown reference is not made known by a guess.
    """
    if bearing.reference is not NorthReference.MAGNETIC:
        return bearing
    return Bearing((bearing.bearing_deg + declination_deg) % 360 % 360, NorthReference.TRUE)


def aware_utc(moment: datetime, zone: tzinfo | None) -> datetime | None:
    """A moment in UTC, read in ``zone`` when it names none; none when it cannot be known."""
    if moment.tzinfo is None:
        if zone is None:
            return None
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


HINT_WORDS: Mapping[str, str] = {
    GeotagHint.CLOCK_IN_FUTURE: "The camera's clock is in the future.",
    GeotagHint.OLD_CAPTURE: "The picture is more than 30 days old.",
    GeotagHint.TIMES_DIFFER: "The camera's clock and the satellites' time differ.",
    GeotagHint.LOCAL_TIME_WITHOUT_ZONE: "The camera's time has no timezone.",
    GeotagHint.IMPOSSIBLE_TIME: "The file states an impossible time.",
    GeotagHint.IMPOSSIBLE_BEARING: "The file states an impossible direction.",
    GeotagHint.GPS_MEASUREMENT_VOID: "The phone marked its position as not measured.",
    GeotagHint.OTHER_DATUM: "The position is in another geodetic datum.",
    GeotagHint.PLACES_DIFFER: "The file states two different places.",
    GeotagHint.CHAT_COPY: "This is a copy made by a chat app, which removes place and time.",
    GeotagHint.PIN_FAR_FROM_FILE: "The pin is far from the place in the file.",
}
