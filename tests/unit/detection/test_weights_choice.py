"""The settings name weights, decisions change them in the order of time, a roll-back takes the last promotion back."""

from __future__ import annotations

import pytest

from detection.weights_choice import Decided, WeightsAction, last_promotion, weights_in_use

P, R, B = WeightsAction.PROMOTE, WeightsAction.REFUSE, WeightsAction.ROLL_BACK
NAMED = ("street", "site")


@pytest.mark.parametrize(
    ("decisions", "working"),
    [
        pytest.param([], ("street", "site"), id="as named"),
        pytest.param([Decided(P, "city-1", "street")], ("city-1", "site"), id="promoted"),
        pytest.param([Decided(R, "city-1")], ("street", "site"), id="refused"),
        pytest.param([Decided(P, "city-1", "street"), Decided(P, "city-2", "city-1")], ("city-2", "site"), id="twice"),
        pytest.param([Decided(P, "city-1", "street"), Decided(B, "city-1", "street")], ("street", "site"), id="back"),
        pytest.param([Decided(P, "city-1", "gone")], ("street", "site"), id="in place of what is not there"),
        pytest.param([Decided(P, "site", "street")], ("site",), id="one thing once"),
    ],
)
def test_what_works_now(decisions: list[Decided], working: tuple[str, ...]) -> None:
    assert weights_in_use(NAMED, decisions) == working


def test_the_last_promotion_that_stands() -> None:
    one, two = Decided(P, "city-1", "street"), Decided(P, "city-2", "city-1")
    assert last_promotion([]) is None
    assert last_promotion([one, two]) == two
    assert last_promotion([one, two, Decided(B, "city-2", "city-1")]) == one
    assert last_promotion([one, Decided(B, "city-1", "street")]) is None
