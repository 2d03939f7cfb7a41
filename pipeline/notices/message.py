"""What a channel is handed and what it answers, and failures sorted by their cure. Pure.

``Unreachable``: try again later. ``AddressGone``: nobody can be reached here any more. ``ChannelRefuses``: our keys or the
message are not accepted, somebody must look; it is tried again too, since an operator may mend it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Message:
    """One notice on its way. ``id`` goes along as the other side's key against doubles; the address shows in no log."""

    id: UUID
    address: str = field(repr=False)
    title: str
    text: str
    link: str

    @property
    def body(self) -> str:
        """All in one text."""
        return "\n".join(part for part in (self.title, self.text, self.link) if part)


class Unreachable(Exception):
    """No answer, or a busy one: again later."""


class AddressGone(Exception):
    """The address is not (or no longer) one."""


class ChannelRefuses(Exception):
    """Keys, rights or form are refused: an operator must look."""


class Channel(Protocol):
    """One way to tell somebody."""

    def send(self, message: Message) -> str:
        """Send; the other side's reference. Raises one of the three failures."""


def sort_status(status: int, said: str) -> Exception:
    """The failure behind an HTTP status that is no success."""
    if status in (404, 410):
        return AddressGone(f"{status} {said}"[:180])
    if status in (408, 425, 429) or status >= 500:  # noqa: PLR2004 - the server's side, or too fast
        return Unreachable(f"{status} {said}"[:180])
    return ChannelRefuses(f"{status} {said}"[:180])
