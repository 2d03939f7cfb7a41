"""What may be told, to whom, how soon, and for how long it is worth telling. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from intake.kinds import RequestStatus as R


class Channel(StrEnum):
    """By what."""

    EMAIL = "email"
    WEB_PUSH = "web_push"
    ZALO = "zalo"
    MESSENGER = "messenger"
    SMS = "sms"


class NoticeState(StrEnum):
    """Life of a notice."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"  # nobody can be reached any more: the address went away


class NoticeKind(StrEnum):
    """What is told."""

    RECEIPT = "receipt"
    RECEIVED = "received"
    QUESTION = "question"
    REFUSED = "refused"
    JOINED = "joined"
    TRANSFERRED = "transferred"
    ANSWERED = "answered"
    REOPENED = "reopened"
    INTERIM_REPLY = "interim_reply"
    NEW_JOB = "new_job"
    JOB_GONE = "job_gone"
    LATE = "late"
    SOON_LATE = "soon_late"
    ALERT_CONFIRM = "alert_confirm"
    AREA_NEWS = "area_news"


@dataclass(frozen=True, slots=True)
class Rule:
    """``is_immediate``: quiet hours do not hold it back (its reader is awake, or on duty). ``worth``: then it is given up."""

    is_immediate: bool
    worth: timedelta


_DAYS = timedelta(days=3)
RULES: Mapping[NoticeKind, Rule] = {
    NoticeKind.RECEIPT: Rule(is_immediate=True, worth=_DAYS),
    NoticeKind.RECEIVED: Rule(is_immediate=False, worth=_DAYS),
    NoticeKind.QUESTION: Rule(is_immediate=False, worth=timedelta(days=7)),
    NoticeKind.REFUSED: Rule(is_immediate=False, worth=timedelta(days=7)),
    NoticeKind.JOINED: Rule(is_immediate=False, worth=_DAYS),
    NoticeKind.TRANSFERRED: Rule(is_immediate=False, worth=_DAYS),
    NoticeKind.ANSWERED: Rule(is_immediate=False, worth=timedelta(days=7)),
    NoticeKind.REOPENED: Rule(is_immediate=False, worth=_DAYS),
    NoticeKind.INTERIM_REPLY: Rule(is_immediate=False, worth=timedelta(days=7)),
    NoticeKind.NEW_JOB: Rule(is_immediate=True, worth=timedelta(hours=12)),
    NoticeKind.JOB_GONE: Rule(is_immediate=True, worth=timedelta(hours=12)),
    NoticeKind.LATE: Rule(is_immediate=False, worth=_DAYS),
    NoticeKind.SOON_LATE: Rule(is_immediate=False, worth=timedelta(days=1)),
    NoticeKind.ALERT_CONFIRM: Rule(is_immediate=True, worth=timedelta(days=2)),
    NoticeKind.AREA_NEWS: Rule(is_immediate=False, worth=timedelta(days=7)),
}

# Which move of a report is told to its sender. Work on site is not: it would tell the hour of a visit.
OF_MOVE: Mapping[R, NoticeKind] = {
    R.RECEIVED: NoticeKind.RECEIVED,
    R.AWAITING_INFORMATION: NoticeKind.QUESTION,
    R.REFUSED: NoticeKind.REFUSED,
    R.DUPLICATE: NoticeKind.JOINED,
    R.TRANSFERRED: NoticeKind.TRANSFERRED,
    R.ANSWERED: NoticeKind.ANSWERED,
    R.REOPENED: NoticeKind.REOPENED,
}
FOR_STAFF = frozenset({NoticeKind.NEW_JOB, NoticeKind.JOB_GONE, NoticeKind.LATE, NoticeKind.SOON_LATE})
