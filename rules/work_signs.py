"""Signs of building work in a picture, and whether they are enough: two independent ones, or one on two dates. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from detection.labels import LabelGroup, groups_of
from rules.ordinances import RuleLaw
from rules.site_facts import SceneFacts, SeenLabel

_SIGN_GROUPS = (LabelGroup.SITE_MACHINERY, LabelGroup.SITE_WORKER)
MACHINERY = LabelGroup.SITE_MACHINERY.value


@dataclass(frozen=True, slots=True)
class Signs:
    """Independent kinds of sign seen here, and the longest time between two dates with a sign (None: one date only)."""

    kinds: tuple[str, ...]
    days_apart: int | None

    def are_enough(self, law: RuleLaw) -> bool:
        """By the law's figures."""
        if not self.kinds:
            return False
        apart = self.days_apart is not None and self.days_apart >= law.number("min_days_between_signs")
        return len(self.kinds) >= law.number("min_signs") or apart


def read_signs(scene: SceneFacts, on: date, law: RuleLaw) -> Signs:
    """Hard hats and safety vests are one sign (workers); machinery another. Days count pictures of the same place."""
    least = law.number("min_sign_score")
    dates = [other.local_on for other in scene.others if _kinds(other.seen, least)]
    here = _kinds(scene.seen, least)
    apart = max((abs((on - other).days) for other in dates), default=None) if here else None
    return Signs(kinds=here, days_apart=apart)


def _kinds(seen: Iterable[SeenLabel], least: float) -> tuple[str, ...]:
    groups = {group for thing in seen if thing.best_score >= least for group in groups_of(thing.label)}
    return tuple(group.value for group in _SIGN_GROUPS if group in groups)
