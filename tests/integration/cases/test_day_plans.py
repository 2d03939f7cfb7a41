"""A unit's day on the register's streets: planned, one case more, moved by hand, and who may see what of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, Point
from django.utils import timezone

from cases.actions import insert_into_day, move_stop, plan_unit_day
from cases.actions.assigning import assign_case
from cases.models import Assignment, Case, CaseEvent, DayPlan, Inspection, Shift, SkillHeld
from cases.permissions import read_rights
from cases.queries.day_plans import get_route, get_today, list_routes, list_unplanned
from cases.roles import Role
from errors import Conflict, InputError, NotAllowed, NotFound
from geo.models import RegisterLoad, RegisterSource, RoadSegment
from tests.integration.cases import builders as b


@pytest.fixture
def day(town: Any) -> date:
    """Today, with the inspector on shift from now and a second one beside."""
    town_day = get_today(read_rights(town.leader))
    second = b.a_person("second", town.city, town.office, Role.INSPECTOR)
    now = timezone.now()
    for person in (town.inspector, second):
        Shift.objects.create(
            inspector=person, unit=town.office, starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=9),
            start_point=Point(b.LON, b.LAT, srid=4326),
        )  # fmt: skip
    return town_day


def a_street(town: Any) -> None:
    """One street due north from the origin, 1 km."""
    source = RegisterSource.objects.create(
        city=town.city, register="road_segment", name="streets", title_vi="Đường", valid_from=b.SINCE
    )
    load = RegisterLoad.objects.create(
        source=source, file_name="s", file_sha256="0", source_on=b.SINCE, started_at=timezone.now(), state="done"
    )
    RoadSegment.objects.create(
        city=town.city, source=source, load=load, key="1", valid_from=b.SINCE, row_sha256="0",
        geom=LineString((b.LON, b.LAT), (b.LON, b.north(1000)), srid=4326),
    )  # fmt: skip


def a_job(town: Any, metres: float | None, *, use: str = "trading", number: int = 0) -> Case:
    """A case at so many metres north, assigned; None: nobody knows where it is."""
    point = Point(b.LON, b.north(metres), srid=4326) if metres is not None else None
    case = Case.objects.create(
        code=f"VH-T-{Case.objects.count():04d}", city=town.city, use=use, point=point, accuracy_m=3, unit=town.office,
        unit_code=b.WARD, opened_at=timezone.now() - timedelta(hours=1 + number),
    )  # fmt: skip
    assign_case(case.pk)
    return case


def codes(route: Any) -> list[str]:
    return [stop.case_code for stop in route.stops]


def test_a_day_is_planned_along_the_street_and_says_where_it_could_not(town: Any, day: date) -> None:
    a_street(town)
    cases = [a_job(town, metres) for metres in (100, 300, 500, 5000)]
    lost = a_job(town, None)
    told = plan_unit_day(town.office.pk, day, by=town.leader, budget_s=0.5)
    assert told.stops == 4
    assert told.without_place == (lost.pk,)
    routes = list_routes(read_rights(town.leader), day)
    stops = {stop.case_id: stop for route in routes for stop in route.stops}
    assert set(stops) == {case.pk for case in cases}
    assert {stops[case.pk].method for case in cases[:3]} == {"street"}
    assert stops[cases[3].pk].method == "straight_line"
    assert stops[cases[0].pk].distance_m == pytest.approx(100, abs=2)
    assert [row.why for row in list_unplanned(read_rights(town.leader), day)] == ["no_place"]
    for route in routes:
        for stop in route.stops:
            assert Assignment.objects.get(case_id=stop.case_id, is_current=True).inspector_id == route.inspector_id
            assert Inspection.objects.get(case_id=stop.case_id).inspector_id == route.inspector_id


def test_an_inspector_sees_the_own_shift_only(town: Any, day: date) -> None:
    for metres in (100, 300, 500, 700):
        a_job(town, metres)
    plan_unit_day(town.office.pk, day, by=town.leader, budget_s=0.5)
    assert {row.inspector for row in list_routes(read_rights(town.leader), day)} == {"ins", "second"}
    own = list_routes(read_rights(town.inspector), day)
    assert [row.inspector for row in own] == ["ins"]
    assert list_unplanned(read_rights(town.inspector), day) == ()
    other = DayPlan.objects.exclude(inspector=town.inspector).first()
    with pytest.raises(NotFound):
        get_route(read_rights(town.inspector), other.pk)
    assert list_routes(read_rights(town.stranger), day) == ()
    with pytest.raises(NotAllowed):
        plan_unit_day(town.office.pk, day, by=town.stranger)
    with pytest.raises(NotAllowed):
        plan_unit_day(town.office.pk, day, by=town.inspector)


def test_a_preview_stores_nothing(town: Any, day: date) -> None:
    a_job(town, 100)
    told = plan_unit_day(town.office.pk, day, by=town.leader, is_preview=True)
    assert told.stops == 1
    assert not told.is_stored
    assert not DayPlan.objects.exists()


def test_a_new_case_goes_into_the_day_without_shuffling_it(town: Any, day: date) -> None:
    for metres in (100, 200, 300, 900, 1000, 1100):
        a_job(town, metres)
    plan_unit_day(town.office.pk, day, by=town.leader, budget_s=0.5)
    before = {row.inspector: codes(row) for row in list_routes(read_rights(town.leader), day)}
    urgent = a_job(town, 600)
    assert insert_into_day(urgent.pk) is not None
    assert insert_into_day(urgent.pk) is None  # twice changes nothing
    after = {row.inspector: row for row in list_routes(read_rights(town.leader), day)}
    assert sum(urgent.code in codes(row) for row in after.values()) == 1
    for name, row in after.items():
        assert [code for code in codes(row) if code != urgent.code] == before[name]
        assert row.version == (2 if urgent.code in codes(row) else 1)


def test_a_leader_moves_a_stop_and_planning_leaves_it_there(town: Any, day: date) -> None:
    for metres in (100, 200, 300, 400, 1500, 1600):
        a_job(town, metres)
    plan_unit_day(town.office.pk, day, by=town.leader, budget_s=0.5)
    first, second = sorted(list_routes(read_rights(town.leader), day), key=lambda row: -len(row.stops))
    moved = first.stops[-1]
    due = Case.objects.get(pk=moved.case_id).due_at
    new_id = move_stop(
        first.id, moved.case_id, by=town.leader, version=first.version, position=1, to_inspector=second.inspector_id
    )
    now_in = get_route(read_rights(town.leader), new_id)
    assert (now_in.inspector_id, codes(now_in)[0]) == (second.inspector_id, moved.case_code)
    assert now_in.stops[0].is_pinned
    assert Case.objects.get(pk=moved.case_id).due_at == due
    assert Assignment.objects.get(case_id=moved.case_id, is_current=True).inspector_id == second.inspector_id
    with pytest.raises(Conflict):  # the version looked at is gone
        move_stop(first.id, first.stops[0].case_id, by=town.leader, version=first.version, position=1)
    plan_unit_day(town.office.pk, day, by=town.leader, budget_s=0.5)
    rows = {row.inspector_id: row for row in list_routes(read_rights(town.leader), day)}
    assert codes(rows[second.inspector_id])[0] == moved.case_code
    assert CaseEvent.objects.filter(case_id=moved.case_id, kind="assigned").count() >= 2


def test_a_begun_visit_stays_first_and_cannot_be_moved(town: Any, day: date) -> None:
    for metres in (100, 800):
        a_job(town, metres)
    far = Case.objects.get(point=Point(b.LON, b.north(800), srid=4326))
    Inspection.objects.filter(case=far, state="draft").update(state="given")
    Inspection.objects.filter(case=far).update(state="taken")
    holder = Assignment.objects.get(case=far, is_current=True).inspector_id
    plan_unit_day(town.office.pk, day, by=town.leader, budget_s=0.5)
    route = next(row for row in list_routes(read_rights(town.leader), day) if row.inspector_id == holder)
    assert codes(route)[0] == far.code
    with pytest.raises(Conflict):
        move_stop(route.id, far.pk, by=town.leader, version=route.version, position=2)


def test_a_use_that_asks_for_a_skill_goes_to_who_has_it(town: Any, day: date) -> None:
    from cases.actions import load_calendar

    load_calendar(town.city, {"field_work": {"skill_of": {"construction": "construction"}}})
    second = Shift.objects.exclude(inspector=town.inspector).get().inspector
    unskilled = a_job(town, 100, use="construction")
    assert not Assignment.objects.filter(case=unskilled).exists()  # nobody may go, and the history says so
    assert CaseEvent.objects.filter(case=unskilled, kind="nobody_to_assign").exists()
    SkillHeld.objects.create(inspector=second, skill="construction", valid_from=b.SINCE)
    case = a_job(town, 120, use="construction")
    assert Assignment.objects.get(case=case).inspector_id == second.pk


def test_without_a_roster_the_duty_hours_are_assumed_and_said(town: Any) -> None:
    today = get_today(read_rights(town.leader))
    working = next(d for d in (today + timedelta(days=n) for n in range(1, 9)) if d.isoweekday() == 3)
    a_job(town, 100)
    plan_unit_day(town.office.pk, working, by=town.leader, budget_s=0.5)
    route = list_routes(read_rights(town.leader), working)[0]
    assert route.is_shift_assumed
    assert route.start_method == "ward"
    assert str(route.starts_at.astimezone(timezone.get_fixed_timezone(420)).time())[:5] == "07:30"


def test_a_day_that_is_over_is_not_planned(town: Any, day: date) -> None:
    with pytest.raises(InputError):
        plan_unit_day(town.office.pk, day - timedelta(days=1), by=town.leader)
