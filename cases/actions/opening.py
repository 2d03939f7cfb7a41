"""Opens cases and joins things to them: one open case per place and group of uses, whoever asks first.

All functions run inside the caller's transaction, after ``lock_places``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import F
from django.utils import timezone

from cases.actions.clocks import refresh_clocks
from cases.actions.moving import SYSTEM
from cases.joining import NearCase, Place, UseGroup, case_code, choose_case, choose_recurrence, lock_keys
from cases.models import Case, CaseCounter, CaseEvent, CaseFlag, CaseRequest
from cases.queries.near import list_near_cases, list_recently_closed
from cases.queries.places import find_border_codes, find_ward_code
from cases.queries.replies import first_reply_at, promise_of
from geo.models import City
from intake.models import ServiceRequest
from rules.models import Flag


def lock_places(city: City, places: Iterable[tuple[UseGroup, Place]], *, fallback: str) -> None:
    """Wait until nobody else opens or joins a case at these places; held until the transaction ends.

    Call once per transaction: keys taken in one sorted go cannot wait for each other in a ring.
    """
    keys = {key for group, place in places for key in lock_keys(city.slug, group, place, fallback=fallback)}
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def find_open_case(city: City, group: UseGroup, place: Place) -> NearCase | None:
    """The open case of this place and group of uses, if there is one."""
    return choose_case(place, list_near_cases(city.pk, group, place)) if place.is_known else None


def open_case(
    city: City, *, use: str, group: UseGroup, place: Place, actor: str = SYSTEM, ward_code: str = "",
    recurrence_of: UUID | None = None,
) -> Case:  # fmt: skip
    """A new case, linked to the one that was closed here within 30 days, if any."""
    now = timezone.now()
    point = Point(place.lon, place.lat, srid=4326) if place.lon is not None and place.lat is not None else None
    former = recurrence_of or _find_recurrence(city, group, place, now)
    ward = ward_code or find_ward_code(city.pk, place, _local_day(city, now))
    case = Case.objects.create(
        code=_next_code(city, now),
        city=city,
        use=use,
        point=point,
        accuracy_m=place.accuracy_m,
        parcel_key=place.parcel_key,
        sidewalk_key=place.sidewalk_key,
        unit_code=ward,
        border_codes=find_border_codes(city.pk, place, _local_day(city, now), own=ward),
        recurrence_of_id=former,
        opened_at=now,
    )
    detail = {"recurrence_of": Case.objects.values_list("code", flat=True).get(pk=former)} if former else {}
    CaseEvent.objects.create(case=case, at=now, actor=actor, kind="opened", to_state=case.state, detail=detail)
    refresh_clocks([case.pk])
    return case


def join_flag(case: Case | NearCase, flag: Flag, *, actor: str = SYSTEM, is_confirmed: bool) -> CaseFlag:
    """Make a flag part of a case, or a candidate of it. A candidate may still go to another case, a confirmed one not."""
    joined = CaseFlag.objects.filter(flag=flag).first()
    if joined and joined.case_id == case.id and joined.is_confirmed >= is_confirmed:
        return joined
    now = timezone.now()
    joined, _ = CaseFlag.objects.update_or_create(
        flag=flag, defaults={"case_id": case.id, "joined_at": now, "is_confirmed": is_confirmed}
    )
    CaseEvent.objects.create(
        case_id=case.id, at=now, actor=actor, kind="flag_joined" if is_confirmed else "flag_near",
        detail={"flag": str(flag.id), "verdict": flag.verdict, "rule": flag.rule_code},
    )  # fmt: skip
    return joined


def join_request(case: Case | NearCase, request: ServiceRequest) -> bool:
    """Add a voice to a case; False when it was there. The history says that one came, never which or when it was sent."""
    now = timezone.now()
    city = City.objects.defer("geometry").get(case__pk=case.id)
    _, created = CaseRequest.objects.get_or_create(
        service_request=request,
        defaults={
            "case_id": case.id, "joined_at": now, "reply_due_at": promise_of(request, city).due_at,
            "replied_at": first_reply_at(request),
        },
    )  # fmt: skip
    if created:
        CaseEvent.objects.create(case_id=case.id, at=now, actor=SYSTEM, kind="voice_joined")
    return created


def _find_recurrence(city: City, group: UseGroup, place: Place, now: datetime) -> UUID | None:
    if not place.is_known:
        return None
    former = choose_recurrence(place, list_recently_closed(city.pk, group, place, since=now), at=now)
    return former.id if former else None


def _next_code(city: City, now: datetime) -> str:
    """The next code of the month. The counter's row is locked until commit, so a failed opening leaves no gap."""
    prefix = settings.ENV.publication.case_prefix
    local = now.astimezone(ZoneInfo(city.timezone))
    month = f"{prefix}-{local:%y%m}"
    counter, _ = CaseCounter.objects.get_or_create(month=month, defaults={"last": 0})
    CaseCounter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    counter.refresh_from_db()
    return case_code(prefix, local, counter.last)


def _local_day(city: City, now: datetime) -> date:
    return now.astimezone(ZoneInfo(city.timezone)).date()
