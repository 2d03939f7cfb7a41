"""A flag's row and the values it was made of: one place that knows how a finding lies in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rules.finding import Finding, Reason
from rules.serialise import from_json, to_json
from rules.site_facts import SiteFacts

if TYPE_CHECKING:
    from rules.models import Flag


def reasons_to_json(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """Reasons as other rooms and interfaces read them: figures by name."""
    return [{"code": r.code, "met": r.met, "values": dict(r.values)} for r in reasons]


def read_finding(flag: Flag) -> Finding:
    """The finding as it was stored; InputError when the row does not fit this version of the code."""
    return from_json(
        Finding,
        {
            "rule_code": flag.rule_code,
            "use": flag.use,
            "verdict": flag.verdict,
            "reasons": [{**r, "values": [list(pair) for pair in r["values"].items()]} for r in flag.reasons],
            "missing": flag.missing,
            "citation": flag.citation or None,
            "priority": flag.priority,
            "priority_reasons": flag.priority_reasons,
            "law_version": flag.versions.get("law", ""),
        },
    )


def read_facts(flag: Flag) -> SiteFacts:
    """The site facts the rule read; InputError when they do not fit this version of the code."""
    return from_json(SiteFacts, flag.facts)


def finding_fields(finding: Finding) -> dict[str, Any]:
    """The columns of a flag that hold its finding."""
    return {
        "rule_code": finding.rule_code,
        "use": finding.use,
        "verdict": finding.verdict.value,
        "reasons": reasons_to_json(finding.reasons),
        "missing": list(finding.missing),
        "citation": to_json(finding.citation) if finding.citation is not None else {},
        "priority": finding.priority,
        "priority_reasons": list(finding.priority_reasons),
    }
