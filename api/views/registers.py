"""Registers for planners and operators: sources with their runs, the faults found, and what an operator decides about a run."""

from __future__ import annotations

from urllib.parse import urlencode

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of
from api.geojson import collection_schema, make_feature
from api.parsing import parse_limit, read_text
from api.plain import to_plain
from cases.roles import Role
from errors import InputError
from geo.actions import ask_to_apply, discard_load
from geo.register_queries import (
    IssueFilter,
    IssueRow,
    RegisterRow,
    RegisterRun,
    get_run,
    list_issues,
    list_registers,
    list_runs,
)

TAG = "registers"
LOOKERS = frozenset({Role.PLANNER, Role.OPERATOR})
DECIDERS = frozenset({Role.OPERATOR})
_CITY = OpenApiParameter("city", str, description="the city's short name; all cities where absent")


class Registers(Endpoint):
    """``/registers``."""

    may_call = LOOKERS

    @describe(
        "Registers", "Every register source with the date of its data, how many rows it lists, its newest finished run and one "
        "that waits for a person.",
        who=LOOKERS, answer=tuple[RegisterRow, ...], faults=(), tag=TAG, parameters=[_CITY],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The sources."""
        return Response(to_plain(tuple(list_registers(request.query_params.get("city", "")))))


class RegisterRuns(Endpoint):
    """``/registers/{name}/loads``."""

    may_call = LOOKERS

    @describe(
        "Loads of a register", "Runs of one source, newest first: what each brought, its date, why it was refused or what it "
        "waits for. `counts` are rows read, new, changed, withdrawn, unchanged, left out, and issues.",
        who=LOOKERS, answer=tuple[RegisterRun, ...], faults=(404,), tag=TAG, parameters=[_CITY],
    )  # fmt: skip
    def get(self, request: Request, name: str) -> Response:
        """The runs."""
        return Response(to_plain(tuple(list_runs(name, request.query_params.get("city", "")))))


class OneRegisterRun(Endpoint):
    """``/register-loads/{id}``."""

    may_call = LOOKERS

    @describe(
        "One load of a register", "What a run changed, would change, or why it was refused.",
        who=LOOKERS, answer=RegisterRun, faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, load_id: int) -> Response:
        """The run."""
        return Response(to_plain(get_run(load_id)))


class RegisterRunDecision(Endpoint):
    """``/register-loads/{id}/decision``."""

    may_call = DECIDERS

    @describe(
        "Decide about a load", 'An operator applies (`{"do": "apply"}`) or discards (`{"do": "discard"}`) a run that was looked '
        "at only, or that stopped because it would withdraw much. A worker applies it within a minute.",
        who=DECIDERS, answer=RegisterRun, faults=(400, 404, 409), tag=TAG,
        body={"application/json": {"type": "object", "properties": {"do": {"type": "string", "enum": ["apply", "discard"]}}}},
    )  # fmt: skip
    def post(self, request: Request, load_id: int) -> Response:
        """The run as it stands after."""
        wish, by = read_text(request.data, "do"), person_of(request).get_username()
        if wish == "apply":
            ask_to_apply(load_id, by=by)
        elif wish == "discard":
            discard_load(load_id, by=by)
        else:
            raise InputError("Say what to do with this run.", field="do", value=wish, cure="apply or discard")
        return Response(to_plain(get_run(load_id)))


class RegisterIssues(Endpoint):
    """``/register-issues``."""

    may_call = LOOKERS

    @describe(
        "Register issues", "Faults found in register files, the newest first, as GeoJSON: row, key, place where there is one, "
        "what is wrong and what was done (`repaired`, `left_out`, `kept`).",
        who=LOOKERS, answer_schema=collection_schema(IssueRow), tag=TAG,
        parameters=[_CITY, OpenApiParameter("source", str), OpenApiParameter("fault", str), OpenApiParameter("action", str),
                    OpenApiParameter("load", int), OpenApiParameter("limit", int), OpenApiParameter("after", int)],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """A page of them."""
        asked = request.query_params
        page = list_issues(
            read_issue_filter(request), after=_whole(asked.get("after"), "after"), limit=parse_limit(asked.get("limit")),
        )  # fmt: skip
        kept = {name: value for name, value in asked.items() if name != "after"}
        following = (
            request.build_absolute_uri(f"{request.path}?{urlencode({**kept, 'after': page.next_after})}")
            if page.next_after
            else None
        )
        features = [make_feature(row, lon=row.lon, lat=row.lat) for row in page.rows]
        return Response(
            {
                "type": "FeatureCollection", "features": features, "numberReturned": len(features), "next": following,
                "links": [{"rel": "next", "href": following}] if following else [],
            }
        )  # fmt: skip


def read_issue_filter(request: Request) -> IssueFilter:
    """Which faults a caller asks for."""
    asked = request.query_params
    return IssueFilter(
        city=asked.get("city", ""), source=asked.get("source", ""), fault=asked.get("fault", ""),
        action=asked.get("action", ""), load_id=_whole(asked.get("load"), "load"),
    )  # fmt: skip


def _whole(text: str | None, field: str) -> int:
    if text and (not text.isdigit() or len(text) > 15):
        raise InputError("This field is a whole number.", field=field, value=text, cure="Write digits only.")
    return int(text or 0)
