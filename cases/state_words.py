"""Codes of a case's life (states, outcomes, clocks, steps, causes, events) in words. English is the message id."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import formats
from django.utils.translation import gettext, gettext_noop

DISMISS = {
    "wrong_object": gettext_noop("Wrong object"),
    "off_sidewalk": gettext_noop("Off the sidewalk"),
    "permitted": gettext_noop("Permitted"),
    "private_land": gettext_noop("Private land"),
    "temporary": gettext_noop("Temporary"),
    "funeral_or_wedding": gettext_noop("Funeral or wedding"),
    "other": gettext_noop("Other…"),
    "same_place_use_and_day_part": gettext_noop("Joined with another flag of the same place"),
}
CASE = {
    "opened": gettext_noop("Opened"),
    "assigned": gettext_noop("Assigned"),
    "verifying": gettext_noop("Being verified"),
    "no_violation": gettext_noop("No violation"),
    "warned": gettext_noop("Warned, pledge given"),
    "fined_on_spot": gettext_noop("Fined on the spot"),
    "recorded": gettext_noop("Record of violation made"),
    "handed_over": gettext_noop("Handed to the competent office"),
    "awaiting_explanation": gettext_noop("Awaiting explanation"),
    "awaiting_decision": gettext_noop("Awaiting decision"),
    "decided": gettext_noop("Decided"),
    "not_sanctioned": gettext_noop("No sanction decided"),
    "criminal_referral": gettext_noop("Referred to criminal procedure"),
    "served": gettext_noop("Decision served"),
    "complying": gettext_noop("Being complied with"),
    "complied": gettext_noop("Complied with"),
    "overdue": gettext_noop("Overdue"),
    "enforced": gettext_noop("Enforced"),
    "suspended": gettext_noop("Suspended"),
    "decision_cancelled": gettext_noop("Decision cancelled"),
    "recheck": gettext_noop("To be re-checked"),
    "closed": gettext_noop("Closed"),
    "recurred": gettext_noop("Recurred"),
    "reopened": gettext_noop("Opened again"),
    "stop_ordered": gettext_noop("Stop of work ordered"),
    "stop_supervised": gettext_noop("Stop of work supervised"),
    "continued_after_stop": gettext_noop("Work went on after the stop"),
    "awaiting_permit": gettext_noop("Awaiting a permit"),
    "permit_obtained": gettext_noop("Permit obtained"),
    "permit_term_over": gettext_noop("Term for the permit is over"),
    "dismantling_ordered": gettext_noop("Dismantling ordered"),
    "dismissed": gettext_noop("Dismissed"),
}
INSPECTION = {
    "draft": gettext_noop("Draft"),
    "given": gettext_noop("Given"),
    "taken": gettext_noop("Taken"),
    "travelling": gettext_noop("On the way"),
    "on_site": gettext_noop("On site"),
    "completed": gettext_noop("Completed"),
    "no_access": gettext_noop("No access"),
    "postponed": gettext_noop("Postponed"),
    "approved": gettext_noop("Approved"),
    "cancelled": gettext_noop("Cancelled"),
}
OUTCOME = {
    "violation": gettext_noop("Violation, official record"),
    "fined_on_spot": gettext_noop("Violation, fined on the spot"),
    "warned": gettext_noop("Warning, pledge"),
    "stop_ordered": gettext_noop("Violation, work ordered to stop"),
    "handed_over": gettext_noop("Another authority's matter"),
    "no_violation": gettext_noop("No violation"),
    "gone": gettext_noop("In order again"),
    "undetermined": gettext_noop("Undetermined"),
    "no_access": gettext_noop("No access"),
}
REQUEST = {
    "submitted": gettext_noop("Sent"),
    "awaiting_information": gettext_noop("More information needed"),
    "refused": gettext_noop("Not taken up"),
    "duplicate": gettext_noop("Sent before"),
    "transferred": gettext_noop("Passed to another unit"),
    "returned": gettext_noop("Returned by the unit"),
    "received": gettext_noop("Received"),
    "in_progress": gettext_noop("Being checked"),
    "resolved": gettext_noop("Checked on site"),
    "answered": gettext_noop("Answered"),
    "closed": gettext_noop("Closed"),
    "closed_incomplete": gettext_noop("Closed: information was missing"),
    "reopened": gettext_noop("Opened again"),
}
FLAG = {
    "new": gettext_noop("New"),
    "logged": gettext_noop("Logged"),
    "in_review": gettext_noop("In review"),
    "dismissed": gettext_noop("Dismissed"),
    "merged": gettext_noop("Merged"),
    "accepted": gettext_noop("Accepted"),
    "expired": gettext_noop("Expired"),
}
CLOCK = {
    "triage": gettext_noop("First look at the report"),
    "visit": gettext_noop("First visit"),
    "record": gettext_noop("Official record"),
    "decision": gettext_noop("Decision"),
    "comply": gettext_noop("Complying with the decision"),
    "permit_cure": gettext_noop("Getting the permit"),
    "recheck": gettext_noop("Visit after the settlement"),
    "first_reply": gettext_noop("First reply to the sender"),
}
CLOCK_STATE = {
    "within": gettext_noop("In time"),
    "soon": gettext_noop("Soon due"),
    "late": gettext_noop("Late"),
    "paused": gettext_noop("Stands still"),
    "done_on_time": gettext_noop("Done in time"),
    "done_late": gettext_noop("Done late"),
}
STEP = {
    "triage": gettext_noop("Sorting"),
    "assignment": gettext_noop("Finding somebody to go"),
    "visit": gettext_noop("The visit"),
    "approval": gettext_noop("Approval by the leader"),
    "decision": gettext_noop("The decision"),
    "other_side": gettext_noop("The other side's turn"),
    "recheck": gettext_noop("The visit afterwards"),
}
PART = {
    "work": gettext_noop("worked on"),
    "waiting": gettext_noop("waiting"),
    "handover": gettext_noop("handed over"),
    "pause": gettext_noop("standing still"),
}
LATE_CAUSE = {
    "missing_papers": gettext_noop("Papers of the other side are missing"),
    "other_agency": gettext_noop("Waiting for another authority"),
    "data_sync": gettext_noop("Two systems' data do not agree"),
    "not_visited": gettext_noop("Nobody has been there yet"),
    "awaiting_signature": gettext_noop("Waiting for a signature"),
    "plan_conflict": gettext_noop("Plans overlap or are being changed"),
    "dispute": gettext_noop("A dispute"),
    "understaffed": gettext_noop("Too few people"),
    "system_failure": gettext_noop("System failure"),
    "calendar": gettext_noop("Holidays"),
}
# Short names of events, for lists; whole sentences are in cases.history_words.
EVENT = {
    "opened": gettext_noop("Case opened"),
    "flag_joined": gettext_noop("A flag was accepted into the case"),
    "flag_dismissed": gettext_noop("A flag was dismissed"),
    "flag_restored": gettext_noop("A dismissal was taken back"),
    "assigned": gettext_noop("Inspector assigned"),
    "nobody_to_assign": gettext_noop("Nobody may be sent: no inspector in the unit"),
    "inspected": gettext_noop("What was found on site"),
    "rechecked": gettext_noop("What was found afterwards"),
    "inspection": gettext_noop("Visit"),
    "move": gettext_noop("State changed"),
    "permit_found": gettext_noop("A permit was found on the spot"),
    "record_drafted": gettext_noop("Draft of the official record"),
    "parties_read": gettext_noop("The parties of the record were read"),
    "clock_paused": gettext_noop("A clock was stopped"),
    "clock_resumed": gettext_noop("A clock runs on"),
    "late_cause": gettext_noop("Cause of a lateness"),
    "hold_set": gettext_noop("Evidence is held"),
    "hold_released": gettext_noop("Evidence is no longer held"),
    "follow_ups_planned": gettext_noop("Further visits planned"),
    "evidence_exported": gettext_noop("Evidence was taken out"),
    "evidence_checked": gettext_noop("Evidence was checked"),
    "voice_reopened": gettext_noop("A sender says it is not settled"),
    "late_form": gettext_noop("A form came too late"),
    "form_settled": gettext_noop("A late form was decided"),
    "published": gettext_noop("Let out to the public"),
    "withdrawn": gettext_noop("Taken back from the public"),
    "sender_asked": gettext_noop("A sender was asked"),
    "identity_asked": gettext_noop("Opening of a sender's contact asked for"),
    "identity_allowed": gettext_noop("Opening of a sender's contact allowed"),
    "identity_refused": gettext_noop("Opening of a sender's contact refused"),
    "identity_opened": gettext_noop("A sender's contact was looked at"),
}
CONFLICT = {
    "reassigned": gettext_noop("the visit had gone to somebody else"),
    "ended": gettext_noop("the visit had ended"),
    "cancelled": gettext_noop("the visit had been called off"),
    "changed": gettext_noop("somebody had recorded the visit already"),
}


def say_rounded(value: float, digits: int) -> str:
    """A figure rounded to so many places in the active language's way; Django's own formatting cuts digits off."""
    return formats.number_format(round(value, digits), digits)


def say_metres(metres: float) -> str:
    """Metres to the centimetre, in the active language's way."""
    return say_rounded(metres, 2)


def say(table: Mapping[str, str], code: str) -> str:
    """The words of a code in the active language; a code without words as it is, with spaces."""
    known = table.get(code)
    return gettext(known) if known is not None else code.replace("_", " ")
