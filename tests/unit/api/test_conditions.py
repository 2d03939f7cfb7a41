"""The rows of a finding's conditions: the figures by which it was decided, and the error that the rules claim."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import translation

from api.conditions import Condition, list_conditions
from rules import wording
from rules.finding import Finding, Reason, Verdict, weigh
from rules.stored import finding_fields

SIGNS = {"kinds": "site_worker", "count": 1, "needed": 2, "days_apart": 3}


def told(reason: Reason) -> Condition:
    """The one row of a flag with one reason, in English."""
    finding = Finding("rule", "construction", Verdict.FLAGGED, (reason,), (), None)
    flag = SimpleNamespace(versions={}, facts={}, **finding_fields(finding))
    with translation.override("en"):
        worded = wording.word(finding, "en", str)
        return list_conditions(flag, worded)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reason", "value", "limit"),
    [
        pytest.param(weigh("work_signs", True, **{**SIGNS, "count": 2}), "2", "≥ 2", id="two kinds"),
        pytest.param(weigh("sign_seen_again", True, **SIGNS, days_needed=2), "3", "≥ 2", id="one kind on two dates"),
        pytest.param(weigh("work_signs", True, **SIGNS), "3", "", id="as older flags keep it"),
        pytest.param(weigh("signs_too_few", None, **SIGNS), "1", "≥ 2", id="too few"),
        pytest.param(
            weigh("free_width", None, width_m=1.1, sigma_m=0.25, limit_m=1.5, passage="suspected"),
            "1.10 m ± 0.50 m", "≥ 1.50 m", id="two sigma, as the rule decides",
        ),
    ],
)  # fmt: skip
def test_a_row_says_what_was_counted(reason: Reason, value: str, limit: str) -> None:
    row = told(reason)
    assert (row.value, row.limit, row.met) == (value, limit, reason.met)


def test_the_row_and_the_sentence_claim_the_same_error() -> None:
    row = told(weigh("free_width", False, width_m=0.6, sigma_m=0.25, limit_m=1.5, passage="certain"))
    assert "0.60 m ± 0.50 m (2σ)" in row.sentence
    assert row.value in row.sentence
