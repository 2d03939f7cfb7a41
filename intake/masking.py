"""Takes out of free words what would tell who wrote them: telephone numbers, mail addresses, report codes, links. Pure."""

from __future__ import annotations

import re

MASK = "•••"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_CODE = re.compile(r"\b[A-Z]{2,4}-\d{4}-[0-9A-Z]{6}\b", re.IGNORECASE)
# Nine digits or more, however they are set apart: a telephone number, or the number of an identity card.
_NUMBER = re.compile(r"\+?\d(?:[\s.\-()]{0,2}\d){8,}")


def mask_contacts(text: str) -> str:
    """The words without what leads to their writer. A name in the words cannot be known, and stays."""
    for pattern in (_MAIL, _LINK, _CODE, _NUMBER):
        text = pattern.sub(MASK, text)
    return text
