"""How the field works, from the ``[field_work]`` table of a city's calendar.toml: speed, length of visits, skills. Pure.

[field_work]
speed_km_h = 15
visit_minutes = 20
recheck_days = [3, 10, 30]                                    re-inspection after an abatement, from the day of the visit
source = "..."
[field_work.visit_minutes_of]     construction = 40
[field_work.skill_of]             construction = "construction"   the use asks for this skill
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from errors import ConfigurationError

_FILE = "calendar.toml"


@dataclass(frozen=True, slots=True)
class FieldWork:
    """Metres a second on the way, seconds on site by use, and which use asks for which skill."""

    speed_m_s: float = 15 / 3.6  # a motorbike in inner-city traffic with its stops
    visit_s: int = 20 * 60
    visit_s_of: Mapping[str, int] = field(default_factory=dict)
    skill_of: Mapping[str, str] = field(default_factory=dict)
    recheck_days: tuple[int, ...] = (3, 10, 30)

    def service_s(self, use: str) -> int:
        """How long a visit of this use takes."""
        return self.visit_s_of.get(use, self.visit_s)


def parse_field_work(pack: Mapping[str, Any]) -> FieldWork:
    """The table of a calendar; defaults where it says nothing. ConfigurationError names the faulty entry."""
    table = pack.get("field_work", {})
    if not isinstance(table, Mapping):
        raise _fault("field_work", table)
    usual = FieldWork()
    minutes_of, skill_of = table.get("visit_minutes_of", {}), table.get("skill_of", {})
    if not isinstance(minutes_of, Mapping) or not isinstance(skill_of, Mapping):
        raise _fault("field_work", dict(table))
    return FieldWork(
        speed_m_s=_positive(table, "speed_km_h", usual.speed_m_s * 3.6) / 3.6,
        visit_s=round(_positive(table, "visit_minutes", usual.visit_s / 60) * 60),
        visit_s_of={str(use): round(_positive(minutes_of, use, 1) * 60) for use in minutes_of},
        skill_of={str(use): str(skill) for use, skill in skill_of.items()},
        recheck_days=_days(table.get("recheck_days", usual.recheck_days)),
    )


def _positive(table: Mapping[str, Any], name: str, usual: float) -> float:
    value = table.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise _fault(f"field_work.{name}", value)
    return float(value)


def _days(value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(day, int) and day > 0 for day in value):
        raise _fault("field_work.recheck_days", value)
    return tuple(sorted(set(value)))


def _fault(name: str, value: object) -> ConfigurationError:
    return ConfigurationError(f"{_FILE} cannot be read.", field=name, value=value, cure="Give a number above 0.")
