"""Reads through the publication gate: all that anyone without an account may learn of flags and cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A settled case as the public sees it; pictures are derived copies, the place is rounded to about 10 m.

    ``is_recurrence``: the place was settled before. ``came_back_from`` and ``came_back_as`` name public cases alone.
    """

    code: str
    use: str
    state: str
    unit_code: str
    opened_on: date
    closed_on: date | None
    lon: float | None
    lat: float | None
    before_id: UUID | None
    after_id: UUID | None
    office: str = ""
    office_en: str = ""
    outcome: str = ""
    checked_on: date | None = None
    published_at: datetime | None = None
    is_recurrence: bool = False
    came_back_from: str = ""
    came_back_as: str = ""


@dataclass(frozen=True, slots=True)
class WardFigure:
    """What the public learns of a ward's last year. None below thirty samples; wards with fewer than five settled cases are
    left out, since few cases lead to persons. ``came_back`` of ``followed``; ``checked_in_time`` of ``checked``."""

    ward_code: str
    settled: int
    followed: int
    came_back: int | None
    checked: int | None
    checked_in_time: int | None


def list_public_cases(limit: int = 200) -> list[PublicCase]:
    """Published cases, newest first."""
    return _read("ORDER BY published_at DESC LIMIT %s", limit)


def list_public_cases_of(
    *, city_id: int, ward: str = "", bounds: Bounds | None = None, limit: int = 100
) -> list[PublicCase]:
    """Published cases of a city's ward or area, newest first, for feeds."""
    west, south, east, north = bounds or (-180.0, -90.0, 180.0, 90.0)
    clause = (
        "WHERE city_id = %s AND (%s = '' OR unit_code = %s) AND (NOT %s OR point && ST_MakeEnvelope(%s, %s, %s, %s, 4326))"
        " ORDER BY published_at DESC LIMIT %s"
    )
    return _read(clause, city_id, ward, ward, bounds is not None, west, south, east, north, limit)


def list_ward_figures(city_id: int) -> list[WardFigure]:
    """Figures of the wards of a city through the gate, by code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_code, settled, followed, came_back, checked, checked_in_time FROM public_ward_figure"
            " WHERE city_id = %s ORDER BY unit_code", [city_id],
        )  # fmt: skip
        return [WardFigure(*row) for row in cursor.fetchall()]


def find_public_case(code: str) -> PublicCase | None:
    """The published case of that code, or None."""
    return next(iter(_read("WHERE code = %s", code)), None)


def is_published_media(media_id: UUID) -> bool:
    """Whether a published case shows this derived copy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM public_case WHERE %s IN (before_id, after_id))", [media_id])
        return bool(cursor.fetchone()[0])


def count_unreviewed_by_unit(city_id: int) -> dict[str, int]:
    """Flags that wait for a reviewer, by administrative unit: the only thing the public learns of unconfirmed flags."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_code, awaiting_review FROM public_unit_count WHERE city_id = %s", [city_id])
        return dict(cursor.fetchall())


_COLUMNS = (
    "code, use, state, unit_code, opened_on, closed_on, ST_X(point), ST_Y(point), before_id, after_id, office, office_en,"
    " outcome, checked_on, published_at, is_recurrence, came_back_from, came_back_as"
)


def _read(clause: str, *parameters: int | float | str | bool) -> list[PublicCase]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM public_case {clause}", list(parameters))  # noqa: S608  (constants)
        return [PublicCase(*row) for row in cursor.fetchall()]
