"""Ways along streets, first plans, better plans, and one more stop without shuffling the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import pytest

from cases.routes.duty_clock import make_clock
from cases.routes.field_work import parse_field_work
from cases.routes.preview import insert_stop, preview_day
from cases.routes.solver import plan_day
from cases.routes.streets import CIRCUITY, measure_ways
from cases.routes.values import Crew, LegMethod, Stop, Ways, walk
from errors import ConfigurationError, InputError


def a_line(*points: tuple[float, float]) -> Any:
    return np.array(points, dtype=np.float64)


def ways_of(*points: tuple[float, float], speed_m_s: float = 5.0) -> Ways:
    """Ways by air only: no street is near."""
    return measure_ways(np.array(points, dtype=np.float64), [], speed_m_s=speed_m_s)


def a_day(count: int, crews: int, *, seed: int = 1, due: bool = False) -> tuple[list[Stop], list[Crew], Ways]:
    """Stops scattered over 2 km, everybody from the middle, 8 hours."""
    dice = np.random.default_rng(seed)
    places = np.vstack([dice.uniform(0, 2000, (count, 2)), [[1000.0, 1000.0]]])
    dues = dice.integers(1800, 20_000, count)
    stops = [Stop(str(i), i, 600, int(dues[i]) if due and i % 3 == 0 else None) for i in range(count)]
    return stops, [Crew(str(i), count, 0, 8 * 3600) for i in range(crews)], measure_ways(places, [], speed_m_s=4.0)


def test_a_way_follows_the_streets_round_the_block() -> None:
    streets = [a_line((0, 0), (100, 0), (100, 100), (0, 100))]
    ways = measure_ways(np.array([[0.0, 0.0], [0.0, 100.0]]), streets, speed_m_s=10.0)
    assert ways.metres[0, 1] == 300
    assert ways.seconds[0, 1] == 30
    assert ways.method(0, 1) is LegMethod.STREET


def test_places_on_one_piece_go_along_it_and_not_round_its_ends() -> None:
    ways = measure_ways(np.array([[10.0, 3.0], [70.0, -4.0], [40.0, 0.0]]), [a_line((0, 0), (100, 0))], speed_m_s=10.0)
    assert ways.metres[0, 1] == 60 + 3 + 4
    assert ways.metres[0, 2] == 33


def test_where_no_street_leads_the_straight_line_is_corrected_and_said_so() -> None:
    streets = [a_line((0, 0), (100, 0)), a_line((0, 900), (100, 900))]
    ways = measure_ways(np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 900.0], [50.0, 400.0]]), streets, speed_m_s=10.0)
    assert ways.method(0, 1) is LegMethod.STREET
    assert ways.method(0, 2) is LegMethod.STRAIGHT_LINE  # two streets that never meet
    assert ways.metres[0, 2] == round(900 * CIRCUITY)
    assert ways.method(0, 3) is LegMethod.STRAIGHT_LINE  # 400 m from any street


def test_streets_that_end_within_half_a_metre_are_one_crossing() -> None:
    ways = measure_ways(
        np.array([[0.0, 0.0], [200.0, 0.0]]), [a_line((0, 0), (100, 0)), a_line((100.1, 0.1), (200, 0))], speed_m_s=10.0
    )
    assert ways.method(0, 1) is LegMethod.STREET


@pytest.mark.parametrize("count", [0, 1, 2, 25])
def test_everything_is_visited_once(count: int) -> None:
    stops, crews, ways = a_day(count, 2)
    for day in (preview_day(stops, crews, ways), plan_day(stops, crews, ways, budget_s=0.2)):
        assert sorted(leg.stop for route in day.routes for leg in route.legs) == list(range(count))
        assert day.left_out == ()


def test_two_opt_leaves_no_crossing_of_a_square() -> None:
    ways = ways_of((0, 100), (100, 100), (100, 0), (0, 0))
    stops = [Stop(str(i), i, 60) for i in range(3)]
    day = preview_day(stops, [Crew("a", 3, 0, 36_000)], ways)
    assert [leg.stop for leg in day.routes[0].legs] in ([0, 1, 2], [2, 1, 0])


def test_a_deadline_moves_a_stop_forward() -> None:
    ways = ways_of((100, 0), (200, 0), (-300, 0), (0, 0))
    stops = [Stop("near", 0, 600), Stop("next", 1, 600), Stop("urgent", 2, 600, due_s=120)]
    day = plan_day(stops, [Crew("a", 3, 0, 36_000)], ways, budget_s=0.3)
    assert day.routes[0].legs[0].stop == 2
    assert day.routes[0].late_s == 0


def test_what_fits_into_no_shift_is_left_out_and_told() -> None:
    ways = ways_of((100, 0), (200, 0), (0, 0))
    day = plan_day([Stop("a", 0, 3000), Stop("b", 1, 3000)], [Crew("x", 2, 0, 3600)], ways, budget_s=0.2)
    assert len(day.routes[0].legs) == 1
    assert len(day.left_out) == 1


def test_nobody_is_sent_where_they_may_not_go() -> None:
    ways = ways_of((10, 0), (20, 0), (0, 0))
    stops = [Stop("a", 0, 60, crews=frozenset({1})), Stop("b", 1, 60, crews=frozenset())]
    for plan in (preview_day(stops, [Crew("x", 2, 0, 3600), Crew("y", 2, 0, 3600)], ways),
                 plan_day(stops, [Crew("x", 2, 0, 3600), Crew("y", 2, 0, 3600)], ways, budget_s=0.2)):  # fmt: skip
        assert [leg.stop for leg in plan.routes[1].legs] == [0]
        assert plan.left_out == (1,)


def test_what_is_fixed_stays_first_and_with_its_person() -> None:
    stops, crews, ways = a_day(20, 3)
    day = plan_day(stops, crews, ways, budget_s=0.3, fixed=[[], [7, 3], []])
    assert [leg.stop for leg in day.routes[1].legs][:2] == [7, 3]


def test_search_is_never_worse_than_the_preview() -> None:
    stops, crews, ways = a_day(40, 4, due=True)
    first, better = preview_day(stops, crews, ways), plan_day(stops, crews, ways, budget_s=1.0)
    assert better.cost_m <= first.cost_m


def test_the_search_shortens_the_way_at_nobodys_cost() -> None:
    stops, crews, ways = a_day(60, 4, due=True)
    stops = [
        replace(stop, due_s=-3600) if i % 12 == 0 else stop for i, stop in enumerate(stops)
    ]  # late before it began
    first, better = preview_day(stops, crews, ways), plan_day(stops, crews, ways, budget_s=2.0)
    late = {leg.stop: leg.late_s for route in first.routes for leg in route.legs}
    assert any(late.values())
    assert all(leg.late_s <= late[leg.stop] for route in better.routes for leg in route.legs)
    assert better.metres < first.metres


def test_what_can_be_in_time_is_in_time_whatever_the_way() -> None:
    ways = ways_of((100, 0), (9000, 0), (200, 0), (0, 0))
    stops = [Stop("near", 0, 600), Stop("far, due", 1, 600, due_s=9000 * 14 // 10 // 5 + 60), Stop("near too", 2, 600)]
    day = plan_day(stops, [Crew("a", 3, 0, 36_000)], ways, budget_s=0.3)
    assert day.routes[0].late_s == 0


def test_one_more_stop_leaves_the_order_of_the_rest() -> None:
    stops, crews, ways = a_day(13, 2)
    orders = [list(range(6)), list(range(6, 12))]
    found = insert_stop(orders, 12, stops, crews, ways, not_before=[2, 0])
    assert found is not None
    crew, position = found

    def added(crew: int, position: int) -> int:
        order = orders[crew]
        tried = [*order[:position], 12, *order[position:]]
        before = walk(order, crew, crews[crew], stops, ways).cost_m
        return walk(tried, crew, crews[crew], stops, ways).cost_m - before

    allowed = [(0, place) for place in range(2, 7)] + [(1, place) for place in range(7)]
    assert (crew, position) in allowed
    assert added(crew, position) == min(added(*place) for place in allowed)


def test_a_stop_that_fits_nowhere_has_no_place() -> None:
    stops, _, ways = a_day(3, 1)
    assert insert_stop([[0, 1]], 2, stops, [Crew("x", 3, 0, 900)], ways) is None


def test_the_clock_stands_still_over_lunch() -> None:
    clock = make_clock(date(2026, 11, 26), [(time(7, 30), time(11, 30)), (time(13), time(17))], "Asia/Ho_Chi_Minh")
    eleven, two = datetime(2026, 11, 26, 4, tzinfo=UTC), datetime(2026, 11, 26, 7, tzinfo=UTC)
    assert clock.to_seconds(two) - clock.to_seconds(eleven) == 90 * 60
    assert clock.to_moment(clock.to_seconds(eleven) + 90 * 60) == two
    noon = datetime(2026, 11, 26, 5, tzinfo=UTC)
    assert clock.to_seconds(noon) - clock.to_seconds(eleven) == 30 * 60
    for moment in (eleven, two):
        assert clock.to_moment(clock.to_seconds(moment)) == moment


def test_field_work_has_defaults_and_names_what_is_wrong() -> None:
    assert parse_field_work({}).service_s("trading") == 1200
    work = parse_field_work({"field_work": {"speed_km_h": 18, "visit_minutes_of": {"construction": 40}}})
    assert (work.speed_m_s, work.service_s("construction")) == (5.0, 2400)
    with pytest.raises(ConfigurationError, match="calendar"):
        parse_field_work({"field_work": {"speed_km_h": 0}})
    with pytest.raises(ConfigurationError, match="calendar"):
        parse_field_work({"field_work": {"recheck_days": ["x"]}})


def test_a_shift_and_a_visit_take_time() -> None:
    with pytest.raises(InputError):
        Crew("x", 0, 10, 10)
    with pytest.raises(InputError):
        Stop("a", 0, 0)
