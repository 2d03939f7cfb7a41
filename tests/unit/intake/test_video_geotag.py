"""Where and when a clip says it was taken: boxes, keys, telemetry, and damage to each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.position import PositionMethod
from intake.geotag import CaptureTimeSource, Geotag, GeotagHint, NoGeotag, NoPositionReason, read_geotag
from intake.gpmf import read_fixes
from intake.isobmff import find_box, parse_iso6709
from tests.data import clips

LON, LAT = 106.7009, 10.7769
SECONDS_1904 = int((datetime(2026, 7, 11, 9, 30, tzinfo=UTC) - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds())
WALK = [(LAT + n * 1e-5, LON, 12.0) for n in range(18)]
APPLE = {
    "com.apple.quicktime.location.ISO6709": "+10.7769+106.7009+012.0/",
    "com.apple.quicktime.location.accuracy.horizontal": "4.7",
    "com.apple.quicktime.creationdate": "2026-07-11T16:30:00+0700",
}


@pytest.mark.parametrize(
    ("box", "accuracy_m"),
    [
        pytest.param(clips.xyz("+10.7769+106.7009/"), 10.0, id="xyz"),
        pytest.param(clips.keyed(APPLE), 4.7, id="apple keys"),
        pytest.param(clips.loci(LON, LAT), 10.0, id="loci"),
        pytest.param(clips.loci(LON, LAT, name=b"here\x00"), 10.0, id="loci with a name"),
        pytest.param(clips.loci(LON, LAT, name=b"\xfe\xff\x00h\x00i\x00\x00"), 10.0, id="loci with a wide name"),
    ],
)
def test_a_written_place_is_read(box: bytes, accuracy_m: float) -> None:
    found = read_geotag(clips.a_shell(box), "x.mp4")
    assert isinstance(found, Geotag)
    assert (found.position.lon, found.position.lat) == pytest.approx((LON, LAT), abs=2e-5)
    assert found.position.accuracy_m == accuracy_m
    assert found.position.method is PositionMethod.VIDEO_LOCATION


@pytest.mark.parametrize(
    ("text", "lat", "lon", "altitude_m"),
    [
        ("+10.7769+106.7009/", 10.7769, 106.7009, None),
        ("+10.7769+106.7009+005.0/", 10.7769, 106.7009, 5.0),
        ("-1046.614-10642.054/", -10.7769, -106.7009, None),
        ("+104636.84+1064203.24CRSWGS_84/", 10.7769, 106.7009, None),
        ("+10+106/", 10, 106, None),
    ],
)
def test_places_as_text_are_read_in_all_three_ways(text: str, lat: float, lon: float, altitude_m: float | None) -> None:
    place = parse_iso6709(text)
    assert place is not None
    assert (place.lat, place.lon) == pytest.approx((lat, lon), abs=1e-6)
    assert place.altitude_m == altitude_m


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(clips.a_shell(), NoPositionReason.NO_GPS, id="no place"),
        pytest.param(clips.a_shell(clips.xyz("+00.0000+000.0000/")), NoPositionReason.ZERO_POSITION, id="0,0"),
        pytest.param(clips.a_shell(clips.xyz("+95.0+106.7/")), NoPositionReason.OUT_OF_RANGE, id="latitude 95"),
        pytest.param(clips.a_shell(clips.xyz("somewhere")), NoPositionReason.NO_GPS, id="words"),
        pytest.param(clips.a_clip(form="webm", codec="libvpx"), NoPositionReason.NO_METADATA, id="webm"),
        pytest.param(clips.a_telemetry_clip([clips.gps5_payload(WALK, fix=0)]), NoPositionReason.NO_FIX, id="no fix"),
        pytest.param(clips.a_telemetry_clip([b"\xff" * 64]), NoPositionReason.NO_GPS, id="garbled telemetry"),
    ],
)
def test_no_place_comes_with_its_reason(data: bytes, reason: NoPositionReason) -> None:
    found = read_geotag(data, "x.mp4")
    assert isinstance(found, NoGeotag)
    assert found.reason is reason


def test_a_real_container_with_place_and_time() -> None:
    data = clips.a_clip(metadata={"location": "+10.7769+106.7009/", "creation_time": "2026-07-11T09:30:00.000000Z"})
    found = read_geotag(data, "x.mp4", now=datetime(2026, 7, 11, 10, tzinfo=UTC))
    assert isinstance(found, Geotag)
    assert found.position.lon == pytest.approx(LON, abs=1e-4)
    assert found.captured_at == datetime(2026, 7, 11, 9, 30, tzinfo=UTC)
    assert found.captured_at_source is CaptureTimeSource.VIDEO_CONTAINER
    assert found.hints == ()


def test_the_phone_s_own_date_with_offset_comes_before_the_box() -> None:
    found = read_geotag(clips.a_shell(clips.keyed(APPLE), created=SECONDS_1904 + 999), "x.mov")
    assert found.captured_at == datetime(2026, 7, 11, 9, 30, tzinfo=UTC)


def test_1904_is_no_time() -> None:
    assert read_geotag(clips.a_shell(created=0), "x.mp4").captured_at is None


def test_a_clock_in_the_future_is_a_hint() -> None:
    found = read_geotag(clips.a_shell(created=SECONDS_1904), "x.mp4", now=datetime(2025, 1, 1, tzinfo=UTC))
    assert found.hints == (GeotagHint.CLOCK_IN_FUTURE,)


@pytest.mark.parametrize("make", [clips.gps5_payload, clips.gps9_payload], ids=["GPS5", "GPS9"])
def test_telemetry_gives_a_track_with_times_and_errors(make: object) -> None:
    payloads = [make([(lat + 2e-4 * second, lon, alt) for lat, lon, alt in WALK]) for second in range(5)]
    found = read_geotag(clips.a_telemetry_clip(payloads), "GX010001.MP4")
    assert isinstance(found, Geotag)
    assert [round(point.t_s, 2) for point in found.track] == [0, 1, 2, 3, 4]
    assert found.track[0].position.lat == pytest.approx(LAT)
    assert found.track[0].position.accuracy_m == pytest.approx(4.5)
    assert found.track[0].altitude_m == pytest.approx(12)
    assert found.position.method is PositionMethod.VIDEO_TELEMETRY
    assert found.position.lat == pytest.approx(LAT + 4e-4)
    assert found.position.accuracy_m > 44  # reaches over the 89 m walked
    assert found.captured_at == datetime(2026, 7, 11, 9, 30, tzinfo=UTC)
    assert found.captured_at_source is CaptureTimeSource.SATELLITE


@pytest.mark.parametrize(
    ("apart", "hints"),
    [
        pytest.param(timedelta(0), (), id="same"),
        pytest.param(timedelta(hours=-7), (), id="local time written as UTC"),
        pytest.param(timedelta(days=3), ("times_differ",), id="three days"),
        pytest.param(timedelta(minutes=8), ("times_differ",), id="eight minutes"),
    ],
)
def test_the_container_s_clock_is_compared_with_the_satellites(apart: timedelta, hints: tuple[str, ...]) -> None:
    created = SECONDS_1904 + int(apart.total_seconds())
    found = read_geotag(clips.a_telemetry_clip([clips.gps5_payload(WALK)], created=created), "x.mp4")
    assert found.hints == hints


def test_poor_precision_is_left_out() -> None:
    found = read_geotag(clips.a_telemetry_clip([clips.gps5_payload(WALK, dilution=9999)]), "x.mp4")
    assert found.position is None


def test_lengths_beyond_the_file_end_the_reading() -> None:
    data = clips.a_telemetry_clip([clips.gps5_payload(WALK)])
    for cut in range(0, len(data), 7):
        assert isinstance(read_geotag(data[:cut], "x.mp4"), (Geotag, NoGeotag))
    assert find_box(b"\x00\x00\x00\x04moov", b"moov") is None


@pytest.mark.parametrize("types", [b"lllllllS\x00", b"?", b"", b"zzzzzzzzz"])
def test_telemetry_of_unknown_types_gives_no_fix_and_no_error(types: bytes) -> None:
    good = clips.gps9_payload(WALK[:3])
    assert read_fixes(good.replace(b"lllllllSS", types.ljust(9, b"?"))) == []


def test_an_impossible_height_costs_only_itself() -> None:
    found = read_geotag(clips.a_telemetry_clip([clips.gps5_payload([(LAT, LON, 99_999.0)])]), "x.mp4")
    assert isinstance(found, Geotag) and found.altitude_m is None


@settings(max_examples=150, deadline=None)
@given(payload=st.binary(max_size=300), at=st.integers(0, 200))
def test_any_telemetry_gives_an_answer(payload: bytes, at: int) -> None:
    good = clips.gps9_payload(WALK[:3])
    assert isinstance(read_fixes(payload), list)
    assert isinstance(read_fixes(good[:at] + payload + good[at:]), list)
    damaged = clips.a_telemetry_clip([good[:at] + payload + good[at:]])
    assert isinstance(read_geotag(damaged, "x.mp4"), (Geotag, NoGeotag))


@settings(max_examples=150, deadline=None)
@given(cuts=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1, max_size=20))
def test_damaged_boxes_give_an_answer(cuts: list[tuple[int, int]]) -> None:
    data = bytearray(
        clips.a_shell(clips.keyed(APPLE), clips.xyz("+10+106/"))
        + clips.a_telemetry_clip([clips.gps5_payload(WALK[:3])])[28:]
    )
    for at, value in cuts:
        data[at % len(data)] = value
    assert isinstance(read_geotag(bytes(data), "x.mp4"), (Geotag, NoGeotag))
