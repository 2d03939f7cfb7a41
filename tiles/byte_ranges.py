"""One HTTP byte range (RFC 9110, section 14) as first and last byte. Pure; several ranges at once are answered as the whole."""

from __future__ import annotations

import re

_ONE = re.compile(r"bytes=(\d*)-(\d*)")


class NotSatisfiable(ValueError):
    """The range lies outside the file: 416."""


def parse_range(header: str, total: int) -> tuple[int, int] | None:
    """First and last byte asked of ``total``; None: send the whole. Raises NotSatisfiable."""
    asked = _ONE.fullmatch(header.strip())
    if asked is None or not (asked[1] or asked[2]):
        return None
    if not asked[1]:  # the last n bytes
        length = min(int(asked[2]), total)
        if length == 0:
            raise NotSatisfiable
        return total - length, total - 1
    first, last = int(asked[1]), min(int(asked[2] or total - 1), total - 1)
    if first >= total:
        raise NotSatisfiable
    return None if last < first else (first, last)
