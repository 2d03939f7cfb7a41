"""The rows that a year leaves behind, as text that does not depend on numbers which a table gives out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model

from cases.models import (
    Assignment,
    Case,
    CaseClock,
    CaseEvent,
    CaseFlag,
    CaseRequest,
    Inspection,
    InspectionEvent,
    LateEntry,
    LatePiece,
    Unit,
)
from geo.models import City
from intake.models import InterimReply, ServiceRequest, ServiceRequestEvent
from rules.models import Flag, FlagEvent

TABLES: tuple[type[Model], ...] = (
    ServiceRequest, ServiceRequestEvent, InterimReply, Flag, FlagEvent, Case, CaseEvent, CaseFlag, CaseRequest, Assignment,
    Inspection, InspectionEvent, CaseClock, LatePiece, LateEntry,
)  # fmt: skip
# What differs on purpose: numbers of rows, codes of cases (counted in another order), the reason of a choice among one, the mark.
APART = frozenset({"id", "why", "generated", "inspection (inside details)", "code of cases"})


def read_tables() -> dict[str, list[str]]:
    """By table, its rows sorted."""
    names = _name_rows()
    return {kind._meta.model_name or "": sorted(_read(kind, names)) for kind in TABLES}


def _name_rows() -> dict[type[Model], dict[Any, str]]:
    """How rows of other tables are called: by what both sides share."""
    cases = {
        pk: f"{at.isoformat()} {point.coords if point else ''}"
        for pk, at, point in Case.objects.values_list("pk", "opened_at", "point")
    }
    visits = Inspection.objects.values_list("pk", "case_id", "created_at")
    clocks = CaseClock.objects.values_list("pk", "case_id", "code", "number")
    return {
        City: dict(City.objects.values_list("pk", "slug")),
        get_user_model(): dict(get_user_model().objects.values_list("pk", "username")),
        Unit: dict(Unit.objects.values_list("pk", "code")),
        ServiceRequest: dict(ServiceRequest.objects.values_list("pk", "code")),
        Case: cases,
        Inspection: {pk: f"{cases[case]} {at.isoformat()}" for pk, case, at in visits},
        CaseClock: {pk: f"{cases[case]} {code} {number}" for pk, case, code, number in clocks},
    }


def _read(kind: type[Model], names: Mapping[type[Model], Mapping[Any, str]]) -> list[str]:
    codes = {code: names[Case][pk] for pk, code in Case.objects.values_list("pk", "code")}
    fields = [field for field in kind._meta.concrete_fields if field.name not in ("id", "why")]
    rows = []
    for one in kind._default_manager.all():
        row = {}
        for field in fields:
            value = field.value_from_object(one)
            if kind is Case and field.name == "code":
                continue
            if field.is_relation and field.related_model in names and value is not None:
                value = names[field.related_model][value]
            row[field.name] = _plain(value, codes)
        rows.append(json.dumps(row, sort_keys=True))
    return rows


def _plain(value: Any, codes: Mapping[str, str]) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        kept = {name: inner for name, inner in value.items() if name not in ("generated", "inspection")}
        return {name: codes.get(inner, inner) if isinstance(inner, str) else inner for name, inner in kept.items()}
    if isinstance(value, float):
        return round(value, 6)
    return value if value is None or isinstance(value, str | int | bool | list) else str(value)
