"""The geotag of a clip: telemetry over time when it is there, else the place and time written in its boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from math import hypot, isfinite
from statistics import median

from geo.position import Position, PositionMethod
from intake.capture import (
    CaptureTimeSource,
    Geotag,
    GeotagHint,
    NoGeotag,
    NoPositionReason,
    TimedPosition,
    distance_m,
    find_position_fault,
)
from intake.gpmf import TelemetryFix, read_fixes
from intake.isobmff import (
    TimedSample,
    WrittenPlace,
    read_created_at,
    read_keys,
    read_track_samples,
    read_written_places,
)
from intake.signature import Readable

RANGE_ERROR_M = 3.0  # metres of error per unit of dilution of precision, civil receivers
WORST_DILUTION = 20.0
TRACK_STEP_S = 1.0
TRACK_LENGTH = 3_600
APART_M = 200.0
TIMES_APART = timedelta(minutes=5)
ZONE_STEP = timedelta(minutes=15)


def read_video_geotag(data: Readable, content_type: str, *, default_accuracy_m: float) -> Geotag | NoGeotag:
    """The geotag of a clip's bytes. WebM has no place for one."""
    if content_type == "video/webm":
        return NoGeotag(NoPositionReason.NO_METADATA)
    written_at = _read_written_time(data)
    clock = CaptureTimeSource.VIDEO_CONTAINER if written_at is not None else None
    place = _read_written_place(data, default_accuracy_m)
    fixes = list(_read_timed_fixes(data))
    track = _thin([fix for fix in fixes if fix[1].dimensions >= 2], default_accuracy_m)
    if track:
        return _from_track(track, fixes, place, written_at)
    if isinstance(place, Position):
        altitude_m = next((p.altitude_m for p in read_written_places(data)), None)
        return Geotag(place, None, written_at, clock, altitude_m)
    return NoGeotag(NoPositionReason.NO_FIX if fixes else place, None, written_at, clock)


def _read_written_time(data: Readable) -> datetime | None:
    """The phone's own creation date with its offset, else the box's time in UTC."""
    text = read_keys(data).get("com.apple.quicktime.creationdate", "")
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC) if text else None
    except (ValueError, OverflowError):
        moment = None
    return moment or read_created_at(data)


def _read_written_place(data: Readable, default_accuracy_m: float) -> Position | NoPositionReason:
    reason = NoPositionReason.NO_GPS
    for place in read_written_places(data):
        fault = find_position_fault(place.lon, place.lat)
        if fault is None:
            return Position(
                place.lon, place.lat, _stated_error_m(place, default_accuracy_m), PositionMethod.VIDEO_LOCATION
            )
        reason = fault
    return reason


def _stated_error_m(place: WrittenPlace, default_accuracy_m: float) -> float:
    stated = place.horizontal_error_m
    return stated if stated is not None and isfinite(stated) and stated > 0 else default_accuracy_m


def _read_timed_fixes(data: Readable) -> Iterator[tuple[float, TelemetryFix]]:
    for sample in read_track_samples(data, b"gpmd"):
        for fix in read_fixes(sample.data):
            if find_position_fault(fix.lon, fix.lat) is None:
                yield _moment_s(sample, fix), fix


def _moment_s(sample: TimedSample, fix: TelemetryFix) -> float:
    return sample.start_s + fix.offset * sample.duration_s


def _thin(fixes: Sequence[tuple[float, TelemetryFix]], default_accuracy_m: float) -> list[TimedPosition]:
    """One position per second is enough for a person on foot; precision worse than any use is left out."""
    track: list[TimedPosition] = []
    for t_s, fix in fixes:
        if len(track) >= TRACK_LENGTH:
            break
        if track and t_s - track[-1].t_s < TRACK_STEP_S:
            continue
        if fix.dilution is not None and not 0 < fix.dilution <= WORST_DILUTION:
            continue
        accuracy_m = RANGE_ERROR_M * fix.dilution if fix.dilution is not None else default_accuracy_m
        position = Position(fix.lon, fix.lat, accuracy_m, PositionMethod.VIDEO_TELEMETRY)
        altitude_m = fix.altitude_m if -1_000 <= fix.altitude_m <= 20_000 else None
        track.append(TimedPosition(t_s, position, altitude_m))
    return track


def _from_track(
    track: list[TimedPosition],
    fixes: Sequence[tuple[float, TelemetryFix]],
    place: Position | NoPositionReason,
    written_at: datetime | None,
) -> Geotag:
    started_at = next((fix.at - timedelta(seconds=t_s) for t_s, fix in fixes if fix.at and fix.dimensions >= 2), None)
    hints = []
    middle = _middle(track)
    if isinstance(place, Position) and distance_m(place, middle) > APART_M + place.accuracy_m + middle.accuracy_m:
        hints.append(GeotagHint.PLACES_DIFFER.value)
    if started_at and written_at and not _is_zone_apart(started_at - written_at):
        hints.append(GeotagHint.TIMES_DIFFER.value)
    clock = CaptureTimeSource.SATELLITE if started_at else CaptureTimeSource.VIDEO_CONTAINER if written_at else None
    altitudes = [p.altitude_m for p in track if p.altitude_m is not None]
    altitude_m = median(altitudes) if altitudes else None
    return Geotag(middle, None, started_at or written_at, clock, altitude_m, tuple(hints), tuple(track))


def _is_zone_apart(difference: timedelta) -> bool:
    """Action cameras write local time where UTC belongs: whole quarter hours are a zone, not a wrong clock."""
    rest = abs(difference) % ZONE_STEP
    return abs(difference) < timedelta(hours=15) and min(rest, ZONE_STEP - rest) <= TIMES_APART


def _middle(track: Sequence[TimedPosition]) -> Position:
    """One place for the clip: its middle, with an error that reaches over the whole way walked."""
    lon = median(p.position.lon for p in track)
    lat = median(p.position.lat for p in track)
    error_m = median(p.position.accuracy_m for p in track)
    middle = Position(lon, lat, error_m, PositionMethod.VIDEO_TELEMETRY)
    reach_m = max(distance_m(middle, p.position) for p in track)
    return Position(lon, lat, hypot(error_m, reach_m), PositionMethod.VIDEO_TELEMETRY)
