"""Faults found while a run is read, kept as register issues: written by COPY, since a bad file has as many as rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from django.db import connection

from geo.importers.faults import Fault, Remedy, RowFault
from geo.load_summary import SHOWN_ISSUES
from geo.models import RegisterIssue

_COPY = "COPY geo_registerissue (load_id, row_ref, key, fault, detail, action, point, names) FROM STDIN"


def save_issues(load_id: int, faults: Iterable[RowFault]) -> int:
    """Append the faults in their order; how many there were."""
    count = 0
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for fault in faults:
            count += 1
            point = f"SRID=4326;POINT({fault.place[0]!r} {fault.place[1]!r})" if fault.place else None
            copy.write_row(
                (
                    load_id, str(fault.row), _clean(fault.key)[:80], fault.fault.value, _clean(fault.detail)[:500],
                    fault.remedy.value, point, _to_json(fault.names),
                )
            )  # fmt: skip
    return count


def _to_json(names: Mapping[str, str] | None) -> str | None:
    if names is None:
        return None
    return json.dumps({name: _clean(value)[:300] for name, value in names.items()}, ensure_ascii=False)


def _clean(text: str) -> str:
    """A database keeps no zero byte."""
    return text.replace("\x00", "\\0")


def read_first_faults(load_id: int) -> tuple[RowFault, ...]:
    """The first faults of a run, as they were found."""
    rows = RegisterIssue.objects.filter(load_id=load_id).order_by("id")[:SHOWN_ISSUES]
    return tuple(
        RowFault(
            row=int(row.row_ref),
            fault=Fault(row.fault),
            remedy=Remedy(row.action),
            detail=row.detail,
            key=row.key,
            place=(row.point.x, row.point.y) if row.point else None,
            names=row.names,
        )
        for row in rows
    )
