"""A first plan at once: cheapest insertion, then 2-opt within each route. Pure.

Also puts one new stop into a day that stands, without touching the order of the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cases.routes.values import LATE_M_PER_S, Crew, DayRoutes, Route, Stop, Ways, make_day, may_go, walk

_NEVER = 10**12
_PASSES = 60
_TRIED = 40
_BUSY_M = 150  # each stop that a crew has already makes it that much less near, so that work is shared


def preview_day(
    stops: Sequence[Stop], crews: Sequence[Crew], ways: Ways, fixed: Sequence[Sequence[int]] = ()
) -> DayRoutes:
    """Everybody's day by cheapest insertion and 2-opt. ``fixed``: per crew, stops that stand first and in this order."""
    orders: list[list[int]] = [list(fixed[i]) if i < len(fixed) else [] for i in range(len(crews))]
    kept = [len(order) for order in orders]
    _insert_all(orders, kept, stops, crews, ways)
    for i, order in enumerate(orders):
        orders[i] = order[: kept[i]] + _turn(order, kept[i], i, crews[i], stops, ways)
    return make_day(orders, crews, stops, ways)


def insert_stop(
    orders: Sequence[Sequence[int]], new: int, stops: Sequence[Stop], crews: Sequence[Crew], ways: Ways,
    *, not_before: Sequence[int] = (),
) -> tuple[int, int] | None:  # fmt: skip
    """(crew, position) where a new stop costs least, lateness of all that follow counted; None when it fits nowhere.

    ``not_before``: per crew, how many stops are done or begun, which nothing may come before.
    """
    best: tuple[int, int, int] | None = None
    for i, order in enumerate(orders):
        if not may_go(stops[new], i):
            continue
        before = walk(order, i, crews[i], stops, ways).cost_m
        for position in range(not_before[i] if i < len(not_before) else 0, len(order) + 1):
            route = walk([*order[:position], new, *order[position:]], i, crews[i], stops, ways)
            if fits(route, crews[i]) and (best is None or route.cost_m - before < best[0]):
                best = (route.cost_m - before, i, position)
    return (best[1], best[2]) if best is not None else None


def fits(route: Route, crew: Crew) -> bool:
    """Whether the last visit ends within the shift."""
    return not route.legs or route.legs[-1].leaves_s <= crew.to_s


def _insert_all(
    orders: list[list[int]], kept: Sequence[int], stops: Sequence[Stop], crews: Sequence[Crew], ways: Ways
) -> None:
    """Give every stop to where it costs least, cheapest first; stops that fit nowhere are left out."""
    taken = {stop for order in orders for stop in order}
    todo = [i for i in range(len(stops)) if i not in taken]
    costs = np.full((len(stops), len(crews)), _NEVER, dtype=np.int64)
    places = np.zeros((len(stops), len(crews)), dtype=np.int64)
    for crew in range(len(crews)):
        _price(costs, places, crew, todo, orders[crew], kept[crew], stops, crews, ways)
    while todo and crews:
        prices = costs[todo]
        row, crew = divmod(int(prices.argmin()), len(crews))
        if prices[row, crew] >= _NEVER:
            return
        stop = todo.pop(row)
        orders[crew].insert(int(places[stop, crew]), stop)
        _price(costs, places, crew, todo, orders[crew], kept[crew], stops, crews, ways)


