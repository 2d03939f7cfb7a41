"""After a load of parcels: which flags that wait for a person lie on other parcels now than when they were made.

A flag is never edited: its history gets an entry, so that whoever reviews it sees that the register has changed since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import transaction
from django.utils import timezone

from geo.parcel_checks import RESIDENT_FROM, list_holding_parcels
from rules.finding import FlagState
from rules.models import Flag, FlagEvent

WAITING = (FlagState.NEW.value, FlagState.IN_REVIEW.value)
REASON, ACTOR = "registers_changed", "registers"


@dataclass(frozen=True, slots=True)
class Rechecked:
    """How many waiting flags were looked at, and how many were told that their parcels have changed."""

    looked_at: int
    told: int


def recheck_parcels(city_id: int, on: date, *, resident_from: int = RESIDENT_FROM) -> Rechecked:
    """Hold every waiting flag of a city against the parcels of a day. Twice tells nobody anything twice."""
    rows = list(Flag.objects.filter(city_id=city_id, state__in=WAITING, point__isnull=False).order_by("pk")
                .only("pk", "state", "point", "parcel_keys"))  # fmt: skip
    if not rows:
        return Rechecked(0, 0)
    points = np.array([(row.point.x, row.point.y) for row in rows if row.point])
    held = list_holding_parcels(city_id, points, on, resident_from=resident_from)
    changed = [(row, keys) for row, keys in zip(rows, held, strict=True) if _is_other(row.parcel_keys, keys)]
    return Rechecked(len(rows), _tell(changed))


def _is_other(before: list[str], now: tuple[str, ...]) -> bool:
    """Candidates may lie around a point, so a parcel that holds it now must only be among them; none then and none now agree."""
    return bool(before or now) and not (set(now) <= set(before) and now)


def _tell(changed: list[tuple[Flag, tuple[str, ...]]]) -> int:
    notes = {
        flag.pk: f"{', '.join(sorted(flag.parcel_keys)) or '–'} → {', '.join(keys) or '–'}" for flag, keys in changed
    }
    with transaction.atomic():
        told = dict(
            FlagEvent.objects.filter(flag_id__in=notes, reason=REASON).order_by("id").values_list("flag_id", "note")
        )
        now = timezone.now()
        fresh = [
            FlagEvent(flag=flag, at=now, actor=ACTOR, from_state=flag.state, to_state=flag.state, reason=REASON,
                      note=notes[flag.pk])
            for flag, _ in changed if told.get(flag.pk) != notes[flag.pk]
        ]  # fmt: skip
        FlagEvent.objects.bulk_create(fresh)
    return len(fresh)
