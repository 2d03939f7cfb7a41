"""Looks at the first photo of a draft and notes what kind of report it may be about, for the sender to confirm.

Nothing is stored but the note beside the draft, which goes with it; the report itself is looked at again in its stages.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

import structlog

from detection.detections import Detections
from intake.photo import decode_upright
from rules.site_facts import SeenLabel
from rules.suggestion import suggest_category

_log = structlog.get_logger("pipeline")
NOTE = "suggestion.json"
MOST_SIDE_PX = 1280
_DRAFT = re.compile(r"[0-9a-f]{32}/\d{1,2}")


def suggest_for_draft(path: str) -> bool:
    """Note the suggestion for a draft's file; False when the draft is gone (sent or too old) or is no draft."""
    file = Path(path)
    if not _DRAFT.fullmatch(f"{file.parent.name}/{file.name}") or not file.is_file():
        return False
    from detection.default_detector import get_default_detector  # the process of the pages never loads it

    picture = decode_upright(file.read_bytes(), MOST_SIDE_PX)
    found = suggest_category(_count(get_default_detector().detect([picture])[0]))
    note = {"category": found.category.value if found else "", "labels": list(found.labels[:4]) if found else []}
    fresh = file.with_name(f"{NOTE}.new")
    fresh.write_text(json.dumps(note), encoding="utf-8")
    fresh.replace(file.with_name(NOTE))
    return True


def ask_for_suggestion(path: Path) -> None:
    """Let a worker look, while the sender looks at the place. A silent broker costs the suggestion and nothing else."""
    from pipeline.tasks import suggest_category as task

    try:
        task.apply_async(args=[str(path)], expires=60)
    except Exception as error:  # the rim: whatever the broker's client raises
        _log.warning("suggestion_not_asked", error=type(error).__name__)


def _count(detections: Detections) -> list[SeenLabel]:
    scores: defaultdict[str, list[float]] = defaultdict(list)
    for one in detections:
        scores[one.label].append(one.score)
    return [SeenLabel(label, len(all_of), max(all_of)) for label, all_of in scores.items()]
