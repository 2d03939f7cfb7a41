"""Stage 5: site facts against the rules in force; each answer is stored as a flag, compliant ones too."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from pipeline.stages import Outcome, StageOutcome
from rules.actions import record_findings
from rules.engine import check
from rules.queries import gather_site_facts, get_law


def run(observation_id: UUID) -> StageOutcome:
    """Gather, decide by the law of the day, save."""
    sites = gather_site_facts(observation_id)
    laws = {city: get_law(city) for city in {site.city for site in sites}}
    findings = [(site, finding) for site in sites for finding in check(site, laws[site.city])]
    flags = record_findings(observation_id, findings)
    verdicts = Counter(finding.verdict.value for _, finding in findings)
    return StageOutcome(Outcome.DONE, {"flags": len(flags), **verdicts})
