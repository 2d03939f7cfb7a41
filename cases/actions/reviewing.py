"""A reviewer's yes, no or undo on a flag, and what follows from it: case, requests, assignment, visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from cases.actions.answering import begin_requests, refuse_requests, restore_requests
from cases.actions.assigning import assign_case
from cases.actions.joining import WAITING, place_of_flag
from cases.actions.moving import CASE, FLAG, check_version, lock, move
from cases.actions.opening import find_open_case, join_flag, lock_places, open_case
from cases.joining import Place, UseGroup, group_of, uses_of
from cases.lifecycle import OPEN_CASES, CaseState, DismissReason
from cases.models import Case, CaseEvent, CaseFlag, CaseRequest
from cases.permissions import may_decide_flag, read_rights, require
from cases.roles import FLAG_DECIDERS
from errors import InputError, NotFound, PlaceError
from geo.models import City
from intake.queries import get_observation
from rules.finding import FlagState, Verdict
from rules.models import Flag

# These say something of the place, so they answer the sender too. A wrong object or another reason is the machine's
# fault: the sender's request stays open for a person.
ANSWERS_THE_SENDER = frozenset(DismissReason) - {DismissReason.WRONG_OBJECT, DismissReason.OTHER}


class ReviewDecision(StrEnum):
    """What a reviewer can say. ``accept_new`` opens a case even where an open one is near."""

    ACCEPT = "accept"
    ACCEPT_NEW = "accept_new"
    DISMISS = "dismiss"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """What the decision made: the flag's state and version, its case, who goes and by when."""

    flag_id: UUID
    state: str
    version: int
    case_id: UUID | None = None
    case_code: str = ""
    is_new_case: bool = False
    merged: int = 0
    inspector: str = ""
    due_at: datetime | None = None


def review_flag(
    flag_id: UUID, decision: ReviewDecision, *, by: AbstractBaseUser, reason: str = "", note: str = "",
    version: int | None = None,
) -> ReviewOutcome:  # fmt: skip
    """Decide one flag. Conflict when somebody else was first; InputError for a dismissal without one of the labels."""
    flag = Flag.objects.select_related("city").filter(pk=flag_id).first()
    if flag is None:
        raise NotFound("No such flag.", field="flag", value=flag_id)
    allowed = may_decide_flag(read_rights(by), flag)
    require("This flag is not yours to decide.", allowed=allowed, who=FLAG_DECIDERS)
    actor = by.get_username()
    with transaction.atomic():
        if decision is ReviewDecision.DISMISS:
            return _dismiss(flag, _parse_label(reason), actor, note, version)
        if decision is ReviewDecision.UNDO:
            return _undo(flag, actor, version)
        return _accept(flag, actor, note, version, as_new=decision is ReviewDecision.ACCEPT_NEW)


def _parse_label(reason: str) -> DismissReason:
    try:
        return DismissReason(reason)
    except ValueError as error:
        labels = ", ".join(DismissReason)
        raise InputError(
            "A dismissal needs one of the labels.", field="reason", value=reason, cure=f"One of: {labels}."
        ) from error


def _accept(flag: Flag, actor: str, note: str, version: int | None, *, as_new: bool) -> ReviewOutcome:
    city, group = _city_of(flag), group_of(flag.use)
    place = place_of_flag(flag, get_observation(flag.observation_id).position)
    lock_places(city, [(group, place)], fallback=f"flag/{flag.pk}")
    check_version(FLAG, Flag.objects.get(pk=flag.pk), version)
    near = None if as_new else _find_case(flag, city, group, place)
    case = near or open_case(city, use=flag.use, group=group, place=place, actor=actor, ward_code=flag.unit_code)
    lock(CASE, pk=case.pk)
    begin_requests(case, actor)
    locked = lock(FLAG, pk=flag.pk)
    move(FLAG, locked, FlagState.ACCEPTED, actor=actor, note=note, version=version)
    join_flag(case, locked, actor=actor, is_confirmed=True)
    merged = _merge_siblings(locked, group, case, actor)
    assigned = assign_case(case.pk, actor=actor)
    return ReviewOutcome(
        flag.pk,
        locked.state,
        locked.version,
        case.pk,
        case.code,
        near is None,
        merged,
        assigned.inspector,
        assigned.due_at,
    )


