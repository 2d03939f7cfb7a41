"""The order of the nine stages."""

from __future__ import annotations

import pytest

from pipeline.stages import FIRST, STAGES, get_stage, stage_after


def test_the_first_stage_is_receive() -> None:
    assert FIRST.name == "receive"


@pytest.mark.parametrize(("name", "following"), [("receive", "geotag"), ("check", "open_case"), ("inspect", "publish")])
def test_each_stage_knows_the_next(name: str, following: str) -> None:
    after = stage_after(name)
    assert after is not None
    assert after.name == following


def test_nothing_follows_the_last_stage() -> None:
    assert stage_after(STAGES[-1].name) is None


def test_an_unknown_stage_is_a_programming_fault() -> None:
    with pytest.raises(KeyError):
        get_stage("ponder")
