"""What a person decides, and the pipeline going on because of it. ``web`` and ``api`` call these, never half of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from cases import actions as case_actions
from cases.actions import InspectionRecord, Moved, ReviewDecision, ReviewOutcome, submitting
from cases.actions.submitting import Submitted
from cases.queries import list_observations_of_case
from pipeline import advance
from rules.models import Flag


def review_flag(
    flag_id: UUID, decision: ReviewDecision, *, by: AbstractBaseUser, reason: str = "", note: str = "",
    version: int | None = None,
) -> ReviewOutcome:  # fmt: skip
    """A reviewer's yes, no or undo on a flag; every observation that waited for it goes on."""
    with transaction.atomic():
        outcome = case_actions.review_flag(flag_id, decision, by=by, reason=reason, note=note, version=version)
        waiting = {Flag.objects.values_list("observation_id", flat=True).get(id=flag_id)}
        if outcome.case_id is not None:
            waiting |= set(list_observations_of_case(outcome.case_id))
        for observation_id in waiting:
            advance.resume(observation_id)
    return outcome


def record_inspection(inspection_id: UUID, record: InspectionRecord, *, by: AbstractBaseUser) -> None:
    """An inspector's outcome on site; the case's observations go on to publication."""
    with transaction.atomic():
        case_id = case_actions.record_inspection(inspection_id, record, by=by)
        for observation_id in list_observations_of_case(case_id):
            advance.resume(observation_id)


def submit_inspection(inspection_id: UUID, key: str, body: object, *, by: AbstractBaseUser) -> Submitted:
    """A phone's form; where it is applied, the case's observations go on."""
    with transaction.atomic():
        submitted = submitting.submit_inspection(inspection_id, key, body, by=by)
        _go_on(submitted)
    return submitted


def settle_submission(submission_id: UUID, to: str, *, by: AbstractBaseUser, reason: str) -> Submitted:
    """A leader settles a form that was in conflict; where it is adopted, the case's observations go on."""
    with transaction.atomic():
        submitted = submitting.settle_submission(submission_id, to, by=by, reason=reason)
        _go_on(submitted)
    return submitted


def _go_on(submitted: Submitted) -> None:
    if submitted.state in ("applied", "adopted") and not submitted.is_known:
        for observation_id in list_observations_of_case(submitted.case_id):
            advance.resume(observation_id)


def move_case(case_id: UUID, to: str, *, by: AbstractBaseUser, reason: str = "", version: int | None = None) -> Moved:
    """A person moves a case by hand; its observations that waited for somebody go on."""
    with transaction.atomic():
        moved = case_actions.move_case(case_id, to, by=by, reason=reason, version=version)
        for observation_id in list_observations_of_case(case_id):
            advance.resume(observation_id)
    return moved
