"""Which roles one person may not hold at the same time, by period. Pure.

The same role in the same office twice would have two ends; an auditor looks at what the others did and is none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.roles import Role
from errors import Conflict, InputError

APART: frozenset[frozenset[Role]] = frozenset(
    frozenset({Role.AUDITOR, other}) for other in (Role.INSPECTOR, Role.REVIEWER, Role.LEADER, Role.OPERATOR)
)


@dataclass(frozen=True, slots=True)
class RolePeriod:
    """A role in a city (``unit_id`` None: all of it) from a day until, not including, another."""

    role: Role
    city_id: int
    unit_id: int | None
    valid_from: date
    valid_to: date | None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise InputError(
                "A period ends after it begins.", field="valid_to", value=self.valid_to, cure="Correct it."
            )

    def meets(self, other: RolePeriod) -> bool:
        """Whether the two are held on one day in one city."""
        begins_before = other.valid_to is None or self.valid_from < other.valid_to
        ends_after = self.valid_to is None or other.valid_from < self.valid_to
        return self.city_id == other.city_id and begins_before and ends_after


def refuse_conflict(wanted: RolePeriod, held: Iterable[RolePeriod]) -> None:
    """Conflict when the wanted role cannot stand beside one that is held."""
    for other in (one for one in held if one.meets(wanted)):
        if other.role is wanted.role and other.unit_id == wanted.unit_id:
            raise Conflict(
                "This person holds this role there in that time already.", field="valid_from", value=other.valid_from,
                cure="End the other period first, or begin after it.",
            )  # fmt: skip
        if frozenset({other.role, wanted.role}) in APART:
            raise Conflict(
                "These two roles are not held by one person at the same time.", field="role", value=other.role,
                cure="End the other role first: an auditor looks at what the others did.",
            )  # fmt: skip
