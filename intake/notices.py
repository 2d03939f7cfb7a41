"""What a sender is told beside the code: nothing is refused for it, and each notice says what would help. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from geo.position import Position
from intake.geotag import Geotag, GeotagHint, NoGeotag, find_contradictions


class Notice(StrEnum):
    """A remark on a request that was received."""

    SAME_FILE_TWICE = "same_file_twice"
    RECEIVED_BEFORE = "received_before"
    CLOCK_IN_FUTURE = "clock_in_future"
    CHAT_COPY = "chat_copy"
    PIN_FAR_FROM_FILE = "pin_far_from_file"


HINT_NOTICES = {
    GeotagHint.CLOCK_IN_FUTURE.value: Notice.CLOCK_IN_FUTURE,
    GeotagHint.CHAT_COPY.value: Notice.CHAT_COPY,
    GeotagHint.PIN_FAR_FROM_FILE.value: Notice.PIN_FAR_FROM_FILE,
}


def list_place_notices(geotags: Sequence[Geotag | NoGeotag], pin: Position | None) -> tuple[Notice, ...]:
    """Remarks on place and time of the files."""
    found: list[Notice] = []
    for tag in geotags:
        found += _from_hints((*tag.hints, *find_contradictions(tag.position, pin)))
    return tuple(dict.fromkeys(found))


def _from_hints(hints: Iterable[str]) -> list[Notice]:
    return [HINT_NOTICES[hint] for hint in hints if hint in HINT_NOTICES]
