"""The figures of leaders as one table: name, what it says, how it is read, the rows that come back. A new figure is a new row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.figures import (
    AgeRow,
    FigureAsk,
    FirstReplyRow,
    LatenessFigure,
    LateStepRow,
    OnTimeRow,
    PrecisionRow,
    RankRow,
    RecallRow,
    RecurrenceRow,
)
from cases.permissions import Rights
from cases.queries.figures import (
    read_ageing,
    read_first_reply,
    read_lateness,
    read_on_time,
    read_precision,
    read_ranking,
    read_recall,
    read_recurrence,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``read`` gives its rows, or a ``whole`` value that holds them under ``rows_in``."""

    name: str
    title: str
    text: str
    row: type
    read: Callable[[Rights, FigureAsk], Any]
    whole: type | None = None
    rows_in: str = "rows"

    def rows(self, found: Any) -> Sequence[Any]:
        """The rows of what was read."""
        rows: Sequence[Any] = getattr(found, self.rows_in) if self.whole is not None else found
        return rows


_FIGURES = (
    Figure(
        "recurrence", "Recurrence", "Of the cases settled in the period and followed for thirty days since, how many came "
        "back: the first figure, since early closing cannot improve it. By `unit`, `ward`, `use`, `spot`, `remedy`, `month` "
        "or `all`.", RecurrenceRow, read_recurrence,
    ),
    Figure(
        "on-time", "On time", "Of all clocks due in the period, how many were kept; what is open and overdue counts against. "
        "The share of closed ones alone is told beside it as `flattering`. Also by `clock`.", OnTimeRow, read_on_time,
    ),
    Figure(
        "first-reply", "First replies", "Of the senders to whom a first reply was promised for the period, how many had one from "
        "a person in time; those who still wait count against. What the machine says in the interim is no reply.",
        FirstReplyRow, read_first_reply,
    ),
    Figure(
        "ageing", "Open cases by age", "In days since opening, with how many are overdue.", AgeRow, read_ageing,
    ),
    Figure(
        "lateness", "Late at which step and why", "Days of lateness laid on the steps by their share of the counted time, by "
        "the cause that was given; and all time of late clocks as work, waiting, handover and pause. Days by the clock (a "
        "working day is a day's duty hours) and by the wall.", LateStepRow, read_lateness, LatenessFigure, "by_step",
    ),
    Figure(
        "precision", "How often the machine was right", "By `rule`, `camera`, `label`, `use` or `ward`: as reviewers decided "
        "and as inspectors found, each with its 95 % interval.", PrecisionRow, read_precision,
    ),
    Figure(
        "ranking", "Units beside each other", "Ranked by the lower bound of the share of clocks kept in cases that were "
        "neither reopened nor came back, open and overdue ones counted: closing early does not help. By `unit` or `ward`.",
        RankRow, read_ranking,
    ),
    Figure(
        "recall", "What cameras missed", "Per camera: citizens' reports in its view that inspectors confirmed, and how many "
        "of them the machine had flagged there within the day before.", RecallRow, read_recall,
    ),
)  # fmt: skip
FIGURES: Mapping[str, Figure] = {figure.name: figure for figure in _FIGURES}
