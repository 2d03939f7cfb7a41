"""The ten causes of lateness (domain 5.2): whoever lets a late thing go names one of them. Pure."""

from __future__ import annotations

from enum import StrEnum

from errors import InputError

NOTE_MAX = 500


class LateCause(StrEnum):
    """Why something was late, as leaders count it."""

    MISSING_PAPERS = "missing_papers"  # the other side has not handed in what is needed
    OTHER_AGENCY = "other_agency"
    DATA_SYNC = "data_sync"  # two systems do not agree; the top cause of the city's hotline
    NOT_VISITED = "not_visited"
    AWAITING_SIGNATURE = "awaiting_signature"
    PLAN_CONFLICT = "plan_conflict"  # plans overlap or are being changed
    DISPUTE = "dispute"
    UNDERSTAFFED = "understaffed"
    SYSTEM_FAILURE = "system_failure"
    CALENDAR = "calendar"


def parse_cause(text: str) -> LateCause:
    """The cause of that name; InputError lists the ten."""
    try:
        return LateCause(text.strip())
    except ValueError as error:
        known = ", ".join(LateCause)
        raise InputError(
            "What is late needs one of the ten causes.", field="late_cause", value=text, cure=f"One of: {known}."
        ) from error
