"""What several people said of one flag, similar flags that were decided before, and citizens' reports a camera missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.measure import D
from django.db import connection
from django.db.models import OuterRef, Subquery

from cases.figures import FigureAsk
from cases.joining import group_of, uses_of
from cases.models import FlagOpinion
from cases.permissions import Rights, scope_flags
from cases.queries.figures.asked import cases_of
from cases.queries.places import METRES_PER_DEG
from cases.shares import Share, measure_share
from intake.kinds import Category
from rules.finding import FlagState
from rules.models import Flag, FlagEvent

SIMILAR_M = 30.0
SIMILAR_MAX = 8
SEEN_WITHIN = timedelta(hours=24)
SEEN_M = 30.0
_DECIDED = (FlagState.ACCEPTED.value, FlagState.DISMISSED.value)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person said of a flag: the decision itself, or a second opinion on it."""

    by: str
    says: str
    label: str
    at: datetime
    is_decision: bool


@dataclass(frozen=True, slots=True)
class Opinions:
    """All of them, and whether the newest words of two people differ."""

    given: tuple[Opinion, ...]
    disagree: bool


@dataclass(frozen=True, slots=True)
class SimilarFlag:
    """A flag of the same rule and use that was decided before, by the same camera or within thirty metres."""

    id: UUID
    decided: str
    label: str
    by: str
    at: datetime
    distance_m: float | None
    same_camera: bool


@dataclass(frozen=True, slots=True)
class RecallRow:
    """Of the citizens' confirmed reports in a camera's view, how many the machine had flagged there within a day."""

    key: str
    name: str
    seen: Share


def list_opinions(flag_id: UUID) -> Opinions:
    """What people said of a flag, oldest first. Check the right before."""
    decided = [
        Opinion(e.actor, e.to_state, e.reason, e.at, is_decision=True)
        for e in FlagEvent.objects.filter(flag_id=flag_id, to_state__in=_DECIDED)
    ]
    second = [
        Opinion(o.by, o.says, o.label, o.at, is_decision=False) for o in FlagOpinion.objects.filter(flag_id=flag_id)
    ]
    given = tuple(sorted([*decided, *second], key=lambda opinion: opinion.at))
    newest = {opinion.by: opinion.says for opinion in given}
    return Opinions(given, disagree=len(set(newest.values())) > 1)


def list_similar(rights: Rights, flag: Flag) -> tuple[SimilarFlag, ...]:
    """Decided flags like this one, newest decision first, eight at most."""
    last = FlagEvent.objects.filter(flag=OuterRef("pk"), to_state__in=_DECIDED).order_by("-id")
    rows = scope_flags(rights).filter(rule_code=flag.rule_code, use=flag.use, state__in=_DECIDED).exclude(pk=flag.pk)
    rows = rows.annotate(
        decided_by=Subquery(last.values("actor")[:1]), decided_at=Subquery(last.values("at")[:1]),
        label=Subquery(last.values("reason")[:1]),
    )  # fmt: skip
    camera = flag.observation.camera_id
    found: dict[UUID, Any] = {}
    if camera is not None:
        found |= {row.pk: row for row in rows.filter(observation__camera=camera).order_by("-decided_at")[:SIMILAR_MAX]}
    if flag.point is not None:
        near = rows.filter(point__dwithin=(flag.point, 3 * SIMILAR_M / METRES_PER_DEG))
        near = near.annotate(away=Distance("point", flag.point)).filter(away__lte=D(m=SIMILAR_M))
        found |= {row.pk: row for row in near.order_by("-decided_at")[:SIMILAR_MAX]}
    similar = (
        SimilarFlag(
            row.pk, row.state, row.label or "", row.decided_by or "", row.decided_at or row.created_at,
            round(row.away.m, 1) if getattr(row, "away", None) is not None else None,
            camera is not None and row.observation.camera_id == camera,
        )
        for row in found.values()
    )  # fmt: skip
    return tuple(sorted(similar, key=lambda one: one.at, reverse=True)[:SIMILAR_MAX])


_RECALL = """
SELECT cam.name, cam.title,
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


def read_recall(rights: Rights, ask: FigureAsk) -> tuple[RecallRow, ...]:
    """Per camera, worst first: what citizens reported in its view, inspectors confirmed, and it had or had not flagged."""
    ids = list(
        cases_of(rights, ask).filter(opened_at__gte=ask.since, opened_at__lt=ask.until).values_list("pk", flat=True)
    )
    uses = [category.value for category in Category]
    values: dict[str, Any] = {
        "ids": ids, "within": SEEN_WITHIN, "reach_m": SEEN_M, "all_uses": uses,
        "groups": [",".join(uses_of(group_of(use))) for use in uses],
    }  # fmt: skip
    counts: dict[tuple[str, str], list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_RECALL, values)
        for name, title, was_seen in cursor.fetchall():
            entry = counts.setdefault((name, title), [0, 0])
            entry[0] += bool(was_seen)
            entry[1] += 1
    rows = (RecallRow(name, title, measure_share(hits, total)) for (name, title), (hits, total) in counts.items())
    return tuple(sorted(rows, key=lambda row: (row.seen.share, row.key)))
