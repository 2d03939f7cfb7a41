"""The layers of a planner's query that are not registers: flags and cases, as signed-in staff see them on the map. Pure."""

from __future__ import annotations

from geo.query_layers import LAYERS as REGISTER_LAYERS
from geo.query_layers import Property, PropertyKind, QueryLayer

_N, _D = PropertyKind.NUMBER, PropertyKind.DAY
_FLAGS = QueryLayer(
    "flags",
    "(SELECT f.id, f.city_id, f.point AS geom, f.verdict, f.use, f.state, f.rule_code, f.priority, f.accuracy_m, f.unit_code,"
    " f.seen_at::date AS seen_on FROM rules_flag f WHERE f.point IS NOT NULL AND f.state NOT IN ('dismissed', 'expired'))",
    {
        "id": Property("r.id::text"),
        "verdict": Property("r.verdict"),
        "use": Property("r.use"),
        "state": Property("r.state"),
        "rule_code": Property("r.rule_code"),
        "priority": Property("r.priority", _N),
        "accuracy_m": Property("r.accuracy_m", _N),
        "unit_code": Property("r.unit_code"),
        "seen_on": Property("r.seen_on", _D),
    },
    is_public=False,
    is_dated=False,
)
_CASES = QueryLayer(
    "cases",
    "(SELECT c.id, c.city_id, c.point AS geom, c.code, c.use, c.state, c.unit_code, c.opened_at::date AS opened_on,"
    " c.closed_at::date AS closed_on FROM cases_case c WHERE c.point IS NOT NULL)",
    {
        "code": Property("r.code"),
        "use": Property("r.use"),
        "state": Property("r.state"),
        "unit_code": Property("r.unit_code"),
        "opened_on": Property("r.opened_on", _D),
        "closed_on": Property("r.closed_on", _D),
    },
    is_public=False,
    is_dated=False,
)
LAYERS: dict[str, QueryLayer] = {**REGISTER_LAYERS, _FLAGS.name: _FLAGS, _CASES.name: _CASES}
