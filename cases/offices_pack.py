"""A city pack's offices.toml (parsed) to units with their tasks. Pure.

    [[unit]]  code, name = {vi, en}, admin_unit_codes = [...], uses = [...], valid_from, valid_to

``uses`` are categories of intake; an empty list answers for all of them. Empty ``admin_unit_codes`` mean the whole city.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.calendar_pack import name_of, parse_date
from errors import ConfigurationError
from intake.kinds import Category

_FILE = "offices.toml"


@dataclass(frozen=True, slots=True)
class Office:
    """A unit as the pack gives it."""

    code: str
    name: str
    name_en: str
    admin_unit_codes: tuple[str, ...]
    uses: tuple[str, ...]
    valid_from: date
    valid_to: date | None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise _fault("valid_to", self.valid_to, "It comes after valid_from.")


def parse_offices(pack: Mapping[str, Any]) -> tuple[Office, ...]:
    """The offices of one city; ConfigurationError names the faulty entry, so nothing is half-loaded."""
    rows = pack.get("unit", pack.get("office", []))
    if not isinstance(rows, list):
        raise _fault("unit", rows, "Write [[unit]] tables.")
    offices = tuple(_parse_office(row) for row in rows)
    codes = [office.code for office in offices]
    for code in codes:
        if codes.count(code) > 1:
            raise _fault("code", code, "Every unit has its own code.")
    return offices


def _parse_office(row: Mapping[str, Any]) -> Office:
    code = str(row.get("code", "")).strip()
    if not code:
        raise _fault("code", row, "Every unit needs its code.")
    valid_from = parse_date(row.get("valid_from"), f"{code}.valid_from", _FILE)
    if valid_from is None:
        raise _fault(f"{code}.valid_from", None, "Every unit needs the day it begins.")
    name = row.get("name")
    name_en = row.get("name_en") or (name_of(name, "en") if isinstance(name, Mapping) else "")
    return Office(
        code=code,
        name=name_of(name) or code,
        name_en=str(name_en or ""),
        admin_unit_codes=_texts(row.get("admin_unit_codes", []), f"{code}.admin_unit_codes"),
        uses=_uses(row.get("uses", []), code),
        valid_from=valid_from,
        valid_to=parse_date(row.get("valid_to"), f"{code}.valid_to", _FILE),
    )


def _uses(value: object, code: str) -> tuple[str, ...]:
    uses, known = _texts(value, f"{code}.uses"), {category.value for category in Category}
    for use in uses:
        if use not in known:
            raise _fault(f"{code}.uses", use, f"Use one of {', '.join(sorted(known))}.")
    return uses


def _texts(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _fault(name, value, "Write a list.")
    return tuple(str(item) for item in value)


def _fault(name: str, value: object, cure: str) -> ConfigurationError:
    return ConfigurationError(f"{_FILE} cannot be read.", field=name, value=value, cure=cure)
