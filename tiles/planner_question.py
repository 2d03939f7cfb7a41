"""A planner's question and its answer as values, and what every answer needs first: the city, its system, the drawn area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from django.db import OperationalError, connection, transaction
from numpy.typing import NDArray
from psycopg.errors import QueryCanceled
from psycopg.sql import SQL, Composable

from errors import InputError, NotFound
from geo.crs import CitySystem, choose_system, parse_system
from geo.drawn_area import DrawnArea, parse_area
from geo.models import City
from geo.query_layers import PropertyKind

MOST_ROWS = 200_000
PATIENCE_MS = 20_000
THERE_IS = "There is: {names}."
SUMMED = ("measured_area_m2", "stated_area_m2", "area_m2", "length_m", "inside_m2", "floor_area_m2")
Column = tuple[str, PropertyKind]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PlannerQuestion:
    """What is asked. ``layer`` with an optional filter, or ``question`` with its blanks; either within an area or not.

    With ``since`` the layer's register is compared: what has changed from that day until ``on``. ``sort`` is a column of the
    answer, with ``-`` before it from the largest down; ``offset`` rows are passed over.
    """

    city: str
    on: date
    layer: str = ""
    question: str = ""
    area: Any = None
    filter: Any = None
    blanks: Mapping[str, Any] | None = None
    limit: int = 500
    offset: int = 0
    sort: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many changes of a kind one decision brought; both texts are empty where nothing is known of it."""

    change: str
    decision: str
    source: str
    rows: int


@dataclass(frozen=True, slots=True)
class PlannerAnswer:
    """Rows in the order of the columns, outlines in degrees beside them, totals over all (``total`` may exceed the rows).

    ``has_data`` false: what the question rests on is not on record here, so that an empty answer is no answer. ``decisions``
    is of a comparison alone.
    """

    name: str
    city: str
    on: date
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    outlines: NDArray[np.object_]
    total: int
    sums: dict[str, float]
    has_data: bool
    system: CitySystem
    data_from: date | None = None
    decisions: tuple[Counted, ...] = field(default=())
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made ready: the city, the system it is measured in, and the values that travel beside every statement."""

    question: PlannerQuestion
    city: City
    system: CitySystem
    values: dict[str, Any]

    @property
    def has_area(self) -> bool:
        """Whether an area was drawn."""
        return self.values["area"] is not None


def prepare(question: PlannerQuestion) -> Asked:
    """The question ready to be asked. NotFound: no such city; InputError: the area cannot be used."""
    city = City.objects.filter(slug=question.city).only("id", "slug", "crs", "center", "settings").first()
    if city is None:
        slugs = ", ".join(City.objects.order_by("slug").values_list("slug", flat=True))
        raise NotFound(
            "No such city is loaded.", field="city", value=question.city, cure=THERE_IS, names={"names": slugs}
        )
    area = parse_area(question.area) if question.area else None
    system = _choose_system(city, area)
    values = {"city": city.pk, "on": question.on, "srid": system.srid, "area": area.wkb if area else None}
    return Asked(question, city, system, values)


def _choose_system(city: City, area: DrawnArea | None) -> CitySystem:
    lon, lat = (area.lon, area.lat) if area else city.center
    return choose_system([parse_system(raw) for raw in city.crs], lon, lat)


@contextmanager
def patience() -> Iterator[None]:
    """Statements inside are given up after a while; InputError then says what to narrow."""
    try:
        with transaction.atomic():
            fetch(SQL("SET LOCAL statement_timeout = {}").format(PATIENCE_MS), {}, has_rows=False)
            yield
    except (QueryCanceled, OperationalError) as error:
        if not isinstance(error, QueryCanceled) and not isinstance(error.__cause__, QueryCanceled):
            raise
        cure = "Draw a smaller area or add a condition."
        raise InputError(
            "This question takes too long.", field="area", value=f"{PATIENCE_MS // 1000} s", cure=cure
        ) from error


def fetch(statement: Composable, values: Mapping[str, Any], *, has_rows: bool = True) -> list[Row]:
    """All rows of a statement of ours."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if has_rows else []


def choose_order(sort: str, names: Sequence[str]) -> tuple[str, bool] | None:
    """The column and whether it runs downwards; None when nothing was asked. InputError names the columns."""
    if not sort:
        return None
    name = sort.removeprefix("-")
    if name not in names:
        raise InputError(
            "There is no such column.", field="sort", value=name, cure=THERE_IS, names={"names": ", ".join(names)}
        )
    return name, sort.startswith("-")
