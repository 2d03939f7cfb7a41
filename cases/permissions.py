"""Who may see and do what: roles held in a unit on a day, predicates over them, and querysets cut to them.

A role without a unit is held for the whole city. A flag or case without a ward (its picture has no certain place) is
the business of everybody with a role in its city, or nobody would ever look at it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from cases.models import Assignment, Case, RoleAssignment, Unit
from cases.roles import CASE_READERS, FLAG_DECIDERS, ORIGINAL_OPENERS, STAFF, Role
from errors import NotAllowed
from geo.today import today_in
from intake.models import Observation
from rules.models import Flag

User = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role of one person on a day. Empty ``ward_codes`` mean the whole city, empty ``uses`` all uses."""

    role: Role
    city_id: int
    unit_id: int | None
    ward_codes: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()

    def covers(self, *, city_id: int | None, ward_code: str, use: str) -> bool:
        """Whether something at a place and of a use is within this role's reach."""
        if city_id is not None and city_id != self.city_id:
            return False
        in_ward = not ward_code or not self.ward_codes or ward_code in self.ward_codes
        return in_ward and (not use or not self.uses or use in self.uses)

    def as_query(self) -> Q:
        """The same as a condition on a table with ``city``, ``unit_code`` and ``use``."""
        query = Q(city_id=self.city_id) | Q(city_id=None)
        if self.ward_codes:
            query &= Q(unit_code__in=self.ward_codes) | Q(unit_code="")
        return query & Q(use__in=self.uses) if self.uses else query


