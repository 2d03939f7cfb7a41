"""Stage 6: what one observation makes of the city's cases. May run twice with the same result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from cases.actions.moving import REQUEST, SYSTEM, lock, move
from cases.actions.opening import find_open_case, join_flag, join_request, lock_places, open_case
from cases.joining import Place, UseGroup, group_of
from cases.lifecycle import OPEN_CASES, CaseState
from cases.models import Case, CaseFlag, CaseRequest
from errors import ConfigurationError
from geo.models import City
from geo.position import Position
from intake.kinds import Category, RequestStatus
from intake.models import ServiceRequest
from intake.queries import ObservationFacts, get_observation
from rules.finding import FlagState, Verdict
from rules.models import Flag

WAITING = (FlagState.NEW.value, FlagState.IN_REVIEW.value)


class JoinKind(StrEnum):
    """What became of an observation."""

    OPENED = "opened"
    JOINED = "joined"
    WAITS_FOR_REVIEW = "waits_for_review"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class JoinOutcome:
    """The case an observation belongs to, or why it has none. ``near_case_code``: an open case its flag may belong to."""

    kind: JoinKind
    case_id: UUID | None = None
    case_code: str | None = None
    recurrence_of: UUID | None = None
    near_case_code: str = ""

    @property
    def is_new(self) -> bool:
        """Whether this call opened the case."""
        return self.kind is JoinKind.OPENED

    @property
    def waits_for_review(self) -> bool:
        """Whether a person must look before anything is opened."""
        return self.kind is JoinKind.WAITS_FOR_REVIEW


def open_or_join_case(observation_id: UUID) -> JoinOutcome:
    """A citizen's request joins or opens a case at once; a camera's flag waits for a person, near a case or not."""
    observation = get_observation(observation_id)
    with transaction.atomic():
        flags = list(
            Flag.objects.select_related("city")
            .filter(observation_id=observation_id)
            .order_by("-priority", "created_at", "id")
        )
        if observation.service_request_id is not None:
            return _join_request(observation, observation.service_request_id, flags)
        return _join_camera(observation_id, flags)


def place_of_flag(flag: Flag, position: Position | None = None) -> Place:
    """A flag's own place; where it has no point, that of its picture. Several parcels are no parcel."""
    parcel = flag.parcel_keys[0] if len(flag.parcel_keys) == 1 else ""
    if flag.point is not None:
        return Place(flag.point.x, flag.point.y, flag.accuracy_m, parcel, flag.sidewalk_key)
    if position is not None:
        return Place(position.lon, position.lat, position.accuracy_m, parcel, flag.sidewalk_key)
    return Place(parcel_key=parcel, sidewalk_key=flag.sidewalk_key)


def _join_request(observation: ObservationFacts, request_id: int, flags: Sequence[Flag]) -> JoinOutcome:
    request = ServiceRequest.objects.select_related("city").get(pk=request_id)
    city = _city_of(request, flags)
    use = _use_of(request, flags)
    group = group_of(use)
    of_group = [flag for flag in flags if group_of(flag.use) is group and flag.verdict != Verdict.COMPLIANT.value]
    place = _place_of_request(observation.position, of_group)
    lock_places(city, [(group, place)], fallback=f"request/{request.pk}")
    joined = CaseRequest.objects.select_related("case").filter(service_request=request).first()
    kind = JoinKind.JOINED
    if joined is not None:
        case = joined.case
    else:
        named = _find_named(request, city, group)
        if named is not None:
            case = named
        else:
            case, kind = _find_or_open(city, use, group, place, ward_code=of_group[0].unit_code if of_group else "")
    join_request(case, request)
    if request.with_route and not case.with_route:
        Case.objects.filter(pk=case.pk).update(with_route=True)
    for flag in of_group:
        if not CaseFlag.objects.filter(flag=flag).exists():
            join_flag(case, flag, is_confirmed=False)
    _receive(request, case)
    return JoinOutcome(kind, case.pk, case.code, case.recurrence_of_id)


