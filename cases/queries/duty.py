"""The offices of a city and the people who may go, with their load."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.contrib.gis.db.models.functions import Distance
from django.db.models import Count, Min, Q

from cases.jurisdiction import Candidate, OfficeDuty
from cases.lifecycle import CaseState
from cases.models import Case, Shift, SkillHeld, Unit
from cases.queries.calendars import get_calendar
from cases.roles import Role

_AT_WORK = (CaseState.ASSIGNED.value, CaseState.VERIFYING.value)


def list_offices(city_id: int) -> list[OfficeDuty]:
    """Every office of a city, past ones too: the day of the act chooses."""
    return [
        OfficeDuty(unit.pk, unit.code, tuple(unit.admin_unit_codes), tuple(unit.uses), unit.valid_from, unit.valid_to)
        for unit in Unit.objects.filter(city_id=city_id)
    ]


def list_candidates(case: Case, *, at: datetime) -> list[Candidate]:
    """Active inspectors of a case's unit on the day of ``at``, with load, way, skill and shift for it.

    Those of the whole city where the unit has none. A unit without a roster that day counts everybody as on shift.
    """
    on = at.astimezone(ZoneInfo(case.city.timezone)).date()
    held = Q(roles__role=Role.INSPECTOR.value, roles__city_id=case.city_id, roles__valid_from__lte=on)
    held &= Q(roles__valid_to=None) | Q(roles__valid_to__gt=on)
    users = get_user_model().objects.filter(is_active=True)
    own = users.filter(held, roles__unit_id=case.unit_id) if case.unit_id is not None else users.none()
    chosen = own if own.exists() else users.filter(held, roles__unit__isnull=True)
    at_work = Q(assignments__is_current=True, assignments__case__state__in=_AT_WORK)
    rows = chosen.annotate(open_jobs=Count("assignments", filter=at_work, distinct=True))
    if case.point is not None:
        rows = rows.annotate(nearest=Min(Distance("assignments__case__point", case.point), filter=at_work))
    able, on_shift = _find_skilled(case, on), _find_on_shift(case, at)
    return [
        Candidate(
            row.pk, row.get_username(), row.open_jobs, nearest.m if (nearest := getattr(row, "nearest", None)) else None,
            able is None or row.pk in able, on_shift is None or row.pk in on_shift,
        )
        for row in rows.order_by("username").distinct()
    ]  # fmt: skip


def _find_skilled(case: Case, on: date) -> set[int] | None:
    """Who holds the skill that this use asks for; None when it asks for none."""
    skill = get_calendar(case.city).pack.field_work.skill_of.get(case.use)
    if skill is None:
        return None
    held = SkillHeld.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), skill=skill, valid_from__lte=on)
    return set(held.values_list("inspector_id", flat=True))


def _find_on_shift(case: Case, at: datetime) -> set[int] | None:
    """Who is on shift at the moment; None when nobody of the unit is on any roster around it."""
    if case.unit_id is None:
        return None
    around = Shift.objects.filter(unit_id=case.unit_id, ends_at__gt=at, starts_at__lt=at + timedelta(hours=24))
    rows = list(around.values_list("inspector_id", "starts_at"))
    return {pk for pk, starts_at in rows if starts_at <= at} if rows else None
