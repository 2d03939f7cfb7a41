"""Leaders stop and start the clocks of a case with a reason and a paper, and give the cause of what got late."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from cases.actions.clocks import refresh_clocks
from cases.actions.moving import CASE, lock
from cases.clocks import ClockCode
from cases.late_causes import NOTE_MAX, LateCause, parse_cause
from cases.models import Case, CaseClock, CaseEvent, ClockPause, LateEntry
from cases.pausing import DOCUMENT_MAX, choose_reason
from cases.permissions import may_act_on_case, read_rights, require
from cases.queries.calendars import get_calendar
from cases.roles import Role
from cases.state_words import CLOCK, say
from errors import Conflict, InputError

WHO = frozenset({Role.LEADER})


def pause_clock(case_id: UUID, clock: str, *, reason: str, document: str, by: AbstractBaseUser) -> CaseClock:
    """Hold a running clock of a case from now on. InputError: no such reason, no document. Conflict: it is not running."""
    with transaction.atomic():
        case = _lock_for(case_id, by)
        running = _find_running(case, parse_clock(clock))
        if running.is_paused:
            raise Conflict("This clock stands still already.", field="clock", value=clock, cure="Let it run first.")
        if not running.basis.get("is_pausable", True):
            raise InputError("By its policy this clock never stands still.", field="clock", value=clock)
        used = ClockPause.objects.filter(case=case, clock=running.code, reason=reason.strip()).count()
        reasons = get_calendar(case.city).pack.pause_reasons
        chosen = choose_reason(reasons, reason, clock=running.code, used=used)
        paper = _read_document(document)
        now, actor = timezone.now(), by.get_username()
        ClockPause.objects.create(
            case=case, clock=running.code, reason=chosen.code, document=paper, from_at=now, started_by=actor
        )
        detail = {"clock": running.code, "document": paper}
        CaseEvent.objects.create(
            case=case, at=now, actor=actor, kind="clock_paused", reason=chosen.code, detail=detail
        )  # fmt: skip
        refresh_clocks([case.pk])
        return CaseClock.objects.get(pk=running.pk)


def resume_clock(case_id: UUID, clock: str, *, by: AbstractBaseUser) -> CaseClock:
    """Let a paused clock run on. Conflict when no pause is open."""
    with transaction.atomic():
        case = _lock_for(case_id, by)
        code = parse_clock(clock)
        pause = ClockPause.objects.filter(case=case, clock=code.value, to_at=None).first()
        if pause is None:
            raise Conflict("This clock is not paused.", field="clock", value=clock, cure="Load the case again.")
        now, actor = timezone.now(), by.get_username()
        pause.to_at, pause.ended_by = max(now, pause.from_at), actor
        pause.save(update_fields=["to_at", "ended_by"])
        CaseEvent.objects.create(case=case, at=now, actor=actor, kind="clock_resumed", detail={"clock": code.value})
        refresh_clocks([case.pk])
        return CaseClock.objects.filter(case=case, code=code.value).latest("number")


def give_late_cause(case_id: UUID, clock: str, *, cause: str, note: str = "", by: AbstractBaseUser) -> LateEntry:
    """Say why a clock of a case is or was late. InputError without one of the ten causes; Conflict when it is in time."""
    chosen = parse_cause(cause)
    if len(note) > NOTE_MAX:
        raise InputError("The note is too long.", field="note", value=len(note), cure=f"At most {NOTE_MAX} characters.")
    with transaction.atomic():
        case = _lock_for(case_id, by)
        late = late_clocks(case).filter(code=parse_clock(clock).value).order_by("-number").first()
        if late is None:
            raise Conflict("This clock is not late.", field="clock", value=clock, cure="Load the case again.")
        return write_late_cause(case, late, chosen, note=note, actor=by.get_username())


def write_late_cause(case: Case, clock: CaseClock, cause: LateCause, *, note: str, actor: str) -> LateEntry:
    """Add the cause to the record of a clock and to the history of its locked case."""
    now = timezone.now()
    entry = LateEntry.objects.create(clock=clock, cause=cause.value, note=note.strip(), by=actor, at=now)
    detail = {"clock": clock.code, "late_s": round(clock.late_s)}
    CaseEvent.objects.create(case=case, at=now, actor=actor, kind="late_cause", reason=cause.value, detail=detail)
    return entry


def require_late_causes(case: Case) -> None:
    """InputError while a clock of the case was or is late and nobody said why: nothing is let go silently."""
    silent = late_clocks(case).filter(late_entries=None).order_by("due_at").first()
    if silent is not None:
        raise InputError(
            gettext("“%(clock)s” of this case is late, and nobody has said why.") % {"clock": say(CLOCK, silent.code)},
            field="late_cause", value=silent.code, cure="Give one of the ten causes first.", is_worded=True,
        )  # fmt: skip


def late_clocks(case: Case) -> QuerySet[CaseClock]:
    """The runs of a case's clocks that stopped past their due moment, or run past it now and are not paused."""
    stopped = Q(stopped_at__isnull=False, stopped_at__gt=F("due_at"))
    running = Q(stopped_at=None, is_paused=False, due_at__lt=timezone.now())
    return CaseClock.objects.filter(stopped | running, case=case)


def parse_clock(text: str) -> ClockCode:
    """The clock of that name; InputError lists them."""
    try:
        return ClockCode(text.strip())
    except ValueError as error:
        known = ", ".join(ClockCode)
        raise InputError("No such clock.", field="clock", value=text, cure=f"One of: {known}.") from error


def _lock_for(case_id: UUID, by: AbstractBaseUser) -> Case:
    case: Case = lock(CASE, pk=case_id)
    allowed = may_act_on_case(read_rights(by), case, WHO)
    require("The clocks of this case are not yours to move.", allowed=allowed, who=WHO)
    return case


def _find_running(case: Case, code: ClockCode) -> CaseClock:
    found = CaseClock.objects.filter(case=case, code=code.value, stopped_at=None).order_by("-number").first()
    if found is None:
        raise Conflict("This clock is not running.", field="clock", value=code.value, cure="Load the case again.")
    return found


def _read_document(text: str) -> str:
    document = text.strip()
    if not 3 <= len(document) <= DOCUMENT_MAX:
        raise InputError(
            "A pause needs the paper that shows it.", field="document", value=document,
            cure="Write its number and date, for example 112/TB-UBND of 20/11/2026.",
        )  # fmt: skip
    return document
