"""A case's history as officers may read it: who did what, when and why; nothing of when a voice came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from cases.models import Case, CaseEvent, Inspection, InspectionEvent
from cases.permissions import Rights, scope_cases
from cases.roles import SYSTEM
from errors import NotFound

# Written by the machine the moment a citizen's picture arrives.
ARRIVALS = ("voice_joined", "flag_near")
_SHOWN_DETAIL = (
    "flag", "label", "inspector", "unit", "due_at", "outcome", "free_width_m", "recurrence_of", "note", "rule", "verdict",
    "clock", "document", "days", "files", "faults", "number", "is_in_register", "why", "to",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry. With ``is_day_only`` the hour is left out on purpose and ``at`` is the local midnight of that day."""

    at: datetime
    is_day_only: bool
    actor: str
    kind: str
    from_state: str
    to_state: str
    reason: str
    facts: tuple[tuple[str, str], ...] = ()


def list_case_timeline(case_id: UUID) -> tuple[TimelineEntry, ...]:
    """Moves, decisions, assignments and visits of a case, oldest first. Check the right with ``get_case`` before."""
    case = Case.objects.select_related("city").defer("city__geometry").get(pk=case_id)
    zone = ZoneInfo(case.city.timezone)
    entries = [_of_case(event, zone) for event in CaseEvent.objects.filter(case=case).exclude(kind__in=ARRIVALS)]
    entries += [_of_visit(event) for event in InspectionEvent.objects.filter(inspection__case=case)]
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _of_case(event: CaseEvent, zone: ZoneInfo) -> TimelineEntry:
    is_arrival = event.kind == "opened" and event.actor == SYSTEM
    at = datetime.combine(event.at.astimezone(zone).date(), time.min, zone) if is_arrival else event.at
    facts = tuple(
        (name, _text(event.detail[name])) for name in _SHOWN_DETAIL if event.detail.get(name) not in (None, "")
    )
    return TimelineEntry(at, is_arrival, event.actor, event.kind, event.from_state, event.to_state, event.reason, facts)


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def list_inspection_timeline(rights: Rights, inspection_id: UUID) -> tuple[TimelineEntry, ...]:
    """The steps of one visit within the rights, oldest first; NotFound else."""
    visit = Inspection.objects.filter(pk=inspection_id, case__in=scope_cases(rights)).first()
    if visit is None:
        raise NotFound("No such inspection.", field="inspection", value=inspection_id)
    return tuple(_of_visit(event) for event in InspectionEvent.objects.filter(inspection=visit))


def _of_visit(event: InspectionEvent) -> TimelineEntry:
    return TimelineEntry(event.at, False, event.actor, "inspection", event.from_state, event.to_state, event.reason)
