"""Cases as officers see them. How many voices stand behind a case is shown; whose, from where and when each came is not:
a case opened by a citizen shows the day, not the hour, and its history leaves their arrivals out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.gis.geos import Polygon
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.clocks import ClockCode
from cases.deadline import DeadlineState
from cases.lifecycle import OPEN_CASES, CaseState
from cases.models import Case, CaseClock, CaseFlag, CaseRequest, Inspection
from cases.permissions import Rights, scope_cases
from cases.queries.pages import LIMIT_DEFAULT, Page, take_page
from cases.roles import CASE_READERS, FLAG_DECIDERS
from errors import NotFound
from intake.kinds import ObservationSource
from rules.finding import FlagState

Bounds = tuple[float, float, float, float]
# The clock to the first visit has stopped once somebody was there.
BEFORE_VISIT = (CaseState.OPENED.value, CaseState.ASSIGNED.value, CaseState.VERIFYING.value, CaseState.REOPENED.value)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list. ``deadline`` is the standing of the visit's clock, empty once it has stopped or never ran.

    ``replies_owed`` counts the voices to whom no person has replied yet.
    """

    id: UUID
    code: str
    city: str
    use: str
    state: str
    version: int
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    parcel_key: str
    sidewalk_key: str
    unit_code: str
    office: str
    office_en: str
    inspector: str
    opened_on: date
    closed_on: date | None
    due_at: datetime | None
    deadline: str
    is_provisional: bool
    with_route: bool
    voices: int
    replies_owed: int
    flags: int
    recurrence_of: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit of a case."""

    id: UUID
    state: str
    version: int
    inspector: str
    outcome: str
    reason: str
    free_width_m: float | None
    note: str
    photo_ids: tuple[UUID, ...]
    voice_ids: tuple[UUID, ...]
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case with its evidence and visits. ``sources`` counts independent ones: each voice, each camera."""

    row: CaseRow
    flag_ids: tuple[UUID, ...]
    candidate_flag_ids: tuple[UUID, ...]
    observation_ids: tuple[UUID, ...]
    visits: tuple[VisitRow, ...]
    sources: int
    due_basis: tuple[tuple[str, str], ...]
    recurrences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What to list; empty fields do not narrow. ``bounds`` are degrees, EPSG:4326."""

    bounds: Bounds | None = None
    state: CaseState | None = None
    use: str = ""
    since: datetime | None = None
    unit_code: str = ""
    is_open: bool | None = None
    owes_reply: bool = False
    inspector_id: int | None = None


def list_cases(
    rights: Rights, wanted: CaseFilter, *, after: UUID | None = None, limit: int = LIMIT_DEFAULT
) -> Page[CaseRow]:
    """Cases within the rights, newest first, a page at a time, in one query."""
    rows = _with_joins(_narrow(scope_cases(rights, CASE_READERS), wanted))
    found, next_after = take_page(rows, by="opened_at", after=after, limit=limit)
    now = timezone.now()
    return Page(tuple(_row(case, now) for case in found), next_after)


def list_own_jobs(user: AbstractBaseUser) -> tuple[CaseRow, ...]:
    """The cases assigned to an inspector that wait for the visit, the most urgent first."""
    rows = Case.objects.filter(
        assignments__inspector_id=user.pk, assignments__is_current=True, state__in=BEFORE_VISIT
    )  # fmt: skip
    now = timezone.now()
    return tuple(_row(case, now) for case in _with_joins(rows).order_by("due_at", "code"))


def list_cases_to_triage(rights: Rights) -> tuple[CaseRow, ...]:
    """Opened cases whose picture left the machine nothing to ask (all in order, or nothing seen): somebody waits for an
    answer, and no flag brings the case before a reviewer. Oldest first; assign it or dismiss it with a reason."""
    asked = Q(case_flags__flag__state__in=[FlagState.NEW.value, FlagState.IN_REVIEW.value])
    rows = scope_cases(rights, FLAG_DECIDERS).filter(state=CaseState.OPENED.value)
    waiting = Case.objects.filter(asked).values("pk")
    now = timezone.now()
    return tuple(_row(case, now) for case in _with_joins(rows.exclude(pk__in=waiting)).order_by("opened_at", "id"))


def list_rows(case_ids: Sequence[UUID], now: datetime) -> tuple[CaseRow, ...]:
    """These cases as rows, in the order given; the caller has checked the rights."""
    found = {case.pk: case for case in _with_joins(Case.objects.filter(pk__in=case_ids))}
    return tuple(_row(found[pk], now) for pk in case_ids if pk in found)


def get_case(rights: Rights, *, case_id: UUID | None = None, code: str = "") -> CaseDetail:
    """One case within the rights by id or code; NotFound else."""
    wanted = Q(pk=case_id) if case_id is not None else Q(code=code)
    case = _with_joins(scope_cases(rights, CASE_READERS).filter(wanted)).first()
    if case is None:
        raise NotFound("No such case.", field="case", value=case_id or code)
    flags = list(
        case.case_flags.order_by("joined_at", "id").values_list("flag_id", "is_confirmed", "flag__observation_id")
    )
    observations = dict.fromkeys(observation for _, confirmed, observation in flags if confirmed)
    of_requests = case.case_requests.filter(service_request__observations__isnull=False)
    observations |= dict.fromkeys(of_requests.order_by("id").values_list("service_request__observations", flat=True))
    return CaseDetail(
        row=_row(case, timezone.now()),
        flag_ids=tuple(flag for flag, confirmed, _ in flags if confirmed),
        candidate_flag_ids=tuple(flag for flag, confirmed, _ in flags if not confirmed),
        observation_ids=tuple(sorted(observations, key=str)),
        visits=_visits(case),
        sources=_count_sources(case),
        due_basis=tuple((name, str(value)) for name, value in sorted(case.due_basis.items())),
        recurrences=tuple(case.recurrences.order_by("code").values_list("code", flat=True)),
    )


def _narrow(rows: QuerySet[Case], wanted: CaseFilter) -> QuerySet[Case]:
    equal = {
        "state": wanted.state and wanted.state.value, "use": wanted.use, "opened_at__gte": wanted.since,
        "unit_code": wanted.unit_code,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if wanted.is_open is not None:
        is_open = Q(state__in=[state.value for state in OPEN_CASES])
        rows = rows.filter(is_open if wanted.is_open else ~is_open)
    if wanted.owes_reply:
        rows = rows.filter(Exists(CaseRequest.objects.filter(case=OuterRef("pk"), replied_at=None)))
    if wanted.inspector_id is not None:
        rows = rows.filter(assignments__inspector_id=wanted.inspector_id, assignments__is_current=True)
    if wanted.bounds is not None:
        area = Polygon.from_bbox(wanted.bounds)
        area.srid = 4326
        rows = rows.filter(point__intersects=area)
    return rows


def _with_joins(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Everything a row shows. The counts are asked per shown row: joined, they would be taken of the whole list."""
    voices = CaseRequest.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(n=Count("pk"))
    owed = CaseRequest.objects.filter(case=OuterRef("pk"), replied_at=None).order_by().values("case")
    flags = CaseFlag.objects.filter(case=OuterRef("pk"), is_confirmed=True).order_by().values("case")
    paused = CaseClock.objects.filter(case=OuterRef("pk"), code=ClockCode.VISIT.value, is_paused=True)
    return (
        rows.select_related("city", "unit", "recurrence_of")
        .defer("city__geometry")  # the outline of a whole city, read once for every row, was most of a list's time
        .prefetch_related("assignments__inspector")
        .annotate(
            voice_count=Coalesce(Subquery(voices.values("n")), 0),
            owed_count=Coalesce(Subquery(owed.annotate(n=Count("pk")).values("n")), 0),
            flag_count=Coalesce(Subquery(flags.annotate(n=Count("pk")).values("n")), 0),
            is_paused=Exists(paused),
        )
    )


