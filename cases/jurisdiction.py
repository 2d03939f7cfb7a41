"""Which office answers for a use at a place and date, and who of its people goes. Pure.

Jurisdiction is chosen by the day of the act: a case opened before a reform keeps the office of its day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OfficeDuty:
    """An office's task: which administrative units and uses, in which period. Empty lists mean all."""

    id: int
    code: str
    admin_unit_codes: tuple[str, ...]
    uses: tuple[str, ...]
    valid_from: date
    valid_to: date | None

    def answers_for(self, *, unit_code: str, use: str, on: date) -> bool:
        """Whether this office has the task; ``valid_to`` is the first day it no longer has it."""
        in_force = self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
        here = not self.admin_unit_codes or unit_code in self.admin_unit_codes
        return in_force and here and (not self.uses or use in self.uses)


# One more open job weighs as much as half a kilometre of way.
JOB_M = 500.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone who may go: open jobs, metres (by air) to the nearest of them, skill and shift for this case.

    ``nearest_m`` is None without any open job with a place.
    """

    user_id: int
    username: str
    open_jobs: int
    nearest_m: float | None = None
    is_skilled: bool = True
    is_on_shift: bool = True

    @property
    def cost_m(self) -> float:
        """Load and way in one measure: somebody already near is sent before somebody free at the other end."""
        return self.open_jobs * JOB_M + (self.nearest_m or 0.0)

    @property
    def rule(self) -> str:
        """Why this one, for the history."""
        return "least_load" if self.nearest_m is None else "near_and_free"


def choose_office(offices: Iterable[OfficeDuty], *, unit_code: str, use: str, on: date) -> OfficeDuty | None:
    """The office with the task, the most specific one first (named ward, then named use); None when nobody has it."""
    fitting = [office for office in offices if office.answers_for(unit_code=unit_code, use=use, on=on)]
    return min(fitting, key=lambda o: (not o.admin_unit_codes, not o.uses, o.code), default=None)


def choose_inspector(candidates: Iterable[Candidate]) -> Candidate | None:
    """Of those with the skill, somebody on shift before anybody else, then the nearest with the least load; ties by name.

    None when nobody may go.
    """
    able = [candidate for candidate in candidates if candidate.is_skilled]
    return min(able, key=lambda c: (not c.is_on_shift, c.cost_m, c.open_jobs, c.username), default=None)
