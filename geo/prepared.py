"""Hot reads: one statement, prepared once per connection, values sent beside it and never inside it.

The pool keeps connections open, so that a statement is parsed and planned once in the life of a process. Inside a test that
counts statements each read is counted like any other.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

import psycopg
from django.db import connection

Row = tuple[Any, ...]
_PLACE = re.compile(r"%\((\w+)\)s|%%")


class _Kept(threading.local):
    """The cursor of the connection that this thread asked last."""

    cursor: psycopg.RawCursor[Row] | None = None


_kept = _Kept()


def fetch(statement: str, values: Mapping[str, Any], *, binary: bool = False) -> list[Row]:
    """All rows of a statement whose text is a constant of the code. ``binary`` pays where numbers and outlines travel."""
    connection.ensure_connection()
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement, "time": "0"})
    text, names = _number_places(statement)
    with connection.wrap_database_errors:
        cursor = _find_cursor(connection.connection)
        cursor.execute(text, [values[name] for name in names], prepare=True, binary=binary)
        return cursor.fetchall()


@cache
def _number_places(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """The text with $1, $2, ... for its named places, read once: the library would read a long text again each time."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}" if found[1] else "%"

    text = _PLACE.sub(number, statement)
    return text.encode(), tuple(names)


def _find_cursor(opened: psycopg.Connection[Any]) -> psycopg.RawCursor[Row]:
    """A connection's cursor for these reads: each takes all its rows before the next."""
    cursor = _kept.cursor
    if cursor is None or cursor.connection is not opened or cursor.closed:
        cursor = _kept.cursor = psycopg.RawCursor(opened)
    return cursor
