"""What a sender types beside the files, made plain and checked. Pure; each fault names field, value and cure."""

from __future__ import annotations

import unicodedata
from math import isfinite

from errors import InputError
from geo.position import Position, PositionMethod
from intake.capture import ZERO_DEG
from intake.geotag import PIN_ACCURACY_M
from intake.kinds import Category

LONGEST_DESCRIPTION = 2_000
LONGEST_CONTACT = 200
LONGEST_KEY = 80
PIN_ACCURACIES_M = (1.0, 1_000.0)
PLACE_CURE = "Give both lon and lat in degrees, for example 106.7009 and 10.7769, or leave both out."
KEPT_CONTROLS = frozenset("\n\t")


def parse_pin(lon: object, lat: object, accuracy_m: object = None) -> Position | None:
    """The place a sender set by hand, none when neither number is given.

    ``accuracy_m`` is what the page's zoom allowed; the usual 5 m where nothing sensible was given.
    """
    lon_text, lat_text = _text(lon), _text(lat)
    if not lon_text and not lat_text:
        return None
    for field, text in (("lon", lon_text), ("lat", lat_text)):
        if not text:
            raise InputError("Half of the place is missing.", field=field, value="", cure=PLACE_CURE)
    lon_deg, lat_deg = _degrees("lon", lon_text, 180), _degrees("lat", lat_text, 90)
    if abs(lon_deg) < ZERO_DEG and abs(lat_deg) < ZERO_DEG:
        cure = "Touch the place on the map, or leave the place out."
        raise InputError("Zero and zero is not a place here.", field="lon", value="0, 0", cure=cure)
    return Position(lon_deg, lat_deg, _accuracy(accuracy_m), PositionMethod.SENDER_PIN)


def parse_category(value: str | Category | None) -> Category:
    """The kind of request; unstated when nothing was chosen."""
    if not value:
        return Category.UNSTATED
    try:
        return Category(str(value).strip().lower())
    except ValueError as error:
        cure = f"Use one of: {', '.join(category.value for category in Category)}."
        raise InputError("This kind of report is not known.", field="category", value=value, cure=cure) from error


def clean_text(value: object, *, field: str, longest: int) -> str:
    """Typed text in one normal form, without characters that no keyboard makes and no database keeps."""
    text = unicodedata.normalize("NFC", _text(value).encode("utf-8", "ignore").decode())
    text = "".join(c for c in text if c in KEPT_CONTROLS or unicodedata.category(c) != "Cc").strip()
    if len(text) > longest:
        cure = f"Shorten it to {longest} characters."
        raise InputError("The text is too long.", field=field, value=f"{len(text)} characters", cure=cure)
    return text


def clean_key(value: object) -> str | None:
    """An idempotency key, none when not given."""
    text = clean_text(value, field="idempotency_key", longest=LONGEST_KEY)
    return text or None


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _degrees(field: str, text: str, most: int) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError as error:
        raise InputError("This is not a number.", field=field, value=text, cure=PLACE_CURE) from error
    if not isfinite(value) or abs(value) > most:
        cure = f"Give a number from -{most} to {most}."
        raise InputError("This number is not a place on Earth.", field=field, value=text, cure=cure)
    return value


def _accuracy(value: object) -> float:
    try:
        stated = float(_text(value) or "nan")
    except ValueError:
        return PIN_ACCURACY_M
    return stated if PIN_ACCURACIES_M[0] <= stated <= PIN_ACCURACIES_M[1] else PIN_ACCURACY_M
