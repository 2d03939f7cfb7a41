"""Who is told when something gets late: steps of the city's calendar.toml, and which of them are due. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from errors import ConfigurationError


class Told(StrEnum):
    """Who may be told."""

    INSPECTOR = "inspector"  # whoever holds the case now
    UNIT_LEADER = "unit_leader"
    CITY_LEADER = "city_leader"  # leaders of the whole city


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """``after_hours`` past the due moment (below 0: before it) these are told. Empty ``clocks`` are all clocks."""

    after_hours: float
    tell: tuple[Told, ...]
    clocks: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        """The step's name in the record, by its hours."""
        return f"{self.after_hours:+g}h"

    def moment(self, due_at: datetime) -> datetime:
        """When it is due."""
        return due_at + timedelta(hours=self.after_hours)


DEFAULT_STEPS: tuple[EscalationStep, ...] = (
    EscalationStep(0, (Told.INSPECTOR, Told.UNIT_LEADER)),
    EscalationStep(24, (Told.UNIT_LEADER, Told.CITY_LEADER)),
)


def parse_escalations(pack: Mapping[str, Any]) -> tuple[EscalationStep, ...]:
    """The pack's steps, else the defaults; ConfigurationError names the faulty entry."""
    rows = pack.get("escalation")
    if rows is None:
        return DEFAULT_STEPS
    if not isinstance(rows, list):
        raise _fault("escalation", rows, "Write [[escalation]] tables.")
    return tuple(_parse(row) for row in rows)


def steps_due(
    steps: Iterable[EscalationStep], *, clock: str, due_at: datetime, now: datetime, done: Iterable[str]
) -> tuple[EscalationStep, ...]:
    """The steps of a running clock whose moment has come and that were not taken yet."""
    taken = frozenset(done)
    fitting = (step for step in steps if not step.clocks or clock in step.clocks)
    return tuple(step for step in fitting if step.code not in taken and step.moment(due_at) <= now)


def _parse(row: Mapping[str, Any]) -> EscalationStep:
    try:
        hours = float(row["after_hours"])
        tell = tuple(Told(str(name)) for name in row["tell"])
    except (KeyError, TypeError, ValueError) as error:
        raise _fault("escalation", dict(row), f"Give after_hours, and tell (some of {', '.join(Told)}).") from error
    clocks = row.get("clocks", [])
    if not isinstance(clocks, list) or not tell:
        raise _fault("escalation", dict(row), "Give lists of clocks and of who is told.")
    return EscalationStep(hours, tell, frozenset(map(str, clocks)))


def _fault(name: str, value: object, cure: str) -> ConfigurationError:
    return ConfigurationError("calendar.toml cannot be read.", field=name, value=value, cure=cure)
