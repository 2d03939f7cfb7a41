"""The clocks of a case: how they stand, holding them with a reason and a paper, and why one was late."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of, rights_of
from api.parsing import read_text
from api.plain import Json, to_plain
from cases.actions import give_late_cause, pause_clock, resume_clock
from cases.clocks import ClockCode
from cases.late_causes import LateCause
from cases.queries import get_case
from cases.queries.calendars import get_calendar
from cases.queries.clocks import ClockRow, list_case_clocks
from cases.roles import CASE_READERS, Role
from geo.models import City

TAG = "cases"
LEADERS = frozenset({Role.LEADER})


def _body(required: tuple[str, ...], **more: Json) -> Json:
    clock = {"type": "string", "enum": list(ClockCode)}
    return {"application/json": {"type": "object", "properties": {"clock": clock, **more}, "required": list(required)}}


@dataclass(frozen=True, slots=True)
class ReasonAnswer:
    """A reason to hold a clock. Empty ``clocks``: all of them."""

    code: str
    name: str
    name_en: str
    clocks: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class ClocksAnswer:
    """The clocks of a case, the reasons that may hold them, and the ten causes."""

    clocks: tuple[ClockRow, ...]
    pause_reasons: tuple[ReasonAnswer, ...]
    late_causes: tuple[str, ...]


def answer_clocks(case_id: UUID) -> Response:
    """How all clocks of a case stand now."""
    city = City.objects.get(case=case_id)
    reasons = tuple(
        ReasonAnswer(reason.code, reason.name, reason.name_en, tuple(sorted(reason.clocks)), reason.most)
        for reason in get_calendar(city).pack.pause_reasons
    )
    answer = ClocksAnswer(list_case_clocks(case_id, now=timezone.now()), reasons, tuple(LateCause))
    return Response(to_plain(answer))


class CaseClocks(Endpoint):
    """``/cases/{id}/clocks``."""

    may_call = CASE_READERS

    @describe(
        "Clocks of a case", "Each run with its due moment, the policy and calendar it was counted with, standing, pauses "
        "with reason and paper, cause when late, and where its time went. A due moment from an unconfirmed calendar or "
        "policy is provisional.",
        who=CASE_READERS, answer=ClocksAnswer, faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, case_id: UUID) -> Response:
        """The clocks."""
        get_case(rights_of(request), case_id=case_id)
        return answer_clocks(case_id)


class CasePauses(Endpoint):
    """``/cases/{id}/pauses``."""

    may_call = LEADERS
    parser_classes = [JSONParser]

    @describe(
        "Hold or resume a clock", "`do`: `pause` with a reason of the city's list and the paper that shows it, or `resume`.",
        who=LEADERS, answer=ClocksAnswer, faults=(400, 404, 409), tag=TAG,
        body=_body(
            ("clock",), do={"type": "string", "enum": ["pause", "resume"]}, reason={"type": "string"},
            document={"type": "string", "description": "number and date of the paper"},
        ),
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        """Pause, or let run on."""
        get_case(rights_of(request), case_id=case_id)
        clock, person = read_text(request.data, "clock", longest=40), person_of(request)
        if read_text(request.data, "do") == "resume":
            resume_clock(case_id, clock, by=person)
        else:
            reason, document = read_text(request.data, "reason", longest=40), read_text(request.data, "document")
            pause_clock(case_id, clock, reason=reason, document=document, by=person)
        return answer_clocks(case_id)


class CaseLateCauses(Endpoint):
    """``/cases/{id}/late-causes``."""

    may_call = LEADERS
    parser_classes = [JSONParser]

    @describe(
        "Say why a case is late", "One of the ten causes. Without it a late case cannot be closed, nor its visit approved.",
        who=LEADERS, answer=ClocksAnswer, faults=(400, 404, 409), tag=TAG,
        body=_body(("clock", "cause"), cause={"type": "string", "enum": list(LateCause)}, note={"type": "string"}),
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        """One cause."""
        get_case(rights_of(request), case_id=case_id)
        give_late_cause(
            case_id, read_text(request.data, "clock", longest=40), cause=read_text(request.data, "cause", longest=40),
            note=read_text(request.data, "note"), by=person_of(request),
        )  # fmt: skip
        return answer_clocks(case_id)
