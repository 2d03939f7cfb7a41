"""Reads through the publication gate: all that anyone without an account may learn of flags and cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A settled case as the public sees it; pictures are derived copies, the place is rounded to about 10 m."""

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


def list_public_cases(limit: int = 200) -> list[PublicCase]:
    """Published cases, newest first."""
    return _read("ORDER BY published_at DESC LIMIT %s", limit)


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


_COLUMNS = "code, use, state, unit_code, opened_on, closed_on, ST_X(point), ST_Y(point), before_id, after_id"


def _read(clause: str, parameter: int | str) -> list[PublicCase]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM public_case {clause}", [parameter])  # noqa: S608  (constants)
        return [PublicCase(*row) for row in cursor.fetchall()]