def _price(
    costs: NDArray[np.int64], places: NDArray[np.int64], crew: int, todo: Sequence[int], order: Sequence[int], kept: int,
    stops: Sequence[Stop], crews: Sequence[Crew], ways: Ways,
) -> None:  # fmt: skip
    """What each waiting stop would cost in one crew's order, and where: metres, its own lateness and that of all behind."""
    waiting = [stop for stop in todo if may_go(stops[stop], crew)]
    costs[:, crew] = _NEVER
    if not waiting:
        return
    here = np.array([stops[i].place for i in waiting])
    due = np.array([_due(stops[i]) for i in waiting])
    service = np.array([stops[i].service_s for i in waiting])
    opens = np.array([stops[i].opens_s for i in waiting])
    path, leaves, slack = _read_times(order, kept, crews[crew], stops, ways, crew)
    metres, seconds = ways.metres[np.ix_(path, here)], ways.seconds[np.ix_(path, here)]
    arrives = np.maximum(leaves[:, None] + seconds, opens[None, :])
    pushed = arrives + service[None, :] - leaves[:, None]
    added = metres.copy()
    if len(path) > 1:
        onward = ways.metres[np.ix_(here, path[1:])].T
        added[:-1] += onward - ways.metres[path[:-1], path[1:]][:, None]
        pushed[:-1] += ways.seconds[np.ix_(here, path[1:])].T - ways.seconds[path[:-1], path[1:]][:, None]
    ends = np.where(np.arange(len(path)) < len(path) - 1, leaves[-1], leaves)[:, None] + pushed
    late_s = np.maximum(0, arrives - due[None, :]) + np.maximum(0, pushed - slack[:, None])
    total = np.where(ends > crews[crew].to_s, _NEVER, added + LATE_M_PER_S * late_s + _BUSY_M * len(order))
    where = total.argmin(axis=0)
    places[waiting, crew] = kept + where
    costs[waiting, crew] = total[where, np.arange(len(waiting))]


def _read_times(
    order: Sequence[int], kept: int, crew: Crew, stops: Sequence[Stop], ways: Ways, crew_index: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Per place after which something may be put in: the place, when it is left, and by how much all behind may slip."""
    legs = walk(order, crew_index, crew, stops, ways).legs
    path = [crew.start, *(stops[i].place for i in order)]
    leaves = [crew.from_s, *(leg.leaves_s for leg in legs)]
    slack = [_NEVER] * (len(legs) + 1)
    for i in range(len(legs) - 1, -1, -1):
        slack[i] = min(slack[i + 1], max(0, _due(stops[legs[i].stop]) - legs[i].arrives_s))
    return np.array(path[kept:]), np.array(leaves[kept:]), np.array(slack[kept:])


def _due(stop: Stop) -> int:
    return stop.due_s if stop.due_s is not None else _NEVER


def _turn(order: Sequence[int], kept: int, crew_index: int, crew: Crew, stops: Sequence[Stop], ways: Ways) -> list[int]:
    """2-opt: turn a stretch of the route round while that makes it cheaper, lateness counted."""
    head, best = list(order[:kept]), list(order[kept:])
    route = walk([*head, *best], crew_index, crew, stops, ways)
    before = stops[head[-1]].place if head else crew.start
    for _ in range(_PASSES):
        is_better = False
        worth_m = LATE_M_PER_S * route.late_s
        for i, j in _list_turns(best, before, stops, ways, under_m=worth_m)[:_TRIED]:
            tried = best[:i] + best[i : j + 1][::-1] + best[j + 1 :]
            turned = walk([*head, *tried], crew_index, crew, stops, ways)
            if turned.cost_m < route.cost_m and fits(turned, crew):
                best, route, is_better = tried, turned, True
                break
        if not is_better:
            break
    return best


def _list_turns(
    order: Sequence[int], before: int, stops: Sequence[Stop], ways: Ways, *, under_m: int
) -> list[tuple[int, int]]:
    """The stretches worth a full timetable, most metres saved first; a turn may cost less than all lateness is worth."""
    path = np.array([before, *(stops[i].place for i in order)])
    metres = ways.metres[np.ix_(path, path)]
    count = len(order)
    change = np.full((count, count), _NEVER, dtype=np.int64)
    for i in range(count - 1):
        to_end = np.arange(i + 2, count + 1)  # rows of ``path``: the stretch is path[i + 1 : to_end + 1]
        change[i, i + 1 :] = metres[i, to_end] - metres[i, i + 1]
        inner = to_end[:-1]
        change[i, i + 1 : count - 1] += metres[i + 1, inner + 1] - metres[inner, inner + 1]
    starts, ends = np.nonzero(change < under_m)
    best_first = np.argsort(change[starts, ends], kind="stable")
    return [(int(starts[k]), int(ends[k])) for k in best_first]
