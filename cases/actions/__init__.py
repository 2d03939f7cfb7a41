"""The door to what people and the pipeline do with cases. Each action is one transaction, however often it is tried."""

from cases.actions.assigning import AssignmentOutcome, assign_case
from cases.actions.clocks import refresh_clocks
from cases.actions.escalating import escalate
from cases.actions.expiring import expire_flags
from cases.actions.inspecting import record_inspection
from cases.actions.joining import JoinKind, JoinOutcome, open_or_join_case
from cases.actions.looking import open_original
from cases.actions.moves import move_case, move_flag, move_inspection, move_request
from cases.actions.moving import Moved
from cases.actions.packs import LoadCounts, load_calendar, load_offices, load_units
from cases.actions.protecting import (
    answer_office,
    ask_opening,
    ask_sender,
    decide_opening,
    let_go_with_route,
    open_identity,
)
from cases.actions.reviewing import ReviewDecision, ReviewOutcome, review_flag
from cases.actions.routing import PlannedDay, insert_into_day, move_stop, plan_unit_day
from cases.actions.timekeeping import give_late_cause, pause_clock, resume_clock
from cases.outcome import InspectionOutcome, InspectionRecord

__all__ = [
    "AssignmentOutcome",
    "InspectionOutcome",
    "InspectionRecord",
    "JoinKind",
    "JoinOutcome",
    "LoadCounts",
    "Moved",
    "PlannedDay",
    "ReviewDecision",
    "ReviewOutcome",
    "answer_office",
    "ask_opening",
    "ask_sender",
    "assign_case",
    "decide_opening",
    "escalate",
    "expire_flags",
    "give_late_cause",
    "insert_into_day",
    "let_go_with_route",
    "load_calendar",
    "load_offices",
    "load_units",
    "move_case",
    "move_flag",
    "move_inspection",
    "move_request",
    "move_stop",
    "open_identity",
    "open_or_join_case",
    "open_original",
    "pause_clock",
    "plan_unit_day",
    "record_inspection",
    "refresh_clocks",
    "resume_clock",
    "review_flag",
]
