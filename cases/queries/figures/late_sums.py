"""The time of late clocks that have stopped, summed inside the database: thousands of them a year, each with a list of pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform

NOT_SAID = "none"
_SUMS = """
WITH clock AS MATERIALIZED ({clocks}),
cause AS (
  SELECT DISTINCT ON (e.clock_id) e.clock_id, e.cause FROM cases_lateentry e JOIN clock c ON c.id = e.clock_id
  ORDER BY e.clock_id, e.id DESC),
late AS MATERIALIZED (
  SELECT c.*, coalesce(k.cause, '{not_said}') AS cause,
         (SELECT sum((p->>2)::float8) FROM jsonb_array_elements(c.spent) p
          WHERE p->>1 <> 'pause' AND (p->>2)::float8 > 0) AS counted_s
  FROM clock c LEFT JOIN cause k ON k.clock_id = c.id),
piece AS MATERIALIZED (
  SELECT l.id, l.unit, l.cause, l.late_s, l.late_wall_s, l.counted_s, p->>0 AS step, p->>1 AS part,
         (p->>2)::float8 AS clock_s, (p->>3)::float8 AS wall_s
  FROM late l CROSS JOIN LATERAL jsonb_array_elements(l.spent) p),
step AS (
  SELECT id, unit, cause, step, late_s, late_wall_s, sum(clock_s) / counted_s AS share
  FROM piece WHERE part <> 'pause' AND clock_s > 0 GROUP BY id, unit, cause, step, late_s, late_wall_s, counted_s)
SELECT 'step', unit, cause, step, '', sum(late_s * share), sum(late_wall_s * share), count(*) FROM step GROUP BY 2, 3, 4
UNION ALL
SELECT 'part', unit, '', step, part, sum(clock_s), sum(wall_s), 0 FROM piece GROUP BY 2, 4, 5
UNION ALL
SELECT 'all', '', '', '', '', coalesce(sum(handovers), 0), count(*) FILTER (WHERE cause = '{not_said}'), count(*) FROM late
"""


@dataclass(frozen=True, slots=True)
class StepSum:
    """Lateness of one unit of counting laid on a step, by cause, in seconds by the clock and by the wall."""

    unit: str
    cause: str
    step: str
    late_s: float
    late_wall_s: float
    clocks: int


@dataclass(frozen=True, slots=True)
class PartSum:
    """All time of one unit of counting in a step and part."""

    unit: str
    step: str
    part: str
    clock_s: float
    wall_s: float


@dataclass(frozen=True, slots=True)
class LateSums:
    """What the clocks of a question sum up to."""

    steps: tuple[StepSum, ...]
    parts: tuple[PartSum, ...]
    handovers: int
    unexplained: int
    clocks: int


def sum_late(clocks: QuerySet[Any]) -> LateSums:
    """The sums over stopped, late clocks; the queryset is run inside the statement and read nowhere else."""
    asked = clocks.values(
        "id", "spent", "late_s", "late_wall_s", "handovers", unit_code=KeyTextTransform("unit", "basis")
    )
    sql, values = asked.query.sql_with_params()
    whole = f"SELECT id, spent, late_s, late_wall_s, handovers, unit_code AS unit FROM ({sql}) asked"  # noqa: S608 - made by the ORM
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(clocks=whole, not_said=NOT_SAID), values)
        rows = cursor.fetchall()
    steps = tuple(StepSum(r[1], r[2], r[3], r[5], r[6], r[7]) for r in rows if r[0] == "step")
    parts = tuple(PartSum(r[1], r[3], r[4], r[5], r[6]) for r in rows if r[0] == "part")
    handovers, unexplained, count = next((int(r[5]), int(r[6]), int(r[7])) for r in rows if r[0] == "all")
    return LateSums(steps, parts, handovers, unexplained, count)
