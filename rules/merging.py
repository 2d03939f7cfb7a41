"""Which findings of one camera are the same matter: one place, one use, one part of one day. Pure.

A camera that sees a shop's chairs every minute asks a person once, not every minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from rules.finding import Finding, Verdict
from rules.site_facts import SiteFacts

PARTS_OF_DAY = (time(0), time(6), time(12), time(18))  # night, morning, afternoon, evening


@dataclass(frozen=True, slots=True)
class Matter:
    """What findings have in common when they are one matter; the part of the day is ``since`` <= moment < ``until``."""

    rule_code: str
    use: str
    sidewalk_key: str
    since: datetime
    until: datetime


def matter_of(facts: SiteFacts, finding: Finding) -> Matter:
    """The matter a finding belongs to."""
    since, until = part_of_day(facts)
    key = facts.ground.sidewalk_key if facts.ground is not None else ""
    return Matter(finding.rule_code, finding.use, key, since, until)


def part_of_day(facts: SiteFacts) -> tuple[datetime, datetime]:
    """First moment of the local part of the day the facts are of, and of the next part."""
    local = datetime.combine(facts.local_on, facts.local_time)
    start = max(part for part in PARTS_OF_DAY if part <= facts.local_time)
    length = timedelta(hours=24 // len(PARTS_OF_DAY))
    since = facts.at.replace(microsecond=0) - (local - datetime.combine(facts.local_on, start))
    return since, since + length


def covers(lead: Verdict, other: Verdict) -> bool:
    """Whether a person who looks at the lead has seen what the other would have asked: a flag outranks an open question."""
    return lead is Verdict.FLAGGED or lead is other
