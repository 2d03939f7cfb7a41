"""What a page offers to this reader: the roles held today, and how long the queue is. Read once per page."""

from __future__ import annotations

from dataclasses import dataclass

from cases.permissions import Rights, User, read_rights
from cases.queries import count_review_queue
from cases.roles import CASE_READERS, FLAG_DECIDERS, Role


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the page. ``waiting`` is the length of the queue for those who work on it."""

    rights: Rights
    waiting: int | None = None

    @property
    def is_staff(self) -> bool:
        """Whether the reader holds any role at all."""
        return bool(self.rights.roles)

    @property
    def may_review(self) -> bool:
        """Whether the queue of flags is this reader's work."""
        return self.rights.holds(FLAG_DECIDERS)

    @property
    def may_read_cases(self) -> bool:
        """Whether the reader may open case files."""
        return self.rights.holds(CASE_READERS)

    @property
    def may_lead(self) -> bool:
        """Whether the reader answers for a unit's work."""
        return self.rights.holds({Role.LEADER})

    @property
    def may_operate(self) -> bool:
        """Whether the reader looks after what got stuck."""
        return self.rights.holds({Role.OPERATOR})

    @property
    def may_see_registers(self) -> bool:
        """Whether registers, their runs and faults are this reader's work."""
        return self.rights.holds({Role.PLANNER, Role.OPERATOR})


def read_reader(user: User) -> Reader:
    """The rights of today, with the length of the queue for those who work on it."""
    rights = read_rights(user)
    reader = Reader(rights)
    return Reader(rights, count_review_queue(rights)) if reader.may_review else reader
