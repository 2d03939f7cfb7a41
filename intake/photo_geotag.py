"""The geotag of a photo: EXIF tags judged one by one, so that one bad tag costs only itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from math import isfinite

from geo.position import Bearing, NorthReference, Position, PositionMethod
from intake.capture import (
    CaptureTimeSource,
    Geotag,
    GeotagHint,
    NoGeotag,
    NoPositionReason,
    aware_utc,
    find_position_fault,
)
from intake.exif import ExifTags, Parts, read_exif

TIMES_APART = timedelta(minutes=5)
LEAST_ACCURACY_M = 0.1
MOST_ACCURACY_M = 100_000.0
OTHER_DATUM_ACCURACY_M = 500.0
ALTITUDES_M = (-1_000.0, 20_000.0)
REFERENCES = {"T": NorthReference.TRUE, "M": NorthReference.MAGNETIC}


@dataclass(slots=True)
class _Notes:
    """Hints gathered while the tags are read."""

    hints: list[str] = field(default_factory=list)

    def add(self, hint: GeotagHint) -> None:
        self.hints.append(hint.value)


def read_photo_geotag(
    data: bytes, content_type: str, *, timezone: tzinfo | None, default_accuracy_m: float
) -> Geotag | NoGeotag:
    """The geotag of a photo's bytes."""
    reading = read_exif(data, content_type)
    if not reading.is_present:
        return NoGeotag(NoPositionReason.NO_METADATA)
    tags, notes = reading.tags, _Notes()
    bearing = _read_bearing(tags, notes)
    captured_at, clock = _read_moment(tags, timezone, notes)
    place = _read_place(tags, default_accuracy_m, notes)
    if isinstance(place, NoPositionReason):
        if place is NoPositionReason.NO_GPS and reading.is_damaged:
            place = NoPositionReason.UNREADABLE_METADATA
        return NoGeotag(place, bearing, captured_at, clock, tuple(notes.hints))
    return Geotag(place, bearing, captured_at, clock, _read_altitude(tags), tuple(notes.hints))


def _read_place(tags: ExifTags, default_accuracy_m: float, notes: _Notes) -> Position | NoPositionReason:
    if not tags.latitude and not tags.longitude:
        return NoPositionReason.NO_GPS
    lat = _degrees(tags.latitude, tags.latitude_ref, "NS")
    lon = _degrees(tags.longitude, tags.longitude_ref, "EW")
    if isinstance(lat, NoPositionReason):
        return lat
    if isinstance(lon, NoPositionReason):
        return lon
    fault = find_position_fault(lon, lat)
    if fault is not None:
        return fault
    if tags.gps_status == "V":
        notes.add(GeotagHint.GPS_MEASUREMENT_VOID)
    return Position(lon, lat, _read_accuracy(tags, default_accuracy_m, notes), PositionMethod.EXIF_GPS)


def _degrees(parts: Parts, reference: str, letters: str) -> float | NoPositionReason:
    """Degrees, minutes and seconds with their hemisphere; a sign replaces a missing letter."""
    if not parts or not all(isfinite(part) for part in parts):
        return NoPositionReason.IMPOSSIBLE_VALUE
    degrees, minutes, seconds = (*parts[:3], 0.0, 0.0)[:3]
    if not (0 <= minutes <= 60 and 0 <= seconds < 60.01) and len(parts) > 1:
        return NoPositionReason.IMPOSSIBLE_VALUE
    value = abs(degrees) + minutes / 60 + seconds / 3600
    if reference and reference in letters:
        return -value if reference == letters[1] or degrees < 0 else value
    zero = value == 0
    return -value if degrees < 0 else value if zero else NoPositionReason.NO_HEMISPHERE


def _read_accuracy(tags: ExifTags, default_accuracy_m: float, notes: _Notes) -> float:
    stated = tags.horizontal_error_m
    is_stated = stated is not None and isfinite(stated) and 0 < stated <= MOST_ACCURACY_M
    accuracy_m = max(LEAST_ACCURACY_M, stated) if is_stated and stated is not None else default_accuracy_m
    datum = "".join(letter for letter in tags.map_datum.upper() if letter.isalnum())
    if datum and not datum.startswith(("WGS84", "WGS1984")):
        notes.add(GeotagHint.OTHER_DATUM)
        accuracy_m = max(accuracy_m, OTHER_DATUM_ACCURACY_M)
    return accuracy_m


def _read_altitude(tags: ExifTags) -> float | None:
    altitude = tags.altitude
    if altitude is None or not isfinite(altitude):
        return None
    altitude = -altitude if tags.altitude_ref == "1" else altitude
    return altitude if ALTITUDES_M[0] <= altitude <= ALTITUDES_M[1] else None


def _read_bearing(tags: ExifTags, notes: _Notes) -> Bearing | None:
    if tags.bearing is None:
        return None
    if not (isfinite(tags.bearing) and 0 <= tags.bearing <= 360):
        notes.add(GeotagHint.IMPOSSIBLE_BEARING)
        return None
    return Bearing(tags.bearing % 360, REFERENCES.get(tags.bearing_ref, NorthReference.UNKNOWN))


def _read_moment(
    tags: ExifTags, timezone: tzinfo | None, notes: _Notes
) -> tuple[datetime | None, CaptureTimeSource | None]:
    """The satellites' time first, then the camera's clock with its offset, then the clock in the city's timezone."""
    satellite = _read_satellite_time(tags, notes)
    local = _read_local_time(tags, notes)
    with_offset = aware_utc(local, _read_offset(tags)) if local is not None else None
    in_city = aware_utc(local, timezone) if local is not None else None
    if satellite is not None:
        other = with_offset or in_city
        if other is not None and abs(other - satellite) > TIMES_APART:
            notes.add(GeotagHint.TIMES_DIFFER)
        return satellite, CaptureTimeSource.SATELLITE
    if with_offset is not None:
        return with_offset, CaptureTimeSource.CAMERA_WITH_OFFSET
    if in_city is not None:
        return in_city, CaptureTimeSource.CAMERA_LOCAL
    if local is not None:
        notes.add(GeotagHint.LOCAL_TIME_WITHOUT_ZONE)
    return None, None


def _read_satellite_time(tags: ExifTags, notes: _Notes) -> datetime | None:
    if not tags.gps_date or len(tags.gps_time) != 3:
        return None
    try:
        day = datetime.strptime(tags.gps_date[:10].replace("-", ":"), "%Y:%m:%d").replace(tzinfo=UTC)
        hours, minutes, seconds = tags.gps_time
        if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds < 61):
            raise ValueError(tags.gps_time)
        return day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except (ValueError, OverflowError):
        notes.add(GeotagHint.IMPOSSIBLE_TIME)
        return None


def _read_local_time(tags: ExifTags, notes: _Notes) -> datetime | None:
    if not tags.taken_at.strip(": 0-"):
        return None
    try:
        return datetime.strptime(tags.taken_at[:19].replace("-", ":").replace("T", " "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        notes.add(GeotagHint.IMPOSSIBLE_TIME)
        return None


def _read_offset(tags: ExifTags) -> tzinfo | None:
    try:
        return datetime.strptime(tags.taken_at_offset.replace(" ", ""), "%z").tzinfo
    except ValueError:
        return None
