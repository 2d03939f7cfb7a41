"""After a load of parcels: flags that wait and lie on another parcel now say so in their history, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from geo.models import City, Parcel
from pipeline.recheck import REASON, Rechecked, recheck_parcels
from rules.models import Flag, FlagEvent
from tests.builders import a_report, a_staff, building_work, run_to_rest

TODAY = date(2026, 11, 25)


@pytest.fixture
def flag(small_city: City, see: Callable[..., Any]) -> Flag:
    """A flag that waits, on one parcel."""
    a_staff()
    see(building_work())
    for observation_id in a_report():
        run_to_rest(observation_id)
    found = Flag.objects.filter(state="new", point__isnull=False).first()
    assert found is not None
    return found


@pytest.mark.parametrize("resident_from", [1, 10_000], ids=["in memory", "in the database"])
def test_a_renumbered_parcel_is_told_once(flag: Flag, small_city: City, resident_from: int) -> None:
    def recheck() -> Rechecked:
        return recheck_parcels(small_city.pk, TODAY, resident_from=resident_from)

    first = recheck()
    assert first.looked_at >= 1
    before = FlagEvent.objects.filter(flag=flag, reason=REASON).count()
    holding = list(Parcel.objects.filter(geom__intersects=flag.point, is_listed=True))
    assert holding
    for row in holding:
        row.is_listed, row.valid_to = False, TODAY
        row.save()
        row.pk, row.key, row.is_listed, row.valid_from, row.valid_to = None, "000010099999", True, TODAY, None
        row.save()
    from geo import resident_parcels

    resident_parcels._held = None  # as a load does by its number
    assert recheck().told >= 1
    event = FlagEvent.objects.filter(flag=flag, reason=REASON).latest("id")
    assert event.note.endswith("→ 000010099999") and event.from_state == event.to_state == flag.state
    assert FlagEvent.objects.filter(flag=flag, reason=REASON).count() == before + 1
    assert recheck().told == 0
    flag.refresh_from_db()
    assert flag.state == "new"
