"""A GPX track (from a watch, a logger, a phone) to where a photo or each frame of a clip was taken. The one door to gpxpy. Pure.

A camera's clock is rarely the satellites': ``clock_offset_s`` is how far it is ahead of them, and is taken off first. A moment
outside the track, or in a long gap of it, has no place: nothing is guessed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import hypot

import gpxpy
from gpxpy.gpx import GPXException, GPXTrackPoint

from errors import InputError
from geo.position import Position, PositionMethod
from intake.capture import Geotag, GeotagHint, NoGeotag, TimedPosition, distance_m, find_position_fault
from intake.geotag import find_contradictions

MOST_BYTES = 20_000_000
MOST_POINTS = 500_000
LONGEST_GAP_S = 60.0
LOGGER_ACCURACY_M = 5.0  # one sigma of a civil receiver under open sky that says nothing of its precision
RANGE_ERROR_M = 3.0  # metres for each unit of horizontal dilution of precision
MOST_FRAMES = 100_000


@dataclass(frozen=True, slots=True)
class GpxFix:
    """Where the logger was at a moment (UTC)."""

    at: datetime
    position: Position
    altitude_m: float | None = None


@dataclass(frozen=True, slots=True)
class GpxTrack:
    """All fixes with a time, in order; ``without_time`` counts the points that tell none and so place nothing."""

    fixes: tuple[GpxFix, ...]
    without_time: int = 0

    def position_at(self, at: datetime) -> TimedPosition | None:
        """The place at a moment, between the fixes before and after it; None outside the track and in gaps over a minute.

        The error grows with the way between the two fixes: nobody knows how it was walked. ``t_s`` is 0.
        """
        index = bisect_left(self.fixes, at, key=lambda fix: fix.at)
        if index < len(self.fixes) and self.fixes[index].at == at:
            return TimedPosition(0.0, self.fixes[index].position, self.fixes[index].altitude_m)
        if index in (0, len(self.fixes)):
            return None
        return _between(self.fixes[index - 1], self.fixes[index], at)


def read_gpx(data: bytes) -> GpxTrack:
    """The track of a file; InputError says in words what is wrong with it."""
    if len(data) > MOST_BYTES:
        raise InputError("The track is too large.", field="track", value=len(data), cure=f"At most {MOST_BYTES} bytes.")
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise InputError("A track with its own document type is not read.", field="track", cure="Export plain GPX.")
    try:
        parsed = gpxpy.parse(data)
    except (GPXException, ValueError, TypeError, KeyError, AttributeError, UnicodeDecodeError, LookupError) as error:
        raise InputError(
            "This is no GPX track.", field="track", value=type(error).__name__, cure="Export it as GPX 1.0 or 1.1."
        ) from error
    points = [point for track in parsed.tracks for segment in track.segments for point in segment.points]
    if len(points) > MOST_POINTS:
        raise InputError("The track has too many points.", field="track", value=len(points), cure="Cut it by day.")
    fixes = sorted(_read_fixes(points), key=lambda fix: fix.at)
    unique = [fix for n, fix in enumerate(fixes) if n == 0 or fix.at > fixes[n - 1].at]
    if not unique:
        nothing = "The track tells no times with its places." if points else "The track has no points."
        raise InputError(nothing, field="track", value=len(points), cure="Export a recorded track, not a route.")
    return GpxTrack(tuple(unique), sum(point.time is None for point in points))


def place_by_track(
    found: Geotag | NoGeotag,
    track: GpxTrack,
    *,
    clock_offset_s: float = 0.0,
    duration_s: float | None = None,
    frame_period_s: float = 1.0,
) -> Geotag:
    """What a file tells, with its place from the track: of a photo one, of a clip (``duration_s``) one for each frame.

    A place that the file tells itself, and that lies far off, leaves a hint. InputError: the file tells no moment, or its
    moments lie outside the track. Frames in gaps of the track get no place.
    """
    if found.captured_at is None:
        raise InputError(
            "The file tells no moment, so the track cannot place it.", field="captured_at",
            cure="Touch the place on the map; the command process takes the moment as --captured-at.",
        )  # fmt: skip
    began = found.captured_at - timedelta(seconds=clock_offset_s)
    places = list(_places(track, began, duration_s or 0.0, frame_period_s))
    if not places:
        first, last = track.fixes[0].at, track.fixes[-1].at
        raise InputError(
            "The picture was not taken while the track was recorded, or in a gap of it.", field="captured_at",
            value=began.isoformat(),
            cure="The track runs from {first} to {last}: is the camera's clock right?",
            names={"first": _say_moment(first), "last": _say_moment(last)},
        )  # fmt: skip
    middle = places[len(places) // 2].position
    reach_m = max(distance_m(middle, place.position) for place in places)
    whole = replace(middle, accuracy_m=hypot(middle.accuracy_m, reach_m))
    hints = (
        (*found.hints, GeotagHint.PLACES_DIFFER.value) if find_contradictions(found.position, whole) else found.hints
    )
    return Geotag(
        whole, found.bearing, began, found.captured_at_source, places[len(places) // 2].altitude_m,
        tuple(dict.fromkeys(hints)), tuple(places) if duration_s else (),
    )  # fmt: skip


def place_files(
    files: Sequence[tuple[Geotag | NoGeotag, float | None]], track: GpxTrack
) -> tuple[Geotag | NoGeotag, ...]:
    """What each file of a report tells (with the seconds of a clip), placed by the track where it can be.

    A file from another moment keeps what it tells itself. InputError as ``place_by_track`` when the track places none.
    """
    placed: list[Geotag | NoGeotag] = []
    faults: list[InputError] = []
    for found, duration_s in files:
        try:
            placed.append(place_by_track(found, track, duration_s=duration_s))
        except InputError as fault:
            placed.append(found)
            faults.append(fault)
    if files and len(faults) == len(files):
        raise faults[0]
    return tuple(placed)


def position_of_frame(track: Sequence[TimedPosition], t_s: float) -> Position | None:
    """Where a clip's frame was taken, between the timed places of its geotag; None before, after and in gaps over a minute."""
    index = bisect_left(track, t_s, key=lambda place: place.t_s)
    if index < len(track) and track[index].t_s == t_s:
        return track[index].position
    if index in (0, len(track)):
        return None
    before, after = track[index - 1], track[index]
    return _blend(before.position, after.position, after.t_s - before.t_s, t_s - before.t_s)


