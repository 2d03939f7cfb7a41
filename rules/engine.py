"""All rules over one set of facts. Pure: facts and the city's law in, findings out; called by stage 5 and by replay."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from intake.kinds import Category
from rules import construction_permit, sidewalk_encroachment
from rules.finding import Finding, Verdict, weigh
from rules.ordinances import Law, LawInForce, RuleLaw
from rules.parameters import CONSTRUCTION, SIDEWALK
from rules.site_facts import SiteFacts
from rules.weighing import no_law

DOUBTS = "tamper_hint"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, the version of its logic (kept with every flag), its check and which use facts are about."""

    code: str
    version: int
    check: Callable[[SiteFacts, RuleLaw], Finding | None]
    concerns: Callable[[SiteFacts], Category | None]

    @property
    def page(self) -> str:
        """Where it is explained to people."""
        return f"docs/rules/{self.code}.md"


def _construction_use(facts: SiteFacts) -> Category | None:
    is_claimed = facts.is_scene and facts.scene.category is Category.CONSTRUCTION
    return Category.CONSTRUCTION if is_claimed else None


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        SIDEWALK: Rule(
            SIDEWALK,
            sidewalk_encroachment.VERSION,
            sidewalk_encroachment.check_sidewalk,
            sidewalk_encroachment.concerned_use,
        ),
        CONSTRUCTION: Rule(
            CONSTRUCTION, construction_permit.VERSION, construction_permit.check_construction, _construction_use
        ),
    }
)


def check(facts: SiteFacts, law: Law | LawInForce) -> tuple[Finding, ...]:
    """The findings of every rule that has something to say, in the order of ``RULES``.

    By the law of the day of the act, or by the one given in its place.
    """
    in_force = law.at(facts.local_on) if isinstance(law, Law) else law
    findings = (_check_one(rule, facts, in_force) for rule in RULES.values())
    return tuple(replace(finding, law_version=law.version) for finding in findings if finding is not None)


def _with_doubts(finding: Finding | None, facts: SiteFacts) -> Finding | None:
    """A picture that may not be what it seems waits longer, with the reason; what it shows is judged all the same."""
    if finding is None or not facts.scene.doubts or finding.priority == 0:
        return finding
    reasons = (*finding.priority_reasons, DOUBTS)
    return replace(finding, priority=finding.priority // 2, priority_reasons=reasons)


def _check_one(rule: Rule, facts: SiteFacts, law: LawInForce) -> Finding | None:
    rule_law = law.rule(rule.code)
    if rule_law is None:
        use = rule.concerns(facts)
        return no_law(rule.code, use.value, facts, law.version) if use is not None else None
    try:
        return _with_doubts(rule.check(facts, rule_law), facts)
    except Exception as error:  # a rule that fails must not take the others, or the picture, with it
        _log.exception("rule_failed rule=%s observation=%s", rule.code, facts.observation_id)
        reason = weigh("rule_failed", None, error=type(error).__name__)
        return Finding(
            rule.code, Category.OTHER.value, Verdict.UNDETERMINED, (reason,), ("rule_failed",), rule_law.citation
        )
