"""How often the machine was right: an interval that is honest about few decisions."""

from __future__ import annotations

import pytest

from cases.shares import measure_share


@pytest.mark.parametrize(
    ("confirmed", "decided", "low", "high", "is_enough"),
    [
        pytest.param(353, 388, 0.877, 0.934, True, id="many"),
        pytest.param(9, 21, 0.245, 0.635, False, id="few"),
        pytest.param(30, 30, 0.886, 1.0, True, id="all of them"),
        pytest.param(0, 0, 0.0, 1.0, False, id="none at all"),
    ],
)
def test_the_interval(confirmed: int, decided: int, low: float, high: float, is_enough: bool) -> None:
    bar = measure_share(confirmed, decided)
    assert (bar.low, bar.high) == (pytest.approx(low, abs=0.001), pytest.approx(high, abs=0.001))
    assert bar.is_enough is is_enough
    assert 0 <= bar.low <= bar.share or decided == 0
