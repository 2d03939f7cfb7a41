"""Whether a flagged thing was what the detector said, from all that people said of it. Pure.

Only "wrong object" speaks of the thing; every other label (private land, permitted, temporary, ...) speaks of the place and
leaves the detector right. An inspector who finds a violation stood before the thing: that settles what reviewers disagree
about. A visit that finds none says nothing of the object: it may have had leave, or have gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from cases.lifecycle import DismissReason
from cases.outcome import CONFIRMS_VIOLATION
from rules.finding import FlagState

_CONFIRMING = frozenset(outcome.value for outcome in CONFIRMS_VIOLATION)


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's yes or no to a flag; a no with its label."""

    says: str
    label: str = ""

    @property
    def finds_object_right(self) -> bool:
        """A no for any other reason than the object leaves the object right."""
        return not (self.says == FlagState.DISMISSED.value and self.label == DismissReason.WRONG_OBJECT.value)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The decision on a flag, second opinions on it, and what the visit it led to found (empty: nothing yet)."""

    decision: Voice
    opinions: tuple[Voice, ...] = ()
    on_site: str = ""

    @property
    def is_confirmed(self) -> bool:
        """An inspector found the violation itself."""
        return self.on_site in _CONFIRMING

    @property
    def was_right(self) -> bool | None:
        """Whether the thing was what the detector said; None: people disagree, and nobody has stood before it."""
        if self.is_confirmed:
            return True
        voices = {voice.finds_object_right for voice in (self.decision, *self.opinions)}
        return voices.pop() if len(voices) == 1 else None
