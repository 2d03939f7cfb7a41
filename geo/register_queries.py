"""Reads about registers themselves: sources with their newest runs, the runs of one, and the faults found, by filter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language, gettext

from errors import NotFound
from geo.fault_details import say_detail, say_sentence
from geo.models import RegisterIssue, RegisterLoad, RegisterSource

COUNTED = ("rows", "listed", "new", "changed", "withdrawn", "unchanged", "left_out", "issues")
OPEN = ("received", "staging", "preview", "waiting", "confirmed")


@dataclass(frozen=True, slots=True)
class RegisterRun:
    """One run of a file towards a source. ``may_decide``: a person may still apply or discard it."""

    id: int
    source: str
    city: str
    register: str
    state: str
    file_name: str
    rows_read: int
    rows_in_file: int
    sent_by: str
    is_drawn: bool
    source_on: date
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, int]
    message: str
    decided_by: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One source: what it is, the date of its data, how many rows it lists, its newest finished run and one that waits."""

    name: str
    title: str
    city: str
    register: str
    publisher: str
    licence: str
    decision: str
    scale: str
    source_on: date | None
    is_generated: bool
    rows_listed: int
    issues: int
    newest: RegisterRun | None
    open_run: RegisterRun | None


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """Which faults are asked for; empty fields ask for all. ``load_id`` 0: of every run."""

    city: str = ""
    source: str = ""
    fault: str = ""
    action: str = ""
    load_id: int = 0


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One fault with its run and source; lon and lat where it has a place."""

    id: int
    city: str
    source: str
    load_id: int
    source_on: date
    row: str
    key: str
    fault: str
    action: str
    detail: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class IssuePage:
    """Some faults, newest run first, and the id to go on from (0 at the end)."""

    rows: tuple[IssueRow, ...]
    next_after: int = 0


@dataclass(frozen=True, slots=True)
class IssueChoices:
    """What a filter may choose among."""

    sources: tuple[str, ...] = ()
    faults: tuple[tuple[str, int], ...] = field(default=())


def list_registers(city: str = "") -> list[RegisterRow]:
    """Every source, by city and register; an empty slug asks for all cities."""
    newest = RegisterLoad.objects.filter(source=OuterRef("pk"), state="done").order_by("-id")
    waiting = RegisterLoad.objects.filter(source=OuterRef("pk"), state__in=OPEN).order_by("-id")
    sources = (
        RegisterSource.objects.select_related("city")
        .defer("city__geometry")
        .annotate(newest_id=Subquery(newest.values("pk")[:1]), open_id=Subquery(waiting.values("pk")[:1]))
    )
    if city:
        sources = sources.filter(city__slug=city)
    rows = list(sources.defer("coverage", "city__geometry").order_by("city__slug", "register", "name"))
    ids = {pk for row in rows for pk in (row.newest_id, row.open_id) if pk}
    runs = {load.pk: _tell_run(load) for load in _runs().filter(pk__in=ids)}
    return [_tell_source(row, runs.get(row.newest_id), runs.get(row.open_id)) for row in rows]


def list_runs(source: str, city: str = "", limit: int = 100) -> list[RegisterRun]:
    """Runs of a source, newest first. NotFound: no such source."""
    sources = RegisterSource.objects.filter(name=source, **({"city__slug": city} if city else {}))
    if not sources.exists():
        raise NotFound("No such register.", field="name", value=source)
    return [_tell_run(load) for load in _runs().filter(source__in=sources)[:limit]]


def get_run(load_id: int) -> RegisterRun:
    """One run. NotFound: no such run."""
    load = _runs().filter(pk=load_id).first()
    if load is None:
        raise NotFound("No such run.", field="load", value=load_id)
    return _tell_run(load)


def count_faults(asked: IssueFilter) -> list[tuple[str, str, int]]:
    """(fault, what was done, how many), the most first."""
    counted = _issues(asked).order_by().values("fault", "action").annotate(n=Count("id")).order_by("-n", "fault")
    return [(row["fault"], row["action"], row["n"]) for row in counted]


def list_issues(asked: IssueFilter, *, after: int = 0, limit: int = 100) -> IssuePage:
    """A page of faults, the newest first."""
    rows = _issues(asked).order_by("-id")
    if after:
        rows = rows.filter(pk__lt=after)
    found = [_tell_issue(row) for row in rows[: limit + 1]]
    return IssuePage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else 0)


def walk_issues(asked: IssueFilter) -> Iterator[IssueRow]:
    """All faults that fit, for a file; read from the database as they are written out."""
    for row in _issues(asked).order_by("-id").iterator(chunk_size=2000):
        yield _tell_issue(row)


def list_choices(city: str = "") -> IssueChoices:
    """Sources and faults that have any issue."""
    rows = _issues(IssueFilter(city=city)).order_by()
    sources = rows.values_list("load__source__name", flat=True).distinct()
    faults = rows.values("fault").annotate(n=Count("id")).order_by("-n")
    return IssueChoices(tuple(sorted(sources)), tuple((row["fault"], row["n"]) for row in faults))


def _issues(asked: IssueFilter) -> QuerySet[RegisterIssue]:
    wanted = Q()
    if asked.city:
        wanted &= Q(load__source__city__slug=asked.city)
    if asked.source:
        wanted &= Q(load__source__name=asked.source)
    if asked.fault:
        wanted &= Q(fault=asked.fault)
    if asked.action:
        wanted &= Q(action=asked.action)
    if asked.load_id:
        wanted &= Q(load=asked.load_id)
    return (
        RegisterIssue.objects.select_related("load__source__city")
        .defer("load__source__city__geometry")
        .defer("load__source__coverage", "load__source__city__geometry")
        .filter(wanted)
    )


def _runs() -> QuerySet[RegisterLoad]:
    return (
        RegisterLoad.objects.select_related("source__city")
        .defer("source__coverage", "source__city__geometry")
        .order_by("-id")
    )


def _tell_run(load: RegisterLoad) -> RegisterRun:
    return RegisterRun(
        id=load.pk,
        source=load.source.name,
        city=load.source.city.slug,
        register=load.source.register,
        state=load.state,
        file_name=load.file_name,
        rows_read=load.rows_read,
        rows_in_file=load.rows_in_file,
        sent_by=load.sent_by,
        is_drawn=load.is_drawn,
        source_on=load.source_on,
        started_at=load.started_at,
        finished_at=load.finished_at,
        counts={word: int(load.counts.get(word, 0)) for word in COUNTED},
        message=_say_message(load),
        decided_by=load.decided_by,
        may_decide=load.state in ("preview", "waiting") and bool(load.stage_table),
    )


def _say_message(load: RegisterLoad) -> str:
    """What a person has to know of the run, in the reader's language."""
    if load.state == "waiting":
        said = gettext("This file would withdraw {withdrawn} of the {listed} rows on record. Nothing has changed.")
        return said.format(withdrawn=load.counts.get("withdrawn", 0), listed=load.counts.get("listed", 0))
    if load.refusal is None:
        return load.message
    names = load.refusal["names"]
    parts = [say_sentence(load.refusal[part], names, gettext) for part in ("message", "cure")]
    return " ".join(part for part in parts if part) or load.message


def _tell_source(row: Any, newest: RegisterRun | None, open_run: RegisterRun | None) -> RegisterRow:
    in_vietnamese = (get_language() or "vi").startswith("vi")
    listed = sum(newest.counts[word] for word in ("new", "changed", "unchanged")) if newest else 0
    return RegisterRow(
        name=row.name,
        title=(row.title_vi if in_vietnamese else row.title_en) or row.title_vi,
        city=row.city.slug,
        register=row.register,
        publisher=row.publisher,
        licence=row.licence,
        decision=row.decision,
        scale=row.scale,
        source_on=row.source_on,
        is_generated=row.is_generated,
        rows_listed=listed,
        issues=newest.counts["issues"] if newest else 0,
        newest=newest,
        open_run=open_run,
    )


def _tell_issue(row: RegisterIssue) -> IssueRow:
    return IssueRow(
        id=row.pk,
        city=row.load.source.city.slug,
        source=row.load.source.name,
        load_id=row.load_id,
        source_on=row.load.source_on,
        row=row.row_ref,
        key=row.key,
        fault=row.fault,
        action=row.action,
        detail=say_detail(row.detail, row.names, gettext),
        lon=row.point.x if row.point else None,
        lat=row.point.y if row.point else None,
    )
