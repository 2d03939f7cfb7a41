"""The conditions of a finding as rows of a table: name, value with its error, threshold; the rest stays a sentence.

Figures are formatted by ``rules.figures``, so that the same number reads alike in the table and in the sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext, gettext_noop, pgettext

from rules.figures import format_figure
from rules.finding import Reason
from rules.stored import read_finding
from rules.wording import CONTEXT, WordedFinding

if TYPE_CHECKING:
    from rules.models import Flag


@dataclass(frozen=True, slots=True)
class _Row:
    """How one kind of reason is laid out: its name, the figure, the figure's error, the threshold and its sign."""

    name: str
    value: str
    limit: str = ""
    sign: str = ""
    error: str = ""


ROWS = {
    "on_sidewalk": _Row(gettext_noop("On the sidewalk"), "share", "limit", "≥"),
    "sidewalk_edge": _Row(gettext_noop("On the sidewalk"), "share", "limit", "≥"),
    "off_sidewalk": _Row(gettext_noop("On the sidewalk"), "share", "limit", "≥"),
    "stationary": _Row(gettext_noop("Standing still"), "dwell_s", "limit_s", "≥"),
    "short_stay": _Row(gettext_noop("Standing still"), "dwell_s", "limit_s", "≥"),
    "stay_not_watched": _Row(gettext_noop("Standing still, as watched"), "dwell_s", "limit_s", "≥"),
    "free_width": _Row(gettext_noop("Free width"), "width_m", "limit_m", "≥", "error_m"),
    "leave_too_narrow": _Row(gettext_noop("Free width"), "width_m", "limit_m", "≥", "error_m"),
    "in_slot": _Row(gettext_noop("In a painted slot"), "share"),
    "slot_edge": _Row(gettext_noop("In a painted slot"), "share"),
    "outside_slot": _Row(gettext_noop("To the nearest painted slot"), "distance_m"),
    "boundary": _Row(gettext_noop("To private land"), "distance_m", "sigma_m", ">"),
    "parcel": _Row(gettext_noop("This parcel"), "likelihood", "limit", "≥"),
    "work_signs": _Row(gettext_noop("Signs of work"), "count", "needed", "≥"),
    "sign_seen_again": _Row(gettext_noop("Sign of work on two dates, days apart"), "days_apart", "days_needed", "≥"),
    "signs_too_few": _Row(gettext_noop("Signs of work"), "count", "needed", "≥"),
    "register_fresh": _Row(gettext_noop("Age of the permit register, days"), "age_days", "limit_days", "≤"),
    "register_stale": _Row(gettext_noop("Age of the permit register, days"), "age_days", "limit_days", "≤"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition for the page. ``sentence`` is the whole of it where no row fits, else its spoken form."""

    name: str
    value: str
    limit: str
    met: bool | None
    sentence: str


def list_conditions(flag: Flag, worded: WordedFinding) -> tuple[Condition, ...]:
    """The conditions of a flag in the order they were weighed."""
    reasons = read_finding(flag).reasons
    return tuple(_lay_out(reason, said.text) for reason, said in zip(reasons, worded.reasons, strict=True))


def _lay_out(reason: Reason, sentence: str) -> Condition:
    row = ROWS.get(_kind(reason))
    if row is None:
        return Condition("", "", "", reason.met, sentence)
    value = _say(reason, row.value)
    if row.error:
        value = f"{value} ± {_say(reason, row.error)}"
    is_told = row.limit and reason.value(row.limit) is not None
    limit = f"{row.sign} {_say(reason, row.limit)}" if is_told else ""
    return Condition(gettext(row.name), value, limit, reason.met, sentence)


def _kind(reason: Reason) -> str:
    """The code of a reason. Flags of before wrote one sign on two dates as if two kinds had been seen: told by the dates too."""
    count, needed = reason.value("count"), reason.value("needed")
    is_fewer = isinstance(count, int) and isinstance(needed, int) and count < needed
    return "sign_seen_again" if reason.code == "work_signs" and is_fewer else reason.code


def _say(reason: Reason, name: str) -> str:
    return format_figure(name, reason.value(name), get_language() or "vi", partial(pgettext, CONTEXT))