def _city_of(flag: Flag) -> City:
    if flag.city is None:
        raise PlaceError(
            "This flag lies in no city we know.", field="flag", value=flag.pk, cure="Dismiss it with a note."
        )
    return flag.city


def _find_case(flag: Flag, city: City, group: UseGroup, place: Place) -> Case | None:
    """The open case that the flag stands in already (its sender's, or a near one), else the open one of its place."""
    joined = CaseFlag.objects.select_related("case").filter(flag=flag).first()
    if joined is not None and joined.case.state in OPEN_CASES:
        return joined.case
    near = find_open_case(city, group, place)
    return Case.objects.get(pk=near.id) if near is not None else None


def _merge_siblings(flag: Flag, group: UseGroup, case: Case, actor: str) -> int:
    """Other waiting flags of the same picture and group of uses need no second decision; how many there were."""
    siblings = Flag.objects.filter(
        observation_id=flag.observation_id, use__in=uses_of(group), state__in=WAITING
    ).exclude(pk=flag.pk)  # fmt: skip
    ids = sorted(siblings.exclude(verdict=Verdict.COMPLIANT.value).values_list("pk", flat=True))
    for pk in ids:
        sibling = lock(FLAG, pk=pk)
        move(FLAG, sibling, FlagState.MERGED, actor=actor, note=f"with {flag.pk}")
        join_flag(case, sibling, actor=actor, is_confirmed=True)
    return len(ids)


def _dismiss(flag: Flag, label: DismissReason, actor: str, note: str, version: int | None) -> ReviewOutcome:
    case = _lock_case_behind(flag)
    locked = lock(FLAG, pk=flag.pk)
    move(FLAG, locked, FlagState.DISMISSED, actor=actor, reason=label.value, note=note, version=version)
    if case is not None:
        detail = {"flag": str(flag.pk), "label": label.value}
        CaseEvent.write(case, "flag_dismissed", actor=actor, detail=detail)
        if label in ANSWERS_THE_SENDER and case.state == CaseState.OPENED and not _has_live_flag(case):
            move(CASE, case, CaseState.DISMISSED, actor=actor, reason=label.value)
            refuse_requests(case, actor, label.value)
    return _outcome(locked, case)


def _undo(flag: Flag, actor: str, version: int | None) -> ReviewOutcome:
    """Take back a dismissal, with what it did to the case. An accepted flag has sent somebody out: move its case."""
    case = _lock_case_behind(flag)
    locked = lock(FLAG, pk=flag.pk)
    move(FLAG, locked, FlagState.NEW, actor=actor, note="undo", version=version)
    if case is not None:
        CaseEvent.write(case, "flag_restored", actor=actor, detail={"flag": str(flag.pk)})
        if case.state == CaseState.DISMISSED:
            move(CASE, case, CaseState.OPENED, actor=actor, reason="undo")
            restore_requests(case, actor)
    return _outcome(locked, case)


def _lock_case_behind(flag: Flag) -> Case | None:
    """The case of the flag, or of the request whose picture it is of; locked."""
    joined = CaseFlag.objects.filter(flag=flag).values_list("case_id", flat=True).first()
    if joined is None:
        own = CaseRequest.objects.filter(service_request__observations=flag.observation_id)
        joined = own.values_list("case_id", flat=True).first()
    return lock(CASE, pk=joined) if joined is not None else None


def _has_live_flag(case: Case) -> bool:
    """Whether anything else still speaks for the case: a flag that waits or was accepted, also of other pictures."""
    live = (*WAITING, FlagState.ACCEPTED.value, FlagState.MERGED.value)
    in_case = CaseFlag.objects.filter(case=case, flag__state__in=live)
    of_requests = Flag.objects.filter(
        observation__service_request__case_request__case=case, state__in=live
    ).exclude(verdict=Verdict.COMPLIANT.value)  # fmt: skip
    return in_case.exists() or of_requests.exists()


def _outcome(flag: Flag, case: Case | None) -> ReviewOutcome:
    return ReviewOutcome(
        flag.pk, flag.state, flag.version, case.pk if case else None, case.code if case else ""
    )  # fmt: skip
