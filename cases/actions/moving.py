"""The one way a state changes: row locked, version compared, table of moves asked, history appended, all or nothing.

Order of locks, always: place, case, inspection, request, flag. Callers hold a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Model
from django.utils import timezone

from cases.actions.clocks import refresh_clocks
from cases.actions.notifying import tell_sender
from cases.interim import REPLIES
from cases.lifecycle import (
    CASE_MOVES,
    FLAG_MOVES,
    INSPECTION_MOVES,
    REQUEST_MOVES,
    CaseState,
    InspectionState,
    check_move,
)
from cases.models import Case, CaseEvent, CaseRequest, Inspection, InspectionEvent
from cases.move_words import say_changed, say_illegal, say_reason_needed
from cases.notices.kinds import OF_MOVE
from cases.roles import SYSTEM
from errors import Conflict, InputError, NotFound
from intake.kinds import RequestStatus
from intake.models import ServiceRequest, ServiceRequestEvent
from rules.finding import FlagState
from rules.models import Flag, FlagEvent

WriteEvent = Callable[[Any, datetime, str, str, str, str], None]


@dataclass(frozen=True, slots=True)
class MovableKind:
    """One kind of record that has a life: where its state stands, its table of moves, how its history is written."""

    name: str
    model: type[Model]
    state_field: str
    states: type[StrEnum]
    moves: Mapping[StrEnum, tuple[StrEnum, ...]]
    write_event: WriteEvent


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move left behind: the state and the version to send with the next one."""

    kind: str
    id: str
    state: str
    version: int


def lock(kind: MovableKind, **key: object) -> Any:
    """The record, locked until the transaction ends; NotFound when there is none."""
    record = kind.model._default_manager.select_for_update(no_key=True, of=("self",)).filter(**key).first()
    if record is None:
        raise NotFound(f"No such {kind.name}.", field=kind.name, value=next(iter(key.values())))
    return record


def parse_state(kind: MovableKind, text: str) -> StrEnum:
    """The state of that name; InputError lists what exists."""
    try:
        return kind.states(text)
    except ValueError as error:
        known = ", ".join(kind.states)
        raise InputError(
            f"No such state of a {kind.name}.", field="to", value=text, cure=f"One of: {known}."
        ) from error


def move(
    kind: MovableKind, record: Any, target: StrEnum, *, actor: str, reason: str = "", note: str = "",
    version: int | None = None, **changes: object,
) -> Moved:  # fmt: skip
    """Move a locked record. ``changes`` are other fields that the move sets. Conflict when somebody was first."""
    current = kind.states(getattr(record, kind.state_field))
    check_version(kind, record, version)
    _check_move(kind, current, target, reason)
    setattr(record, kind.state_field, target.value)
    record.version += 1
    for name, value in changes.items():
        setattr(record, name, value)
    record.save(update_fields=[kind.state_field, "version", *changes])
    kind.write_event(record, timezone.now(), actor, current.value, reason, note)
    return moved(kind, record)


def _check_move(kind: MovableKind, current: StrEnum, target: StrEnum, reason: str) -> None:
    """The table's answer, in words for people."""
    try:
        check_move(kind.moves, current, target, reason=reason)
    except Conflict as error:
        words = say_illegal(kind.name, current, target, kind.moves[current])
        raise Conflict(words, field=error.field, value=error.value, cure=error.cure, is_worded=True) from error
    except InputError as error:
        words = say_reason_needed(kind.name, target)
        raise InputError(words, field=error.field, value=error.value, cure=error.cure, is_worded=True) from error


def moved(kind: MovableKind, record: Any) -> Moved:
    """Where a record stands, in the form of a move's answer."""
    name = record.handle if isinstance(record, ServiceRequest) else record.pk
    return Moved(kind.name, str(name), getattr(record, kind.state_field), record.version)


def check_version(kind: MovableKind, record: Any, version: int | None) -> None:
    """Conflict when the caller looked at an older version; None asks for no comparison."""
    if version is not None and version != record.version:
        state = getattr(record, kind.state_field)
        raise Conflict(
            say_changed(kind.name, state), field="version", value=version, cure="Load it again and decide again.",
            is_worded=True,
        )  # fmt: skip


def _write_case(case: Case, at: datetime, actor: str, came_from: str, reason: str, note: str) -> None:
    CaseEvent.objects.create(
        case=case, at=at, actor=actor, kind="move", from_state=came_from, to_state=case.state, reason=reason,
        detail={"note": note} if note else {},
    )  # fmt: skip
    refresh_clocks([case.pk])


def _write_inspection(visit: Inspection, at: datetime, actor: str, came_from: str, reason: str, note: str) -> None:
    del note  # an inspection's note is a field of its own
    InspectionEvent.objects.create(
        inspection=visit, at=at, actor=actor, from_state=came_from, to_state=visit.state, reason=reason
    )
    if visit.state == InspectionState.ON_SITE:
        refresh_clocks([visit.case_id])


def _write_request(request: ServiceRequest, at: datetime, actor: str, came_from: str, reason: str, note: str) -> None:
    del note  # the sender reads the reason
    ServiceRequestEvent.objects.create(
        service_request=request, at=at, actor=actor, from_status=came_from, to_status=request.status, reason=reason
    )
    if request.status in REPLIES:
        mark_replied(request, at)
    kind = OF_MOVE.get(RequestStatus(request.status))
    if kind is not None:
        tell_sender(request, kind, key=f"{kind}/{request.pk}/{request.version}")


def mark_replied(request: ServiceRequest, at: datetime) -> None:
    """A person replied to a sender; the first time stays. A report that has no case yet is marked as it joins one."""
    CaseRequest.objects.filter(service_request=request, replied_at=None).update(replied_at=at)


def _write_flag(flag: Flag, at: datetime, actor: str, came_from: str, reason: str, note: str) -> None:
    FlagEvent.objects.create(
        flag=flag, at=at, actor=actor, from_state=came_from, to_state=flag.state, reason=reason, note=note
    )


CASE = MovableKind("case", Case, "state", CaseState, CASE_MOVES, _write_case)
INSPECTION = MovableKind("inspection", Inspection, "state", InspectionState, INSPECTION_MOVES, _write_inspection)
REQUEST = MovableKind("report", ServiceRequest, "status", RequestStatus, REQUEST_MOVES, _write_request)
FLAG = MovableKind("flag", Flag, "state", FlagState, FLAG_MOVES, _write_flag)

__all__ = [
    "CASE",
    "FLAG",
    "INSPECTION",
    "REQUEST",
    "SYSTEM",
    "Moved",
    "check_version",
    "lock",
    "mark_replied",
    "move",
    "moved",
    "parse_state",
]
