"""What the generator of a year writes is what the product's actions would have written: a sample is lived and compared."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bench.lived_acts import compare_year
from bench.lived_year import count_differences
from tests.integration.cases import builders as b


@pytest.mark.parametrize("seed", [3])
def test_generated_rows_are_those_of_the_real_actions(db: None, seed: int) -> None:
    b.a_ward(b.a_city())
    generated, lived = compare_year(seed=seed, scale=0.004, ends_at=timezone.now())
    assert len(generated["case"]) > 30
    assert {name for name, rows in generated.items() if not rows} <= {"lateentry", "latepiece", "interimreply"}
    assert {
        name: (sorted(set(rows) - set(lived[name]))[:2], sorted(set(lived[name]) - set(rows))[:2])
        for name, rows in generated.items()
        if count_differences(rows, lived[name])
    } == {}
