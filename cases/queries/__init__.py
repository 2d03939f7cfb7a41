"""The door to reads about flags, cases, requests and their history. Nothing here changes anything."""

from cases.queries.calendars import CityCalendar, get_calendar
from cases.queries.cases import (
    CaseDetail,
    CaseFilter,
    CaseRow,
    VisitRow,
    get_case,
    list_cases,
    list_cases_to_triage,
    list_own_jobs,
)
from cases.queries.counts import WardCounts, count_by_ward
from cases.queries.flags import (
    FlagFilter,
    FlagRow,
    FlagStep,
    count_review_queue,
    get_flag,
    list_flag_history,
    list_flags,
    list_review_queue,
)
from cases.queries.follow import FollowDecision, FollowedRequest, FollowStep, get_followed_request
from cases.queries.lessons import JudgedBox, Lesson, list_lessons
from cases.queries.of_observation import CaseOfObservation, find_case_of_observation, list_observations_of_case
from cases.queries.own_day import OwnDay, OwnJob, OwnVisit, get_own_day
from cases.queries.pages import Page
from cases.queries.timeline import TimelineEntry, list_case_timeline, list_inspection_timeline

__all__ = [
    "CaseDetail",
    "CaseFilter",
    "CaseOfObservation",
    "CaseRow",
    "CityCalendar",
    "FlagFilter",
    "FlagRow",
    "FlagStep",
    "FollowDecision",
    "FollowStep",
    "FollowedRequest",
    "JudgedBox",
    "Lesson",
    "OwnDay",
    "OwnJob",
    "OwnVisit",
    "Page",
    "TimelineEntry",
    "VisitRow",
    "WardCounts",
    "count_by_ward",
    "count_review_queue",
    "find_case_of_observation",
    "get_calendar",
    "get_case",
    "get_flag",
    "get_followed_request",
    "get_own_day",
    "list_case_timeline",
    "list_cases",
    "list_cases_to_triage",
    "list_flag_history",
    "list_flags",
    "list_inspection_timeline",
    "list_lessons",
    "list_observations_of_case",
    "list_own_jobs",
    "list_review_queue",
]
