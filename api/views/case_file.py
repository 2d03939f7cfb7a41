"""A case as its page shows it, by its code: state, moves allowed to you, evidence in words, visits and the whole history."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, language_of, rights_of
from api.plain import to_plain
from cases.lifecycle import CASE_MOVES, NEEDS_REASON, CaseState
from cases.models import Case
from cases.permissions import Rights, may_act_on_case
from cases.queries import CaseRow, TimelineEntry, get_case, list_case_timeline
from cases.queries.cases import VisitRow
from cases.queries.review_evidence import QueueItem, get_queue_item
from cases.roles import CASE_READERS, roles_for_case_move
from rules.wording import word_finding

TAG = "cases"
MOST_FLAGS = 12


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
class CaseFileAnswer:
    """The file. ``candidates`` counts flags that nobody has confirmed into the case; ``flags_in_all`` may exceed the list."""

    case: CaseRow
    moves: tuple[AllowedMove, ...]
    flags: tuple[FiledFlag, ...]
    flags_in_all: int
    candidates: int
    sources: int
    visits: tuple[VisitRow, ...]
    recurrences: tuple[str, ...]
    timeline: tuple[TimelineEntry, ...]


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
        answer = CaseFileAnswer(
            case=detail.row,
            moves=_list_moves(rights, detail.row),
            flags=tuple(_tell(item, language) for item in items),
            flags_in_all=len(detail.flag_ids),
            candidates=len(detail.candidate_flag_ids),
            sources=detail.sources,
            visits=detail.visits,
            recurrences=detail.recurrences,
            timeline=list_case_timeline(detail.row.id),
        )
        plain = to_plain(answer)
        for entry, told in zip(answer.timeline, plain["timeline"], strict=True):
            told["facts"] = dict(entry.facts)
        return Response(plain, headers={"Cache-Control": "private, no-cache"})


def _list_moves(rights: Rights, row: CaseRow) -> tuple[AllowedMove, ...]:
    """The table of allowed moves, cut to what the reader's roles may do where the case stands."""
    case = Case.objects.get(pk=row.id)
    targets = [CaseState(target) for target in CASE_MOVES.get(CaseState(row.state), ())]
    allowed = [target for target in targets if may_act_on_case(rights, case, roles_for_case_move(target))]
    return tuple(AllowedMove(target.value, target in NEEDS_REASON) for target in allowed)


def _tell(item: QueueItem, language: str) -> FiledFlag:
    said = word_finding(item.flag, language)
    return FiledFlag(
        id=item.row.id, observation_id=item.row.observation_id, verdict=item.row.verdict, title=said.title,
        reasons=tuple(reason.text for reason in said.reasons), citation=said.citation, picture=item.picture, place=item.place,
    )  # fmt: skip
