"""What became of a citizen's request, for the citizen alone: days and offices, never the hour of a visit or a name.

The caller has checked the secret (``intake``). Words are made by ``cases.wording``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from cases.deadline import Deadline
from cases.models import Case, CaseRequest, Inspection
from cases.outcome import NEEDS_ANOTHER_VISIT
from cases.queries.replies import first_reply_at, promise_of
from errors import NotFound
from geo.models import City
from intake.kinds import Derivation, RelaySide, RequestStatus
from intake.models import InterimReply, MediaFile, ServiceRequest, ServiceRequestEvent

REOPENINGS_MAX = 2
_SHOWN = (Derivation.REDACTED.value, Derivation.STILL.value)
# Each status as a step that a sender reads; the ones left out are inner matters of the offices.
_STEP_OF = {
    RequestStatus.SUBMITTED.value: "sent",
    RequestStatus.RECEIVED.value: "received",
    RequestStatus.IN_PROGRESS.value: "in_progress",
    RequestStatus.AWAITING_INFORMATION.value: "awaiting_information",
    RequestStatus.REFUSED.value: "refused",
    RequestStatus.DUPLICATE.value: "duplicate",
    RequestStatus.TRANSFERRED.value: "transferred",
    RequestStatus.RESOLVED.value: "checked",
    RequestStatus.ANSWERED.value: "answered",
    RequestStatus.CLOSED.value: "closed",
    RequestStatus.CLOSED_INCOMPLETE.value: "closed_incomplete",
    RequestStatus.REOPENED.value: "reopened",
}
_OUT = (RequestStatus.ANSWERED.value, RequestStatus.CLOSED.value)


@dataclass(frozen=True, slots=True)
class FollowStep:
    """One step with its day and the office that took it. Planned steps carry no day."""

    code: str
    on: date | None
    office: str = ""
    office_en: str = ""
    is_planned: bool = False


@dataclass(frozen=True, slots=True)
class FollowDecision:
    """What was decided. ``answer``: cases.outcome.RequestAnswer, or ``refused`` with the label or text as ``reason``."""

    answer: str
    outcome: str = ""
    reason: str = ""
    free_width_m: float | None = None
    office: str = ""
    office_en: str = ""


@dataclass(frozen=True, slots=True)
class FollowLine:
    """One message of the relay, without any name."""

    from_office: bool
    text: str
    on: date


@dataclass(frozen=True, slots=True)
class FollowInterim:
    """What was said before anybody had replied: where it stood (``cases.interim.Standing``), and whether it came late."""

    at: datetime
    standing: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class FollowedRequest:
    """A request as its sender sees it. ``first_reply`` stands at ``replied_at`` once an answer, a refusal, a question or
    the honest interim reply went out; ``interim`` is shown until a person replies."""

    code: str
    status: str
    category: str
    description: str
    language: str
    submitted_at: datetime
    city: str
    timezone: str
    steps: tuple[FollowStep, ...]
    decision: FollowDecision | None
    first_reply: Deadline | None
    replied_at: datetime | None
    reopenings_left: int
    observation_ids: tuple[UUID, ...]
    before_media_ids: tuple[UUID, ...]
    after_media_ids: tuple[UUID, ...]
    has_case: bool
    case_state: str
    relay: tuple[FollowLine, ...] = ()
    interim: FollowInterim | None = None
    rating: int = 0

    def reply_state(self, now: datetime | None = None) -> str:
        """Standing of the first reply's clock; empty where no city, hence no clock, is known."""
        if self.first_reply is None:
            return ""
        return self.first_reply.state(now or timezone.now(), done_at=self.replied_at).value


