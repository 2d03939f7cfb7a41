"""What callers write in addresses and bodies to checked values; each fault names field, value and cure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from math import isfinite
from typing import Any, TypeVar
from uuid import UUID

from cases.page_size import LIMIT_DEFAULT, LIMIT_MAX
from errors import InputError
from geo.typed_coordinates import refuse_swapped

Bounds = tuple[float, float, float, float]
E = TypeVar("E", bound=StrEnum)


def parse_bounds(text: str | None) -> Bounds | None:
    """``west,south,east,north`` in degrees (EPSG:4326); None when absent."""
    if not text:
        return None
    cure = "Write west,south,east,north in degrees, for example 106.68,10.77,106.70,10.79."
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError("Bounds are four numbers.", field="bounds", value=text, cure=cure) from error
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InputError("These bounds hold no area on Earth.", field="bounds", value=text, cure=cure)
    return west, south, east, north


def parse_moment(text: str | None, field: str) -> datetime | None:
    """An ISO moment (UTC where no zone is given) or a day's beginning; None when absent."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError as error:
        cure = "Write 2026-11-22 or 2026-11-22T08:41:00+07:00."
        raise InputError("This is no moment.", field=field, value=text, cure=cure) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_day(text: str | None, field: str) -> date | None:
    """An ISO day; None when absent."""
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError("This is no date.", field=field, value=text, cure="Write 2026-11-22.") from error


def parse_choice(text: str | None, kind: type[E], field: str) -> E | None:
    """A member of a closed set; None when absent."""
    if not text:
        return None
    try:
        return kind(text.strip().lower())
    except ValueError as error:
        cure = f"Use one of: {', '.join(kind)}."
        raise InputError("This value is not known here.", field=field, value=text, cure=cure) from error


def parse_id(text: str | None, field: str) -> UUID | None:
    """An id; None when absent."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise InputError("This is no id.", field=field, value=text, cure="Use an id as it was given to you.") from error


def parse_limit(text: str | None) -> int:
    """Rows per page, 1 to 1000; 100 when absent."""
    if not text:
        return LIMIT_DEFAULT
    if not text.isdigit() or not 1 <= int(text) <= LIMIT_MAX:
        cure = "Ask for less, and follow 'next'."
        raise InputError("A page holds 1 to 1000 rows.", field="limit", value=text, cure=cure)
    return int(text)


def parse_degrees(text: str | None, field: str, most: float) -> float:
    """A coordinate that must be there; a decimal comma is understood."""
    cure = "Give lon and lat in degrees, for example lon=106.7009&lat=10.7769."
    try:
        value = float((text or "").strip().replace(",", "."))
    except ValueError as error:
        raise InputError("This is not a number.", field=field, value=text or "", cure=cure) from error
    if not isfinite(value) or abs(value) > most:
        raise InputError("This number is not a place on Earth.", field=field, value=text, cure=cure)
    return value


def parse_point(asked: Mapping[str, str]) -> tuple[float, float]:
    """``lon`` and ``lat``; two that can only be each other's are told so."""
    lon, lat = parse_degrees(asked.get("lon"), "lon", 180), parse_degrees(asked.get("lat"), "lat", 180)
    refuse_swapped(lon, lat)
    return lon, parse_degrees(asked.get("lat"), "lat", 90)


def read_text(body: object, field: str, *, longest: int = 4000) -> str:
    """A text field of a JSON body; empty when absent."""
    value = _field(body, field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError("This field is a text.", field=field, value=value, cure="Write it in quotes.")
    if len(value) > longest:
        cure = f"Shorten it to {longest} characters."
        raise InputError("The text is too long.", field=field, value=f"{len(value)} characters", cure=cure)
    return value.replace("\x00", "").strip()


def read_whole(body: object, field: str) -> int | None:
    """A whole number of a JSON body; None when absent."""
    value = _field(body, field)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not str(value).lstrip("-").isdigit():
        raise InputError("This field is a whole number.", field=field, value=value, cure="Write it without quotes.")
    return int(value)


def read_number(body: object, field: str) -> float | None:
    """A number of a JSON body; None when absent."""
    value = _field(body, field)
    if value is None or value == "":
        return None
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise InputError("This field is a number.", field=field, value=value, cure="Write for example 1.05.") from error


def read_version(body: object) -> int:
    """The version the caller looked at; a move without one could overwrite somebody's."""
    version = read_whole(body, "version")
    if version is None:
        cure = "Send the version that you read with the thing."
        raise InputError("A move needs the version you looked at.", field="version", value="", cure=cure)
    return version


def _field(body: object, field: str) -> Any:
    if not isinstance(body, Mapping):
        raise InputError("The body is a JSON object.", field="", value=type(body).__name__, cure="Send {...}.")
    return body.get(field)
