"""Errors of our tree in words for people: what was wrong, and what to do next, in the reader's language.

An error's own sentences are message ids of the catalogue, with each number written as ``{n}`` and each quoted code as
``'{w}'`` (``fault_sentences``, and ``wording`` of the rooms below); one that nobody translated is replaced by the general
sentence of its kind, so that no page mixes languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from errors import ProjectError

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_QUOTED = re.compile(r"'([a-z_]+)'")
GENERAL = {
    "input": gettext_noop("What was sent cannot be used."),
    "unreadable_media": gettext_noop("This file cannot be opened as a photo or video."),
    "media_too_large": gettext_noop("The file is too large."),
    "not_found": gettext_noop("Not found."),
    "conflict": gettext_noop("Somebody was here before you."),
    "not_allowed": gettext_noop("Your role does not allow this."),
    "place": gettext_noop("This place cannot be used."),
    "temporary": gettext_noop("A part of the system does not answer just now."),
    "configuration": gettext_noop("The system is not set up correctly."),
    "error": gettext_noop("Something went wrong."),
}
CURE = {
    "input": gettext_noop("Correct the field and send again."),
    "unreadable_media": gettext_noop("Choose another photo or video."),
    "media_too_large": gettext_noop("Choose a smaller file."),
    "not_found": gettext_noop("Check the link or the code."),
    "conflict": gettext_noop("Reload the page and look again."),
    "not_allowed": gettext_noop("Ask the leader of your unit."),
    "place": gettext_noop("Correct the place."),
    "temporary": gettext_noop("Try again in a minute."),
    "configuration": gettext_noop("Tell the operator."),
    "error": gettext_noop("Try again."),
}


@dataclass(frozen=True, slots=True)
class FaultWords:
    """What was wrong and what to do, in the reader's language. ``field`` is where it belongs on the page."""

    field: str
    message: str
    cure: str

    def __str__(self) -> str:
        return f"{self.message} {self.cure}".strip()


def say_fault(error: ProjectError) -> FaultWords:
    """The words for one error."""
    said = error.message if error.is_worded else _say(error, 0)
    message = said or gettext(GENERAL.get(error.code, GENERAL["error"]))
    cure = _say(error, 1) or gettext(CURE.get(error.code, CURE["error"]))
    return FaultWords(error.field, message, cure)


def _say(error: ProjectError, which: int) -> str:
    """Message (0) or cure (1) in the reader's language; empty when it cannot be said in it."""
    template, sentence = error.templates[which], (error.message, error.cure)[which]
    if error.names is None or translation.get_language() == "en":
        return _translate(sentence)
    said = gettext(template) if template else ""
    return "" if said == template else said.format_map(error.names)


def _translate(sentence: str) -> str:
    """The sentence in the reader's language; empty when it cannot be said in it."""
    if not sentence:
        return ""
    if translation.get_language() == "en":
        return sentence
    template = _NUMBER.sub("{n}", _QUOTED.sub("'{w}'", sentence))
    said = gettext(template)
    if said == template:
        return ""
    numbers = iter(_NUMBER.findall(sentence))
    return re.sub(r"\{n\}", lambda _: next(numbers, "").replace(".", ","), said)
