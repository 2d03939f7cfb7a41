"""When a sender must hear that nobody has replied, and that every open standing has its honest words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from cases.deadline import ClockUnit, Policy, WorkCalendar, due
from cases.interim import STANDING, Standing, is_owed
from cases.lifecycle import REQUEST_ENDS
from cases.wording import INTERIM
from intake.kinds import RequestStatus as R

SENT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ANSWERED = {R.ANSWERED, R.REOPENED, R.AWAITING_INFORMATION}


@pytest.mark.parametrize(
    ("hours", "after", "owed"),
    [(48, 33, False), (48, 34, True), (48, 60, True), (6, 3, False), (6, 4, True)],
    ids=["not yet", "before quiet hours can make it late", "late", "short promise, early", "short promise, last third"],
)
def test_owed(hours: int, after: int, *, owed: bool) -> None:
    promise = due(SENT, Policy("first_reply", ClockUnit.HOURS, hours), WorkCalendar("Asia/Ho_Chi_Minh"))
    assert is_owed(promise, SENT + timedelta(hours=after)) is owed


def test_every_open_standing_has_its_words_in_both_languages() -> None:
    assert set(STANDING) == set(R) - REQUEST_ENDS - ANSWERED
    assert set(INTERIM) == {standing.value for standing in Standing}
    with translation.override("vi"):
        assert [said for said in INTERIM.values() if translation.gettext(said) == said] == []
