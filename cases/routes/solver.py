"""The door to OR-Tools: everybody's day with shifts, deadlines and who may go, improved from the first plan. Loaded late.

The way is made shorter at nobody's cost: what the first plan reaches in time stays in time, and what it reaches late comes no
later. Moments are hard here on purpose: with a price on lateness, a search of some seconds hardly gets on.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any

from cases.routes.preview import preview_day
from cases.routes.values import LEFT_OUT_M, Crew, DayRoutes, Stop, Ways, make_day

_HORIZON_S = 48 * 3600


def plan_day(
    stops: Sequence[Stop], crews: Sequence[Crew], ways: Ways, *, budget_s: float, fixed: Sequence[Sequence[int]] = ()
) -> DayRoutes:
    """Everybody's day within about ``budget_s`` seconds, all of it counted; never worse than the preview it begins from.

    ``fixed``: per crew, stops that stand first and in this order (done, begun, or pinned by a leader).
    """
    until = monotonic() + budget_s
    first = preview_day(stops, crews, ways, fixed)
    if len(stops) < 2 or not crews:  # noqa: PLR2004 - one stop has one order
        return first
    orders = _search(stops, crews, ways, first, until, fixed)
    if orders is None:
        return first
    better = make_day(orders, crews, stops, ways)
    return better if better.cost_m < first.cost_m else first


def _search(
    stops: Sequence[Stop], crews: Sequence[Crew], ways: Ways, first: DayRoutes, until: float,
    fixed: Sequence[Sequence[int]],
) -> list[list[int]] | None:  # fmt: skip
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    count = len(stops)
    starts = [count + i for i in range(len(crews))]
    ends = [count + len(crews)] * len(crews)
    nodes = pywrapcp.RoutingIndexManager(count + len(crews) + 1, len(crews), starts, ends)
    model = pywrapcp.RoutingModel(nodes)
    _price_ways(model, stops, crews, ways)
    clock = _keep_time(model, stops, crews, ways)
    latest = _read_latest(stops, first)
    for i, stop in enumerate(stops):
        index = nodes.NodeToIndex(i)
        if first.left_out:
            model.AddDisjunction([index], LEFT_OUT_M)
        if stop.crews is not None:
            model.VehicleVar(index).SetValues([-1, *sorted(stop.crews)])
        if stop.opens_s:
            clock.CumulVar(index).SetMin(stop.opens_s)
        if i in latest:
            clock.CumulVar(index).SetMax(latest[i])
    _hold(model, nodes, fixed)
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.time_limit.FromMilliseconds(1000)  # guided search has to have one before the model is closed
    model.CloseModelWithParameters(asked)
    begun = model.ReadAssignmentFromRoutes([[leg.stop for leg in route.legs] for route in first.routes], True)
    asked.time_limit.FromMilliseconds(max(1, round((until - monotonic()) * 1000)))
    found = model.SolveFromAssignmentWithParameters(begun, asked) if begun else model.SolveWithParameters(asked)
    return _read(model, nodes, found, len(crews)) if found else None


def _read_latest(stops: Sequence[Stop], first: DayRoutes) -> dict[int, int]:
    """By when each stop with a deadline is reached: the deadline, or the first plan's moment where that is past it."""
    legs = [leg for route in first.routes for leg in route.legs]
    return {
        leg.stop: leg.arrives_s if leg.late_s else due for leg in legs if (due := stops[leg.stop].due_s) is not None
    }


def _price_ways(model: Any, stops: Sequence[Stop], crews: Sequence[Crew], ways: Ways) -> None:
    places = [stop.place for stop in stops] + [crew.start for crew in crews]
    metres = ways.metres[places][:, places].tolist()
    # Nobody is sent home: the way to the end is free.
    matrix = [[*row, 0] for row in metres] + [[0] * (len(places) + 1)]
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(matrix))


def _keep_time(model: Any, stops: Sequence[Stop], crews: Sequence[Crew], ways: Ways) -> Any:
    places = [stop.place for stop in stops] + [crew.start for crew in crews]
    service = [stop.service_s for stop in stops] + [0] * len(crews)
    seconds = ways.seconds[places][:, places]
    matrix = [[*(int(s) + service[i] for s in row), service[i]] for i, row in enumerate(seconds)]
    matrix.append([0] * (len(places) + 1))
    model.AddDimension(model.RegisterTransitMatrix(matrix), _HORIZON_S, _HORIZON_S, False, "clock")
    clock = model.GetDimensionOrDie("clock")
    for i, crew in enumerate(crews):
        clock.CumulVar(model.Start(i)).SetRange(crew.from_s, crew.from_s)
        clock.CumulVar(model.End(i)).SetRange(crew.from_s, crew.to_s)
    return clock


def _hold(model: Any, nodes: Any, fixed: Sequence[Sequence[int]]) -> None:
    """What stands first stays first, in its order and with its crew."""
    for crew, order in enumerate(fixed):
        before = model.Start(crew)
        for stop in order:
            index = nodes.NodeToIndex(stop)
            model.NextVar(before).SetValue(index)
            before = index


def _read(model: Any, nodes: Any, found: Any, crews: int) -> list[list[int]]:
    orders: list[list[int]] = []
    for crew in range(crews):
        order, index = [], found.Value(model.NextVar(model.Start(crew)))
        while not model.IsEnd(index):
            order.append(nodes.IndexToNode(index))
            index = found.Value(model.NextVar(index))
        orders.append(order)
    return orders