def _row(case: Case, now: datetime) -> CaseRow:
    current = [assignment for assignment in case.assignments.all() if assignment.is_current]
    zone = ZoneInfo(case.city.timezone)
    return CaseRow(
        id=case.pk,
        code=case.code,
        city=case.city.slug,
        use=case.use,
        state=case.state,
        version=case.version,
        lon=case.point.x if case.point else None,
        lat=case.point.y if case.point else None,
        accuracy_m=case.accuracy_m,
        parcel_key=case.parcel_key,
        sidewalk_key=case.sidewalk_key,
        unit_code=case.unit_code,
        office=case.unit.name if case.unit else "",
        office_en=case.unit.name_en if case.unit else "",
        inspector=current[0].inspector.get_username() if current else "",
        opened_on=case.opened_at.astimezone(zone).date(),
        closed_on=case.closed_at.astimezone(zone).date() if case.closed_at else None,
        due_at=case.due_at,
        deadline=_standing(case, now),
        is_provisional=bool(case.due_basis.get("is_provisional", False)),
        with_route=case.with_route,
        voices=case.voice_count,  # type: ignore[attr-defined]
        replies_owed=case.owed_count,  # type: ignore[attr-defined]
        flags=case.flag_count,  # type: ignore[attr-defined]
        recurrence_of=case.recurrence_of.code if case.recurrence_of else "",
    )


def _standing(case: Case, now: datetime) -> str:
    if case.due_at is None or case.state not in BEFORE_VISIT:
        return ""
    if case.is_paused:  # type: ignore[attr-defined]
        return DeadlineState.PAUSED.value
    if now > case.due_at:
        return DeadlineState.LATE.value
    soon_at = case.due_basis.get("soon_at")
    is_soon = soon_at is not None and now >= datetime.fromisoformat(soon_at)
    return (DeadlineState.SOON if is_soon else DeadlineState.WITHIN).value


def _visits(case: Case) -> tuple[VisitRow, ...]:
    visits = (
        Inspection.objects.filter(case=case)
        .select_related("inspector")
        .prefetch_related("photos", "field_photos")
        .order_by("created_at")
    )
    return tuple(
        VisitRow(
            id=visit.pk,
            state=visit.state,
            version=visit.version,
            inspector=visit.inspector.get_username(),
            outcome=visit.outcome,
            reason=visit.reason,
            free_width_m=visit.free_width_m,
            note=visit.note,
            photo_ids=tuple(sorted((photo.pk for photo in visit.photos.all()), key=str)),
            voice_ids=tuple(kept.media_id for kept in visit.field_photos.all() if kept.role == "voice"),
            completed_at=visit.completed_at,
        )
        for visit in visits
    )


def _count_sources(case: Case) -> int:
    """Two pictures of one sender are one source; so are all frames of one camera."""
    cameras = case.case_flags.filter(is_confirmed=True, flag__observation__source=ObservationSource.CAMERA.value)
    return case.case_requests.count() + cameras.values("flag__observation__camera_id").distinct().count()
