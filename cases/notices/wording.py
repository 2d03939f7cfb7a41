"""A notice in words. To a sender: what became of the report, and the link. To staff: the case and its time, no sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from cases.notices.kinds import FOR_STAFF, NoticeKind


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """A title of one line, a text, and a link that may be empty."""

    title: str
    text: str
    link: str = ""

    @property
    def short(self) -> str:
        """One line for channels that charge by the letter."""
        return f"{self.title} {self.link}".strip()


_WORDS: Mapping[NoticeKind, tuple[str, str]] = {
    NoticeKind.RECEIPT: (
        gettext_noop("Report %(code)s was received."),
        gettext_noop("Keep this link: it shows what becomes of it. Officers never learn who sent it."),
    ),
    NoticeKind.RECEIVED: (
        gettext_noop("Report %(code)s was taken up."),
        gettext_noop("It has gone to the office in charge."),
    ),
    NoticeKind.QUESTION: (
        gettext_noop("A question about report %(code)s."),
        gettext_noop("Please open the link and add what is missing. You stay unknown to the officer who asks."),
    ),
    NoticeKind.REFUSED: (
        gettext_noop("Report %(code)s was not taken up."),
        gettext_noop("The reason is behind the link."),
    ),
    NoticeKind.JOINED: (
        gettext_noop("Report %(code)s was joined to an earlier one."),
        gettext_noop("It counts as a voice; follow it behind the link."),
    ),
    NoticeKind.TRANSFERRED: (
        gettext_noop("Report %(code)s went to another office."),
        gettext_noop("Its time limits run on."),
    ),
    NoticeKind.ANSWERED: (
        gettext_noop("Report %(code)s was answered."),
        gettext_noop("Please look: before and after, and what was decided. If it is still there, you can reopen it."),
    ),
    NoticeKind.REOPENED: (
        gettext_noop("Report %(code)s was reopened."),
        gettext_noop("Another officer will check."),
    ),
    NoticeKind.INTERIM_REPLY: (
        gettext_noop("Nobody has replied to report %(code)s yet."),
        gettext_noop("We do not want to leave you without word. Where it stands, as it is, is behind the link."),
    ),
    NoticeKind.ALERT_CONFIRM: (
        gettext_noop("Do you want news of %(area)s by e-mail?"),
        gettext_noop(
            "Open this link within two days to say yes. If it was not you, do nothing: the address is forgotten."
        ),
    ),
    NoticeKind.AREA_NEWS: (
        gettext_noop("Settled in %(area)s: %(case)s."),
        gettext_noop("What was there and what became of it is behind the link. To stop these mails: %(stop)s"),
    ),
    NoticeKind.NEW_JOB: (gettext_noop("New job: %(case)s."), gettext_noop("Due %(due)s.")),
    NoticeKind.JOB_GONE: (gettext_noop("%(case)s went to somebody else."), gettext_noop("What you recorded stays.")),
    NoticeKind.LATE: (gettext_noop("Late: %(case)s."), gettext_noop("It was due %(due)s. Give the cause.")),
    NoticeKind.SOON_LATE: (gettext_noop("Soon due: %(case)s."), gettext_noop("Due %(due)s.")),
}


def word_notice(
    kind: NoticeKind, values: Mapping[str, str], *, language: str, link: str = "", timezone: str = "UTC"
) -> NoticeWords:
    """The notice in Vietnamese or English. Figures that a kind does not name are left out."""
    said = {"code": "", "case": "", "due": "", "area": "", "stop": ""} | {
        name: str(value) for name, value in values.items()
    }
    said["due"] = _say_moment(said["due"], timezone)
    title, text = _WORDS[kind]
    with translation.override(language):
        body = gettext(text) % said
        return NoticeWords(gettext(title) % said, "" if kind in FOR_STAFF and not said["due"] else body, link)


def _say_moment(text: str, timezone: str) -> str:
    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone(ZoneInfo(timezone)).strftime("%H:%M %d/%m/%Y")
