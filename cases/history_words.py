"""One entry of a case's history as a whole sentence for officers, in the active language. Called by the pages and the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, gettext_noop

from cases.queries.timeline import TimelineEntry
from cases.roles import SYSTEM
from cases.state_words import CASE, CLOCK, CONFLICT, DISMISS, INSPECTION, LATE_CAUSE, OUTCOME, say, say_metres

NAMES: Mapping[str, str] = {
    SYSTEM: gettext_noop("the machine"),
    "citizen": gettext_noop("a sender"),
}
SENTENCE: Mapping[str, str] = {
    "opened": gettext_noop("The case was opened by %(who)s."),
    "move": gettext_noop("%(who)s moved the case from “%(before)s” to “%(after)s”."),
    "flag_joined": gettext_noop("%(who)s accepted a flag into the case."),
    "flag_dismissed": gettext_noop("%(who)s dismissed a flag of this case: %(label)s."),
    "flag_restored": gettext_noop("%(who)s took a dismissal back; the flag waits again."),
    "assigned": gettext_noop("%(who)s gave the case to %(inspector)s, due %(due)s."),
    "nobody_to_assign": gettext_noop("Nobody could be sent: the unit has no inspector for it."),
    "inspected": gettext_noop("%(who)s recorded what was found on site: %(outcome)s."),
    "rechecked": gettext_noop("%(who)s recorded what was found on the visit afterwards: %(outcome)s."),
    "permit_found": gettext_noop("%(who)s found permit %(number)s on the spot."),
    "record_drafted": gettext_noop("%(who)s drew up a draft of the official record."),
    "parties_read": gettext_noop("%(who)s read who the parties of the record are."),
    "clock_paused": gettext_noop("%(who)s stopped the clock “%(clock)s”: %(pause)s (%(document)s)."),
    "clock_resumed": gettext_noop("%(who)s let the clock “%(clock)s” run on."),
    "late_cause": gettext_noop("%(who)s said why “%(clock)s” is late: %(cause)s."),
    "hold_set": gettext_noop("%(who)s holds the evidence: nothing of it is erased."),
    "hold_released": gettext_noop("%(who)s released the evidence; its own period counts again."),
    "follow_ups_planned": gettext_noop("Further visits were planned for %(days)s."),
    "evidence_exported": gettext_noop("%(who)s took out an evidence pack (%(files)s files)."),
    "evidence_checked": gettext_noop(
        "%(who)s had the evidence checked: %(files)s files, %(faults)s altered or missing."
    ),
    "voice_reopened": gettext_noop("A sender says that it is not settled; another officer checks."),
    "late_form": gettext_noop("A form of %(who)s came too late to count (%(conflict)s); it is kept for a leader."),
    "form_settled": gettext_noop("%(who)s decided on a form that came too late: %(settled)s."),
    "published": gettext_noop("%(who)s let the case out to the public."),
    "withdrawn": gettext_noop("%(who)s took the case back from the public."),
    "sender_asked": gettext_noop("%(who)s asked a sender a question; neither side sees the other."),
    "identity_asked": gettext_noop("%(who)s asked to open a sender's contact."),
    "identity_allowed": gettext_noop("%(who)s allowed a sender's contact to be opened."),
    "identity_refused": gettext_noop("%(who)s refused to have a sender's contact opened."),
    "identity_opened": gettext_noop("%(who)s looked at a sender's contact."),
}
VISIT: Mapping[str, str] = {
    "draft": gettext_noop("%(who)s drafted a visit."),
    "given": gettext_noop("%(who)s gave the visit out."),
    "taken": gettext_noop("%(who)s took the visit."),
    "travelling": gettext_noop("%(who)s set out."),
    "on_site": gettext_noop("%(who)s arrived on site."),
    "completed": gettext_noop("%(who)s finished the visit."),
    "no_access": gettext_noop("%(who)s found no access."),
    "postponed": gettext_noop("%(who)s put the visit off."),
    "approved": gettext_noop("%(who)s approved the visit."),
    "cancelled": gettext_noop("%(who)s called the visit off."),
}
SETTLED: Mapping[str, str] = {
    "adopted": gettext_noop("it counts"),
    "set_aside": gettext_noop("it stays on record only"),
}
_RECURRENCE = gettext_noop("The place was settled before as %(code)s: the case is linked to it as a recurrence.")
_HANDED_ON = gettext_noop("The visit went to another inspector.")
_WIDTH = gettext_noop("Free width by tape: %(width)s m.")
_IN_REGISTER = {
    "True": gettext_noop("It is in the register."),
    "False": gettext_noop("It is not in the register; the register's keepers were told."),
}
_REASON = gettext_noop("Reason: %(reason)s")
# Reasons that the code gives, by their codes; what people wrote is shown as it is.
REASON: Mapping[str, str] = {
    "not_settled": gettext_noop("a sender says that it is not settled"),
    "undo": gettext_noop("the decision was taken back"),
}
# In these the reason is a code that the sentence itself words.
_REASON_IS_SAID = ("clock_paused", "late_cause")


def say_entry(entry: TimelineEntry, *, timezone: str = "UTC", pause_names: Mapping[str, str] | None = None) -> str:
    """What happened, by whom and why. ``pause_names`` are the city's words for its reasons to stop a clock."""
    facts = dict(entry.facts)
    sentences = [_begin(entry, facts, timezone, pause_names or {})]
    if "recurrence_of" in facts:
        sentences.append(gettext(_RECURRENCE) % {"code": facts["recurrence_of"]})
    if "free_width_m" in facts:
        sentences.append(gettext(_WIDTH) % {"width": say_metres(float(facts["free_width_m"]))})
    if facts.get("is_in_register") in _IN_REGISTER:
        sentences.append(gettext(_IN_REGISTER[facts["is_in_register"]]))
    reason = _reason(entry, facts)
    if reason:
        sentences.append(gettext(_REASON) % {"reason": reason})
    return " ".join(one if one.startswith(entry.actor) else one[:1].upper() + one[1:] for one in sentences)


