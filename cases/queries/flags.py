"""Flags as people see them: lists by place and time, and the review queue in its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Polygon
from django.db import models
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases.joining import RECURRENCE_PERIOD
from cases.models import Case
from cases.permissions import Rights, scope_flags
from cases.queries.pages import LIMIT_DEFAULT, Page, take_page
from cases.roles import CASE_READERS, FLAG_DECIDERS, SYSTEM, Role
from errors import NotFound
from intake.kinds import ObservationSource
from rules.finding import FlagState, Verdict
from rules.models import Flag, FlagEvent

Bounds = tuple[float, float, float, float]
WAITING = (FlagState.NEW.value, FlagState.IN_REVIEW.value)
QUEUE_MAX = 500


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One flag. ``seen_at`` is the moment of the picture where it is known; ``created_at`` is empty for a citizen's
    picture, whose arrival is nobody's business. ``repeat_of`` is the case that was settled here within thirty days before."""

    id: UUID
    observation_id: UUID
    source: str
    rule_code: str
    use: str
    verdict: str
    state: str
    version: int
    priority: int
    priority_reasons: tuple[str, ...]
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    parcel_keys: tuple[str, ...]
    sidewalk_key: str
    unit_code: str
    city: str
    seen_at: datetime | None
    created_at: datetime | None
    case_code: str = ""
    is_candidate: bool = False
    score: float | None = None
    is_repeat: bool = False
    repeat_of: str = ""


@dataclass(frozen=True, slots=True)
class FlagFilter:
    """What to list; empty fields do not narrow. ``bounds`` are degrees, EPSG:4326."""

    bounds: Bounds | None = None
    verdict: Verdict | None = None
    state: FlagState | None = None
    use: str = ""
    since: datetime | None = None
    observation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FlagStep:
    """One entry of a flag's history. With ``is_day_only`` the hour is left out on purpose: the machine wrote it the moment a
    citizen's picture came in, and ``at`` is the local midnight of that day."""

    at: datetime
    is_day_only: bool
    actor: str
    from_state: str
    to_state: str
    reason: str
    note: str


def list_flags(
    rights: Rights, wanted: FlagFilter, *, after: UUID | None = None, limit: int = LIMIT_DEFAULT
) -> Page[FlagRow]:
    """Flags within the rights, newest first, a page at a time."""
    rows = _narrow(scope_flags(rights, CASE_READERS | {Role.OPERATOR}), wanted)
    found, next_after = take_page(_with_joins(rows), by="created_at", after=after, limit=limit)
    return Page(tuple(_row(flag) for flag in found), next_after)


def list_rows_of(flag_ids: Sequence[UUID]) -> tuple[FlagRow, ...]:
    """These flags as rows, in the order given; the caller has checked the rights."""
    found = {flag.pk: flag for flag in _with_joins(Flag.objects.filter(pk__in=flag_ids))}
    return tuple(_row(found[pk]) for pk in flag_ids if pk in found)


def list_review_queue(
    rights: Rights, *, verdict: Verdict | None = None, use: str = "", limit: int = QUEUE_MAX
) -> tuple[FlagRow, ...]:
    """What waits for this person's decision: flagged before undetermined, then danger, what came back, certainty, age."""
    rows = _waiting(rights).filter(**{"verdict": verdict.value} if verdict else {}, **{"use": use} if use else {})
    is_flagged = models.Case(models.When(verdict=Verdict.FLAGGED.value, then=0), default=1)
    came_back = models.Case(models.When(repeat_of__isnull=False, then=0), default=1)
    ordered = _with_joins(rows).order_by(
        is_flagged, "-priority", came_back, F("score").desc(nulls_last=True), "created_at", "id"
    )
    return tuple(_row(flag) for flag in ordered[:limit])


def count_review_queue(rights: Rights) -> int:
    """How many flags wait for this person."""
    return _waiting(rights).count()


def get_flag(rights: Rights, flag_id: UUID) -> FlagRow:
    """One flag within the rights; NotFound else, so that nobody learns of flags elsewhere."""
    flag = _with_joins(scope_flags(rights, CASE_READERS | {Role.OPERATOR}).filter(pk=flag_id)).first()
    if flag is None:
        raise NotFound("No such flag.", field="flag", value=flag_id)
    return _row(flag)


