"""Who holds which role where and when, and who gave it, for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db.models import F

from cases.models import RoleAssignment, Unit
from geo.models import City


@dataclass(frozen=True, slots=True)
class RoleAct:
    """A role given or ended."""

    at: datetime
    by: str
    what: str
    valid_to: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role of one person. ``unit`` is empty for the whole city; ``standing``: ``held``, ``coming`` or ``ended`` today.

    ``version`` is sent back with a change. ``acts`` is empty for what the set-up gave.
    """

    id: int
    username: str
    name: str
    role: str
    unit: str
    unit_name: str
    unit_name_en: str
    valid_from: date
    valid_to: date | None
    standing: str
    version: int
    acts: tuple[RoleAct, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who can be given a role."""

    username: str
    name: str


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office of the city that stands today."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class RoleTable:
    """All roles of a city, those held first, with the people and offices to choose from."""

    city: str
    rows: tuple[RoleRow, ...]
    people: tuple[PersonRow, ...]
    offices: tuple[OfficeRow, ...]


def get_role_table(city: City, *, today: date) -> RoleTable:
    """Three queries, however many there are."""
    rows = RoleAssignment.objects.filter(city=city).select_related("user", "unit").prefetch_related("changes")
    rows = rows.order_by(F("valid_to").desc(nulls_first=True), "user__username", "role", "unit__code", "valid_from")
    people = get_user_model()._default_manager.filter(is_active=True).order_by("username")
    offices = Unit.objects.filter(city=city, valid_from__lte=today).exclude(valid_to__lte=today).order_by("code")
    return RoleTable(
        city.slug, tuple(_row(row, today) for row in rows),
        tuple(PersonRow(p.get_username(), p.get_full_name()) for p in people),
        tuple(OfficeRow(o.code, o.name, o.name_en or o.name) for o in offices),
    )  # fmt: skip


def _row(row: RoleAssignment, today: date) -> RoleRow:
    acts = tuple(RoleAct(act.at, act.by, act.what, act.valid_to, act.reason) for act in row.changes.all())
    has_ended = row.valid_to is not None and row.valid_to <= today
    standing = "ended" if has_ended else "coming" if row.valid_from > today else "held"
    unit = row.unit
    return RoleRow(
        row.pk, row.user.get_username(), row.user.get_full_name(), row.role, unit.code if unit else "",
        unit.name if unit else "", (unit.name_en or unit.name) if unit else "", row.valid_from, row.valid_to, standing,
        len(acts), acts,
    )  # fmt: skip
