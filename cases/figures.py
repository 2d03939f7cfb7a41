"""What a leader may ask of the figures, and the rows that come back: every row names its cases. Pure.

A period is half-open: ``since`` is in it, ``until`` is not. Shares below thirty samples carry no percentage (``Share.said``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.shares import Share
from errors import InputError

LONGEST = timedelta(days=3 * 366)


class Group(StrEnum):
    """By what rows are cut."""

    ALL = "all"
    UNIT = "unit"
    WARD = "ward"
    USE = "use"
    SPOT = "spot"
    REMEDY = "remedy"
    MONTH = "month"
    CLOCK = "clock"
    RULE = "rule"
    CAMERA = "camera"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class FigureAsk:
    """A figure of one city in a period, narrowed where the fields are not empty."""

    city_id: int
    timezone: str
    since: datetime
    until: datetime
    now: datetime
    group: Group = Group.ALL
    use: str = ""
    unit: str = ""
    ward: str = ""

    def __post_init__(self) -> None:
        if not timedelta() < self.until - self.since <= LONGEST:
            raise InputError(
                "A period ends after it begins, within three years.", field="until", value=self.until.date(),
                cure="Write since=2026-10-01&until=2026-11-01.",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecurrenceRow:
    """Cases settled in the period and followed for thirty days: how many came back. ``watched`` are not yet that old.

    Those still watched are in no share, or early closing would flatter.
    """

    key: str
    name: str
    name_en: str
    share: Share
    watched: int
    watched_cameback: int


@dataclass(frozen=True, slots=True)
class OnTimeRow:
    """Clocks due in the period: in time, late, still open and overdue. ``flattering`` leaves the open ones out."""

    key: str
    name: str
    name_en: str
    on_time: int
    late: int
    open_overdue: int
    paused: int
    share: Share
    flattering: Share


@dataclass(frozen=True, slots=True)
class FirstReplyRow:
    """Senders to whom a first reply was due in the period: given by a person in time, late, or still ``owed``.

    What the machine said in the interim is no reply. A reply is owed from the day after its moment: the moment itself
    would tell when the report came.
    """

    key: str
    name: str
    name_en: str
    on_time: int
    late: int
    owed: int
    share: Share


@dataclass(frozen=True, slots=True)
class AgeRow:
    """Open cases of one age, and how many of them have an overdue clock."""

    key: str
    from_days: int
    to_days: int | None
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class LateStepRow:
    """Days of lateness laid on one step and the cause that was given (``none``: nobody has said). Pauses are not in it.

    ``key`` is ``step:cause``.
    """

    key: str
    step: str
    cause: str
    days: float
    wall_days: float
    clocks: int


@dataclass(frozen=True, slots=True)
class SpentRow:
    """Where the time of late clocks went: one step and part, in days by the clock and by the wall. ``key`` is ``step:part``."""

    key: str
    step: str
    part: str
    days: float
    wall_days: float


@dataclass(frozen=True, slots=True)
class LatenessFigure:
    """Lateness taken apart. A working day is a day's duty hours. ``unexplained``: late clocks without a cause."""

    late_clocks: int
    still_open: int
    unexplained: int
    handovers: int
    days: float
    by_step: tuple[LateStepRow, ...]
    spent: tuple[SpentRow, ...]


@dataclass(frozen=True, slots=True)
class PrecisionRow:
    """How often people agreed: ``reviewed`` by a reviewer's yes, ``on_site`` by what an inspector found."""

    key: str
    name: str
    reviewed: Share
    on_site: Share


@dataclass(frozen=True, slots=True)
class RecallRow:
    """Of the citizens' confirmed reports in a camera's view, how many the machine had flagged there within a day."""

    key: str
    name: str
    seen: Share


@dataclass(frozen=True, slots=True)
class RankRow:
    """A unit's standing. ``good`` are clocks in time whose case was not reopened and did not come back, of all that were
    due, open ones too; ranked by the lower bound of that share, so that neither luck nor early closing helps."""

    key: str
    name: str
    name_en: str
    rank: int | None
    good: Share
    recurrence: Share
    open_overdue: int
    reopened: int
    mean_late_days: float
    open: int
