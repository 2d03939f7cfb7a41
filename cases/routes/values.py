"""What a day's routes are made of: stops, crews, the way between places, and the routes that come out. Pure.

Moments are whole seconds after the start of the planned day, lengths whole metres. A place is a row of the matrices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from errors import InputError

Matrix = NDArray[np.int64]
# One minute late weighs as much as a detour of 12 km: a deadline that can be kept is kept, whatever the way to it.
LATE_M_PER_S = 200
# More than a whole shift late: who fits in goes, however late.
LEFT_OUT_M = 10_000_000


class LegMethod(StrEnum):
    """How the length of a leg is known."""

    STREET = "street"
    STRAIGHT_LINE = "straight_line"


@dataclass(frozen=True, slots=True)
class Ways:
    """Metres and seconds between all places, and whether each way was measured along streets."""

    metres: Matrix
    seconds: Matrix
    on_street: NDArray[np.bool_]

    def method(self, start: int, end: int) -> LegMethod:
        """How the way from one place to another is known."""
        return LegMethod.STREET if self.on_street[start, end] else LegMethod.STRAIGHT_LINE


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit: where, how long, from when, due when (soft), and which crews may go (None: all of them)."""

    key: str
    place: int
    service_s: int
    due_s: int | None = None
    opens_s: int = 0
    crews: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if self.service_s <= 0:
            raise InputError("A visit takes time.", field="service_s", value=self.service_s, cure="Give seconds.")


@dataclass(frozen=True, slots=True)
class Crew:
    """Somebody who goes: where they begin, and their shift."""

    key: str
    start: int
    from_s: int
    to_s: int

    def __post_init__(self) -> None:
        if self.from_s >= self.to_s:
            raise InputError("A shift ends before it begins.", field="shift", value=self.key, cure="Correct the shift.")


@dataclass(frozen=True, slots=True)
class Leg:
    """The way to one stop and the visit there. ``stop`` counts within the plan's list of stops."""

    stop: int
    metres: int
    travel_s: int
    arrives_s: int
    leaves_s: int
    late_s: int
    method: LegMethod


@dataclass(frozen=True, slots=True)
class Route:
    """One crew's day, in order of travel."""

    crew: int
    legs: tuple[Leg, ...]

    @property
    def metres(self) -> int:
        """All legs together; the way home is not counted, nobody is sent on it."""
        return sum(leg.metres for leg in self.legs)

    @property
    def late_s(self) -> int:
        """How late all its stops are together."""
        return sum(leg.late_s for leg in self.legs)

    @property
    def cost_m(self) -> int:
        """What planning makes small: metres, and lateness in its price."""
        return self.metres + LATE_M_PER_S * self.late_s


@dataclass(frozen=True, slots=True)
class DayRoutes:
    """Everybody's day, and the stops that fit into nobody's shift."""

    routes: tuple[Route, ...]
    left_out: tuple[int, ...] = ()

    @property
    def metres(self) -> int:
        """Of all routes."""
        return sum(route.metres for route in self.routes)

    @property
    def cost_m(self) -> int:
        """Of all routes, left out stops in their price."""
        return sum(route.cost_m for route in self.routes) + LEFT_OUT_M * len(self.left_out)


def walk(order: Sequence[int], crew_index: int, crew: Crew, stops: Sequence[Stop], ways: Ways) -> Route:
    """The timetable of one crew's stops in this order, begun at the start of its shift."""
    now, here, legs = crew.from_s, crew.start, []
    for index in order:
        stop = stops[index]
        metres, travel_s = int(ways.metres[here, stop.place]), int(ways.seconds[here, stop.place])
        arrives = max(now + travel_s, stop.opens_s)
        late_s = max(0, arrives - stop.due_s) if stop.due_s is not None else 0
        now = arrives + stop.service_s
        legs.append(Leg(index, metres, travel_s, arrives, now, late_s, ways.method(here, stop.place)))
        here = stop.place
    return Route(crew_index, tuple(legs))


def make_day(orders: Iterable[Sequence[int]], crews: Sequence[Crew], stops: Sequence[Stop], ways: Ways) -> DayRoutes:
    """The day of these orders, one per crew; every stop in none of them is left out."""
    routes = tuple(walk(order, i, crews[i], stops, ways) for i, order in enumerate(orders))
    taken = {leg.stop for route in routes for leg in route.legs}
    return DayRoutes(routes, tuple(i for i in range(len(stops)) if i not in taken))


def may_go(stop: Stop, crew: int) -> bool:
    """Whether this crew may visit the stop."""
    return stop.crews is None or crew in stop.crews
