"""Erases evidence whose time is over, by class and age; holds and open cases stop it. Every erasure is in the chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cases.actions.moving import CASE, SYSTEM, lock
from cases.lifecycle import CASE_ENDS, REQUEST_ENDS
from cases.models import Case, CaseEvent, RetentionHold
from cases.permissions import may_act_on_case, read_rights, require
from cases.queries.calendars import get_calendar
from cases.retention import RetentionClass, RetentionRule, in_force, rule_of
from cases.roles import Role
from errors import Conflict, InputError
from geo.models import City
from intake.actions.custody import erase_media
from intake.models import Camera, MediaFile, ServiceRequestEvent
from rules.finding import FlagState

BATCH = 500
HOLDERS = frozenset({Role.LEADER, Role.AUDITOR})
_LIVE_FLAGS = [state.value for state in (FlagState.NEW, FlagState.IN_REVIEW, FlagState.ACCEPTED, FlagState.MERGED)]
_ENDED = [state.value for state in CASE_ENDS]


def hold_evidence(case_id: UUID, *, reason: str, by: AbstractBaseUser) -> RetentionHold:
    """Keep everything of a case beyond its time, until the hold is released. InputError without a reason."""
    if not reason.strip():
        raise InputError("A hold needs a reason.", field="reason", value="", cure="Name the complaint or suit.")
    with transaction.atomic():
        case = _lock_for(case_id, by)
        hold = RetentionHold.objects.create(
            case=case, reason=reason.strip()[:300], by=by.get_username(), at=timezone.now()
        )
        CaseEvent.write(case, "hold_set", actor=by.get_username(), detail={"note": hold.reason})
    return hold


def release_evidence(case_id: UUID, *, by: AbstractBaseUser) -> int:
    """Release every hold of a case; how many. Conflict when there is none."""
    with transaction.atomic():
        case = _lock_for(case_id, by)
        holds = RetentionHold.objects.filter(case=case, released_at=None)
        released = holds.update(released_by=by.get_username(), released_at=timezone.now())
        if not released:
            raise Conflict("No hold stands on this case.", field="case", value=case.code, cure="Load it again.")
        CaseEvent.write(case, "hold_released", actor=by.get_username())
    return released


def erase_what_is_over(now: datetime, *, limit: int = BATCH) -> dict[str, int]:
    """Erase the bytes of originals whose time is over, with their copies; how many of each class."""
    erased: dict[str, int] = {}
    for city in City.objects.order_by("pk"):
        rules = in_force(get_calendar(city).pack.retention, now.astimezone(ZoneInfo(city.timezone)).date())
        for kept_for, ids in _due(city, rules, now, limit):
            done = sum(erase_media(pk, retention_class=kept_for.value, by=SYSTEM) for pk in ids)
            erased[kept_for.value] = erased.get(kept_for.value, 0) + done
    return erased


def _due(
    city: City, rules: tuple[RetentionRule, ...], now: datetime, limit: int
) -> Iterator[tuple[RetentionClass, list[UUID]]]:
    free = _not_kept_by_a_case(rules, now)
    for kept_for, rows in (
        (RetentionClass.CAMERA_IDLE, _idle(city, free, rules, now)),
        (RetentionClass.REPORT_REFUSED, _refused(city, free, rules, now)),
        (RetentionClass.CASE_CLOSED, _closed(city, free, rules, now)),
    ):
        yield kept_for, list(rows.values_list("pk", flat=True).distinct()[:limit])


def _not_kept_by_a_case(rules: tuple[RetentionRule, ...], now: datetime) -> QuerySet[MediaFile]:
    """Originals with bytes that no open, held or still young case needs."""
    rule = rule_of(rules, RetentionClass.CASE_CLOSED)
    cases = Case.objects.filter(
        Q(case_flags__is_confirmed=True, case_flags__flag__observation__media=OuterRef("pk"))
        | Q(case_requests__service_request__observations__media=OuterRef("pk"))
        | Q(inspections__photos=OuterRef("pk"))
    )
    needed = ~Q(state__in=_ENDED) | Q(holds__released_at=None, holds__isnull=False)
    since = now - timedelta(days=rule.days) if rule else datetime.min.replace(tzinfo=now.tzinfo)
    needed |= Q(clocks__stopped_at__gte=since) | Q(closed_at__gte=since) | Q(opened_at__gte=since)
    return MediaFile.objects.filter(~Exists(cases.filter(needed)), parent=None, erasure=None)


def _idle(
    city: City, free: QuerySet[MediaFile], rules: tuple[RetentionRule, ...], now: datetime
) -> QuerySet[MediaFile]:
    """Camera pictures that nothing rests on; a camera's own period counts where it is shorter."""
    rule = rule_of(rules, RetentionClass.CAMERA_IDLE)
    if rule is None:
        return free.none()
    over = Q(pk__in=[])
    for camera, days in Camera.objects.filter(city=city).values_list("pk", "retention_days"):
        over |= Q(observations__camera=camera, received_at__lt=now - timedelta(days=min(days, rule.days)))
    live = Exists(MediaFile.objects.filter(pk=OuterRef("pk"), observations__flags__state__in=_LIVE_FLAGS))
    return free.filter(over).filter(~live, ~Q(observations__service_request__isnull=False))


def _refused(
    city: City, free: QuerySet[MediaFile], rules: tuple[RetentionRule, ...], now: datetime
) -> QuerySet[MediaFile]:
    rule = rule_of(rules, RetentionClass.REPORT_REFUSED)
    if rule is None:
        return free.none()
    recent = ServiceRequestEvent.objects.filter(at__gte=now - timedelta(days=rule.days))
    alive = MediaFile.objects.filter(pk=OuterRef("pk")).filter(
        Q(observations__service_request__events__in=recent)
        | (Q(observations__service_request__isnull=False)
           & ~Q(observations__service_request__status__in=[s.value for s in REQUEST_ENDS]))
    )  # fmt: skip
    refused = Q(observations__service_request__status="refused", observations__service_request__city=city)
    return free.filter(refused).filter(~Exists(alive))


def _closed(
    city: City, free: QuerySet[MediaFile], rules: tuple[RetentionRule, ...], now: datetime
) -> QuerySet[MediaFile]:
    if rule_of(rules, RetentionClass.CASE_CLOSED) is None:
        return free.none()
    ended = Case.objects.filter(city=city, state__in=_ENDED)
    of_ended = (
        Q(observations__flags__case_flag__case__in=ended, observations__flags__case_flag__is_confirmed=True)
        | Q(observations__service_request__case_request__case__in=ended)
        | Q(inspection__case__in=ended)
    )
    return free.filter(of_ended)


def _lock_for(case_id: UUID, by: AbstractBaseUser) -> Case:
    case: Case = lock(CASE, pk=case_id)
    allowed = may_act_on_case(read_rights(by), case, HOLDERS)
    require("The evidence of this case is not yours to hold.", allowed=allowed, who=HOLDERS)
    return case
