"""Hot reads: one statement, prepared once per connection, values sent beside it and never inside it.

The pool keeps connections open, so that a statement is parsed and planned once in the life of a process. Inside a test that
counts statements each read is counted like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

Row = tuple[Any, ...]


def fetch(statement: str, values: Mapping[str, Any] | Sequence[Any], *, binary: bool = False) -> list[Row]:
    """All rows of a statement whose text is a constant of the code. ``binary`` pays where outlines travel."""
    connection.ensure_connection()
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement, "time": "0"})
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=True, binary=binary)
        return cursor.fetchall()
