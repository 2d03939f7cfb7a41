"""A case as its page shows it, by its code: state, moves allowed to you, evidence in words, visits and the whole history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, language_of, rights_of
from api.plain import to_plain
from cases.case_acts import CaseAct, list_acts
from cases.lifecycle import CASE_MOVES, INSPECTION_MOVES, NEEDS_REASON, CaseState, InspectionState
from cases.models import Case
from cases.permissions import Rights, may_act_on_case
from cases.queries import CaseRow, TimelineEntry, VisitRow, get_case
from cases.queries.custody import count_faults, is_held
from cases.queries.field_visits import FollowUpRow, FormRow, list_follow_ups, list_forms
from cases.queries.review_evidence import QueueItem, get_queue_item
from cases.queries.told_history import tell_history
from cases.roles import CASE_READERS, roles_for_case_move, roles_for_inspection_move
from rules.wording import word_finding

TAG = "cases"
MOST_FLAGS = 12
BY_FORM = frozenset({InspectionState.COMPLETED, InspectionState.NO_ACCESS})


@dataclass(frozen=True, slots=True)
class AllowedMove:
    """A state to which you may move this case now."""

    to: str
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class FiledFlag:
    """A confirmed flag of the case in words; ``picture`` is the id of a redacted copy."""

    id: UUID
    observation_id: UUID
    verdict: str
    title: str
    reasons: tuple[str, ...]
    citation: str
    picture: UUID | None
    place: str


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """One entry of the history; ``said`` tells it in a whole sentence with who, what and why."""

    at: datetime
    is_day_only: bool
    actor: str
    kind: str
    from_state: str
    to_state: str
    reason: str
    facts: dict[str, str]
    said: str


@dataclass(frozen=True, slots=True)
class FiledVisit:
    """One visit; ``moves`` are those that you may make now."""

    id: UUID
    state: str
    version: int
    inspector: str
    outcome: str
    reason: str
    free_width_m: float | None
    note: str
    photo_ids: tuple[UUID, ...]
    voice_ids: tuple[UUID, ...]
    completed_at: datetime | None
    moves: tuple[AllowedMove, ...]


@dataclass(frozen=True, slots=True)
class CaseFileAnswer:
    """The file. ``candidates`` counts flags that nobody has confirmed into the case; ``flags_in_all`` may exceed the list.

    ``acts`` names what else you may do with the case; ``late_forms`` are forms that came too late to count and wait for a
    leader; ``altered`` counts stored files that were found not to be what was received.
    """

    case: CaseRow
    moves: tuple[AllowedMove, ...]
    acts: tuple[CaseAct, ...]
    flags: tuple[FiledFlag, ...]
    flags_in_all: int
    candidates: int
    sources: int
    visits: tuple[FiledVisit, ...]
    follow_ups: tuple[FollowUpRow, ...]
    late_forms: tuple[FormRow, ...]
    is_held: bool
    altered: int
    recurrences: tuple[str, ...]
    timeline: tuple[ToldEntry, ...]


class CaseFile(Endpoint):
    """``/case-files/{code}``."""

    may_call = CASE_READERS

    @describe(
        "Case file", "One case by its code, with the moves you may make, its flags in words, its visits and its history. "
        "Carries an ETag: ask again with `If-None-Match`.",
        who=CASE_READERS, answer=CaseFileAnswer, faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        """The file."""
        rights, language = rights_of(request), language_of(request)[:2]
        detail = get_case(rights, code=code)
        items = [get_queue_item(rights, flag_id) for flag_id in detail.flag_ids[:MOST_FLAGS]]
        case = Case.objects.defer("city__geometry").get(pk=detail.row.id)
        acts = list_acts(rights, case)
        answer = CaseFileAnswer(
            case=detail.row,
            moves=_list_moves(rights, case),
            acts=acts,
            flags=tuple(_tell(item, language) for item in items),
            flags_in_all=len(detail.flag_ids),
            candidates=len(detail.candidate_flag_ids),
            sources=detail.sources,
            visits=tuple(_file(visit, rights, case) for visit in detail.visits),
            follow_ups=list_follow_ups(case.pk),
            late_forms=list_forms(rights, case_id=case.pk) if CaseAct.SETTLE_FORM in acts else (),
            is_held=is_held(case.pk),
            altered=count_faults(case.pk) if CaseAct.CHECK_EVIDENCE in acts else 0,
            recurrences=detail.recurrences,
            timeline=tuple(_entry(entry, said) for entry, said in tell_history(case.pk, language)),
        )
        return Response(to_plain(answer), headers={"Cache-Control": "private, no-cache"})


def _list_moves(rights: Rights, case: Case) -> tuple[AllowedMove, ...]:
    """The table of allowed moves, cut to what the reader's roles may do where the case stands."""
    targets = [CaseState(target) for target in CASE_MOVES.get(CaseState(case.state), ())]
    allowed = [target for target in targets if may_act_on_case(rights, case, roles_for_case_move(target))]
    return tuple(AllowedMove(target.value, target in NEEDS_REASON) for target in allowed)


def _file(visit: VisitRow, rights: Rights, case: Case) -> FiledVisit:
    """A visit with the moves of the table that are the reader's; outcomes are recorded with their form, not moved to."""
    targets = [InspectionState(target) for target in INSPECTION_MOVES[InspectionState(visit.state)]]
    own = visit.inspector == rights.username
    allowed = [
        target
        for target in targets
        if target not in BY_FORM
        and may_act_on_case(rights, case, roles_for_inspection_move(target))
        and not (own and target is InspectionState.APPROVED)
    ]
    moves = tuple(AllowedMove(target.value, target in NEEDS_REASON) for target in allowed)
    return FiledVisit(
        visit.id, visit.state, visit.version, visit.inspector, visit.outcome, visit.reason, visit.free_width_m,
        visit.note, visit.photo_ids, visit.voice_ids, visit.completed_at, moves,
    )  # fmt: skip


def _entry(entry: TimelineEntry, said: str) -> ToldEntry:
    return ToldEntry(
        entry.at, entry.is_day_only, entry.actor, entry.kind, entry.from_state, entry.to_state, entry.reason,
        dict(entry.facts), said,
    )  # fmt: skip


def _tell(item: QueueItem, language: str) -> FiledFlag:
    said = word_finding(item.flag, language)
    return FiledFlag(
        id=item.row.id, observation_id=item.row.observation_id, verdict=item.row.verdict, title=said.title,
        reasons=tuple(reason.text for reason in said.reasons), citation=said.citation, picture=item.picture, place=item.place,
    )  # fmt: skip
