"""The offices of a city and the people who may go, with their load."""

from __future__ import annotations

from datetime import date

from django.contrib.auth import get_user_model
from django.db.models import Count, Q

from cases.jurisdiction import Candidate, OfficeDuty
from cases.lifecycle import CaseState
from cases.models import Unit
from cases.roles import Role

_AT_WORK = (CaseState.ASSIGNED.value, CaseState.VERIFYING.value)


def list_offices(city_id: int) -> list[OfficeDuty]:
    """Every office of a city, past ones too: the day of the act chooses."""
    return [
        OfficeDuty(unit.pk, unit.code, tuple(unit.admin_unit_codes), tuple(unit.uses), unit.valid_from, unit.valid_to)
        for unit in Unit.objects.filter(city_id=city_id)
    ]


def list_candidates(city_id: int, unit_id: int | None, *, on: date) -> list[Candidate]:
    """Active inspectors of a unit on a day with their open jobs; those of the whole city where the unit has none."""
    held = Q(roles__role=Role.INSPECTOR.value, roles__city_id=city_id, roles__valid_from__lte=on)
    held &= Q(roles__valid_to=None) | Q(roles__valid_to__gt=on)
    users = get_user_model().objects.filter(is_active=True)
    own = users.filter(held, roles__unit_id=unit_id) if unit_id is not None else users.none()
    chosen = own if own.exists() else users.filter(held, roles__unit__isnull=True)
    load = Count(
        "assignments", filter=Q(assignments__is_current=True, assignments__case__state__in=_AT_WORK), distinct=True
    )
    rows = chosen.annotate(open_jobs=load).order_by("username").distinct()
    return [Candidate(row.pk, row.get_username(), row.open_jobs) for row in rows]
