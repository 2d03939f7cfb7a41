"""Where flags lie together: by place and group of uses, within the asker's rights, the fullest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from cases.permissions import read_rights
from cases.queries.spots import list_spots
from intake.models import Camera
from tests.integration.cases import builders as b


@pytest.fixture
def since() -> Any:
    return timezone.now() - timedelta(days=100)


def flags_at(town: Any, metres: float, *days_ago: float, use: str = "trading", **changes: Any) -> None:
    for days in days_ago:
        frame = b.a_frame(b.a_camera(town.city, f"camera-{Camera.objects.count()}"))
        place = Point(b.LON, b.north(metres), srid=4326)
        b.a_flag(frame, town.city, use=use, point=place, seen_at=b.long_ago(days), **changes)


def test_the_fullest_spot_comes_first_with_its_days_and_middle(town: Any, since: Any) -> None:
    flags_at(town, 0, 1, 1.001, 9)
    flags_at(town, 10, 3)  # within reach of the ones above
    flags_at(town, 300, 2, 4)
    flags_at(town, 600, 5)  # alone: no spot
    first, second = list_spots(read_rights(town.leader), since=since)
    assert (first.flags, second.flags) == (4, 2)
    assert first.lat == pytest.approx((3 * b.LAT + b.north(10)) / 4, abs=1e-9)
    assert (first.lon, first.group) == (pytest.approx(b.LON), "goods")
    assert first.days in (3, 4)  # the two of the same hour may stand on both sides of midnight
    assert first.last_at - first.first_at == pytest.approx(timedelta(days=8), abs=timedelta(minutes=1))


def test_uses_that_one_visit_settles_lie_together_and_others_do_not(town: Any, since: Any) -> None:
    flags_at(town, 0, 1, use="trading")
    flags_at(town, 3, 2, use="signboard")
    flags_at(town, 0, 1, 2, use="parking")
    flags_at(town, 0, 1, use="something-new")
    assert {(spot.group, spot.flags) for spot in list_spots(read_rights(town.leader), since=since)} == {
        ("goods", 2), ("vehicles", 2),
    }  # fmt: skip


def test_what_is_old_elsewhere_or_undetermined_counts_nowhere(town: Any, since: Any) -> None:
    flags_at(town, 0, 200, 201)
    flags_at(town, 0, 1, 2, unit_code="90002")
    flags_at(town, 0, 1, 2, verdict="undetermined")
    assert list_spots(read_rights(town.leader), since=since) == ()
    assert len(list_spots(read_rights(town.planner), since=since)) == 1  # the planner's role is for the whole city
    assert list_spots(read_rights(town.inspector), since=since) == ()
