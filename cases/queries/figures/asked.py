"""The common part of all figures: whose cases, of which period, cut by what, and how the keys of rows are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.gis.db.models.functions import AsWKT, SnapToGrid
from django.db.models import CharField, Count, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf, TruncMonth

from cases.figures import FigureAsk, Group
from cases.models import Case, Inspection, Unit
from cases.outcome import NEEDS_ANOTHER_VISIT
from cases.permissions import Rights, scope_cases
from cases.roles import Role
from errors import InputError, NotFound
from geo.models import AdminUnit, City, SidewalkSegment

FIGURE_READERS = frozenset({Role.LEADER, Role.PLANNER})
SPOT_DEG = 0.0003  # about 33 m: what has neither sidewalk nor parcel is one spot with its neighbours
USUAL = timedelta(days=365)
CASE_GROUPS = frozenset({Group.ALL, Group.UNIT, Group.WARD, Group.USE, Group.SPOT, Group.REMEDY, Group.MONTH})


def ask_figure(
    *, city: str = "", since: datetime | None = None, until: datetime | None = None, now: datetime,
    group: Group = Group.ALL, use: str = "", unit: str = "", ward: str = "",
) -> FigureAsk:  # fmt: skip
    """A question about one city (the default one where none is named), of the last year where no period is given."""
    found = City.objects.filter(slug=city) if city else City.objects.filter(is_default=True)
    row = found.first()
    if row is None:
        raise NotFound("No such city is loaded.", field="city", value=city)
    end = until or now
    return FigureAsk(row.pk, row.timezone, since or end - USUAL, end, now, group, use, unit, ward)


def cases_of(rights: Rights, ask: FigureAsk) -> QuerySet[Case]:
    """The cases that the asker's roles reach, narrowed as asked; the period is the figure's own matter."""
    rows = scope_cases(rights, FIGURE_READERS).filter(city_id=ask.city_id)
    wanted = {"use": ask.use, "unit__code": ask.unit, "unit_code": ask.ward}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def key_expression(ask: FigureAsk, *, to_case: str = "", at: str = "closed_at") -> Combinable:
    """The key of a row as an expression on cases, or on records that lead to one by ``to_case``."""
    if ask.group is Group.ALL:
        return Value("all", output_field=CharField())
    if ask.group is Group.MONTH:
        return Cast(TruncMonth(at, tzinfo=ZoneInfo(ask.timezone)), CharField())
    if ask.group is Group.SPOT:
        return _spot(to_case)
    if ask.group is Group.REMEDY:
        return _remedy(to_case)
    field = {Group.UNIT: "unit__code", Group.WARD: "unit_code", Group.USE: "use"}.get(ask.group)
    if field is None:
        known = ", ".join(sorted(CASE_GROUPS))
        raise InputError("This figure is not cut like that.", field="group", value=ask.group, cure=f"One of: {known}.")
    return Coalesce(F(f"{to_case}{field}"), Value(""), output_field=CharField())


def _spot(to_case: str) -> Combinable:
    walk = NullIf(F(f"{to_case}sidewalk_key"), Value(""))
    parcel = NullIf(F(f"{to_case}parcel_key"), Value(""))
    cell = AsWKT(SnapToGrid(f"{to_case}point", SPOT_DEG))
    return Coalesce(
        _named("sidewalk:", walk), _named("parcel:", parcel), Cast(cell, CharField()), Value(""), output_field=CharField(),
    )  # fmt: skip


class _Joined(Func):
    """``one || other``: nothing where one of them is nothing, unlike Django's ``Concat``."""

    template = "(%(expressions)s)"
    arg_joiner = " || "


def _named(kind: str, key: Combinable) -> Combinable:
    return _Joined(Value(kind), key, output_field=CharField())


def _remedy(to_case: str) -> Combinable:
    again = [outcome.value for outcome in NEEDS_ANOTHER_VISIT]
    done = Inspection.objects.filter(case=OuterRef(f"{to_case}pk"), completed_at__isnull=False)
    newest = done.exclude(outcome__in=["", *again]).order_by("-completed_at").values("outcome")[:1]
    return Coalesce(Subquery(newest), Value(""), output_field=CharField())


def name_keys(ask: FigureAsk, keys: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Vietnamese and English names of row keys; a key without a name stands for itself."""
    wanted = sorted(set(keys))
    if ask.group is Group.UNIT:
        rows = Unit.objects.filter(code__in=wanted).values_list("code", "name", "name_en")
        return {code: (name, name_en or name) for code, name, name_en in rows}
    if ask.group is Group.WARD:
        units = AdminUnit.objects.filter(code__in=wanted, city_id=ask.city_id, is_listed=True)
        return {code: (name, name) for code, name in units.values_list("code", "name")}
    if ask.group is Group.SPOT:
        walks = [key.removeprefix("sidewalk:") for key in wanted if key.startswith("sidewalk:")]
        named = SidewalkSegment.objects.filter(key__in=walks, city_id=ask.city_id).exclude(street="")
        return {f"sidewalk:{key}": (street, street) for key, street in named.values_list("key", "street")}
    return {}


def count_by_key(
    ask: FigureAsk, rows: QuerySet[Any], **wanted: Q
) -> tuple[tuple[dict[str, Any], tuple[str, str]], ...]:
    """By key: the ``key`` of the rows and how many meet each condition, with its Vietnamese and English names."""
    counts = {name: Count("pk", filter=condition) for name, condition in wanted.items()}
    counted = list(rows.values("key").annotate(**counts).order_by("key"))
    names = name_keys(ask, (row["key"] for row in counted))
    return tuple((row, names.get(row["key"], ("", ""))) for row in counted)


def in_period(ask: FigureAsk, field: str) -> Q:
    """A condition: the moment lies in the period."""
    return Q(**{f"{field}__gte": ask.since, f"{field}__lt": ask.until})
