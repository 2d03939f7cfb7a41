"""Why a move was refused, in the words of states and the reader's language: not allowed from here, or somebody was first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext, gettext_noop

from cases.state_words import CASE, FLAG, INSPECTION, REQUEST, say

TABLES: Mapping[str, Mapping[str, str]] = {"case": CASE, "inspection": INSPECTION, "report": REQUEST, "flag": FLAG}
CHANGED: Mapping[str, str] = {
    "case": gettext_noop(
        "Somebody changed this case since you looked: it is “%(state)s” now. Nothing was overwritten."
    ),
    "inspection": gettext_noop(
        "Somebody changed this visit since you looked: it is “%(state)s” now. Nothing was overwritten."
    ),
    "report": gettext_noop(
        "Somebody changed this report since you looked: it is “%(state)s” now. Nothing was overwritten."
    ),
    "flag": gettext_noop(
        "Somebody changed this flag since you looked: it is “%(state)s” now. Nothing was overwritten."
    ),
}


def say_illegal(kind: str, current: str, target: str, allowed: Iterable[str]) -> str:
    """That the table of moves does not list it, and what it lists."""
    table = TABLES[kind]
    names = ", ".join(f"“{say(table, state)}”" for state in allowed)
    said = gettext("From “%(current)s” nothing becomes “%(target)s”.") % {
        "current": say(table, current), "target": say(table, target),
    }  # fmt: skip
    if not names:
        return f"{said} {gettext('It has ended.')}"
    return f"{said} {gettext('From here one can move to: %(names)s.') % {'names': names}}"


def say_reason_needed(kind: str, target: str) -> str:
    """That this move is made with a reason only."""
    return gettext("The move to “%(target)s” needs a reason.") % {"target": say(TABLES[kind], target)}


def say_changed(kind: str, state: str) -> str:
    """That somebody else was first, and what it is now."""
    return gettext(CHANGED[kind]) % {"state": say(TABLES[kind], state)}
