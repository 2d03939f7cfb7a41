"""What everybody may read, through the publication gate: figures of wards with their method, and letting a case out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import ANYONE, Endpoint, describe, person_of, rights_of
from api.parsing import read_text
from api.plain import to_plain
from cases.queries import get_case
from errors import InputError, NotFound
from geo.models import AdminUnit, City
from geo.today import today_in
from tiles.actions import (
    APPROVERS,
    PublicationPreview,
    approve_publication,
    preview_publication,
    withdraw_case,
)
from tiles.queries import list_ward_figures

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """A ward's last year. Null where there were fewer than thirty samples."""

    ward_code: str
    name: str
    settled: int
    followed: int
    came_back: int | None
    checked: int | None
    checked_in_time: int | None


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """The figures of a city's wards with how they are counted."""

    city: str
    since: date
    until: date
    method: str
    wards: tuple[PublicFigure, ...]


@dataclass(frozen=True, slots=True)
class PublicationAnswer:
    """Whether a case's page is public, since when and by whose yes."""

    code: str
    is_public: bool
    approved_by: str
    published_at: datetime | None


class WardFigures(Endpoint):
    """``/public/figures``."""

    may_call = ANYONE

    @describe(
        "Public figures of wards", "Cases settled in the last year, how many came back within thirty days, how many first "
        "visits were in time; with the method. Wards with fewer than five settled cases are left out.",
        who=ANYONE, answer=PublicFigures, faults=(404,), tag="wards",
        parameters=[OpenApiParameter("city", str, description="the city's short name; the default city where absent")],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The figures, by ward."""
        slug = request.query_params.get("city", "")
        city = (City.objects.filter(slug=slug) if slug else City.objects.filter(is_default=True)).first()
        if city is None:
            raise NotFound("No such city is loaded.", field="city", value=slug)
        rows = list_ward_figures(city.pk)
        codes = [row.ward_code for row in rows]
        names = dict(AdminUnit.objects.filter(city=city, code__in=codes, is_listed=True).values_list("code", "name"))
        today = today_in(city.timezone)
        method = gettext(
            "Counted from the log of events. Came back: same place and use within 30 days after closing, of cases closed at "
            "least 30 days ago. In time: the first visit before its due time; visits that are due and not made count as late."
        )
        wards = tuple(
            PublicFigure(
                row.ward_code, names.get(row.ward_code, ""), row.settled, row.followed, row.came_back, row.checked,
                row.checked_in_time,
            )
            for row in rows
        )  # fmt: skip
        answer = PublicFigures(city.slug, today - YEAR, today, method, wards)
        return Response(to_plain(answer), headers={"Cache-Control": "public, max-age=300"})


class CasePublication(Endpoint):
    """``/cases/{id}/publication``."""

    may_call = APPROVERS
    parser_classes = [JSONParser]

    @describe(
        "Preview a public page", "Exactly what the public sees or would see of the case, read through the gate: pictures, place "
        "as rounded, days, office, outcome; and how the leader's yes stands.",
        who=APPROVERS, answer=PublicationPreview, faults=(403, 404), tag="cases",
    )  # fmt: skip
    def get(self, request: Request, case_id: UUID) -> Response:
        """The preview."""
        get_case(rights_of(request), case_id=case_id)
        preview = preview_publication(case_id, by=person_of(request))
        return Response(to_plain(preview), headers={"Cache-Control": "private, no-store"})

    @describe(
        "Let a case out", "`approve`: a settled case's page becomes public with its redacted pictures, by another leader than "
        "who recorded the visit; `withdraw` takes it back, with a reason.",
        who=APPROVERS, answer=PublicationAnswer, faults=(400, 404, 409), tag="cases",
        body={"application/json": {"type": "object", "required": ["do"], "properties": {
            "do": {"type": "string", "enum": ["approve", "withdraw"]}, "reason": {"type": "string"}}}},
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        """Approve or withdraw."""
        code = get_case(rights_of(request), case_id=case_id).row.code
        wish = read_text(request.data, "do")
        if wish == "approve":
            row = approve_publication(case_id, by=person_of(request))
            return Response(to_plain(PublicationAnswer(code, True, row.approved_by, row.published_at)))
        if wish == "withdraw":
            withdraw_case(case_id, by=person_of(request), reason=read_text(request.data, "reason"))
            return Response(to_plain(PublicationAnswer(code, False, "", None)))
        raise InputError("Say what to do.", field="do", value=wish, cure="One of: approve, withdraw.")
