"""The door to the figures of leaders: read from the event log through the clocks, never from a column that closing sets."""

from cases.queries.figures.ageing import read_ageing
from cases.queries.figures.asked import FIGURE_READERS, ask_figure
from cases.queries.figures.drill import DRILLED, Drill, list_drilled_cases, list_drilled_flags
from cases.queries.figures.first_reply import read_first_reply
from cases.queries.figures.lateness import read_lateness
from cases.queries.figures.on_time import read_on_time
from cases.queries.figures.precision import read_precision
from cases.queries.figures.ranking import read_ranking
from cases.queries.figures.recall import read_recall
from cases.queries.figures.recurrence import read_recurrence

__all__ = [
    "DRILLED",
    "FIGURE_READERS",
    "Drill",
    "ask_figure",
    "list_drilled_cases",
    "list_drilled_flags",
    "read_ageing",
    "read_first_reply",
    "read_lateness",
    "read_on_time",
    "read_precision",
    "read_ranking",
    "read_recall",
    "read_recurrence",
]