def _read_fixes(points: Sequence[GPXTrackPoint]) -> Iterator[GpxFix]:
    """A point without a time cannot be matched; one without a zone is in UTC, as the format says."""
    for point in points:
        if point.time is None or find_position_fault(point.longitude, point.latitude) is not None:
            continue
        at = point.time.replace(tzinfo=UTC) if point.time.tzinfo is None else point.time.astimezone(UTC)
        dilution = point.horizontal_dilution
        accuracy_m = RANGE_ERROR_M * dilution if dilution and 0 < dilution < 100 else LOGGER_ACCURACY_M
        position = Position(point.longitude, point.latitude, accuracy_m, PositionMethod.GPX_TRACK)
        yield GpxFix(at, position, point.elevation)


def _say_moment(at: datetime) -> str:
    """In digits that both languages read, and in the time of the satellites, as the track has it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _places(track: GpxTrack, began: datetime, duration_s: float, period_s: float) -> Iterator[TimedPosition]:
    frames = min(MOST_FRAMES, int(duration_s / max(period_s, 1e-3)) + 1)
    for number in range(frames):
        t_s = number * period_s
        place = track.position_at(began + timedelta(seconds=t_s))
        if place is not None:
            yield replace(place, t_s=t_s)


def _between(before: GpxFix, after: GpxFix, at: datetime) -> TimedPosition | None:
    gap_s, since_s = (after.at - before.at).total_seconds(), (at - before.at).total_seconds()
    position = _blend(before.position, after.position, gap_s, since_s)
    if position is None:
        return None
    share = since_s / gap_s
    known = before.altitude_m is not None and after.altitude_m is not None
    altitude_m = before.altitude_m + share * (after.altitude_m - before.altitude_m) if known else None  # type: ignore[operator]
    return TimedPosition(0.0, position, altitude_m)


def _blend(before: Position, after: Position, gap_s: float, since_s: float) -> Position | None:
    if gap_s > LONGEST_GAP_S or gap_s <= 0:
        return None
    share = since_s / gap_s
    way_m = distance_m(before, after) * min(share, 1 - share)
    return Position(
        before.lon + share * (after.lon - before.lon),
        before.lat + share * (after.lat - before.lat),
        hypot(max(before.accuracy_m, after.accuracy_m), way_m / 2),
        before.method,
    )
