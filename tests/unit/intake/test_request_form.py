"""What is typed beside the files: half a place, words for numbers, unknown kinds, long and odd texts."""

from __future__ import annotations

import pytest

from errors import InputError
from geo.position import Position, PositionMethod
from intake.geotag import Geotag, GeotagHint, NoGeotag, NoPositionReason
from intake.kinds import Category
from intake.notices import Notice, list_place_notices
from intake.request_form import clean_key, clean_text, parse_category, parse_pin

PIN = Position(106.7009, 10.7769, 5.0, PositionMethod.SENDER_PIN)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [("106.7009", "10.7769"), (106.7009, 10.7769), (" 106,7009 ", "10,7769")],
    ids=["text", "numbers", "decimal comma"],
)
def test_a_pin_is_read(lon: object, lat: object) -> None:
    assert parse_pin(lon, lat) == PIN


@pytest.mark.parametrize(("lon", "lat"), [(None, None), ("", ""), (" ", None)])
def test_no_pin_is_no_fault(lon: object, lat: object) -> None:
    assert parse_pin(lon, lat) is None


@pytest.mark.parametrize(
    ("lon", "lat", "field"),
    [
        ("106.7", "", "lat"),
        (None, "10.7", "lon"),
        ("east", "10.7", "lon"),
        ("106.7", "10°", "lat"),
        ("NaN", "10.7", "lon"),
        ("106.7", "inf", "lat"),
        ("181", "10.7", "lon"),
        ("106.7", "-90.1", "lat"),
        ("10.7769e400", "1", "lon"),
        ("0", "0", "lon"),
        ("0.0", "0.00001", "lon"),
    ],
)
def test_a_wrong_pin_names_field_and_cure(lon: object, lat: object, field: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_pin(lon, lat)
    assert caught.value.field == field
    assert caught.value.cure


@pytest.mark.parametrize(
    ("stated", "accuracy_m"),
    [("12.5", 12.5), (30, 30), (None, 5), ("", 5), ("wide", 5), ("-3", 5), ("nan", 5), ("9e9", 5)],
)
def test_the_error_of_a_pin_is_the_zoom_s_or_the_usual(stated: object, accuracy_m: float) -> None:
    pin = parse_pin("106.7009", "10.7769", stated)
    assert pin is not None and pin.accuracy_m == accuracy_m


@pytest.mark.parametrize(
    ("value", "category"),
    [
        (None, Category.UNSTATED),
        ("", Category.UNSTATED),
        ("Parking ", Category.PARKING),
        (Category.EVENT, Category.EVENT),
    ],
)
def test_a_kind_is_read(value: str | None, category: Category) -> None:
    assert parse_category(value) is category


def test_an_unknown_kind_lists_the_known_ones() -> None:
    with pytest.raises(InputError) as caught:
        parse_category("noise")
    assert caught.value.field == "category"
    assert "parking" in caught.value.cure


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  a\x00b\x1b[31m ", "ab[31m"),
        ("Ti\u00ea\u0301ng Vie\u0323\u0302t", "Tiếng Việt"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        ("lone \ud800 half", "lone  half"),
        (None, ""),
        (12, "12"),
    ],
)
def test_text_becomes_plain(raw: object, clean: str) -> None:
    assert clean_text(raw, field="description", longest=50) == clean


def test_a_long_text_says_how_long() -> None:
    with pytest.raises(InputError) as caught:
        clean_text("x" * 51, field="description", longest=50)
    assert (caught.value.field, caught.value.value) == ("description", "51 characters")


def test_an_empty_key_is_none() -> None:
    assert clean_key("  ") is None
    assert clean_key("abc") == "abc"


FIX = Geotag(Position(106.7009, 10.7769, 10, PositionMethod.EXIF_GPS))
NOTHING = NoGeotag(NoPositionReason.NO_GPS)


@pytest.mark.parametrize(
    ("geotags", "pin", "notices"),
    [
        pytest.param([FIX], None, (), id="a fix"),
        pytest.param([NOTHING], PIN, (), id="a pin"),
        pytest.param(
            [NoGeotag(NoPositionReason.NO_GPS, hints=(GeotagHint.CHAT_COPY, GeotagHint.OLD_CAPTURE))], PIN,
            (Notice.CHAT_COPY,), id="chat copy",
        ),
        pytest.param(
            [FIX], Position(106.71, 10.7769, 5, PositionMethod.SENDER_PIN), (Notice.PIN_FAR_FROM_FILE,), id="far pin"
        ),
    ],
)  # fmt: skip
def test_remarks_say_what_would_help(
    geotags: list[Geotag | NoGeotag], pin: Position | None, notices: tuple[Notice, ...]
) -> None:
    assert list_place_notices(geotags, pin) == notices
