"""The dated law: periods, citations, thresholds, and the messages for a file that cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from errors import ConfigurationError
from rules.ordinances import Regime, read_law
from rules.parameters import CONSTRUCTION, SIDEWALK

ROOT = Path(__file__).parents[3]
PACKS = sorted((ROOT / "cities").glob("*/ordinances.toml"))

SMALL = """
[[instrument]]
id = "a"
number = "1/2024"
in_force_from = 2024-01-01
title = { vi = "một", en = "one" }
source = "gazette"
is_confirmed = true
[[rule]]
code = "construction_permit"
from = 2024-01-01
to = 2025-01-01
instrument = "a"
article = "Article 1"
is_confirmed = true
title = { vi = "Phép", en = "Permit" }
[rule.parameters]
min_signs = { value = 2, source = "s" }
min_days_between_signs = { value = 2, source = "s" }
min_sign_score = { value = 0.5, source = "s" }
min_parcel_likelihood = { value = 0.9, source = "s", is_confirmed = true }
max_register_age_days = { value = 30, source = "s" }
permits_are_registered = { value = true, source = "s" }
permit_kinds = { value = ["new"], source = "s" }
"""


@pytest.mark.parametrize("pack", PACKS, ids=lambda p: p.parent.name)
def test_every_pack_reads(pack: Path) -> None:
    law = read_law(pack.read_text(encoding="utf-8"), file=str(pack))
    today = law.at(date(2026, 11, 22))
    assert {rule.code for rule in today.rules} == {SIDEWALK, CONSTRUCTION}
    assert all(rule.citation.instrument and rule.citation.article for rule in today.rules)
    assert all(threshold.source for rule in law.rules for threshold in rule.thresholds)


@pytest.mark.parametrize(
    ("on", "found"),
    [
        pytest.param(date(2023, 12, 31), False, id="before"),
        pytest.param(date(2024, 1, 1), True, id="first-day"),
        pytest.param(date(2024, 12, 31), True, id="last-day"),
        pytest.param(date(2025, 1, 1), False, id="ended"),
    ],
)
def test_law_of_a_day(on: date, found: bool) -> None:
    assert (read_law(SMALL).at(on).rule(CONSTRUCTION) is not None) is found


def test_thresholds_keep_source_unit_and_confirmation() -> None:
    rule = read_law(SMALL).at(date(2024, 6, 1)).rule(CONSTRUCTION)
    assert rule is not None
    likelihood = rule.threshold("min_parcel_likelihood")
    assert likelihood is not None
    assert (likelihood.value, likelihood.source, likelihood.is_confirmed) == (0.9, "s", True)
    assert rule.words("permit_kinds") == ("new",)
    assert rule.is_set("permits_are_registered")
    assert not rule.is_set("exempt_below_storeys")
    assert rule.find_number("exempt_below_storeys") is None
    assert rule.citation.is_confirmed
    with pytest.raises(ConfigurationError, match="exempt_below_storeys"):
        rule.number("exempt_below_storeys")


def test_version_follows_the_text() -> None:
    assert read_law(SMALL).version == read_law(SMALL).version
    assert read_law(SMALL).version != read_law(SMALL + "\n").version


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        pytest.param("[[rule]]", "[[rule", "ordinances.toml", id="not-toml"),
        pytest.param('code = "construction_permit"', 'code = "noise"', "rule[0].code", id="unknown-rule"),
        pytest.param('instrument = "a"', 'instrument = "b"', "rule[0].instrument", id="unknown-instrument"),
        pytest.param("from = 2024-01-01\nto", 'from = "2024"\nto', "rule[0].from", id="date-in-quotes"),
        pytest.param("from = 2024-01-01\nto", "to", "rule[0].from", id="no-date"),
        pytest.param("to = 2025-01-01", "to = 2023-01-01", "from", id="ends-before-it-begins"),
        pytest.param("min_signs = { value = 2", "min_signs = { value = 0", "min_signs.value", id="too-small"),
        pytest.param("min_signs = { value = 2", "min_signs = { value = true", "min_signs.value", id="not-a-number"),
        pytest.param('min_signs = { value = 2, source = "s" }', "", "min_signs", id="missing-figure"),
        pytest.param('min_signs = { value = 2, source = "s" }', "min_signs = 2", "min_signs", id="no-source"),
        pytest.param('value = 2, source = "s"', 'value = 2, source = ""', "source", id="empty-source"),
        pytest.param(
            "permits_are_registered = { value = true", "permits_are_registered = { value = 1", "value", id="flag"
        ),
        pytest.param('value = ["new"]', 'value = "new"', "permit_kinds.value", id="words"),
        pytest.param("min_signs =", "signs_min =", "signs_min", id="unknown-figure"),
        pytest.param("[rule.parameters]", "[rule.uses]\nshouting = 'free'\n[rule.parameters]", "shouting", id="use"),
        pytest.param("[rule.parameters]", "[rule.uses]\ntrading = 'maybe'\n[rule.parameters]", "trading", id="regime"),
        pytest.param("is_confirmed = true\n[[rule]]", "is_confirmed = 1\n[[rule]]", "is_confirmed", id="not-a-flag"),
    ],
)
def test_faults_name_place_and_cure(old: str, new: str, place: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_law(SMALL.replace(old, new, 1))
    assert place in caught.value.field
    assert caught.value.cure


def test_two_periods_of_one_rule_may_not_overlap() -> None:
    rule = SMALL[SMALL.index("[[rule]]") :]
    with pytest.raises(ConfigurationError, match="2024-12-31"):
        read_law(SMALL + rule.replace("from = 2024-01-01", "from = 2024-12-31").replace("to = 2025-01-01", ""))


@pytest.mark.parametrize(
    ("on", "trading", "event"),
    [
        pytest.param(date(2024, 10, 1), Regime.LISTED, Regime.PERSON_FIRST, id="2024-listed-streets"),
        pytest.param(date(2025, 12, 1), Regime.LISTED, Regime.PERSON_FIRST, id="2025-only-running-licences"),
        pytest.param(date(2026, 4, 1), Regime.FORBIDDEN, Regime.PERSON_FIRST, id="2026-no-trading"),
    ],
)
def test_default_pack_by_date(on: date, trading: Regime, event: Regime) -> None:
    law = read_law((ROOT / "cities/hcmc/ordinances.toml").read_text(encoding="utf-8"))
    rule = law.at(on).rule(SIDEWALK)
    assert rule is not None
    assert (rule.regime("trading"), rule.regime("event")) == (trading, event)
    assert rule.regime("construction") is None


FINE = """
[[fine]]
code = "X1"
group = "G1"
from = 2024-01-01
instrument = "a"
article = "Article 9"
least = 10
most = 20
"""


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        pytest.param("least = 10", "least = 30", "fine[0].least", id="range-upside-down"),
        pytest.param("least = 10", "least = 1.5", "fine[0].least", id="not-whole"),
        pytest.param("most = 20", "most = 20\nindividual_share = 2.0", "individual_share", id="share-above-one"),
    ],
)
def test_faults_of_fines(old: str, new: str, place: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_law(SMALL + FINE.replace(old, new))
    assert place in caught.value.field


def test_a_table_where_a_text_stands_is_named() -> None:
    with pytest.raises(ConfigurationError, match="table"):
        read_law(SMALL.replace('title = { vi = "Phép", en = "Permit" }', 'title = "Permit"'))
