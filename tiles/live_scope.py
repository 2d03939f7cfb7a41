"""Which records of a live layer this reader may see, and which of those were asked for: SQL conditions with parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cases.permissions import HeldRole, Rights
from cases.roles import CASE_READERS, STAFF
from errors import InputError
from geo.link_area import parse_link_area
from tiles.live_layers import Audience, LiveLayer
from tiles.web_square import Square, is_inside


@dataclass(frozen=True, slots=True)
class Scope:
    """Conditions joined by AND, and their parameters in order."""

    conditions: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def join(self, other: Scope) -> Scope:
        """Both."""
        return Scope([*self.conditions, *other.conditions], [*self.parameters, *other.parameters])

    @property
    def sql(self) -> str:
        """One condition."""
        return " AND ".join(f"({one})" for one in self.conditions) or "TRUE"


def scope_of(layer: LiveLayer, rights: Rights) -> Scope | None:
    """What the reader's roles reach (the same as ``cases.permissions.scope_flags``); None: nothing at all."""
    if layer.audience is Audience.ANYONE:
        return Scope()
    wanted = CASE_READERS if layer.audience is Audience.CASE_READERS else STAFF
    held = [one for one in rights.held if one.role in wanted]
    if not held:
        return None
    if layer.audience is Audience.STAFF:
        return Scope(["r.city_id = ANY(%s)"], [sorted({one.city_id for one in held})])
    parts = [_reach(one) for one in dict.fromkeys(held)]
    return Scope(
        [" OR ".join(f"({part.sql})" for part in parts)], [value for part in parts for value in part.parameters]
    )


def _reach(held: HeldRole) -> Scope:
    scope = Scope(["r.city_id = %s OR r.city_id IS NULL"], [held.city_id])
    if held.ward_codes:
        scope = scope.join(Scope(["r.unit_code = ANY(%s) OR r.unit_code = ''"], [sorted(held.ward_codes)]))
    return scope.join(Scope(["r.use = ANY(%s)"], [sorted(held.uses)])) if held.uses else scope


def read_filters(layer: LiveLayer, asked: Mapping[str, str], zone: str, square: Square | None = None) -> Scope:
    """What the reader asked for by ``?verdict=a,b&use=&state=&since=DAY&until=DAY&area=``; days of the city, both included.

    ``area`` is written as in ``geo.link_area``; a ``square`` that lies in it whole need not ask it of every record. InputError: a
    day or an area that cannot be used.
    """
    scope = Scope()
    for name, condition in layer.filters.items():
        text = asked.get(name, "").strip()
        if not text:
            continue
        value: Any = text.split(",")
        if name in ("since", "until"):
            value = _read_moment(name, text, zone)
        elif name == "area":
            value = parse_link_area(text).wkb
            if square and is_inside(square, text):
                continue
        scope = scope.join(Scope([condition], [value]))
    return scope


def _read_moment(name: str, text: str, zone: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InputError("This is not a date.", field=name, value=text, cure="Write it as 2026-06-30.") from error
    if name == "until":
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
