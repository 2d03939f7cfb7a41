"""What a flag was decided by (versions of weights, rule, law, registers, thresholds) and where it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.position import Position
from rules.engine import RULES
from rules.finding import Finding
from rules.ordinances import Law
from rules.parameters import CONSTRUCTION
from rules.site_facts import SiteFacts

_CANDIDATES = frozenset({"parcel", "parcel_candidate"})


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """Where a flag is: its point, and the registers' keys. Several parcels are candidates; none where none is meant."""

    position: Position | None
    parcel_keys: tuple[str, ...]
    sidewalk_key: str
    unit_code: str


def list_versions(
    facts: SiteFacts,
    finding: Finding,
    law: Law,
    weights: Sequence[Mapping[str, Any]],
    detector_thresholds: Mapping[str, Any],
) -> dict[str, Any]:
    """Stored with the flag, enough to say later why it was made and to make it again."""
    rule_law = law.at(facts.local_on).rule(finding.rule_code)
    states = facts.place.registers if facts.place is not None else ()
    return {
        "rule": RULES[finding.rule_code].version,
        "law": finding.law_version,
        "thresholds": {t.name: t.value for t in rule_law.thresholds} if rule_law is not None else {},
        "weights": [dict(used) for used in weights],
        "detector_thresholds": dict(detector_thresholds),
        "registers": [
            {
                "register": state.register.value,
                "coverage": state.coverage.value,
                "source": source.name,
                "source_on": source.source_on.isoformat() if source.source_on else None,
            }
            for state in states
            for source in state.sources
        ],
    }


def name_place(facts: SiteFacts, finding: Finding) -> NamedPlace:
    """The point of the thing, or of the picture; the parcels the rule weighed; the one segment it is on."""
    place = facts.place
    position = facts.sighting.position if facts.sighting else (place.position if place else None)
    units = place.units if place else ()
    ward = next((unit for unit in units if unit.level == "ward"), units[0] if units else None)
    return NamedPlace(position, _parcels(finding), _segment(facts), ward.code if ward else "")


def _parcels(finding: Finding) -> tuple[str, ...]:
    if finding.rule_code != CONSTRUCTION:
        return ()
    return tuple(str(reason.value("parcel")) for reason in finding.reasons if reason.code in _CANDIDATES)


def _segment(facts: SiteFacts) -> str:
    if facts.ground is not None:
        return facts.ground.sidewalk_key
    segments = facts.place.sidewalks if facts.place else ()
    return segments[0].key if len(segments) == 1 else ""
