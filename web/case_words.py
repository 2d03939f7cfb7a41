"""One entry of a case's history as a line for officers."""

from __future__ import annotations

from django.utils.translation import gettext

from cases.queries import TimelineEntry
from web import state_words
from web.templatetags.people import figure


def say_entry(entry: TimelineEntry) -> str:
    """What happened: the new state of a move, the outcome of a visit, the label of a dismissal."""
    facts = dict(entry.facts)
    if entry.kind == "move":
        return state_words.say("case", entry.to_state)
    if entry.kind == "inspection":
        return f"{gettext('Visit')}: {state_words.say('inspection', entry.to_state).lower()}"
    if entry.kind == "inspected":
        said = state_words.say("outcome", facts.get("outcome", ""))
        width = facts.get("free_width_m", "")
        return f"{said}, {figure(float(width), 2)} m" if width else said
    said = state_words.say("event", entry.kind)
    if "label" in facts:
        return f"{said}: {state_words.say('dismiss', facts['label']).rstrip('…').lower()}"
    return f"{said}: {facts['inspector']}" if "inspector" in facts else said
