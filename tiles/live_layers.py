"""The layers of what changes by the minute: which columns, which place, whose scope, and what a cluster counts. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Audience(StrEnum):
    """Who may read a layer."""

    ANYONE = "anyone"  # through the publication gate
    STAFF = "staff"  # any role in the city
    CASE_READERS = "case readers"  # roles that read cases, in their wards and uses


@dataclass(frozen=True, slots=True)
class LiveLayer:
    """One layer. ``table`` is SQL over the record ``r``, ``place`` its geometry in EPSG:3857, ``columns`` name -> expression.

    ``cluster`` names what a cluster counts besides all (name -> condition). ``filters`` are what a reader may ask for:
    name -> condition with one parameter. Nothing from outside enters the SQL but parameters.
    """

    name: str
    table: str
    place: str
    columns: dict[str, str]
    min_zoom: int
    audience: Audience
    where: str = "TRUE"
    max_zoom: int = 18
    cluster: dict[str, str] = field(default_factory=dict)
    filters: dict[str, str] = field(default_factory=dict)


# The day of a citizen's picture is the picture's own, or unknown (migration 0004): the moment of sending is not shown.
_SEEN_S = "extract(epoch FROM r.seen_day)::bigint"
_OPENED_S = "extract(epoch FROM date_trunc('day', r.opened_at))::bigint"
_KIND = "(CASE WHEN r.closed_at IS NOT NULL THEN 'closed' WHEN r.due_at < now() THEN 'late' ELSE 'open' END) = ANY(%s)"
_LATE = "coalesce(r.closed_at IS NULL AND r.due_at < now(), false)"
# Corners go to the web map's metres first, so that an edge is as straight as it is drawn; a sign on the edge lies inside.
_INSIDE = "ST_Intersects(r.web_point, ST_Transform(ST_GeomFromWKB(%s, 4326), 3857))"
_SINCE_SEEN = {
    "since": "r.seen_at >= %s",
    "until": "r.seen_at < %s",
    "verdict": "r.verdict = ANY(%s)",
    "use": "r.use = ANY(%s)",
    "ward": "r.unit_code = ANY(%s)",
    "area": _INSIDE,
}
_SINCE_OPENED = {
    "since": "r.opened_at >= %s",
    "until": "r.opened_at < %s",
    "state": "r.state = ANY(%s)",
    "kind": _KIND,
    "use": "r.use = ANY(%s)",
    "ward": "r.unit_code = ANY(%s)",
    "area": _INSIDE,
}
_VIEWS = (
    "(SELECT DISTINCT ON (k.camera_id) k.view_footprint, k.residual_m, k.is_generated, c.name, c.city_id"
    " FROM intake_cameracalibration k JOIN intake_camera c ON c.id = k.camera_id"
    " WHERE c.is_active AND k.valid_from <= now() AND k.view_footprint IS NOT NULL"
    " ORDER BY k.camera_id, k.valid_from DESC)"
)

LIVE_LAYERS: dict[str, LiveLayer] = {
    layer.name: layer
    for layer in (
        LiveLayer(
            "flags",
            "rules_flag",
            "r.web_point",
            {
                "id": "r.id::text", "verdict": "r.verdict", "use": "r.use", "state": "r.state", "rule_code": "r.rule_code",
                "accuracy_m": "r.accuracy_m", "priority": "r.priority", "seen_s": _SEEN_S, "ward": "r.unit_code",
            },
            8,
            Audience.CASE_READERS,
            where="r.state NOT IN ('dismissed', 'expired')",
            cluster={
                "flagged": "verdict = 'flagged'", "undetermined": "verdict = 'undetermined'",
                "compliant": "verdict = 'compliant'",
            },
            filters=_SINCE_SEEN,
        ),
        LiveLayer(
            "cases",
            "cases_case",
            "r.web_point",
            {
                "code": "r.code", "use": "r.use", "state": "r.state", "is_closed": "r.closed_at IS NOT NULL",
                "is_late": _LATE, "opened_s": _OPENED_S, "recurs": "r.recurrence_of_id IS NOT NULL", "ward": "r.unit_code",
            },
            8,
            Audience.CASE_READERS,
            cluster={"open": "NOT is_closed", "late": "is_late", "closed": "is_closed"},
            filters=_SINCE_OPENED,
        ),
        LiveLayer(
            "cameras",
            "intake_camera",
            "ST_Transform(r.point, 3857)",
            {"name": "r.name", "title": "r.title", "generated": "r.is_generated"},
            10,
            Audience.STAFF,
            where="r.is_active",
        ),
        LiveLayer(
            "camera_views",
            _VIEWS,
            "ST_Transform(r.view_footprint, 3857)",
            {"name": "r.name", "residual_m": "r.residual_m", "generated": "r.is_generated"},
            13,
            Audience.STAFF,
        ),
        LiveLayer(
            "public_cases",
            "public_case",
            "ST_Transform(r.point, 3857)",
            {
                "code": "r.code", "use": "r.use", "state": "r.state", "opened_on": "r.opened_on::text",
                "closed_on": "r.closed_on::text",
            },
            8,
            Audience.ANYONE,
            where="r.point IS NOT NULL",
            cluster={"closed": "closed_on IS NOT NULL"},
        ),
    )
}  # fmt: skip
