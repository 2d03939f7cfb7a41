"""Storeys: seen ones are not legal ones, and a limited-term permit allows few. Pure.

By TT 06/2021/TT-BXD a mezzanine or a roof stair cap may not count, so one storey more than permitted proves nothing in a
picture; from two more on an officer should count.
"""

from __future__ import annotations

from enum import StrEnum

from rules.ordinances import RuleLaw

UNCOUNTED = 1  # a mezzanine or a roof stair cap


class PlanLevel(StrEnum):
    """The plan under which a limited-term permit is asked for."""

    ZONING = "zoning"  # phân khu
    DETAILED = "detailed"  # chi tiết


def is_over_permit(visible: int | None, permitted: float | None) -> bool | None:
    """Whether more storeys are seen than permitted: None where unknown, or where an uncounted storey explains it."""
    if visible is None or permitted is None:
        return None
    if visible <= permitted:
        return False
    return None if visible <= permitted + UNCOUNTED else True


def is_limited_term_allowed(plan: PlanLevel, storeys: int, basements: int, law: RuleLaw) -> bool | None:
    """Whether a limited-term permit of this size may be granted; None where the law of the day gives no size."""
    most_storeys = law.find_number(f"limited_term_{plan.value}_storeys")
    most_basements = law.find_number(f"limited_term_{plan.value}_basements")
    if most_storeys is None or most_basements is None:
        return None
    return storeys <= most_storeys and basements <= most_basements