def list_flag_history(flag_id: UUID) -> tuple[FlagStep, ...]:
    """Everything that was decided on a flag, oldest first. Check the right with ``get_flag`` before."""
    flag = Flag.objects.select_related("city", "observation").get(pk=flag_id)
    is_citizen = flag.observation.source == ObservationSource.CITIZEN
    zone = ZoneInfo(flag.city.timezone if flag.city else "UTC")
    return tuple(_step(e, zone, is_arrival=is_citizen and e.actor == SYSTEM) for e in flag.events.all())


def _step(event: FlagEvent, zone: ZoneInfo, *, is_arrival: bool) -> FlagStep:
    at = datetime.combine(event.at.astimezone(zone).date(), time.min, zone) if is_arrival else event.at
    return FlagStep(at, is_arrival, event.actor, event.from_state, event.to_state, event.reason, event.note)


def _waiting(rights: Rights) -> QuerySet[Flag]:
    return scope_flags(rights, FLAG_DECIDERS).filter(state__in=WAITING).exclude(verdict=Verdict.COMPLIANT.value)


def _narrow(rows: QuerySet[Flag], wanted: FlagFilter) -> QuerySet[Flag]:
    equal = {
        "verdict": wanted.verdict and wanted.verdict.value, "state": wanted.state and wanted.state.value,
        "use": wanted.use, "created_at__gte": wanted.since, "observation_id": wanted.observation_id,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if wanted.bounds is not None:
        area = Polygon.from_bbox(wanted.bounds)
        area.srid = 4326
        rows = rows.filter(point__intersects=area)
    return rows


def _with_joins(rows: QuerySet[Flag]) -> QuerySet[Flag]:
    """Everything a row shows, in one query."""
    # A case of the same use on the same stretch of sidewalk was settled within thirty days before: it has come back. So it has
    # where the flag's own case was opened as a recurrence (which also looks at parcels and distance).
    before = Case.objects.filter(
        city_id=OuterRef("city_id"), use=OuterRef("use"), sidewalk_key=OuterRef("sidewalk_key"),
        closed_at__lt=OuterRef("created_at"), closed_at__gte=OuterRef("created_at") - RECURRENCE_PERIOD,
    ).exclude(sidewalk_key="")  # fmt: skip
    return (
        rows.select_related("city")
        .defer("city__geometry")
        .annotate(
            source=F("observation__source"),
            captured_at=F("observation__geotag__captured_at"),
            score=F("sighting__score"),
            joined_code=F("case_flag__case__code"),
            joined_confirmed=F("case_flag__is_confirmed"),
            repeat_of=Coalesce(
                F("case_flag__case__recurrence_of__code"), Subquery(before.order_by("-closed_at").values("code")[:1])
            ),
        )
    )


def _row(flag: Flag) -> FlagRow:
    joined: dict[str, object] = vars(flag)
    is_citizen = joined["source"] == ObservationSource.CITIZEN
    return FlagRow(
        id=flag.pk,
        observation_id=flag.observation_id,
        source=str(joined["source"]),
        rule_code=flag.rule_code,
        use=flag.use,
        verdict=flag.verdict,
        state=flag.state,
        version=flag.version,
        priority=flag.priority,
        priority_reasons=tuple(flag.priority_reasons),
        lon=flag.point.x if flag.point else None,
        lat=flag.point.y if flag.point else None,
        accuracy_m=flag.accuracy_m,
        parcel_keys=tuple(flag.parcel_keys),
        sidewalk_key=flag.sidewalk_key,
        unit_code=flag.unit_code,
        city=flag.city.slug if flag.city else "",
        seen_at=flag.captured_at if is_citizen else flag.seen_at,  # type: ignore[attr-defined]
        created_at=None if is_citizen else flag.created_at,
        case_code=flag.joined_code or "",  # type: ignore[attr-defined]
        is_candidate=flag.joined_confirmed is False,  # type: ignore[attr-defined]
        score=flag.score,  # type: ignore[attr-defined]
        is_repeat=flag.repeat_of is not None,  # type: ignore[attr-defined]
        repeat_of=flag.repeat_of or "",  # type: ignore[attr-defined]
    )
