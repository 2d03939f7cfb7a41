"""What several people said of one flag, and similar flags that were decided before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.measure import D
from django.db.models import OuterRef, Subquery

from cases.models import FlagOpinion
from cases.permissions import Rights, scope_flags
from geo.box import METRES_PER_DEG
from rules.finding import FlagState
from rules.models import Flag, FlagEvent

SIMILAR_M = 30.0
SIMILAR_MAX = 8
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
