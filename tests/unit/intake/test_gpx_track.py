"""A GPX track places photos and each frame of a clip, with errors, and says in words what it cannot place."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import InputError
from geo.position import Position, PositionMethod
from intake.capture import Geotag, NoGeotag, NoPositionReason
from intake.gpx_track import GpxTrack, place_by_track, place_files, position_of_frame, read_gpx
from tests.data import tracks

BEGAN = datetime(2026, 7, 11, 9, 30, tzinfo=UTC)
LON, LAT = 106.7009, 10.7769


def a_track(**options: Any) -> bytes:
    """A walk due east, a metre a second."""
    return tracks.a_track(BEGAN, LON, LAT, **options)


def taken(seconds: float) -> NoGeotag:
    return NoGeotag(NoPositionReason.NO_GPS, captured_at=BEGAN + timedelta(seconds=seconds))


def test_a_photo_lies_between_the_fixes_about_its_moment() -> None:
    found = place_by_track(taken(12.5), read_gpx(a_track()))
    assert found.position.lon == pytest.approx(LON + 12.5 * 9.15e-6, abs=1e-7)
    assert found.position.method is PositionMethod.GPX_TRACK
    assert 5 <= found.position.accuracy_m < 6
    assert found.altitude_m == pytest.approx(22.5)
    assert found.track == ()


def test_the_cameras_clock_error_is_taken_off() -> None:
    found = place_by_track(taken(3600 + 20), read_gpx(a_track()), clock_offset_s=3600)
    assert found.position.lon == pytest.approx(LON + 20 * 9.15e-6, abs=1e-7)
    assert found.captured_at == BEGAN + timedelta(seconds=20)


def test_a_clip_has_a_place_for_each_frame_and_an_error_that_reaches_over_its_way() -> None:
    found = place_by_track(taken(10), read_gpx(a_track()), duration_s=20, frame_period_s=0.5)
    assert len(found.track) == 41
    assert found.position.accuracy_m > 10
    place = position_of_frame(found.track, 7.3)
    assert place is not None and place.lon == pytest.approx(LON + 17.3 * 9.15e-6, abs=1e-7)
    assert position_of_frame(found.track, 20.6) is None


def test_precision_that_the_logger_tells_is_used() -> None:
    found = place_by_track(taken(10), read_gpx(a_track(extra="<hdop>4</hdop>")))
    assert found.position.accuracy_m == pytest.approx(12)


def test_a_long_gap_places_nothing() -> None:
    track = read_gpx(a_track(seconds=300, step_s=100))
    assert track.position_at(BEGAN + timedelta(seconds=50)) is None
    assert track.position_at(BEGAN + timedelta(seconds=100)) is not None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no GPX"),
        (b"<gpx", "no GPX"),
        (b"\xff\xfe\x00garbage", "no GPX"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><gpx/>', "document type"),
        (a_track(times=False), "no times"),
        (b'<?xml version="1.0"?><gpx version="1.1" creator="t"></gpx>', "no points"),
    ],
    ids=["empty", "cut", "garbage", "entities", "no times", "no points"],
)
def test_what_cannot_be_used_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_gpx(data)


def test_a_moment_outside_the_track_is_told_with_its_limits() -> None:
    with pytest.raises(InputError, match="not taken while") as refused:
        place_by_track(taken(900), read_gpx(a_track()))
    assert "09:31:00" in str(refused.value.cure)
    with pytest.raises(InputError, match="no moment"):
        place_by_track(NoGeotag(NoPositionReason.NO_GPS), read_gpx(a_track()))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_track_or_refused(data: bytes) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(read_gpx(b"<gpx>" + data), GpxTrack)


def test_a_geotag_of_the_file_gives_way_to_the_track() -> None:
    own = place_by_track(taken(10), read_gpx(a_track()))
    assert isinstance(place_by_track(own, read_gpx(a_track())), Geotag)


def test_of_several_files_those_of_another_moment_keep_what_they_tell() -> None:
    inside, outside = (taken(10), None), (taken(7200), None)
    placed = place_files([outside, inside], read_gpx(a_track()))
    assert placed[0] == outside[0]
    assert placed[1].position is not None and placed[1].position.method is PositionMethod.GPX_TRACK


def test_a_track_that_places_no_file_says_when_it_ran() -> None:
    with pytest.raises(InputError) as fault:
        place_files([(taken(7200), None), (taken(9000), None)], read_gpx(a_track()))
    assert "2026-07-11 09:30:00 UTC to 2026-07-11 09:31:00 UTC" in fault.value.cure


@pytest.mark.parametrize(("east_deg", "hints"), [(0.0002, ()), (0.01, ("places_differ",))])
def test_a_file_that_tells_another_place_itself_is_told_of(east_deg: float, hints: tuple[str, ...]) -> None:
    own = Geotag(Position(LON + east_deg, LAT, 8.0, PositionMethod.EXIF_GPS), captured_at=BEGAN)
    assert place_by_track(own, read_gpx(a_track())).hints == hints
