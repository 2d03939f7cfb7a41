"""What a rule answers: a verdict with reasons in figures, the citation, and what was missing. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """Three, always. Violation is not among them: only an inspector says that."""

    COMPLIANT = "compliant"
    FLAGGED = "flagged"
    UNDETERMINED = "undetermined"


class FlagState(StrEnum):
    """Life of a stored finding (domain 5.2); the allowed moves are in ``cases.lifecycle``."""

    NEW = "new"
    LOGGED = "logged"  # compliant: kept, asks nobody
    IN_REVIEW = "in_review"
    DISMISSED = "dismissed"
    MERGED = "merged"
    ACCEPTED = "accepted"
    EXPIRED = "expired"


Figure = str | float | int | bool | None
CLAIMED_SIGMAS = (
    2  # how far off the truth may be where a rule decides, and what "±" says of a measured figure: 95 of 100 cases
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition that was weighed. ``code`` names it (worded by ``rules.wording``); ``values`` are its figures.

    ``met`` is None when the condition could not be judged. Units are in the figures' names (``dwell_s``).
    """

    code: str
    met: bool | None
    values: tuple[tuple[str, Figure], ...] = ()

    def figures(self) -> dict[str, Figure]:
        """All figures by their names; beside a ``sigma_m`` also ``error_m``, the error that is claimed (2 sigma)."""
        figures = dict(self.values)
        if isinstance(sigma_m := figures.get("sigma_m"), float | int):
            figures["error_m"] = CLAIMED_SIGMAS * sigma_m
        return figures

    def value(self, name: str) -> Figure:
        """One figure by its name; None when the reason has none of that name."""
        return self.figures().get(name)


def weigh(code: str, met: bool | None, **values: Figure) -> Reason:
    """A reason from named figures."""
    return Reason(code, met, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class Citation:
    """The ordinance in force at the date of the act; ``is_confirmed`` only once the city's lawyers signed it off."""

    instrument: str
    article: str
    title: str
    in_force_from: date
    in_force_to: date | None
    source: str
    is_confirmed: bool
    title_vi: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one rule about one sighting at one place and time; no citation where no law is on record.

    ``law_version`` is the hash of the law it was decided by.
    """

    rule_code: str
    use: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    citation: Citation | None
    priority: int = 0
    priority_reasons: tuple[str, ...] = ()
    law_version: str = ""
