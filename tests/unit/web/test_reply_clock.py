"""The 48 hours of a reply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from web.reply_clock import read_clock

SENT = datetime(2026, 11, 20, 1, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answered_h", "now_h", "share_pct", "is_late", "is_running"),
    [
        pytest.param(None, 12, 25, False, True, id="running"),
        pytest.param(29.2, 60, 60.83, False, False, id="answered in time"),
        pytest.param(None, 49, 100, True, True, id="late and still open"),
        pytest.param(72, 100, 100, True, False, id="answered late"),
        pytest.param(None, -1, 0, False, True, id="a clock that was put back"),
    ],
)
def test_the_clock(answered_h: float | None, now_h: float, share_pct: float, is_late: bool, is_running: bool) -> None:
    answered = SENT + timedelta(hours=answered_h) if answered_h is not None else None
    clock = read_clock(SENT, answered, SENT + timedelta(hours=now_h))
    assert clock.share_pct == pytest.approx(share_pct, abs=0.01)
    assert (clock.is_late, clock.is_running) == (is_late, is_running)
    assert clock.due_at == SENT + timedelta(hours=48)