def _begin(entry: TimelineEntry, facts: Mapping[str, str], timezone: str, pause_names: Mapping[str, str]) -> str:
    if entry.kind == "inspection":
        template = _HANDED_ON if entry.reason == "reassigned" else VISIT.get(entry.to_state, "")
    else:
        template = SENTENCE.get(entry.kind, "")
    if not template:
        return entry.kind.replace("_", " ")
    return gettext(template) % {
        "who": gettext(NAMES[entry.actor]) if entry.actor in NAMES else entry.actor,
        "before": say(CASE, entry.from_state), "after": say(CASE, entry.to_state),
        "label": say(DISMISS, facts.get("label", "")).rstrip("…").lower(), "inspector": facts.get("inspector", ""),
        "due": _moment(facts.get("due_at", ""), timezone), "outcome": say(OUTCOME, facts.get("outcome", "")),
        "number": facts.get("number", ""), "clock": say(CLOCK, facts.get("clock", "")),
        "pause": pause_names.get(entry.reason, entry.reason.replace("_", " ")), "document": facts.get("document", ""),
        "cause": say(LATE_CAUSE, entry.reason).lower(), "days": _days(facts.get("days", "")),
        "files": facts.get("files", ""), "faults": facts.get("faults", ""),
        "conflict": say(CONFLICT, facts.get("why", "")), "settled": say(SETTLED, facts.get("to", "")),
    }  # fmt: skip


def _reason(entry: TimelineEntry, facts: Mapping[str, str]) -> str:
    if entry.kind in _REASON_IS_SAID or (entry.kind == "inspection" and entry.reason == "reassigned"):
        return ""
    text = entry.reason or facts.get("note", "")
    words = {**OUTCOME, **INSPECTION, **REASON}
    return say(words, text) if text in words else text


def _moment(text: str, timezone: str) -> str:
    if not text:
        return "…"
    return datetime.fromisoformat(text).astimezone(ZoneInfo(timezone)).strftime("%H:%M %d/%m/%Y")


def _days(text: str) -> str:
    return ", ".join(date.fromisoformat(day).strftime("%d/%m/%Y") for day in text.split(",") if day)
