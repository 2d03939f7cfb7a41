"""Roles given and ended by an operator, each with the decision it rests on; never two that do not go together."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.models import RoleAssignment, RoleChange, Unit
from cases.permissions import Rights, require
from cases.role_periods import RolePeriod, refuse_conflict
from cases.roles import Role
from errors import Conflict, InputError, NotAllowed, NotFound
from geo.models import City
from geo.today import today_in

SHORTEST_REASON = 5
OPERATORS = frozenset({Role.OPERATOR})


@transaction.atomic
def give_role(
    rights: Rights, *, username: str, city: City, unit_code: str, role: Role, valid_from: date, valid_to: date | None,
    reason: str,
) -> int:  # fmt: skip
    """Give a role from a day on; the id of the new row. Conflict for one that does not stand beside what is held."""
    _require_operator(rights, city.pk)
    reason = _read_reason(reason)
    person = _lock_person(username)
    _refuse_own(rights, person)
    unit = _find_unit(city, unit_code)
    wanted = RolePeriod(role, city.pk, unit.pk if unit else None, valid_from, valid_to)
    refuse_conflict(wanted, [_period(row) for row in RoleAssignment.objects.filter(user_id=person.pk)])
    row = RoleAssignment.objects.create(
        user_id=person.pk, unit=unit, city=city, role=role.value, valid_from=valid_from, valid_to=valid_to
    )
    _write(row, rights, "given", reason)
    return row.pk


@transaction.atomic
def end_role(rights: Rights, assignment_id: int, *, valid_to: date, reason: str, version: int) -> None:
    """The first day on which a role is no longer held. What was done under it stays explained, so no past day is taken away."""
    row = RoleAssignment.objects.select_for_update().filter(pk=assignment_id).first()
    if row is None:
        raise NotFound("No such role.", field="role", value=assignment_id)
    _require_operator(rights, row.city_id)
    reason = _read_reason(reason)
    _refuse_own(rights, row.user)
    if row.changes.count() != version:
        raise Conflict("Somebody else changed this role.", field="version", value=version, cure="Load it again.")
    today = today_in(row.city.timezone)
    if row.valid_to is not None and row.valid_to <= today:
        raise Conflict(
            "This role has ended already.", field="valid_to", value=row.valid_to, cure="Nothing is to be done."
        )
    if valid_to < min(today, row.valid_from + timedelta(days=1)):
        raise InputError(
            "A past day is not taken away.", field="valid_to", value=valid_to, cure="Choose today or later."
        )
    row.valid_to = max(valid_to, row.valid_from + timedelta(days=1))
    row.save(update_fields=["valid_to"])
    _write(row, rights, "ended", reason)


def _write(row: RoleAssignment, rights: Rights, what: str, reason: str) -> None:
    RoleChange.objects.create(
        assignment=row, at=timezone.now(), by=rights.username, what=what, valid_to=row.valid_to, reason=reason
    )


def _require_operator(rights: Rights, city_id: int) -> None:
    allowed = rights.reach(OPERATORS, city_id=city_id, ward_code="", use="")
    require("Roles are given by the operator of the city.", allowed=allowed, who=OPERATORS)


def _read_reason(reason: str) -> str:
    if len(reason.strip()) < SHORTEST_REASON:
        raise InputError("A role rests on a decision.", field="reason", value=reason, cure="Give its number and date.")
    return reason.strip()[:300]


def _lock_person(username: str) -> AbstractBaseUser:
    person: AbstractBaseUser | None = (
        get_user_model()._default_manager.select_for_update().filter(username=username, is_active=True).first()
    )
    if person is None:
        raise InputError("No such person.", field="username", value=username, cure="Choose one of the list.")
    return person


def _refuse_own(rights: Rights, person: AbstractBaseUser) -> None:
    if person.pk == rights.user_id:
        raise NotAllowed(
            "Nobody changes the own roles.", field="username", value=rights.username, cure="Ask another operator."
        )


def _find_unit(city: City, code: str) -> Unit | None:
    if not code:
        return None
    unit = Unit.objects.filter(city=city, code=code).first()
    if unit is None:
        raise InputError("This city has no such office.", field="unit", value=code, cure="Choose one of the list.")
    return unit


def _period(row: RoleAssignment) -> RolePeriod:
    return RolePeriod(Role(row.role), row.city_id, row.unit_id, row.valid_from, row.valid_to)
