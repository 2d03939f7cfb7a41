"""What a photo says of its place, time and direction; any bytes give an answer and never an error."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo.position import Bearing, NorthReference, Position, PositionMethod
from intake.geotag import (
    CaptureTimeSource,
    Geotag,
    GeotagHint,
    NoGeotag,
    NoPositionReason,
    choose_position,
    find_contradictions,
    read_geotag,
    to_true_bearing,
)
from tests.data import photos
from tests.data.exif_block import (
    Tag,
    a_hoarding_block,
    a_looping_block,
    an_exif_block,
    byte,
    dms,
    gps_tags,
    rational,
    short,
    text,
)

LON, LAT = 106.7009, 10.7769
SAIGON_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 7, 11, 12, 0, tzinfo=UTC)


def read(*, gps: Sequence[Tag] = (), exif: Sequence[Tag] = (), **options: object) -> Geotag | NoGeotag:
    return read_geotag(photos.with_raw_exif(an_exif_block(gps=gps, exif=exif)), "a.jpg", **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize(("lon", "lat"), [(LON, LAT), (-71.1097, 42.3736), (-58.4, -34.6), (151.2, -33.9)])
def test_a_fix_is_read_from_every_kind(kind: str, lon: float, lat: float) -> None:
    found = read_geotag(photos.a_geotagged_photo(lon, lat, kind), "x")
    assert isinstance(found, Geotag)
    assert found.position.lon == pytest.approx(lon, abs=1e-6)
    assert found.position.lat == pytest.approx(lat, abs=1e-6)
    assert found.position.accuracy_m == 10.0
    assert found.position.method is PositionMethod.EXIF_GPS


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", NoPositionReason.NOT_MEDIA, id="empty"),
        pytest.param(b"no picture", NoPositionReason.NOT_MEDIA, id="text"),
        pytest.param(photos.a_photo(), NoPositionReason.NO_METADATA, id="bare jpeg"),
        pytest.param(photos.a_photo("HEIF"), NoPositionReason.NO_METADATA, id="bare heic"),
        pytest.param(photos.a_photo(exif=an_exif_block(main=[short(0x112, 6)])), NoPositionReason.NO_GPS, id="no gps"),
        pytest.param(
            photos.a_photo("HEIF", exif=an_exif_block(main=[text(0x10F, "X")])),
            NoPositionReason.NO_GPS,
            id="heic no gps",
        ),
        pytest.param(photos.with_raw_exif(a_hoarding_block()), NoPositionReason.UNREADABLE_METADATA, id="hoarding"),
        pytest.param(photos.with_raw_exif(a_looping_block()), NoPositionReason.NO_GPS, id="looping"),
        pytest.param(photos.with_raw_exif(b"II*\x00"), NoPositionReason.NO_METADATA, id="four bytes"),
        pytest.param(photos.with_raw_exif(b"XX*\x00" * 40), NoPositionReason.NO_METADATA, id="no byte order"),
        pytest.param(photos.with_raw_png_exif(a_hoarding_block()), NoPositionReason.UNREADABLE_METADATA, id="png"),
        pytest.param(
            photos.with_raw_png_exif(an_exif_block(gps=gps_tags(LON, LAT)) + b"\x00" * 300_000),
            NoPositionReason.UNREADABLE_METADATA,
            id="beyond any real size",
        ),
    ],
)
def test_no_place_comes_with_its_reason(data: bytes, reason: NoPositionReason) -> None:
    found = read_geotag(data, "x.jpg")
    assert isinstance(found, NoGeotag)
    assert found.reason is reason
    assert found.position is None and found.track == () and found.altitude_m is None


WRONG_PLACES: dict[str, tuple[list[Tag], NoPositionReason]] = {
    "0,0": (gps_tags(0, 0), NoPositionReason.ZERO_POSITION),
    "x/0": (
        [text(1, "N"), rational(2, (10, 0), (0, 0), (0, 0)), text(3, "E"), dms(4, LON)],
        NoPositionReason.IMPOSSIBLE_VALUE,
    ),
    "latitude 95": (
        [text(1, "N"), rational(2, (95, 1), (0, 1), (0, 1)), text(3, "E"), dms(4, LON)],
        NoPositionReason.OUT_OF_RANGE,
    ),
    "longitude 400": (
        [text(1, "N"), dms(2, LAT), text(3, "E"), rational(4, (400, 1), (0, 1), (0, 1))],
        NoPositionReason.OUT_OF_RANGE,
    ),
    "70 minutes": (
        [text(1, "N"), rational(2, (10, 1), (70, 1), (0, 1)), text(3, "E"), dms(4, LON)],
        NoPositionReason.IMPOSSIBLE_VALUE,
    ),
    "no hemisphere": ([dms(2, LAT), dms(4, LON)], NoPositionReason.NO_HEMISPHERE),
    "half a place": ([text(1, "N"), dms(2, LAT)], NoPositionReason.IMPOSSIBLE_VALUE),
    "text for degrees": (
        [text(1, "N"), text(2, "ten"), text(3, "E"), text(4, "many")],
        NoPositionReason.IMPOSSIBLE_VALUE,
    ),
}


@pytest.mark.parametrize(("gps", "reason"), WRONG_PLACES.values(), ids=WRONG_PLACES)
def test_a_wrong_place_is_never_used(gps: list[Tag], reason: NoPositionReason) -> None:
    found = read(gps=gps)
    assert isinstance(found, NoGeotag)
    assert found.reason is reason


def test_degrees_and_decimal_minutes_are_read() -> None:
    gps = [text(1, "n"), rational(2, (10, 1), (46_614, 1000)), text(3, "e"), rational(4, (106_700_900, 1_000_000))]
    found = read(gps=gps)
    assert isinstance(found, Geotag)
    assert (found.position.lon, found.position.lat) == pytest.approx((LON, LAT), abs=1e-6)


@pytest.mark.parametrize(
    ("more", "accuracy_m", "hints"),
    [
        pytest.param([], 10.0, (), id="not stated"),
        pytest.param([rational(31, (38_813, 1000))], 38.813, (), id="stated"),
        pytest.param([rational(31, (5, 0))], 10.0, (), id="x/0"),
        pytest.param([rational(31, (0, 1))], 10.0, (), id="zero"),
        pytest.param([text(18, "WGS-84")], 10.0, (), id="usual datum"),
        pytest.param([text(18, "TOKYO")], 500.0, ("other_datum",), id="other datum"),
        pytest.param([text(9, "V")], 10.0, ("gps_measurement_void",), id="void"),
    ],
)
def test_the_error_is_the_stated_one_or_a_phone_s(more: list[Tag], accuracy_m: float, hints: tuple[str, ...]) -> None:
    found = read(gps=gps_tags(LON, LAT, *more))
    assert isinstance(found, Geotag)
    assert found.position.accuracy_m == pytest.approx(accuracy_m)
    assert found.hints == hints


@pytest.mark.parametrize(
    ("more", "bearing", "hints"),
    [
        pytest.param([text(16, "T"), rational(17, (93, 1))], Bearing(93, NorthReference.TRUE), (), id="true"),
        pytest.param(
            [text(16, "M"), rational(17, (3_480, 10))], Bearing(348, NorthReference.MAGNETIC), (), id="magnetic"
        ),
        pytest.param([rational(17, (360, 1))], Bearing(0, NorthReference.UNKNOWN), (), id="360, unsaid"),
        pytest.param([rational(17, (720, 1))], None, ("impossible_bearing",), id="720"),
        pytest.param([rational(17, (1, 0))], None, ("impossible_bearing",), id="x/0"),
    ],
)
def test_a_bearing_keeps_its_reference(more: list[Tag], bearing: Bearing | None, hints: tuple[str, ...]) -> None:
    found = read(gps=gps_tags(LON, LAT, *more))
    assert found.bearing == bearing
    assert found.hints == hints


@pytest.mark.parametrize(("reference", "altitude_m"), [(0, 12.5), (1, -12.5)])
def test_altitude_is_signed_by_its_reference(reference: int, altitude_m: float) -> None:
    assert read(gps=gps_tags(LON, LAT, byte(5, reference), rational(6, (125, 10)))).altitude_m == altitude_m


SATELLITE = [text(29, "2026:07:11"), rational(7, (9, 1), (30, 1), (15, 1))]
LOCAL = text(0x9003, "2026:07:11 16:30:15")
AT = datetime(2026, 7, 11, 9, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("gps", "exif", "zone", "at", "source", "hints"),
    [
        pytest.param(SATELLITE, [], None, AT, CaptureTimeSource.SATELLITE, (), id="satellites"),
        pytest.param(SATELLITE, [LOCAL, text(0x9011, "+07:00")], None, AT, CaptureTimeSource.SATELLITE, (), id="agree"),
        pytest.param(
            SATELLITE, [LOCAL, text(0x9011, "+08:00")], None, AT, CaptureTimeSource.SATELLITE, ("times_differ",), id="differ"
        ),
        pytest.param([], [LOCAL, text(0x9011, "+07:00")], None, AT, CaptureTimeSource.CAMERA_WITH_OFFSET, (), id="offset"),
        pytest.param([], [LOCAL], SAIGON_TIME, AT, CaptureTimeSource.CAMERA_LOCAL, (), id="city's zone"),
        pytest.param([], [LOCAL], None, None, None, ("local_time_without_zone",), id="no zone"),
        pytest.param([], [text(0x9003, "2026:13:41 99:00:00")], SAIGON_TIME, None, None, ("impossible_time",), id="month 13"),
        pytest.param([], [text(0x9003, "0000:00:00 00:00:00")], SAIGON_TIME, None, None, (), id="zeros mean none"),
        pytest.param(
            [text(29, "2026:07:11"), rational(7, (99, 1), (0, 1), (0, 1))], [], None, None, None, ("impossible_time",), id="99 h"
        ),
        pytest.param([text(29, "2026:07:11"), rational(7, (1, 0), (0, 1), (0, 1))], [LOCAL], SAIGON_TIME, AT,
                     CaptureTimeSource.CAMERA_LOCAL, ("impossible_time",), id="x/0 hours"),
        pytest.param([], [text(0x9003, "0001:01:01 00:00:00"), text(0x9011, "+14:00")], None, None, None,
                     ("local_time_without_zone",), id="before all time"),
    ],
)  # fmt: skip
def test_the_moment_comes_from_the_best_clock(
    gps: list[Tag], exif: list[Tag], zone: ZoneInfo | None, at: datetime | None, source: object, hints: tuple[str, ...]
) -> None:
    found = read(gps=gps_tags(LON, LAT, *gps), exif=exif, timezone=zone)
    assert (found.captured_at, found.captured_at_source, found.hints) == (at, source, hints)


@pytest.mark.parametrize(
    ("now", "hints"),
    [
        pytest.param(AT + timedelta(minutes=1), (), id="just taken"),
        pytest.param(AT - timedelta(minutes=9), (), id="clock a little ahead"),
        pytest.param(AT - timedelta(days=400), (GeotagHint.CLOCK_IN_FUTURE,), id="future"),
        pytest.param(AT + timedelta(days=31), (GeotagHint.OLD_CAPTURE,), id="old"),
    ],
)
def test_a_clock_is_compared_with_the_moment_of_receipt(now: datetime, hints: tuple[str, ...]) -> None:
    assert read(gps=gps_tags(LON, LAT, *SATELLITE), now=now).hints == hints


@pytest.mark.parametrize("name", ["z5512345678901_ab12.jpg", "IMG-20260711-WA0003.jpg", "FB_IMG_17.jpg"])
def test_a_chat_copy_without_a_place_says_so(name: str) -> None:
    assert read_geotag(photos.a_photo(), name).hints == (GeotagHint.CHAT_COPY,)
    assert read_geotag(photos.a_geotagged_photo(), name).hints == ()


def place(lon: float, lat: float, accuracy_m: float = 10, method: PositionMethod = PositionMethod.EXIF_GPS) -> Position:
    return Position(lon, lat, accuracy_m, method)


def test_the_pin_is_used_when_there_is_one() -> None:
    fix, pin = place(LON, LAT), place(LON + 0.001, LAT, 5, PositionMethod.SENDER_PIN)
    assert choose_position(fix, pin) is pin
    assert choose_position(fix, None) is fix
    assert choose_position(None, pin) is pin
    assert choose_position(None, None) is None


@pytest.mark.parametrize(
    ("east_deg", "accuracy_m", "is_far"),
    [
        pytest.param(0.0005, 10, False, id="55 m"),
        pytest.param(0.002, 10, True, id="220 m"),
        pytest.param(0.002, 100, False, id="220 m with a poor fix"),
    ],
)
def test_a_pin_far_from_the_file_is_a_hint(east_deg: float, accuracy_m: float, is_far: bool) -> None:
    found = find_contradictions(place(LON, LAT, accuracy_m), place(LON + east_deg, LAT, 5))
    assert found == (("pin_far_from_file",) if is_far else ())
    assert find_contradictions(None, place(LON, LAT)) == ()


def test_only_a_magnetic_bearing_is_corrected() -> None:
    assert to_true_bearing(Bearing(359, NorthReference.MAGNETIC), 1.5) == Bearing(0.5, NorthReference.TRUE)
    assert to_true_bearing(Bearing(0.2, NorthReference.MAGNETIC), -0.5).bearing_deg == pytest.approx(359.7)
    for reference in (NorthReference.TRUE, NorthReference.UNKNOWN):
        assert to_true_bearing(Bearing(10, reference), 5) == Bearing(10, reference)


def _damage(data: bytes, cuts: list[tuple[int, int]]) -> bytes:
    damaged = bytearray(data)
    for at, value in cuts:
        damaged[at % len(damaged)] = value
    return bytes(damaged)


WHOLE: dict[str, Callable[[], bytes]] = {
    kind: (lambda kind=kind: photos.a_geotagged_photo(kind=kind)) for kind in ("JPEG", "PNG", "WEBP", "HEIF")
}
MADE = {kind: make() for kind, make in WHOLE.items()}
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(
    kind=st.sampled_from(sorted(MADE)),
    cuts=st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), max_size=24),
    keep=st.floats(0.01, 1),
)
def test_damaged_photos_give_an_answer(kind: str, cuts: list[tuple[int, int]], keep: float) -> None:
    data = _damage(MADE[kind], cuts)
    found = read_geotag(data[: max(1, int(len(data) * keep))], "x", now=NOW, timezone=SAIGON_TIME)
    assert isinstance(found, (Geotag, NoGeotag))


@QUICK
@given(block=st.binary(max_size=400), order=st.sampled_from([b"II*\x00", b"MM\x00*", b""]))
@example(block=b"", order=b"")
@example(block=struct.pack("<IH", 8, 65_535) + b"\xff" * 390, order=b"II*\x00")
def test_any_bytes_as_metadata_give_an_answer(block: bytes, order: bytes) -> None:
    for wrapped in (photos.with_raw_exif(order + block), photos.with_raw_png_exif(order + block)):
        assert isinstance(read_geotag(wrapped, "x", timezone=timezone(timedelta(hours=7))), (Geotag, NoGeotag))


@QUICK
@given(
    values=st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)), min_size=3, max_size=3),
    letter=st.sampled_from(["N", "S", "n", "Q", ""]),
    number=st.integers(0, 31),
    kind=st.integers(0, 14),
)
def test_any_values_of_tags_give_an_answer(values: list[tuple[int, int]], letter: str, number: int, kind: int) -> None:
    odd = Tag(number, kind, 3, rational(number, *values).value)
    found = read(gps=[text(1, letter), rational(2, *values), text(3, "E"), rational(4, *values), odd], now=NOW)
    assert isinstance(found, (Geotag, NoGeotag))


@QUICK
@given(
    head=st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"\x00\x00\x00\x18ftypheic",
                          b"\x00\x00\x00\x18ftypisom", b"\x1a\x45\xdf\xa3webm", b"\x00\x00\x00\x08moov", b""]),
    rest=st.binary(max_size=600),
)  # fmt: skip
def test_any_bytes_after_any_beginning_give_an_answer(head: bytes, rest: bytes) -> None:
    assert isinstance(read_geotag(head + rest, "x", now=NOW), (Geotag, NoGeotag))
