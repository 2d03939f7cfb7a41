"""A day in a city begins at its midnight: eight in the evening UTC is tomorrow in Ho Chi Minh City and today in New York."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model

from cases.models import RoleAssignment
from cases.permissions import read_rights
from geo.models import City
from geo.today import find_today, find_today_at

EVENING = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
THERE, HERE = date(2026, 11, 27), date(2026, 11, 26)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cities(monkeypatch: pytest.MonkeyPatch) -> dict[str, City]:
    """One east of Greenwich, which is the default, and one west of it."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: EVENING)
    east = _add("east", "Asia/Ho_Chi_Minh", [106.0, 10.0, 107.0, 11.0], is_default=True)
    west = _add("west", "America/New_York", [-72.0, 42.0, -71.0, 43.0], is_default=False)
    return {"east": east, "west": west}


def _add(slug: str, zone: str, bounds: list[float], *, is_default: bool) -> City:
    center = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]
    return City.objects.create(slug=slug, timezone=zone, bounds=bounds, center=center, is_default=is_default)


def test_a_place_has_the_day_of_its_city(cities: dict[str, City]) -> None:
    assert (find_today("east"), find_today("west")) == (THERE, HERE)
    assert (find_today(), find_today("nowhere")) == (THERE, THERE), "the default city's"
    assert (find_today_at(106.5, 10.5), find_today_at(-71.5, 42.5), find_today_at(0.0, 0.0)) == (THERE, HERE, THERE)
    City.objects.all().delete()
    assert find_today() == HERE, "UTC before a city is loaded"


def test_a_role_begins_and_ends_at_its_citys_midnight(cities: dict[str, City]) -> None:
    user = get_user_model().objects.create_user("rover")
    for city in cities.values():
        for role, days in {"planner": (THERE, None), "operator": (date(2026, 1, 1), THERE)}.items():
            RoleAssignment.objects.create(user=user, city=city, role=role, valid_from=days[0], valid_to=days[1])
    held = {(one.city_id, one.role.value) for one in read_rights(user).held}
    assert held == {(cities["east"].pk, "planner"), (cities["west"].pk, "operator")}
