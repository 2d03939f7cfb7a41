"""A visit as the phone needs it, and the forms that came too late, for the unit's leader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cases.field_form import Act, CheckItem
from cases.models import FollowUp, Inspection, InspectionPhoto, InspectionSubmission
from cases.permissions import Rights, scope_cases
from cases.queries.field_forms import get_field_form
from cases.roles import Role
from errors import NotFound

FIELD = frozenset({Role.INSPECTOR, Role.LEADER})


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A picture that arrived whole."""

    photo_id: UUID
    role: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A visit to come, or made, after an abatement."""

    due_on: date
    day: int
    state: str
    inspection_id: UUID | None


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form as handed in; ``conflict`` says why it did not count. Its parties are not among it."""

    id: UUID
    inspection_id: UUID
    case_id: UUID
    case_code: str
    inspector: str
    received_at: datetime
    done_at: datetime
    clock_error_s: float | None
    state: str
    conflict: str
    content: dict[str, object]
    settled_by: str
    settled_reason: str


@dataclass(frozen=True, slots=True)
class VisitForm:
    """One visit with its checklist, the acts it may name, what has arrived of it, and the visits to come."""

    id: UUID
    case_id: UUID
    case_code: str
    use: str
    state: str
    version: int
    outcome: str
    inspector: str
    is_recheck: bool
    checklist: tuple[CheckItem, ...]
    acts: tuple[Act, ...]
    photos: tuple[PhotoRow, ...]
    forms: tuple[FormRow, ...]
    follow_ups: tuple[FollowUpRow, ...]


def get_visit_form(rights: Rights, inspection_id: UUID) -> VisitForm:
    """A visit of a case within the rights; NotFound else."""
    visit = (
        Inspection.objects.select_related("case", "inspector")
        .filter(pk=inspection_id, case__in=scope_cases(rights, FIELD)).first()
    )  # fmt: skip
    if visit is None:
        raise NotFound("No such inspection.", field="inspection", value=inspection_id)
    form, case = get_field_form(visit.case.city_id), visit.case
    photos = InspectionPhoto.objects.filter(inspection=visit).order_by("received_at", "pk")
    follow_ups = FollowUp.objects.filter(case=case)
    return VisitForm(
        id=visit.pk, case_id=case.pk, case_code=case.code, use=case.use, state=visit.state, version=visit.version,
        outcome=visit.outcome, inspector=visit.inspector.get_username(),
        is_recheck=any(row.inspection_id == visit.pk for row in follow_ups),
        checklist=form.checks_for(case.use), acts=form.acts_for(case.use),
        photos=tuple(PhotoRow(row.media_id, row.role, row.sha256) for row in photos),
        forms=_rows(InspectionSubmission.objects.filter(inspection=visit)),
        follow_ups=tuple(_follow_up(row) for row in follow_ups),
    )  # fmt: skip


def list_follow_ups(case_id: UUID) -> tuple[FollowUpRow, ...]:
    """The visits to come, or made, after the abatement of a case. Check the right with ``get_case`` before."""
    return tuple(_follow_up(row) for row in FollowUp.objects.filter(case_id=case_id))


def _follow_up(row: FollowUp) -> FollowUpRow:
    return FollowUpRow(row.due_on, row.day, row.state, row.inspection_id)


def list_forms(
    rights: Rights, *, state: str = "conflict", case_id: UUID | None = None, limit: int = 100
) -> tuple[FormRow, ...]:
    """Forms of a state in the units that this person leads, of one case where it is named, newest first."""
    led = scope_cases(rights, {Role.LEADER})
    led = led if case_id is None else led.filter(pk=case_id)
    rows = InspectionSubmission.objects.filter(state=state, inspection__case__in=led).order_by("-received_at")
    return _rows(rows[:limit])


def _rows(rows: object) -> tuple[FormRow, ...]:
    found = rows.select_related("inspection__case", "inspector")  # type: ignore[attr-defined]
    return tuple(
        FormRow(
            row.pk, row.inspection_id, row.inspection.case_id, row.inspection.case.code, row.inspector.get_username(),
            row.received_at, row.done_at, row.clock_error_s, row.state, row.conflict, row.content, row.settled_by,
            row.settled_reason,
        )
        for row in found
    )  # fmt: skip
