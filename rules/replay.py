"""Deciding a flag again from what was stored with it: the same facts, the law of its version."""

from __future__ import annotations

from dataclasses import dataclass

from errors import NotFound
from rules.engine import RULES, check
from rules.finding import Finding
from rules.models import Flag
from rules.queries import get_law_version
from rules.stored import read_facts, read_finding


@dataclass(frozen=True, slots=True)
class Replay:
    """The finding made again beside the stored one. They may differ only where the rule's logic has a new version."""

    stored: Finding
    again: Finding
    stored_rule_version: int
    rule_version: int

    @property
    def is_same(self) -> bool:
        """Whether both say the same; the order of a reason's figures does not count."""
        return _comparable(self.stored) == _comparable(self.again)


def replay(flag: Flag) -> Replay:
    """Decide again. NotFound when today's rules have nothing to say of these facts any more."""
    findings = check(read_facts(flag), get_law_version(flag.versions["law"]))
    again = next((finding for finding in findings if finding.rule_code == flag.rule_code), None)
    if again is None:
        raise NotFound("The rules in use say nothing of this flag's facts.", field="flag", value=flag.pk)
    return Replay(read_finding(flag), again, int(flag.versions["rule"]), RULES[flag.rule_code].version)


def _comparable(finding: Finding) -> tuple[object, ...]:
    reasons = tuple((r.code, r.met, tuple(sorted(r.values, key=lambda pair: pair[0]))) for r in finding.reasons)
    citation = finding.citation
    return (finding.rule_code, finding.use, finding.verdict, reasons, finding.missing, citation, finding.priority)