@dataclass(frozen=True, slots=True)
class Rights:
    """All roles of one person on one day."""

    user_id: int | None
    username: str
    held: tuple[HeldRole, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held anywhere."""
        return frozenset(held.role for held in self.held)

    def holds(self, roles: Iterable[Role]) -> bool:
        """Whether one of the roles is held anywhere."""
        return bool(self.roles & frozenset(roles))

    def reach(self, roles: Iterable[Role], *, city_id: int | None, ward_code: str, use: str) -> bool:
        """Whether one of the roles is held where this thing stands."""
        wanted = frozenset(roles)
        return any(
            held.role in wanted and held.covers(city_id=city_id, ward_code=ward_code, use=use) for held in self.held
        )

    def scope(self, roles: Iterable[Role]) -> Q:
        """A condition that keeps what the roles reach; nothing at all without such a role."""
        wanted = frozenset(roles)
        queries = [held.as_query() for held in self.held if held.role in wanted]
        scoped = Q(pk__in=[])
        for query in queries:
            scoped |= query
        return scoped


def read_rights(user: User, on: date | None = None) -> Rights:
    """The roles that a person holds on a day (by default today, by the clock of each role's city); a visitor holds none."""
    if not user.is_authenticated:
        return Rights(None, "")
    rows = (
        RoleAssignment.objects.filter(user_id=user.pk)
        .select_related("unit", "city")
        .defer("city__geometry", "city__settings")
    )
    days = [(row, on or today_in(row.city.timezone)) for row in rows.order_by("pk")]
    held = (_held(row, on=day) for row, day in days if row.is_held_on(day))
    return Rights(user.pk, user.get_username(), tuple(held))


def _held(row: RoleAssignment, *, on: date) -> HeldRole:
    if row.unit is None:
        return HeldRole(Role(row.role), row.city_id, None)
    return HeldRole(
        Role(row.role), row.city_id, row.unit_id, frozenset(row.unit.admin_unit_codes), frozenset(row.unit.uses)
    )


def scope_flags(rights: Rights, roles: Iterable[Role] = CASE_READERS) -> QuerySet[Flag]:
    """The flags that this person's roles reach."""
    return Flag.objects.filter(rights.scope(roles))


def scope_cases(rights: Rights, roles: Iterable[Role] = CASE_READERS) -> QuerySet[Case]:
    """The cases that this person's roles reach; one on a shared border is both wards' business."""
    wanted = frozenset(roles)
    scoped = rights.scope(wanted)
    for held in (one for one in rights.held if one.role in wanted):
        for code in held.ward_codes:
            query = Q(city_id=held.city_id, border_codes__contains=[code])
            scoped |= query & Q(use__in=held.uses) if held.uses else query
    return Case.objects.filter(scoped)


def is_staff(rights: Rights) -> bool:
    """Whether the person holds any role at all."""
    return rights.holds(STAFF)


def is_staff_member(user: User) -> bool:
    """The same for a signed-in person or a visitor, for doors that need no more than that."""
    return is_staff(read_rights(user))


def may_decide_flag(rights: Rights, flag: Flag) -> bool:
    """A reviewer or leader of the flag's ward and use."""
    return rights.reach(FLAG_DECIDERS, city_id=flag.city_id, ward_code=flag.unit_code, use=flag.use)


def may_act_on_case(rights: Rights, case: Case, roles: Iterable[Role]) -> bool:
    """One of the roles, held where the case stands, or in the ward beyond the border that its place may lie in."""
    wanted = frozenset(roles)
    wards = dict.fromkeys((case.unit_code, *case.border_codes))
    return any(rights.reach(wanted, city_id=case.city_id, ward_code=code, use=case.use) for code in wards)


def may_lead_unit(rights: Rights, unit: Unit) -> bool:
    """The leader of this unit, or of its whole city."""
    return any(
        held.role is Role.LEADER and held.city_id == unit.city_id and held.unit_id in (None, unit.pk)
        for held in rights.held
    )


def may_open_original(rights: Rights, media_id: UUID) -> bool:
    """The inspector of an assigned case of this picture; a reviewer, leader or auditor of a ward where it was flagged."""
    if not rights.holds(ORIGINAL_OPENERS):
        return False
    own = Assignment.objects.filter(inspector_id=rights.user_id, is_current=True)
    in_own_case = own.filter(
        Q(case__case_flags__flag__observation__media_id=media_id)
        | Q(case__case_requests__service_request__observations__media_id=media_id)
        | Q(case__inspections__photos=media_id)
        | Q(case__inspections__field_photos__media=media_id, case__inspections__field_photos__role="voice")
    )
    if in_own_case.exists():
        return True
    deciding = {Role.REVIEWER, Role.LEADER, Role.AUDITOR}
    if scope_flags(rights, deciding).filter(observation__media_id=media_id).exists():
        return True
    return (
        scope_cases(rights, deciding)
        .filter(
            Q(case_requests__service_request__observations__media_id=media_id)
            | Q(inspections__photos=media_id)
            | Q(inspections__field_photos__media=media_id, inspections__field_photos__role="voice")
        )
        .exists()
    )


def may_see_observation(rights: Rights, observation_id: UUID) -> bool:
    """Whoever reads flags or cases of the picture's ward; the operator sees every one, to mend what got stuck."""
    if rights.holds({Role.OPERATOR}):
        return True
    of_cases = Q(case_requests__service_request__observations=observation_id)
    return (
        scope_flags(rights).filter(observation_id=observation_id).exists()
        or scope_cases(rights).filter(of_cases).exists()
    )


def may_see_copy(rights: Rights, original_id: UUID) -> bool:
    """The redacted copy of an original: whoever may see an observation made of it, or the visit it was taken on."""
    ids = Observation.objects.filter(media_id=original_id).values_list("pk", flat=True)
    if any(may_see_observation(rights, pk) for pk in ids):
        return True
    return scope_cases(rights).filter(inspections__photos=original_id).exists()


def require(message: str, *, allowed: bool, who: Iterable[Role]) -> None:
    """NotAllowed, saying who may, unless the right is there."""
    if not allowed:
        names = ", ".join(sorted(who))
        raise NotAllowed(message, cure=f"This is for: {names}, of the unit in charge.")
