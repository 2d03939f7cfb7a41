"""What became of a request, in sentences for its sender, Vietnamese or English. Called by the pages and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from cases.queries.follow import FollowDecision, FollowedRequest
from cases.state_words import say_metres
from intake.kinds import RequestStatus as R

HEADLINE: Mapping[str, str] = {
    R.SUBMITTED: gettext_noop("Sent, waiting to be received."),
    R.AWAITING_INFORMATION: gettext_noop("We need something more from you."),
    R.REFUSED: gettext_noop("Not taken up."),
    R.DUPLICATE: gettext_noop("This was reported before; you follow the earlier report."),
    R.TRANSFERRED: gettext_noop("Passed on to the office in charge."),
    R.RETURNED: gettext_noop("Being passed on to the right office."),
    R.RECEIVED: gettext_noop("Received, a person will look at it."),
    R.IN_PROGRESS: gettext_noop("Being checked."),
    R.RESOLVED: gettext_noop("Checked on site, the answer is being approved."),
    R.ANSWERED: gettext_noop("Answered. Please check."),
    R.CLOSED: gettext_noop("Closed."),
    R.CLOSED_INCOMPLETE: gettext_noop("Closed, because information was missing."),
    R.REOPENED: gettext_noop("Opened again, another person will check."),
}
STEP: Mapping[str, str] = {
    "sent": gettext_noop("Sent"),
    "received": gettext_noop("Received"),
    "in_progress": gettext_noop("Handed to the office in charge"),
    "awaiting_information": gettext_noop("More information asked for"),
    "refused": gettext_noop("Not taken up"),
    "duplicate": gettext_noop("Joined to an earlier report"),
    "transferred": gettext_noop("Passed on to another office"),
    "checked": gettext_noop("Checked on site"),
    "answered": gettext_noop("Answered"),
    "closed": gettext_noop("Closed"),
    "closed_incomplete": gettext_noop("Closed"),
    "reopened": gettext_noop("Opened again"),
}
ANSWER: Mapping[str, str] = {
    "confirmed": gettext_noop("It is as you reported."),
    "not_confirmed": gettext_noop("No violation was found on site."),
    "gone": gettext_noop("It was in order again when the inspector came."),
    "handed_over": gettext_noop("Handed over to the authority in charge."),
    "refused": gettext_noop("The report was not taken up."),
}
OUTCOME: Mapping[str, str] = {
    "violation": gettext_noop("An official record was made."),
    "fined_on_spot": gettext_noop("A fine was given on the spot."),
    "warned": gettext_noop("Those responsible were reminded and gave a pledge."),
    "stop_ordered": gettext_noop("The work was ordered to stop."),
}
REFUSAL: Mapping[str, str] = {
    "off_sidewalk": gettext_noop("It does not stand on the sidewalk."),
    "permitted": gettext_noop("It is permitted there."),
    "private_land": gettext_noop("It stands on private land."),
    "temporary": gettext_noop("It stood there for a short time only."),
    "funeral_or_wedding": gettext_noop("It belongs to a funeral or wedding, which the law allows."),
}


INTERIM: Mapping[str, str] = {
    "unseen": gettext_noop("Nobody has looked at your report yet. It waits at the office that receives reports."),
    "passed_on": gettext_noop("Your report was passed on to another office, which has not taken it up yet."),
    "received": gettext_noop("Your report was taken up. Nobody has been given the job yet."),
    "at_work": gettext_noop("An officer has your report. There is no result yet."),
    "checked": gettext_noop("Somebody was on site. The result waits for the leader's approval."),
}


@dataclass(frozen=True, slots=True)
class RequestWords:
    """A request's standing in words. ``decision`` is empty until something was decided that may be read; ``interim`` is
    what was said while nobody had replied."""

    headline: str
    decision: str
    steps: tuple[str, ...]
    interim: str = ""


def word_request(request: FollowedRequest, language: str) -> RequestWords:
    """The words in one language; the steps in the order of ``request.steps``."""
    with translation.override(language):
        steps = tuple(gettext(STEP.get(step.code, step.code)) for step in request.steps)
        decision, interim = _word_decision(request.decision, language), _word_interim(request)
        return RequestWords(gettext(HEADLINE[request.status]), decision, steps, interim)


def _word_interim(request: FollowedRequest) -> str:
    """What a sender was told before anybody had replied, as it stood then; nothing is made to look better."""
    if request.interim is None:
        return ""
    sentences = [gettext("No person has replied yet."), gettext(INTERIM[request.interim.standing])]
    if request.interim.is_late:
        sentences.append(gettext("This word comes late, too: it should have come within the promised time."))
    return " ".join(sentences)


def _word_decision(decision: FollowDecision | None, language: str) -> str:
    if decision is None:
        return ""
    sentences = [gettext(ANSWER.get(decision.answer, ANSWER["refused"]))]
    if decision.answer == "refused":
        sentences.append(gettext(REFUSAL[decision.reason]) if decision.reason in REFUSAL else decision.reason)
    if decision.outcome in OUTCOME:
        sentences.append(gettext(OUTCOME[decision.outcome]))
    if decision.free_width_m is not None:
        width = say_metres(decision.free_width_m)
        sentences.append(gettext("Free width measured by tape: %(width)s m.") % {"width": width})
    office = (decision.office_en if language == "en" else "") or decision.office
    if office:
        sentences.append(gettext("By: %(office)s.") % {"office": office})
    return " ".join(sentence for sentence in sentences if sentence)
