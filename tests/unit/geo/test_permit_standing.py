"""What a permit is worth on a day."""

from __future__ import annotations

from datetime import date

import pytest

from geo.permit_standing import Standing, judge_standing

ON = date(2026, 6, 1)
BEFORE, AFTER = date(2026, 5, 1), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("status", "issued", "expires", "expected"),
    [
        pytest.param("in_force", BEFORE, AFTER, Standing.IN_FORCE, id="within its days"),
        pytest.param("in_force", BEFORE, ON, Standing.IN_FORCE, id="its last day"),
        pytest.param("in_force", BEFORE, BEFORE, Standing.EXPIRED, id="after its last day"),
        pytest.param("in_force", AFTER, None, Standing.NOT_YET, id="before its first day"),
        pytest.param("in_force", None, None, Standing.IN_FORCE, id="the publisher's word without days"),
        pytest.param("", BEFORE, None, Standing.IN_FORCE, id="issued, no word"),
        pytest.param("", None, None, Standing.UNKNOWN, id="nothing said"),
        pytest.param("unknown", BEFORE, AFTER, Standing.UNKNOWN, id="said to be unknown"),
        pytest.param("Revoked", BEFORE, AFTER, Standing.REVOKED, id="revoked"),
        pytest.param("refused", None, None, Standing.REVOKED, id="refused"),
        pytest.param("completed", BEFORE, None, Standing.EXPIRED, id="used up"),
        pytest.param("expired", None, None, Standing.EXPIRED, id="said to be expired"),
        pytest.param("pending", None, None, Standing.NOT_YET, id="pending"),
    ],
)
def test_standing(status: str, issued: date | None, expires: date | None, expected: Standing) -> None:
    assert judge_standing(status, issued, expires, ON) is expected
