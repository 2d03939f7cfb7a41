"""From a figure to its cases: the same rows that were counted, of one key and one part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.figures import FigureAsk, Group
from cases.joining import RECURRENCE_PERIOD
from cases.models import Case, CaseClock
from cases.permissions import Rights
from cases.queries.cases import CaseRow, list_rows
from cases.queries.figures.ageing import age_condition, open_cases
from cases.queries.figures.asked import key_expression
from cases.queries.figures.first_reply import OWED, REPLIED_IN_TIME, REPLIED_LATE, due_replies
from cases.queries.figures.lateness import late_clocks, list_late_cases
from cases.queries.figures.on_time import IN_TIME, LATE, due_clocks, overdue_at
from cases.queries.figures.precision import decided_flags
from cases.queries.figures.ranking import was_reopened
from cases.queries.figures.recall import list_reported
from cases.queries.figures.recurrence import settled
from cases.queries.flags import FlagRow, list_rows_of
from cases.queries.pages import LIMIT_DEFAULT, Page, take_page
from errors import InputError
from rules.finding import FlagState
from rules.models import Flag


class Drill(StrEnum):
    """Which part of a figure: what is counted in it, and against it."""

    ALL = "all"
    CAME_BACK = "came_back"
    WATCHED = "watched"
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    OWED = "owed"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    REOPENED = "reopened"
    OPEN = "open"
    SEEN = "seen"
    MISSED = "missed"


def list_drilled_cases(
    rights: Rights, ask: FigureAsk, figure: str, *, key: str | None, part: Drill, after: UUID | None = None,
    limit: int = LIMIT_DEFAULT,
) -> Page[CaseRow]:  # fmt: skip
    """The cases behind one row of a figure (behind all rows where no key is given), newest first, a page at a time."""
    if figure not in DRILLED:
        known = ", ".join(sorted(DRILLED))
        raise InputError("No such figure of cases.", field="figure", value=figure, cure=f"One of: {known}.")
    chosen = DRILLED[figure](rights, ask, key, part)
    rows, next_after = take_page(Case.objects.filter(pk__in=chosen), by="opened_at", after=after, limit=limit)
    return Page(list_rows([row.pk for row in rows], timezone.now()), next_after)


def list_drilled_flags(
    rights: Rights,
    ask: FigureAsk,
    *,
    key: str | None,
    part: Drill,
    after: UUID | None = None,
    limit: int = LIMIT_DEFAULT,
) -> Page[FlagRow]:
    """The decided flags behind one row of the precision figure, newest first."""
    parts = {
        Drill.ALL: Q(),
        Drill.ACCEPTED: Q(state=FlagState.ACCEPTED.value),
        Drill.DISMISSED: Q(state=FlagState.DISMISSED.value),
    }
    flags = decided_flags(rights, ask).filter(_choose(parts, part), _of_key(key))
    rows, next_after = take_page(
        Flag.objects.filter(pk__in=flags.values("pk")), by="created_at", after=after, limit=limit
    )
    return Page(list_rows_of([row.pk for row in rows]), next_after)


def _choose(parts: Mapping[Drill, Q], part: Drill) -> Q:
    if part not in parts:
        raise _no_such_part(parts)
    return parts[part]


def _no_such_part(known: Iterable[Drill]) -> InputError:
    return InputError("This figure has no such part.", field="part", value="", cure=f"One of: {', '.join(known)}.")


def _of_key(key: str | None) -> Q:
    return Q(key=key) if key is not None else Q()


def _recurrence(rights: Rights, ask: FigureAsk, key: str | None, part: Drill) -> QuerySet[Case]:
    old = Q(settled_at__lte=ask.now - RECURRENCE_PERIOD)
    parts = {Drill.ALL: old, Drill.CAME_BACK: old & Q(came_back=True), Drill.WATCHED: ~old}
    return settled(rights, ask).filter(_choose(parts, part), _of_key(key)).values("pk")  # type: ignore[return-value]


def _clocks(ask: FigureAsk, clocks: QuerySet[CaseClock], part: Drill) -> QuerySet[Case]:
    overdue = overdue_at(ask)
    parts = {Drill.ALL: IN_TIME | LATE | overdue, Drill.ON_TIME: IN_TIME, Drill.LATE: LATE, Drill.OVERDUE: overdue}
    return clocks.filter(_choose(parts, part)).values("case")  # type: ignore[return-value]


def _on_time(rights: Rights, ask: FigureAsk, key: str | None, part: Drill) -> QuerySet[Case]:
    return _clocks(ask, due_clocks(rights, ask).filter(_of_key(key)), part)


def _first_reply(rights: Rights, ask: FigureAsk, key: str | None, part: Drill) -> QuerySet[Case]:
    parts = {Drill.ALL: Q(), Drill.ON_TIME: REPLIED_IN_TIME, Drill.LATE: REPLIED_LATE, Drill.OWED: OWED}
    return due_replies(rights, ask).filter(_choose(parts, part), _of_key(key)).values("case")  # type: ignore[return-value]


def _ranking(rights: Rights, ask: FigureAsk, key: str | None, part: Drill) -> QuerySet[Case]:
    asked = replace(ask, group=Group.UNIT) if ask.group is Group.ALL else ask
    if part in (Drill.CAME_BACK, Drill.WATCHED):
        return _recurrence(rights, asked, key, part)
    if part is Drill.OPEN:
        rows: QuerySet[Case] = open_cases(rights, asked).annotate(key=key_expression(asked))
        return rows.filter(_of_key(key)).values("pk")  # type: ignore[return-value]
    if part is Drill.REOPENED:
        clocks: QuerySet[CaseClock] = (
            due_clocks(rights, asked).annotate(again=was_reopened()).filter(_of_key(key), again=True)
        )
        return clocks.values("case")  # type: ignore[return-value]
    return _on_time(rights, asked, key, part)


def _ageing(rights: Rights, ask: FigureAsk, key: str | None, part: Drill) -> QuerySet[Case]:
    parts = {Drill.ALL: Q(), Drill.OVERDUE: Q(is_overdue=True)}
    of_age = age_condition(ask, key) if key is not None else Q()
    if of_age is None:
        raise InputError("No such age.", field="key", value=key, cure="One of the keys of the figure, such as 3-7.")
    return open_cases(rights, ask).filter(of_age, _choose(parts, part)).values("pk")  # type: ignore[return-value]


def _lateness(rights: Rights, ask: FigureAsk, key: str | None, part: Drill) -> QuerySet[Case]:
    """By step and cause, or by step and part of the time; ``none`` is the cause that nobody has given."""
    clocks = late_clocks(rights, ask)
    if key is not None:
        clocks = clocks.filter(case__in=list_late_cases(rights, ask, key))
    return _clocks(ask, clocks, part)


def _recall(rights: Rights, ask: FigureAsk, key: str | None, part: Drill) -> QuerySet[Case]:
    wanted = {Drill.ALL: (True, False), Drill.SEEN: (True,), Drill.MISSED: (False,)}
    if part not in wanted:
        raise _no_such_part(wanted)
    found = [one for one in list_reported(rights, ask) if key in (None, one.camera) and one.was_seen in wanted[part]]
    return Case.objects.filter(pk__in=[one.case_id for one in found]).values("pk")  # type: ignore[return-value]


DRILLED: Mapping[str, Callable[[Rights, FigureAsk, str | None, Drill], QuerySet[Case]]] = {
    "recurrence": _recurrence,
    "on-time": _on_time,
    "first-reply": _first_reply,
    "ageing": _ageing,
    "lateness": _lateness,
    "ranking": _ranking,
    "recall": _recall,
}
