"""A stored finding in the words of the reader: title, verdict, reasons with figures, what is missing, citation.

``word_finding`` is for pages and interfaces and asks Django for the translation; ``word`` takes any translation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.utils import translation

from rules import phrases
from rules.figures import Translate, format_date, format_figure
from rules.finding import Finding, Reason
from rules.stored import read_finding

if TYPE_CHECKING:
    from rules.models import Flag


CONTEXT = "finding"  # of the messages: "free" in a finding is not "free" on a price list


@dataclass(frozen=True, slots=True)
class WordedReason:
    """One condition in words. ``met``: True speaks for compliance, False against it, None could not be judged."""

    code: str
    text: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class WordedFinding:
    """What a person reads; ``verdict_code`` chooses the shape drawn beside it."""

    title: str
    verdict: str
    verdict_code: str
    reasons: tuple[WordedReason, ...]
    missing: tuple[str, ...]
    citation: str
    priority_reasons: tuple[str, ...]
    notes: tuple[str, ...]


def word_finding(flag: Flag, language: str) -> WordedFinding:
    """The stored finding of a flag in ``language`` (vi or en)."""
    finding = read_finding(flag)
    with translation.override(language):
        say = partial(translation.pgettext, CONTEXT)
        return word(finding, language, say, is_generated=uses_generated_data(flag.facts))


def uses_generated_data(facts: object) -> bool:
    """Whether any register record among stored facts is generated: said with every answer."""
    if isinstance(facts, dict):
        return facts.get("is_generated") is True or any(uses_generated_data(value) for value in facts.values())
    return isinstance(facts, list) and any(uses_generated_data(value) for value in facts)


def word(finding: Finding, language: str, translate: Translate, *, is_generated: bool = False) -> WordedFinding:
    """Put a finding into words with any translation of the English sentences."""
    compliant = finding.verdict.value == "compliant"
    titles = phrases.COMPLIANT_TITLES if compliant else phrases.TITLES
    return WordedFinding(
        title=translate(titles.get(finding.use, titles["other"])),
        verdict=translate(phrases.VERDICTS[finding.verdict.value]),
        verdict_code=finding.verdict.value,
        reasons=tuple(_word_reason(reason, language, translate) for reason in finding.reasons),
        missing=_each(finding.missing, phrases.MISSING, translate),
        citation=_word_citation(finding, language, translate),
        priority_reasons=_each(finding.priority_reasons, phrases.PRIORITIES, translate),
        notes=_notes(finding, translate, is_generated=is_generated),
    )


def _word_reason(reason: Reason, language: str, translate: Translate) -> WordedReason:
    def say(text: str) -> str:
        return translate(phrases.WORDS.get(text, text))

    figures = {name: format_figure(name, value, language, say) for name, value in reason.figures().items()}
    sentence = translate(phrases.REASONS[reason.code]) if reason.code in phrases.REASONS else reason.code
    return WordedReason(reason.code, sentence % figures, reason.met)


def _each(codes: Sequence[str], texts: Mapping[str, str], translate: Translate) -> tuple[str, ...]:
    return tuple(translate(texts[code]) if code in texts else code for code in codes)


def _word_citation(finding: Finding, language: str, translate: Translate) -> str:
    cited = finding.citation
    if cited is None:
        return translate(phrases.NOTES["no_citation"])
    title = cited.title_vi if language == "vi" and cited.title_vi else cited.title
    since = format_date(cited.in_force_from.isoformat())
    return translate(phrases.CITATION) % {
        "instrument": cited.instrument, "article": cited.article, "title": title, "since": since,
    }  # fmt: skip


def _notes(finding: Finding, translate: Translate, *, is_generated: bool) -> tuple[str, ...]:
    codes = ["generated"] if is_generated else []
    if finding.citation is not None and not finding.citation.is_confirmed:
        codes.append("unconfirmed")
    return tuple(translate(phrases.NOTES[code]) for code in codes)
