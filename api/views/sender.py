"""What a sender does with an answered report: answer a question, rate, open again. By code and secret, no account."""

from __future__ import annotations

from dataclasses import dataclass

from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import ANYONE, Endpoint, describe
from api.parsing import read_text, read_whole
from api.plain import to_plain
from api.throttles import ReportThrottle
from api.views.reports import SECRET, refuse_too_large
from cases.actions import answer_office
from cases.actions.reopening import rate_request, reopen_request
from cases.queries import get_followed_request
from cases.queries.follow import FollowLine
from intake.queries import get_request
from pipeline import advance

TAG = "reports"


@dataclass(frozen=True, slots=True)
class StandingAnswer:
    """Where a report stands after what its sender did."""

    code: str
    status: str
    reopenings_left: int
    rating: int
    relay: tuple[FollowLine, ...]


def _answer(code: str, *, status: int = 201) -> Response:
    report = get_followed_request(code)
    answer = StandingAnswer(report.code, report.status, report.reopenings_left, report.rating, report.relay)
    return Response(to_plain(answer), status=status, headers={"Cache-Control": "no-store"})


def _known(request: Request, code: str) -> str:
    return get_request(code, request.query_params.get("secret", "")).code


class ReportAnswers(Endpoint):
    """``/reports/{code}/answers``."""

    may_call = ANYONE
    parser_classes = [JSONParser]

    @describe(
        "Answer a question", "To the office, which learns nothing of who answers: numbers and addresses are masked.",
        who=ANYONE, answer=StandingAnswer, status=201, faults=(400, 404, 409), parameters=[SECRET], tag=TAG,
        body={"application/json": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}},
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """One answer."""
        known = _known(request, code)
        answer_office(known, read_text(request.data, "text"))
        return _answer(known)


class ReportRatings(Endpoint):
    """``/reports/{code}/ratings``."""

    may_call = ANYONE
    parser_classes = [JSONParser]

    @describe(
        "Rate an answer", "3 settled (which closes the report), 2 so-so, 1 not settled.",
        who=ANYONE, answer=StandingAnswer, status=201, faults=(400, 404, 409), parameters=[SECRET], tag=TAG,
        body={"application/json": {"type": "object", "properties": {"score": {"type": "integer"}}, "required": ["score"]}},
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """One rating."""
        known = _known(request, code)
        rate_request(known, read_whole(request.data, "score") or 0)
        return _answer(known)


class ReportReopenings(Endpoint):
    """``/reports/{code}/reopenings``."""

    may_call = ANYONE
    throttle_classes = [ReportThrottle]
    parser_classes = [MultiPartParser, FormParser]

    @describe(
        "Open a report again", "With a new photo, twice at most; another officer than before looks.",
        who=ANYONE, answer=StandingAnswer, status=201, faults=(400, 404, 409, 413, 422, 429), parameters=[SECRET], tag=TAG,
        body={"multipart/form-data": {"type": "object", "properties": {
            "media": {"type": "array", "items": {"type": "string", "format": "binary"}}, "reason": {"type": "string"}},
            "required": ["media"]}},
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """Once more."""
        refuse_too_large(request)
        known = _known(request, code)
        for observation_id in reopen_request(
            known, request.FILES.getlist("media"), reason=request.POST.get("reason", "")
        ):
            advance.start(observation_id)
        return _answer(known)
