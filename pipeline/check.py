"""Stage 5: site facts against the rules in force; each answer is stored as a flag, compliant ones too."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from rules.actions import record_findings
from rules.engine import check
from rules.queries import gather_site_facts, get_law

from pipeline.stages import Outcome, StageOutcome


def run(observation_id: UUID) -> StageOutcome:
    """Gather, decide, save."""
    sites = gather_site_facts(observation_id)
    law = get_law(sites[0].place.city) if sites else None
    findings = [(site, finding) for site in sites for finding in check(site, law)]
    flags = record_findings(observation_id, findings)
    verdicts = Counter(finding.verdict.value for _, finding in findings)
    return StageOutcome(Outcome.DONE, {"flags": len(flags), **verdicts})
