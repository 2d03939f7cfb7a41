"""Permit numbers as they are compared, alike in the search field and where one is opened. Pure."""

from __future__ import annotations

import re

from geo.plain_text import make_plain

LEAST_LETTERS = 3  # of a plain number that is looked for: less than that names half a register
_REMARK = re.compile(r"\s*\([^)]*\)$")
_WORDS_BEFORE = re.compile(
    r"^(?:(?:giay phep(?: xay dung)?|permit)(?: (?:so|no|number))?|so|no)(?=[\s.:])[\s.:]*(?=.*\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARTS = re.compile(r"0*(\d*)|([^\W\d_]+)")


def make_permit_plain(number: str) -> str:
    """'PB-068', 'pb 68' and 'PB68' give 'pb 68'; '0042/2026/GPXD-XH (minh hoạ)' gives '42 2026 gpxd xh'.

    Letters and numbers are parted, accents, case, zeros before a number and whatever stands between are left out, and so are
    a remark in brackets at the end and the words for "permit number" before.
    """
    plain = _WORDS_BEFORE.sub("", _REMARK.sub("", make_plain(number)))
    return " ".join(part for found in _PARTS.finditer(plain) if (part := found[1] or found[2] or ""))


def names_a_permit(plain: str) -> bool:
    """Whether a plain number is enough to look for: it has a digit and is no mere beginning."""
    return len(plain) >= LEAST_LETTERS and any(sign.isdigit() for sign in plain)


def find_running_number(plain: str) -> str:
    """Which part of a plain number tells one permit from another: its first number that is no year."""
    numbers = [part for part in plain.split() if part.isdigit()]
    return next((number for number in numbers if not _YEAR.fullmatch(number)), numbers[0] if numbers else "")
