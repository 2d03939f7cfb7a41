"""Offices, calendars and demo logins: loaded twice without change, refused whole when faulty."""

from __future__ import annotations

import json
import stat
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from cases.actions import load_calendar, load_units
from cases.actions.demo_users import ROLES_OF
from cases.models import CalendarEdition, RoleAssignment, Unit
from cases.permissions import read_rights
from cases.queries import get_calendar
from cases.roles import Role
from errors import ConfigurationError
from tests.integration.cases import builders as b

OFFICES: dict[str, Any] = {
    "unit": [{"code": "hill-police", "name": {"vi": "Công an", "en": "Police"}, "admin_unit_codes": [b.WARD],
              "uses": ["trading"], "valid_from": date(2025, 7, 1)}],
}  # fmt: skip
CALENDAR: dict[str, Any] = {
    "covered_from": date(2026, 1, 1), "covered_to": date(2026, 12, 31),
    "policy": [{"code": "on_site", "unit": "duty_minutes", "amount": 60, "is_confirmed": True}],
}  # fmt: skip


def test_offices_twice_and_changed(db: None) -> None:
    city = b.a_city()
    assert load_units(city, OFFICES).new == 1
    assert load_units(city, OFFICES).unchanged == 1
    renamed = {"unit": [OFFICES["unit"][0] | {"name": "Công an phường"}]}
    assert load_units(city, renamed).changed == 1
    assert Unit.objects.get().name == "Công an phường"


def test_a_code_of_another_city_changes_nothing(db: None) -> None:
    load_units(b.a_city(), OFFICES)
    other = b.a_city("river-town", is_default=False)
    new = OFFICES["unit"][0] | {"code": "river-police"}
    with pytest.raises(ConfigurationError):
        load_units(other, {"unit": [new, OFFICES["unit"][0]]})
    assert Unit.objects.count() == 1


def test_calendar_editions(db: None) -> None:
    city = b.a_city()
    assert get_calendar(city).edition_id == 0
    assert load_calendar(city, CALENDAR).new == 1
    assert load_calendar(city, CALENDAR).unchanged == 1
    assert load_calendar(city, {**CALENDAR, "working_days": [1, 2, 3, 4, 5, 6]}).changed == 1
    current = get_calendar(city)
    assert current.pack.policy("on_site", date(2026, 11, 22)).amount == 60
    assert current.pack.calendar.is_working(date(2026, 11, 21))
    with pytest.raises(ConfigurationError):
        load_calendar(city, {"duty_hours": "always"})
    assert CalendarEdition.objects.count() == 2


def test_demo_logins_are_kept_and_private(db: None, settings: Any, tmp_path: Any) -> None:
    object.__setattr__(settings.ENV.storage, "var_dir", tmp_path)
    with pytest.raises(CommandError, match="load_city"):
        call_command("create_demo_users", stdout=StringIO())
    city = b.a_city()
    load_units(city, OFFICES)
    first, second = StringIO(), StringIO()
    call_command("create_demo_users", stdout=first)
    call_command("create_demo_users", stdout=second)
    made = json.loads(first.getvalue())
    assert made == json.loads(second.getvalue())
    assert set(made["logins"]) == set(made["api_token"]) == {*ROLES_OF}
    file = tmp_path / "demo-users.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    inspector = get_user_model().objects.get(username=made["logins"]["inspector"]["username"])
    assert inspector.check_password(made["logins"]["inspector"]["password"])
    assert read_rights(inspector).roles == {Role.INSPECTOR, Role.REVIEWER}
    assert RoleAssignment.objects.filter(user__username="planner").get().unit is None
    assert not RoleAssignment.objects.filter(user__is_superuser=True).exists()


def test_a_role_holds_from_its_first_day_and_not_on_its_last(db: None) -> None:
    city = b.a_city()
    user = b.a_person("ann", city, None, Role.LEADER, since=date(2026, 1, 1), to=date(2026, 6, 1))
    held = [read_rights(user, date(2026, month, 1)).holds({Role.LEADER}) for month in (1, 5, 6)]
    assert held == [True, True, False]
    assert not read_rights(user, date(2025, 12, 31)).holds({Role.LEADER})
