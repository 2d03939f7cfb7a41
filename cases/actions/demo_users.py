"""The people of a demonstration: one login per role, with random passwords and API tokens. May run twice."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Permission
from django.db import transaction

from cases.models import RoleAssignment, Unit
from cases.roles import Role
from errors import ConfigurationError
from geo.models import City

# Who holds what: the field and its leader also review. The planner and the operator serve the whole city.
ROLES_OF: Mapping[str, tuple[Role, ...]] = {
    "inspector": (Role.INSPECTOR, Role.REVIEWER),
    "reviewer": (Role.REVIEWER,),
    "planner": (Role.PLANNER,),
    "leader": (Role.LEADER, Role.REVIEWER),
    "deputy": (Role.LEADER,),  # the second person without whom no contact is opened
    "operator": (Role.OPERATOR,),
    "auditor": (Role.AUDITOR,),
}
_CITYWIDE = frozenset({Role.PLANNER, Role.OPERATOR, Role.AUDITOR})
_SINCE = date(2025, 7, 1)
# What the operator keeps up in the admin pages. Nothing of reporters, evidence, flags or cases is among it.
_OPERATED = ("geo.city", "geo.registersource", "geo.imagery", "intake.camera", "cases.unit")


@dataclass(frozen=True, slots=True)
class DemoUser:
    """One login. The password works in this installation only."""

    role: str
    username: str
    password: str
    token: str


def create_demo_users(file: Path) -> tuple[DemoUser, ...]:
    """Make or repair the logins; passwords are kept in ``file``, readable by its owner only.

    ConfigurationError when no city is loaded: a role is always held somewhere.
    """
    cities = list(City.objects.order_by("pk"))
    if not cities:
        raise ConfigurationError("No city is loaded.", field="city", cure="Run: manage.py load_city cities/<name>.")
    known = _read_passwords(file)
    with transaction.atomic():
        users = tuple(_make(name, known.get(name, ""), cities) for name in ROLES_OF)
    _write_private(file, users)
    return users


def as_json(users: tuple[DemoUser, ...]) -> str:
    """``{"logins": {role: {"username", "password"}}, "api_token": {role: token}}``, as the set-up reads it."""
    logins = {user.role: {"username": user.username, "password": user.password} for user in users}
    return json.dumps({"logins": logins, "api_token": {user.role: user.token for user in users}}, indent=2)


def _make(name: str, password: str, cities: list[City]) -> DemoUser:
    user, _ = get_user_model().objects.get_or_create(username=name)
    if not password or not user.check_password(password):
        password = secrets.token_urlsafe(12)
        user.set_password(password)
    user.is_active = True
    user.is_staff = name == "operator"
    user.save()
    if user.is_staff:
        user.user_permissions.set(_operator_permissions())
    for city in cities:
        for role in ROLES_OF[name]:
            _hold(user, role, city)
    token, _ = apps.get_model("authtoken", "Token").objects.get_or_create(user=user)
    return DemoUser(name, user.get_username(), password, token.key)


def _hold(user: AbstractBaseUser, role: Role, city: City) -> None:
    units: list[Unit | None] = [None] if role in _CITYWIDE else list(Unit.objects.filter(city=city))
    for unit in units or [None]:
        RoleAssignment.objects.get_or_create(
            user_id=user.pk, unit=unit, city=city, role=role.value, valid_from=unit.valid_from if unit else _SINCE
        )


def _operator_permissions() -> list[Permission]:
    found: list[Permission] = []
    for label in _OPERATED:
        room, record = label.split(".")
        codenames = [f"{verb}_{record}" for verb in ("view", "add", "change")]
        found += Permission.objects.filter(content_type__app_label=room, codename__in=codenames)
    return found


def _read_passwords(file: Path) -> dict[str, str]:
    try:
        logins = json.loads(file.read_text())["logins"]
        return {role: str(login["password"]) for role, login in logins.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write_private(file: Path, users: tuple[DemoUser, ...]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(as_json(users) + "\n")
    partial.replace(file)
