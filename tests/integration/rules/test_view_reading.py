"""Reading the registers once for a whole view gives each thing what it would get alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from geo.models import AdminUnit
from geo.position import Position, PositionMethod
from geo.queries import find_city, gather_facts
from geo.view_queries import gather_facts_of_view
from tests.integration.rules import builders as b

pytestmark = pytest.mark.django_db

SPOTS = [(-25.0, 1.0), (0.0, -6.0), (12.0, 8.0), (24.0, 3.3)]


def positions() -> list[Position]:
    return [Position(*b.lonlat(x, y), 2.0, PositionMethod.CAMERA_HOMOGRAPHY) for x, y in SPOTS]


def test_together_as_alone() -> None:
    city = b.a_street(slots=[{"use": "parking"}])
    b.a_permit(city, "P4")
    town = find_city(*b.lonlat(0, 0))
    assert town is not None
    with CaptureQueriesContext(connection) as queries:
        together = gather_facts_of_view(town, positions(), b.AT)
    assert together == [gather_facts(position, b.AT) for position in positions()]
    assert len(queries) == 10
    assert gather_facts_of_view(town, [], b.AT) == []


def test_where_a_unit_ends_between_them_each_is_read_alone() -> None:
    b.a_street()
    unit = AdminUnit.objects.get()
    west, east = (b.area(-500, -500, 5, 500), b.area(5, -500, 500, 500))
    AdminUnit.objects.filter(pk=unit.pk).update(geom=west)
    other = AdminUnit.objects.get(pk=unit.pk)
    other.pk, other.key, other.code, other.geom = None, "90002", "90002", east
    other.save()
    town = find_city(*b.lonlat(0, 0))
    assert town is not None
    units = [[u.code for u in place.units] for place in gather_facts_of_view(town, positions(), b.AT)]
    assert units == [["90001"], ["90001"], ["90002"], ["90002"]]
