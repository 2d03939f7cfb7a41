"""What the machine found in one observation, in words."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from rules.finding import FlagState
from rules.models import Flag
from rules.wording import WordedFinding, word_finding


@dataclass(frozen=True, slots=True)
class FoundAnswer:
    """A finding: a suspicion with its reasons, never a violation."""

    rule: str
    use: str
    verdict: str
    verdict_words: str
    title: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    citation: str
    notes: tuple[str, ...]


def word_flag(flag: Flag, language: str) -> FoundAnswer:
    """One stored finding in words."""
    words: WordedFinding = word_finding(flag, language)
    return FoundAnswer(
        rule=flag.rule_code,
        use=flag.use,
        verdict=flag.verdict,
        verdict_words=words.verdict,
        title=words.title,
        reasons=tuple(reason.text for reason in words.reasons),
        missing=words.missing,
        citation=words.citation,
        notes=words.notes,
    )


def word_flags(observation_id: UUID, language: str) -> tuple[FoundAnswer, ...]:
    """All findings of an observation, the most urgent first; withdrawn ones left out."""
    flags = Flag.objects.filter(observation_id=observation_id).exclude(state=FlagState.DISMISSED.value)
    return tuple(word_flag(flag, language) for flag in flags.order_by("-priority", "id"))
