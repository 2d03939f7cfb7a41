"""What one run towards a register counted and found: the answer of the loader, for a log line, a page or a terminal."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from geo.importers.faults import RowFault

SHOWN_ISSUES = 200


@dataclass(frozen=True, slots=True)
class LoadSummary:
    """``state`` as in ``geo.models.RegisterLoad``; ``message`` says what a person has to decide, if anything."""

    source: str
    register: str
    state: str
    rows: int = 0
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    left_out: int = 0
    issues: int = 0
    load_id: int = 0
    message: str = ""
    faults: tuple[RowFault, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Counts for a log line; the faults themselves are told by ``faults_to_json``."""
        counts = asdict(self)
        counts.pop("faults")
        return counts

    def faults_to_json(self) -> list[dict[str, Any]]:
        """The first faults in the file's order, for a person at a terminal."""
        shown = self.faults[:SHOWN_ISSUES]
        return [{**asdict(fault), "detail": fault.said} for fault in shown]
