"""How often people agreed with the machine, by use: accepted flags against dismissed ones.

Flags that were merged into an accepted one were judged by nobody on their own, and count for neither side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from cases.permissions import Rights, scope_flags
from cases.roles import Role
from rules.finding import FlagState


@dataclass(frozen=True, slots=True)
class Agreement:
    """Decisions of people on the flags of one use."""

    use: str
    confirmed: int
    decided: int


def count_agreement(rights: Rights, *, since: datetime) -> tuple[Agreement, ...]:
    """One row per use with any decision since a moment, most decisions first."""
    flags = scope_flags(rights, {Role.LEADER}).filter(created_at__gte=since)
    yes, no = FlagState.ACCEPTED.value, FlagState.DISMISSED.value
    rows = (
        flags.filter(state__in=(yes, no)).values("use").annotate(yes=Count("pk", filter=Q(state=yes)), all=Count("pk"))
    )
    return tuple(Agreement(row["use"], row["yes"], row["all"]) for row in rows.order_by("-all", "use"))
