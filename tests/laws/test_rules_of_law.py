"""Every rule has a citation in every period of every city's law, a page for people, and its three examples."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from rules.engine import RULES, check
from rules.finding import FlagState, Verdict
from rules.ordinances import RuleLaw, read_law
from tests.data import site_facts as s
from tests.laws.house import ROOT

LAWS = sorted((ROOT / "cities").glob("*/ordinances.toml"))
PERIODS = [
    pytest.param(rule, id=f"{path.parent.name}-{rule.code}-{rule.from_on}")
    for path in LAWS
    for rule in read_law(path.read_text(encoding="utf-8"), file=str(path)).rules
]
MOVED = s.a_sighting(displacement_m=3.0)
EXAMPLES = [
    ("sidewalk_encroachment", Verdict.FLAGGED, s.camera_facts()),
    ("sidewalk_encroachment", Verdict.COMPLIANT, s.camera_facts(sighting=MOVED)),
    ("sidewalk_encroachment", Verdict.UNDETERMINED, s.camera_facts(ground=None)),
    ("construction_permit", Verdict.FLAGGED, s.site_facts()),
    ("construction_permit", Verdict.COMPLIANT, s.site_facts(permits=(s.a_permit(),))),
    (
        "construction_permit",
        Verdict.UNDETERMINED,
        s.site_facts(parcels=(s.a_parcel(likelihood=0.5), s.a_parcel("P2", 0.4))),
    ),
]


@pytest.mark.parametrize("rule", PERIODS)
def test_every_period_is_cited(rule: RuleLaw) -> None:
    citation = rule.citation
    assert all((citation.instrument, citation.article, citation.title, citation.source))
    assert citation.in_force_from <= rule.from_on
    assert all(threshold.source for threshold in rule.thresholds)


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_law_today_in_every_city(code: str) -> None:
    missing = [p.parent.name for p in LAWS if read_law(p.read_text()).at(date(2026, 11, 22)).rule(code) is None]
    assert missing == []


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_its_page_and_its_tests(code: str) -> None:
    page = (ROOT / RULES[code].page).read_text()
    for heading in ("Ordinance", "What it decides", "What a picture cannot show", "Examples"):
        assert f"## {heading}" in page
    for verdict in Verdict:
        assert re.search(rf"\*\*{verdict}\*\*", page), verdict
    assert (ROOT / "tests" / "unit" / "rules" / f"test_{code}.py").is_file()


@pytest.mark.parametrize(("code", "verdict", "facts"), EXAMPLES, ids=[f"{c}-{v}" for c, v, _ in EXAMPLES])
def test_every_rule_has_one_site_of_each_verdict(code: str, verdict: Verdict, facts: Any) -> None:
    finding = next(f for f in check(facts, s.a_law()) if f.rule_code == code)
    assert finding.verdict is verdict
    assert finding.reasons
    assert bool(finding.missing) == (verdict is Verdict.UNDETERMINED)
    assert finding.citation is not None


def test_every_rule_is_among_the_examples() -> None:
    assert {(code, verdict) for code, verdict, _ in EXAMPLES} == {
        (code, verdict) for code in RULES for verdict in Verdict
    }


def test_there_are_three_verdicts_and_none_is_violation() -> None:
    assert {verdict.value for verdict in Verdict} == {"compliant", "flagged", "undetermined"}
    assert not any("violation" in state for state in FlagState)
