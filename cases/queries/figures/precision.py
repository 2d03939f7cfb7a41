"""How often the machine was right, per rule, camera, label or use: as reviewers decided, and as inspectors found.

Flags merged into another one were judged by nobody on their own and count for neither side. The newest decision counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from cases.figures import FigureAsk, Group, PrecisionRow
from cases.models import CaseFlag, Inspection
from cases.outcome import CONFIRMS_VIOLATION, InspectionOutcome
from cases.permissions import Rights, scope_flags
from cases.queries.figures.asked import FIGURE_READERS, in_period
from cases.shares import measure_share
from errors import InputError
from rules.finding import FlagState

FIELDS = {
    Group.RULE: "rule_code",
    Group.CAMERA: "observation__camera__name",
    Group.LABEL: "sighting__label",
    Group.USE: "use",
    Group.WARD: "unit_code",
}
_YES, _NO = FlagState.ACCEPTED.value, FlagState.DISMISSED.value
_CONFIRMED = [outcome.value for outcome in CONFIRMS_VIOLATION]
_REFUTED = [InspectionOutcome.NO_VIOLATION.value]


def read_precision(rights: Rights, ask: FigureAsk) -> tuple[PrecisionRow, ...]:
    """Rows by key, most decisions first. A camera's row is empty where a citizen sent the picture."""
    yes = Q(state=_YES)
    rows: list[dict[str, Any]] = list(
        decided_flags(rights, ask)
        .values("key")
        .annotate(
            yes=Count("pk", filter=yes), decided=Count("pk"), found=Count("pk", filter=yes & _seen_on_site(_CONFIRMED)),
            refuted=Count("pk", filter=yes & _seen_on_site(_REFUTED)),
        )
        .order_by("-decided", "key")
    )  # fmt: skip
    return tuple(
        PrecisionRow(
            row["key"], "", measure_share(row["yes"], row["decided"]),
            measure_share(row["found"], row["found"] + row["refuted"]),
        )
        for row in rows
    )  # fmt: skip


def _seen_on_site(outcomes: Sequence[str]) -> Q:
    """A condition on flags: a visit of their case ended so. One set for all flags, not one look per flag."""
    visits = Inspection.objects.filter(completed_at__isnull=False, outcome__in=outcomes).values("case")
    return Q(pk__in=CaseFlag.objects.filter(is_confirmed=True, case__in=visits).values("flag"))


def decided_flags(rights: Rights, ask: FigureAsk) -> QuerySet[Any]:
    """Flags recorded in the period on which a reviewer said yes or no, with their ``key``."""
    group = Group.USE if ask.group is Group.ALL else ask.group
    field = FIELDS.get(group)
    if field is None:
        known = ", ".join(sorted(FIELDS))
        raise InputError("This figure is not cut like that.", field="group", value=ask.group, cure=f"One of: {known}.")
    rows = scope_flags(rights, FIGURE_READERS).filter(in_period(ask, "created_at"), city_id=ask.city_id)
    wanted = {"use": ask.use, "unit_code": ask.ward}
    rows = rows.filter(state__in=(_YES, _NO), **{name: value for name, value in wanted.items() if value})
    return rows.annotate(key=Coalesce(F(field), Value(""), output_field=CharField()))
