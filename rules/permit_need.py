"""Does this work need a building permit on this day: needed, exempt, or not enough known. Never a bare boolean. Pure.

A house is exempt only when all of it holds: it is an individual house, below so many storeys, below so much floor area, and
outside the areas where a plan or an architectural regulation asks for a permit (Construction Law, point g).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from geo.facts import Coverage, OverlayFact, Register, ZoneShare
from rules.ordinances import RuleLaw
from rules.site_facts import SiteFacts
from rules.weighing import register_state


class Need(StrEnum):
    """Whether a permit is needed."""

    NEEDED = "needed"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Work:
    """What is known of the work; None: not known. A picture tells none of it."""

    is_house: bool | None = None
    storeys: float | None = None
    floor_area_m2: float | None = None
    in_permit_area: bool | None = None


@dataclass(frozen=True, slots=True)
class NeedAnswer:
    """The need and, where unknown, which facts would settle it."""

    need: Need
    missing: tuple[str, ...] = ()


def judge_need(work: Work, law: RuleLaw) -> NeedAnswer:
    """One condition that surely fails makes the permit needed; all that surely hold make it exempt."""
    conditions = _exemption(work, law)
    if not conditions or any(holds is False for _, holds in conditions):
        return NeedAnswer(Need.NEEDED)
    missing = tuple(name for name, holds in conditions if holds is None)
    return NeedAnswer(Need.UNKNOWN, missing) if missing else NeedAnswer(Need.EXEMPT)


def _exemption(work: Work, law: RuleLaw) -> tuple[tuple[str, bool | None], ...]:
    """The conditions of the law of the day; empty where it knows no exemption."""
    storeys, area_m2 = law.find_number("exempt_below_storeys"), law.find_number("exempt_below_floor_area_m2")
    if storeys is None and area_m2 is None:
        return ()
    return (
        ("is_house", work.is_house),
        ("storeys", _below(work.storeys, storeys)),
        ("floor_area_m2", _below(work.floor_area_m2, area_m2)),
        ("in_permit_area", None if work.in_permit_area is None else not work.in_permit_area),
    )


def _below(value: float | None, limit: float | None) -> bool | None:
    if limit is None:
        return True
    return None if value is None else value < limit


def is_in_permit_area(
    facts: SiteFacts, zones: Iterable[ZoneShare], overlays: Iterable[OverlayFact], law: RuleLaw
) -> bool | None:
    """Whether a plan or overlay that asks for a permit covers the place; None where the registers cannot say."""
    plans, kinds = law.words("permit_area_plan_kinds"), law.words("permit_area_overlay_kinds")
    if any(zone.plan_kind in plans for zone in zones) or any(overlay.kind in kinds for overlay in overlays):
        return True
    asked = ((plans, Register.ZONING), (kinds, Register.OVERLAY))
    if any(words and register_state(facts, register) is not Coverage.CHECKED for words, register in asked):
        return None
    return False
