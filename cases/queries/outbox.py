"""The outbox as operators see it: what waits, by which channel, since when and why. No address, no report, no text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from cases.models import Notice
from cases.notices.kinds import Channel, NoticeState

_WAITS = (NoticeState.QUEUED.value, NoticeState.SENDING.value)
SILENT_AFTER = timedelta(minutes=10)
DOUBLES = frozenset({"127.0.0.1", "localhost", "[::1]"})


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel. ``is_late``: something due has waited for over ten minutes. ``last_error`` is of the newest failed try.

    ``goes_to`` is the provider's host; ``is_double``: it is a double on this machine, and nobody is really told.
    """

    channel: str
    is_on: bool
    goes_to: str
    is_double: bool
    waiting: int
    due: int
    oldest_due_at: datetime | None
    sent_today: int
    failed: int
    skipped: int
    last_sent_at: datetime | None
    last_error: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice, without its reader. Of a sender's its moments are the day's beginning, in UTC: a receipt goes out the
    minute a report arrives, and when that was is nobody's business."""

    id: UUID
    kind: str
    channel: str
    is_for_staff: bool
    state: str
    attempts: int
    created_at: datetime
    next_try_at: datetime
    sent_at: datetime | None
    last_error: str


def list_channel_states(switched_on: Mapping[str, str], *, now: datetime) -> tuple[ChannelRow, ...]:
    """Every channel with its figures; those that are off too."""
    due = Q(state__in=_WAITS, next_try_at__lte=now)
    counted: dict[str, dict[str, object]] = {
        row["channel"]: dict(row)
        for row in Notice.objects.values("channel").annotate(
            waiting=Count("pk", filter=Q(state__in=_WAITS)), due=Count("pk", filter=due),
            oldest=Min("next_try_at", filter=due), last=Max("sent_at"), failed=Count("pk", filter=Q(state="failed")),
            skipped=Count("pk", filter=Q(state="skipped")),
            today=Count("pk", filter=Q(state="sent", sent_at__gte=now - timedelta(hours=24))),
        )
    }  # fmt: skip
    return tuple(_channel(name.value, counted.get(name.value, {}), switched_on, now) for name in Channel)


def list_notices(*, state: str = "", channel: str = "", limit: int = 100) -> tuple[NoticeRow, ...]:
    """Newest first."""
    rows = Notice.objects.order_by("-created_at", "-pk")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(channel=channel) if channel else rows
    return tuple(
        NoticeRow(
            row.pk, row.kind, row.channel, row.user_id is not None, row.state, row.attempts, _told(row, row.created_at),
            _told(row, row.next_try_at), _told(row, row.sent_at) if row.sent_at else None, row.last_error,
        )
        for row in rows[:limit]
    )  # fmt: skip


def _told(row: Notice, at: datetime) -> datetime:
    """A moment as it may be told: of staff's notices exactly, of a sender's the day."""
    return at if row.user_id is not None else at.replace(hour=0, minute=0, second=0, microsecond=0)


def _hour(at: object) -> datetime | None:
    """The hour of a moment: it may be that of one sender's receipt."""
    return at.replace(minute=0, second=0, microsecond=0) if isinstance(at, datetime) else None


def _channel(name: str, row: dict[str, object], switched_on: Mapping[str, str], now: datetime) -> ChannelRow:
    oldest = row.get("oldest")
    waits = Notice.objects.filter(channel=name, state__in=[*_WAITS, NoticeState.FAILED.value]).exclude(last_error="")
    error = waits.order_by("-next_try_at").values_list("last_error", flat=True).first() or ""
    host = switched_on.get(name, "")
    return ChannelRow(
        channel=name, is_on=name in switched_on, goes_to=host, is_double=host.rsplit(":", 1)[0] in DOUBLES,
        waiting=int(str(row.get("waiting", 0))), due=int(str(row.get("due", 0))),
        oldest_due_at=_hour(oldest), sent_today=int(str(row.get("today", 0))),
        failed=int(str(row.get("failed", 0))), skipped=int(str(row.get("skipped", 0))),
        last_sent_at=_hour(row.get("last")), last_error=error,
        is_late=isinstance(oldest, datetime) and oldest < now - SILENT_AFTER,
    )  # fmt: skip
