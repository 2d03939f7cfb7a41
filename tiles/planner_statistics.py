"""Figures over a planner's rows: how many and how much lie in each ward, and in each zone of either plan, never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.sql import SQL, Composed

from tiles.planner_query import match
from tiles.planner_question import PlannerQuestion, fetch, patience

LEAST_CUT_M2 = 0.5  # less is where two outlines meet
_IN_FORCE = "r.city_id = %(city)s AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)"
_BY_WARD = f"""
    WITH found AS MATERIALIZED ({{rows}})
    SELECT coalesce(unit.code, ''), coalesce(unit.name, ''), count(*), {{size}}
    FROM (SELECT geom, ST_PointOnSurface(geom) AS point FROM found WHERE geom IS NOT NULL) found
    LEFT JOIN LATERAL (SELECT r.code, r.name FROM geo_adminunit r WHERE {_IN_FORCE} AND ST_Covers(r.geom, found.point)
                       ORDER BY r.level, r.code LIMIT 1) unit ON true
    GROUP BY 1, 2 ORDER BY count(*) DESC, 2"""  # noqa: S608
_BY_ZONE = f"""
    WITH found AS MATERIALIZED ({{rows}})
    SELECT r.plan_kind, r.code, max(r.name), count(DISTINCT found.id), sum(cut.m2)
    FROM found JOIN geo_zoningdistrict r ON r.geom && found.geom AND ST_Intersects(r.geom, found.geom) AND {_IN_FORCE}
    CROSS JOIN LATERAL (SELECT CASE WHEN ST_Dimension(found.geom) = 2
        THEN ST_Area(ST_Transform(ST_Intersection(r.geom, found.geom), %(srid)s)) END AS m2) cut
    WHERE cut.m2 IS NULL OR cut.m2 >= {LEAST_CUT_M2}
    GROUP BY 1, 2 ORDER BY 1, sum(cut.m2) DESC NULLS LAST, 2"""  # noqa: S608
_SIZE = """sum(CASE WHEN ST_Dimension(geom) = 2 THEN ST_Area(ST_Transform(geom, %(srid)s)) END),
           sum(CASE WHEN ST_Dimension(geom) = 1 THEN ST_Length(ST_Transform(geom, %(srid)s)) END)"""


@dataclass(frozen=True, slots=True)
class WardFigure:
    """Rows whose inner point lies in a ward, with their area or length. Empty ``code``: in no ward on record that day."""

    code: str
    name: str
    rows: int
    area_m2: float | None
    length_m: float | None


@dataclass(frozen=True, slots=True)
class ZoneFigure:
    """Rows that meet a zone of a plan, and how much of their ground lies in it (None for points and lines)."""

    plan_kind: str
    code: str
    name: str
    rows: int
    area_m2: float | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """Both breakdowns. ``wards_on_record`` and ``plans_on_record`` say what there was to count by: none is not a zero."""

    on: date
    wards: tuple[WardFigure, ...]
    zones: tuple[ZoneFigure, ...]
    wards_on_record: bool
    plans_on_record: tuple[str, ...]


def count_over(question: PlannerQuestion) -> Statistics:
    """The figures over all rows of a question. InputError and NotFound as for ``ask``."""
    asked, rows, values = match(question)
    with patience():
        wards = _fetch(_BY_WARD, rows, values)
        zones = _fetch(_BY_ZONE, rows, values)
        has_wards = fetch(SQL("SELECT EXISTS (SELECT 1 FROM geo_adminunit WHERE city_id = %(city)s)"), asked.values)
        plans = fetch(
            SQL("SELECT DISTINCT plan_kind FROM geo_zoningdistrict WHERE city_id = %(city)s ORDER BY 1"), asked.values
        )
    return Statistics(
        question.on,
        tuple(WardFigure(*row) for row in wards),
        tuple(ZoneFigure(*row) for row in zones),
        bool(has_wards[0][0]),
        tuple(row[0] for row in plans),
    )


def _fetch(template: str, rows: Composed, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    return fetch(SQL(template).format(rows=rows, size=SQL(_SIZE)), values)
