"""All rules over one set of facts: several findings, no law on record, a rule that fails, pages and examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from errors import InputError
from intake.kinds import Category
from rules import engine
from rules.finding import Finding, Verdict
from rules.ordinances import RuleLaw
from rules.parameters import CONSTRUCTION, PARAMETERS, SIDEWALK
from rules.site_facts import SeenLabel, SiteFacts
from tests.data.site_facts import WORK, a_law, camera_facts, law_at, photo_facts, site_facts
from tests.unit.rules.test_construction_permit import SITES as CONSTRUCTION_SITES
from tests.unit.rules.test_sidewalk_encroachment import SITES as SIDEWALK_SITES

ROOT = Path(__file__).parents[3]
EXAMPLES = {SIDEWALK: SIDEWALK_SITES, CONSTRUCTION: CONSTRUCTION_SITES}


def test_one_picture_may_concern_two_rules() -> None:
    facts = photo_facts(*WORK, SeenLabel("motorcycle", 2, 0.9))
    assert [f.rule_code for f in engine.check(facts, a_law())] == [SIDEWALK, CONSTRUCTION]


def test_facts_of_no_concern_give_nothing() -> None:
    assert engine.check(camera_facts("person"), a_law()) == ()


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        pytest.param(camera_facts(), [SIDEWALK], id="motorbike"),
        pytest.param(camera_facts("person"), [], id="person"),
        pytest.param(site_facts(), [CONSTRUCTION], id="building-site"),
        pytest.param(photo_facts(category=Category.TRADING), [SIDEWALK], id="claim"),
    ],
)
def test_without_a_law_on_record_all_is_undetermined(facts: SiteFacts, codes: list[str]) -> None:
    found = engine.check(replace(facts, local_on=date(1999, 1, 1)), a_law())
    assert [f.rule_code for f in found] == codes
    assert all((f.verdict, f.missing, f.citation) == (Verdict.UNDETERMINED, ("law_at_date",), None) for f in found)


def test_a_rule_that_fails_is_undetermined_and_spares_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(facts: SiteFacts, law: RuleLaw) -> Finding | None:
        raise ZeroDivisionError

    broken = replace(engine.RULES[SIDEWALK], check=fail)
    monkeypatch.setattr(engine, "RULES", {**engine.RULES, SIDEWALK: broken})
    found = engine.check(site_facts(), a_law())
    assert [(f.rule_code, f.verdict) for f in found] == [
        (SIDEWALK, Verdict.UNDETERMINED),
        (CONSTRUCTION, Verdict.FLAGGED),
    ]
    assert found[0].missing == ("rule_failed",)
    assert found[0].reasons[0].value("error") == "ZeroDivisionError"
    assert "observation=o1" in caplog.text


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(InputError, match="time zone"):
        replace(camera_facts(), at=datetime(2026, 9, 15, 2, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize("code", engine.RULES)
def test_every_rule_has_a_citation_a_page_and_three_examples(code: str) -> None:
    rule, law = engine.RULES[code], law_at().rule(code)
    assert law is not None
    assert law.citation.instrument and law.citation.article
    page = (ROOT / rule.page).read_text(encoding="utf-8")
    assert all(f"## {title}" in page for title in ("Ordinance", "What it decides", "Examples"))
    shown = {row.values[1] for row in EXAMPLES[code]}
    assert shown == set(Verdict)
    assert all(f"**{verdict.value}**" in page for verdict in Verdict)


@pytest.mark.parametrize("code", engine.RULES)
def test_every_figure_of_a_rule_is_on_its_page(code: str) -> None:
    page = (ROOT / engine.RULES[code].page).read_text(encoding="utf-8")
    assert [p.name for p in PARAMETERS[code] if f"`{p.name}`" not in page] == []


def test_doubts_about_the_picture_lower_the_priority_and_nothing_else() -> None:
    facts = camera_facts()
    doubted = replace(facts, scene=replace(facts.scene, doubts=("seen_elsewhere",)))
    (plain,), (found,) = engine.check(facts, a_law()), engine.check(doubted, a_law())
    assert plain.priority > 1
    assert (found.verdict, found.reasons) == (plain.verdict, plain.reasons)
    assert found.priority == plain.priority // 2
    assert found.priority_reasons == (*plain.priority_reasons, "tamper_hint")
