"""Spots where flags lie together, for those who read figures."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, rights_of
from api.parsing import parse_limit, parse_moment
from api.plain import to_plain
from cases.queries.spots import FIGURE_READERS, SpotRow, list_spots

PERIOD = timedelta(days=90)


class FlagSpots(Endpoint):
    """``/flags/spots``."""

    may_call = FIGURE_READERS

    @describe(
        "Spots of flags", "Where flags of one group of uses lie within 15 m of each other, chain by chain, most first; over "
        "the last 90 days where no `since` is given. A flag is a suspicion: a spot says where to look, not what was done there.",
        who=FIGURE_READERS, answer=tuple[SpotRow, ...], tag="flags",
        parameters=[OpenApiParameter("since", str, description="ISO moment"), OpenApiParameter("limit", int)],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The spots."""
        since = parse_moment(request.query_params.get("since"), "since") or timezone.now() - PERIOD
        limit = parse_limit(request.query_params.get("limit"))
        return Response(to_plain(list_spots(rights_of(request), since=since, limit=limit)))