def _find_named(request: ServiceRequest, city: City, group: UseGroup) -> Case | None:
    """The open case that the sender saw beside the report and chose to follow; none when it has ended since."""
    if not request.joins_case:
        return None
    open_states = [state.value for state in OPEN_CASES]
    case = Case.objects.filter(code=request.joins_case, city=city, state__in=open_states).first()
    return case if case is not None and group_of(case.use) is group else None


def _find_or_open(city: City, use: str, group: UseGroup, place: Place, *, ward_code: str) -> tuple[Case, JoinKind]:
    near = find_open_case(city, group, place)
    if near is not None:
        return Case.objects.get(pk=near.id), JoinKind.JOINED
    return open_case(city, use=use, group=group, place=place, ward_code=ward_code), JoinKind.OPENED


def _receive(request: ServiceRequest, case: Case) -> None:
    """The request has its case: received; at work on it already when the case is."""
    locked = lock(REQUEST, pk=request.pk)
    if locked.status == RequestStatus.SUBMITTED:
        move(REQUEST, locked, RequestStatus.RECEIVED, actor=SYSTEM)
    if locked.status == RequestStatus.RECEIVED and case.state != CaseState.OPENED:
        move(REQUEST, locked, RequestStatus.IN_PROGRESS, actor=SYSTEM)


def _join_camera(observation_id: UUID, flags: Sequence[Flag]) -> JoinOutcome:
    confirmed = (
        CaseFlag.objects.select_related("case").filter(flag__observation_id=observation_id, is_confirmed=True).first()
    )
    if confirmed is not None:
        return JoinOutcome(JoinKind.JOINED, confirmed.case_id, confirmed.case.code, confirmed.case.recurrence_of_id)
    waiting = [flag for flag in flags if flag.state in WAITING]
    if not waiting:
        return JoinOutcome(JoinKind.NOTHING)
    near = _put_near([flag for flag in waiting if flag.verdict == Verdict.FLAGGED and flag.city is not None])
    return JoinOutcome(JoinKind.WAITS_FOR_REVIEW, near_case_code=near)


def _put_near(flags: Sequence[Flag]) -> str:
    """Make a camera's flags candidates of the open cases of their places; the first such case's code, or nothing."""
    if not flags or flags[0].city is None:
        return ""
    city = flags[0].city
    places = [(group_of(flag.use), place_of_flag(flag)) for flag in flags]
    lock_places(city, places, fallback=f"observation/{flags[0].observation_id}")
    codes = []
    for flag, (group, place) in zip(flags, places, strict=True):
        near = find_open_case(city, group, place)
        if near is not None:
            join_flag(near, flag, is_confirmed=False)
            codes.append(near.code)
    return codes[0] if codes else ""


def _place_of_request(position: Position | None, flags: Sequence[Flag]) -> Place:
    """The picture's own place, with the registers' keys where its flags agree on exactly one."""
    parcels = {key for flag in flags for key in flag.parcel_keys}
    sidewalks = {flag.sidewalk_key for flag in flags if flag.sidewalk_key}
    parcel = parcels.pop() if len(parcels) == 1 else ""
    sidewalk = sidewalks.pop() if len(sidewalks) == 1 else ""
    if position is None:
        return Place(parcel_key=parcel, sidewalk_key=sidewalk)
    return Place(position.lon, position.lat, position.accuracy_m, parcel, sidewalk)


def _use_of(request: ServiceRequest, flags: Sequence[Flag]) -> str:
    """What the sender chose; where nothing was chosen, what the most urgent flag says."""
    if request.category != Category.UNSTATED:
        return request.category
    judged = [flag for flag in flags if flag.verdict != Verdict.COMPLIANT.value]
    return judged[0].use if judged else Category.UNSTATED.value


def _city_of(request: ServiceRequest, flags: Sequence[Flag]) -> City:
    """The city that the request is addressed to; without any place, the one whose pages these are."""
    if request.city is not None:
        return request.city
    placed = next((flag.city for flag in flags if flag.city is not None), None)
    city = placed or City.objects.filter(is_default=True).first()
    if city is None:
        raise ConfigurationError("No city is loaded.", field="city", cure="Run: manage.py load_city cities/<name>.")
    return city
