"""THE STORY: the nine stages of one picture, in order, each with its queue and its file. Pure.

``StageOutcome`` is what a stage says when it is done; ``pipeline.advance`` reads it and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.queues import Queue

Detail = dict[str, str | int | float | bool | list[str] | None]


class Outcome(StrEnum):
    """What became of one stage."""

    DONE = "done"
    SKIPPED = "skipped"  # nothing to do here for this picture
    WAITING = "waiting"  # rests until a person acts; ``advance.resume`` goes on from here
    NEEDS_PERSON = "needs_person"  # could not finish; a person must look why


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """A stage's answer: the outcome, and figures worth a line in the log (ids and counts, never names or places)."""

    outcome: Outcome
    detail: Detail = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its file is ``pipeline/<name>.py`` with ``run(observation_id) -> StageOutcome``."""

    number: int
    name: str
    queue: Queue
    purpose: str


STAGES: tuple[Stage, ...] = (
    Stage(1, "receive", Queue.INTAKE, "the bytes are whole, hashed and known; a duplicate is noticed"),
    Stage(2, "geotag", Queue.INTAKE, "where and when, with errors and references, or the reason why not"),
    Stage(3, "detect", Queue.DETECTION, "labels, scores, boxes, tracks; a redacted copy for all eyes"),
    Stage(4, "locate", Queue.RULES, "each thing's place on the ground with its error"),
    Stage(5, "check", Queue.RULES, "site facts against the rules in force: findings with reasons"),
    Stage(6, "open_case", Queue.CASES, "flags and reports of one place and use are joined"),
    Stage(7, "assign", Queue.CASES, "who goes, by when; needs a person's yes to the flag"),
    Stage(8, "inspect", Queue.CASES, "what a person found on site"),
    Stage(9, "publish", Queue.CASES, "what the public may see, through one gate"),
)

_BY_NAME = {stage.name: stage for stage in STAGES}
FIRST = STAGES[0]


def get_stage(name: str) -> Stage:
    """The stage of that name; KeyError is a programming fault."""
    return _BY_NAME[name]


def stage_after(name: str) -> Stage | None:
    """The next stage, or None after the last."""
    number = _BY_NAME[name].number
    return STAGES[number] if number < len(STAGES) else None
