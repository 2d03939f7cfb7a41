"""When a sender is told that nobody has replied yet, and what can honestly be said of where the report stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from cases.deadline import Deadline
from intake.kinds import RequestStatus as R

# Before the promised moment, so that quiet hours (ten at night) cannot carry the notice past it; for short promises a third.
LEAD = timedelta(hours=14)
LEAD_SHARE = 1 / 3


class Standing(StrEnum):
    """Where a report without a reply stands. Nothing here tells the hour of a visit."""

    UNSEEN = "unseen"  # nobody has looked at it
    PASSED_ON = "passed_on"
    RECEIVED = "received"  # taken up, nobody was sent yet
    AT_WORK = "at_work"
    CHECKED = "checked"  # looked at on site; the answer waits for its approval


STANDING: Mapping[R, Standing] = {
    R.SUBMITTED: Standing.UNSEEN,
    R.TRANSFERRED: Standing.PASSED_ON,
    R.RETURNED: Standing.PASSED_ON,
    R.RECEIVED: Standing.RECEIVED,
    R.IN_PROGRESS: Standing.AT_WORK,
    R.RESOLVED: Standing.CHECKED,
}


# What a person says to the sender by moving the report.
REPLIES = (R.ANSWERED.value, R.REFUSED.value, R.DUPLICATE.value)


def owed_from(promise: Deadline) -> datetime:
    """The moment from which the promised one is so near that the sender must hear something."""
    return promise.due_at - min(LEAD, (promise.due_at - promise.started_at) * LEAD_SHARE)


def is_owed(promise: Deadline, now: datetime) -> bool:
    """Whether the promised moment is so near, or past, that the sender must hear something now."""
    return now >= owed_from(promise)
