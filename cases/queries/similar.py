"""How people decided flags like this one: the same rule and use, nearest in the figure that the rule measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any
from uuid import UUID

from cases.permissions import Rights, scope_flags
from cases.queries.review_evidence import find_pictures
from cases.roles import FLAG_DECIDERS
from rules.finding import FlagState
from rules.models import Flag, FlagEvent

LOOKED_AT, SHOWN = 80, 5
DECIDED = (FlagState.ACCEPTED.value, FlagState.MERGED.value, FlagState.DISMISSED.value)
FIGURES = ("width_m", "overlap_m2", "dwell_s", "score")


@dataclass(frozen=True, slots=True)
class SimilarFlag:
    """A decided flag. ``figure`` is what the rule measured there, by the name ``measured``; none where nothing was."""

    id: UUID
    state: str
    label: str
    decided_at: datetime
    picture: UUID | None
    measured: str
    figure: float | None


def list_similar_flags(rights: Rights, flag: Flag) -> tuple[SimilarFlag, ...]:
    """At most five, the most alike first; of the newest decided ones within the reader's rights."""
    like = scope_flags(rights, FLAG_DECIDERS).filter(rule_code=flag.rule_code, use=flag.use, state__in=DECIDED)
    rows = list(like.exclude(pk=flag.pk).order_by("-created_at")[:LOOKED_AT])
    measured = next((name for name in FIGURES if measure(flag.reasons, name) is not None), "")
    own = measure(flag.reasons, measured)
    rows.sort(key=lambda row: distance(own, measure(row.reasons, measured)))
    chosen = rows[:SHOWN]
    said = _last_decisions([row.pk for row in chosen])
    pictures = find_pictures([row.observation_id for row in chosen])
    return tuple(
        SimilarFlag(
            row.pk, row.state, said[row.pk].reason, said[row.pk].at, pictures.get(row.observation_id), measured,
            measure(row.reasons, measured),
        )
        for row in chosen if row.pk in said
    )  # fmt: skip


def measure(reasons: Sequence[Mapping[str, Any]], name: str) -> float | None:
    """The figure of that name in a flag's reasons; none where no reason has it."""
    found = (reason.get("values", {}).get(name) for reason in reasons if name)
    return next((float(value) for value in found if isinstance(value, int | float)), None)


def distance(one: float | None, other: float | None) -> float:
    """How unlike two figures are; a missing one is unlike everything."""
    return inf if one is None or other is None else abs(one - other)


def _last_decisions(ids: Sequence[UUID]) -> dict[UUID, FlagEvent]:
    events = FlagEvent.objects.filter(flag__in=ids, to_state__in=DECIDED).order_by("at", "id")
    return {event.flag_id: event for event in events}