def get_followed_request(code: str) -> FollowedRequest:
    """The request of that code; NotFound when there is none."""
    request = ServiceRequest.objects.select_related("city").filter(code=code).first()
    if request is None:
        raise NotFound("No such report.", field="code", value=code)
    joined = CaseRequest.objects.select_related("case__city", "case__unit").filter(service_request=request).first()
    case = joined.case if joined else None
    city = request.city or (case.city if case else None)
    events = list(ServiceRequestEvent.objects.filter(service_request=request).order_by("at", "id"))
    by_person_at, promise = first_reply_at(request), promise_of(request, city) if city else None
    interim = _interim(request, promise) if by_person_at is None else None
    said = InterimReply.objects.filter(service_request=request).values_list("at", flat=True).first()
    replied_at = min((at for at in (by_person_at, said) if at is not None), default=None)
    visit = _last_visit(case)
    return FollowedRequest(
        code=request.code,
        status=request.status,
        category=request.category,
        description=request.description,
        language=request.language,
        submitted_at=request.submitted_at,
        city=city.slug if city else "",
        timezone=city.timezone if city else "UTC",
        steps=_steps(request, events, case, city),
        decision=_decision(request, events, case, visit),
        first_reply=promise,
        replied_at=replied_at,
        reopenings_left=max(0, REOPENINGS_MAX - sum(e.to_status == RequestStatus.REOPENED for e in events)),
        observation_ids=tuple(request.observations.order_by("received_at", "id").values_list("id", flat=True)),
        before_media_ids=_shown_copies(request),
        after_media_ids=_after_copies(visit) if request.status in _OUT else (),
        has_case=case is not None,
        case_state=case.state if case else "",
        relay=_relay(request, city),
        interim=interim,
        rating=request.ratings.order_by("-id").values_list("score", flat=True).first() or 0,
    )


def _relay(request: ServiceRequest, city: City | None) -> tuple[FollowLine, ...]:
    zone = ZoneInfo(city.timezone if city else "UTC")
    return tuple(
        FollowLine(message.side == RelaySide.OFFICE, message.text, message.at.astimezone(zone).date())
        for message in request.relay.all()
    )


def _interim(request: ServiceRequest, promise: Deadline | None) -> FollowInterim | None:
    found = InterimReply.objects.filter(service_request=request).first()
    if found is None:
        return None
    return FollowInterim(found.at, found.standing, promise is not None and found.at > promise.due_at)


def _steps(
    request: ServiceRequest, events: list[ServiceRequestEvent], case: Case | None, city: City | None
) -> tuple[FollowStep, ...]:
    zone = ZoneInfo(city.timezone if city else "UTC")
    office, office_en = _office(case)
    steps = [FollowStep("sent", request.submitted_at.astimezone(zone).date())]
    for event in events:
        code = _STEP_OF.get(event.to_status)
        if code and code != "sent":
            steps.append(FollowStep(code, event.at.astimezone(zone).date(), office, office_en))
    planned = {"received": "in_progress", "in_progress": "checked", "checked": "answered"}
    last = steps[-1].code if steps[-1].code != "sent" else "sent"
    following = {"sent": "received"} | planned
    if last in following:
        steps.append(FollowStep(following[last], None, office, office_en, is_planned=True))
    return tuple(steps)


def _decision(
    request: ServiceRequest, events: list[ServiceRequestEvent], case: Case | None, visit: Inspection | None
) -> FollowDecision | None:
    """The answer that may be read: after a refusal, or once a leader approved what the inspector found."""
    office, office_en = _office(case)
    if request.status == RequestStatus.REFUSED:
        reason = next((e.reason for e in reversed(events) if e.to_status == RequestStatus.REFUSED), "")
        return FollowDecision("refused", reason=reason, office=office, office_en=office_en)
    if request.status not in _OUT:
        return None
    answer = next((e.reason for e in reversed(events) if e.to_status == RequestStatus.RESOLVED), "")
    return FollowDecision(
        answer=answer,
        outcome=visit.outcome if visit else "",
        free_width_m=visit.free_width_m if visit else None,
        office=office,
        office_en=office_en,
    )


def _office(case: Case | None) -> tuple[str, str]:
    return (case.unit.name, case.unit.name_en) if case is not None and case.unit is not None else ("", "")


def _last_visit(case: Case | None) -> Inspection | None:
    if case is None:
        return None
    again = [outcome.value for outcome in NEEDS_ANOTHER_VISIT]
    visits = Inspection.objects.filter(case=case, completed_at__isnull=False).exclude(outcome__in=["", *again])
    return visits.order_by("-completed_at").first()


def _shown_copies(request: ServiceRequest) -> tuple[UUID, ...]:
    copies = MediaFile.objects.filter(
        parent__observations__service_request=request, derivation__in=_SHOWN, kind="photo"
    )
    return tuple(copies.order_by("received_at", "id").values_list("id", flat=True).distinct())


def _after_copies(visit: Inspection | None) -> tuple[UUID, ...]:
    if visit is None:
        return ()
    copies = MediaFile.objects.filter(parent__inspection=visit, derivation__in=_SHOWN)
    return tuple(copies.order_by("received_at", "id").values_list("id", flat=True).distinct())
