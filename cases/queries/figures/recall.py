"""What cameras missed: citizens' reports in their view that inspectors confirmed, and whether the machine flagged them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from cases.figures import FigureAsk, RecallRow
from cases.joining import group_of, uses_of
from cases.permissions import Rights
from cases.queries.figures.asked import cases_of, in_period
from cases.shares import measure_share
from intake.kinds import Category

SEEN_WITHIN = timedelta(hours=24)
SEEN_M = 30.0
_REPORTED = """
SELECT c.id, cam.name, cam.title,
       EXISTS (SELECT FROM rules_flag f JOIN intake_observation o ON o.id = f.observation_id
               WHERE o.camera_id = cam.id AND f.verdict <> 'compliant' AND f.use = ANY(g.uses)
                 AND f.seen_at BETWEEN c.opened_at - %(within)s AND c.opened_at + interval '1 hour'
                 AND f.point IS NOT NULL AND ST_DWithin(f.point::geography, c.point::geography, %(reach_m)s)) AS was_seen
FROM cases_case c
JOIN (SELECT unnest(%(all_uses)s::text[]) AS use, unnest(%(groups)s::text[]) AS members) m ON m.use = c.use
CROSS JOIN LATERAL (SELECT string_to_array(m.members, ',') AS uses) g
JOIN intake_camera cam ON cam.city_id = c.city_id
JOIN LATERAL (SELECT view_footprint FROM intake_cameracalibration k
              WHERE k.camera_id = cam.id AND k.valid_from <= c.opened_at ORDER BY k.valid_from DESC LIMIT 1) k
  ON k.view_footprint IS NOT NULL AND ST_Covers(k.view_footprint, c.point)
WHERE c.id = ANY(%(ids)s) AND c.point IS NOT NULL
  AND EXISTS (SELECT FROM cases_caserequest r WHERE r.case_id = c.id)
  AND EXISTS (SELECT FROM cases_inspection i WHERE i.case_id = c.id
              AND i.outcome IN ('violation', 'fined_on_spot', 'warned', 'stop_ordered'))
"""


@dataclass(frozen=True, slots=True)
class Reported:
    """A confirmed report in the view of one camera, and whether that camera's pictures had been flagged there."""

    case_id: UUID
    camera: str
    title: str
    was_seen: bool


def read_recall(rights: Rights, ask: FigureAsk) -> tuple[RecallRow, ...]:
    """Per camera, worst first."""
    counts: dict[tuple[str, str], list[int]] = {}
    for one in list_reported(rights, ask):
        entry = counts.setdefault((one.camera, one.title), [0, 0])
        entry[0] += one.was_seen
        entry[1] += 1
    rows = (RecallRow(name, title, measure_share(hits, total)) for (name, title), (hits, total) in counts.items())
    return tuple(sorted(rows, key=lambda row: (row.seen.share, row.key)))


def list_reported(rights: Rights, ask: FigureAsk) -> list[Reported]:
    """Every confirmed report of the period that lay in the view of a calibrated camera, once per camera."""
    ids = list(cases_of(rights, ask).filter(in_period(ask, "opened_at")).values_list("pk", flat=True))
    uses = [category.value for category in Category]
    values: dict[str, Any] = {
        "ids": ids, "within": SEEN_WITHIN, "reach_m": SEEN_M, "all_uses": uses,
        "groups": [",".join(uses_of(group_of(use))) for use in uses],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED, values)
        return [Reported(*row) for row in cursor.fetchall()]
