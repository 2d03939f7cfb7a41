"""Values: what a file says of where, when and in which direction it was taken, and why it does not say. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from math import cos, hypot, isnan, radians

from geo.position import Bearing, Position

METRES_PER_DEGREE = 111_195.0
ZERO_DEG = 1e-4


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
    EDITED = "edited"  # the file names a program that changes pictures
    SIZE_DIFFERS = "size_differs"  # the camera wrote another shape than the file has
    SCREENSHOT = "screenshot"
    SCREEN_PHOTO = "screen_photo"  # the grid of a screen shows in it
    SEEN_BEFORE = "seen_before"  # the same picture, or nearly, was sent before
    SEEN_ELSEWHERE = "seen_elsewhere"  # ... from another place


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


def find_position_fault(lon: float, lat: float) -> NoPositionReason | None:
    """Why two numbers are no place, none when they are one."""
    if isnan(lon) or isnan(lat):
        return NoPositionReason.IMPOSSIBLE_VALUE
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return NoPositionReason.OUT_OF_RANGE
    if abs(lon) < ZERO_DEG and abs(lat) < ZERO_DEG:
        return NoPositionReason.ZERO_POSITION
    return None


def distance_m(one: Position, other: Position) -> float:
    """Rough ground distance, good to 1 % within a city; for hints only, never for a rule."""
    narrowing = cos(radians((one.lat + other.lat) / 2))
    east = (other.lon - one.lon + 180) % 360 - 180
    return METRES_PER_DEGREE * hypot(east * narrowing, other.lat - one.lat)


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
