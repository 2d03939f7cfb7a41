"""Allowed uses of a sidewalk segment: the register's list <-> values. Pure.

An entry that cannot be read is left out: a use is never allowed by a slip of the pen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from geo.facts import AllowedUse


def parse_allowed_uses(raw: Iterable[Any]) -> tuple[AllowedUse, ...]:
    """Entries {use, from_on, to_on, from_time, to_time, slot}; days as 2026-11-22, times as 06:00, slot GeoJSON."""
    return tuple(use for use in map(_parse_use, raw) if use is not None)


def _parse_use(raw: Any) -> AllowedUse | None:
    if isinstance(raw, str) and raw:
        return AllowedUse(use=raw)
    if not isinstance(raw, Mapping) or not raw.get("use"):
        return None
    try:
        return AllowedUse(
            use=str(raw["use"]),
            from_on=_parse(date, raw.get("from_on")),
            to_on=_parse(date, raw.get("to_on")),
            from_time=_parse(time, raw.get("from_time")),
            to_time=_parse(time, raw.get("to_time")),
            slot=_slot(raw.get("slot")),
        )
    except (ValueError, TypeError):
        return None


def _parse(kind: type[date] | type[time], raw: Any) -> Any:
    return kind.fromisoformat(raw) if raw else None


def _slot(raw: Any) -> str:
    if isinstance(raw, Mapping):
        return json.dumps(raw)
    if raw:
        json.loads(raw)
    return raw or ""
