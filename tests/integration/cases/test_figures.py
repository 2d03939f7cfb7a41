"""Figures against cases counted by hand: recurrence, being on time, age, lateness, precision, ranking, and their drill."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from cases.actions import refresh_clocks
from cases.actions.timekeeping import write_late_cause
from cases.figures import Group
from cases.late_causes import LateCause
from cases.models import Case, CaseClock, CaseEvent, CaseRequest, Inspection
from cases.permissions import read_rights
from cases.queries.figures import (
    Drill,
    ask_figure,
    list_drilled_cases,
    list_drilled_flags,
    read_ageing,
    read_first_reply,
    read_lateness,
    read_on_time,
    read_precision,
    read_ranking,
    read_recurrence,
)
from cases.roles import Role
from errors import InputError
from tests.integration.cases import builders as b

NOW = timezone.now()
HOUR = timedelta(hours=1)


def a_case(town: Any, *states: tuple[str, timedelta], walk: str = "w1", outcome: str = "", **changes: Any) -> Case:
    """A case with its history: (state, how long ago). The last state is where it stands."""
    moments = [(state, NOW - ago) for state, ago in states]
    closed = [at for state, at in moments if state == "closed"]
    case = Case.objects.create(
        code=f"VH-{next(b._numbers):06d}", city=town.city, use="construction", state=moments[-1][0],
        accuracy_m=2.0, sidewalk_key=walk, unit_code=b.WARD, unit=town.office, opened_at=moments[0][1],
        **{"point": Point(b.LON, b.LAT, srid=4326), "closed_at": closed[-1] if closed else None, **changes},
    )  # fmt: skip
    came_from = ""
    for number, (state, at) in enumerate(moments):
        kind = "move" if number else "opened"
        CaseEvent.objects.create(case=case, at=at, actor="x", kind=kind, from_state=came_from, to_state=state)
        came_from = state
    if outcome:
        Inspection.objects.create(
            case=case, inspector=town.inspector, state="approved", outcome=outcome, created_at=moments[0][1],
            completed_at=moments[-1][1],
        )  # fmt: skip
    refresh_clocks([case.pk])
    return case


def closed_case(town: Any, days_ago: float, **changes: Any) -> Case:
    """Settled within ten hours, closed so many days ago."""
    end = timedelta(days=days_ago)
    return a_case(
        town, ("opened", end + 10 * HOUR), ("assigned", end + 9 * HOUR), ("verifying", end + 3 * HOUR),
        ("no_violation", end + 2 * HOUR), ("closed", end), **changes,
    )  # fmt: skip


def ask(group: Group = Group.ALL, since: datetime | None = None) -> Any:
    return ask_figure(now=NOW, group=group, since=since, until=NOW + HOUR)


def test_recurrence_counts_what_was_followed_for_thirty_days(town: Any) -> None:
    came_back = closed_case(town, 40, walk="w1", outcome="warned")
    closed_case(town, 41, walk="w2", outcome="gone")
    closed_case(town, 50, walk="w1", outcome="warned")
    young = closed_case(town, 5, walk="w1")
    for former in (came_back, young):
        a_case(town, ("opened", timedelta(days=1)), recurrence_of=former)
    rights = read_rights(town.leader)
    [whole] = read_recurrence(rights, ask())
    assert (whole.share.hits, whole.share.total, whole.share.said) == (1, 3, None)
    assert (whole.watched, whole.watched_cameback) == (1, 1)
    by_spot = {row.key: (row.share.hits, row.share.total) for row in read_recurrence(rights, ask(Group.SPOT))}
    assert by_spot == {"sidewalk:w1": (1, 2), "sidewalk:w2": (0, 1)}
    by_remedy = {row.key: (row.share.hits, row.share.total) for row in read_recurrence(rights, ask(Group.REMEDY))}
    assert by_remedy == {"warned": (1, 2), "gone": (0, 1), "": (0, 0)}
    [unit] = read_recurrence(rights, ask(Group.UNIT))
    assert (unit.key, unit.name, unit.name_en) == ("ward-police", "Công an phường Đồi", "Hill ward police")
    months = read_recurrence(rights, ask(Group.MONTH))
    assert [row.key for row in months] == sorted(row.key for row in months)
    page = list_drilled_cases(rights, ask(Group.SPOT), "recurrence", key="sidewalk:w1", part=Drill.CAME_BACK)
    assert [row.code for row in page.items] == [came_back.code]


def test_what_has_neither_sidewalk_nor_parcel_is_a_spot_with_its_neighbours(town: Any) -> None:
    """Two within thirty metres, one far away, and one known by its parcel."""
    far = Point(b.LON, b.north(500), srid=4326)
    for changes in ({}, {}, {"point": far}, {"parcel_key": "p1"}):
        closed_case(town, 40, walk="", **changes)
    rows = read_recurrence(read_rights(town.leader), ask(Group.SPOT))
    assert sorted(row.share.total for row in rows) == [1, 1, 2]
    assert {row.key for row in rows if not row.key.startswith("POINT")} == {"parcel:p1"}


def test_what_is_open_and_overdue_counts_against_being_on_time(town: Any) -> None:
    kept = closed_case(town, 40)
    late = a_case(
        town, ("opened", timedelta(days=9)), ("assigned", timedelta(days=9)), ("verifying", timedelta(days=2)),
        ("no_violation", timedelta(days=2)),
    )  # fmt: skip
    overdue = a_case(town, ("opened", timedelta(days=5)), ("assigned", timedelta(days=5)))
    rights = read_rights(town.leader)
    rows = {row.key: row for row in read_on_time(rights, ask(Group.CLOCK))}
    visit = rows["visit"]
    assert (visit.on_time, visit.late, visit.open_overdue) == (1, 1, 1)
    assert (visit.share.hits, visit.share.total, visit.flattering.total) == (1, 3, 2)
    for part, case in ((Drill.ON_TIME, kept), (Drill.LATE, late), (Drill.OVERDUE, overdue)):
        page = list_drilled_cases(rights, ask(Group.CLOCK), "on-time", key="visit", part=part)
        assert [row.code for row in page.items] == [case.code], part
    [ranked] = read_ranking(rights, ask())
    assert (ranked.rank, ranked.open_overdue, ranked.open) == (None, 1, 2)
    parts = {Drill.OPEN: 2, Drill.OVERDUE: 1, Drill.REOPENED: 0, Drill.CAME_BACK: 0}
    for part, count in parts.items():
        page = list_drilled_cases(rights, ask(), "ranking", key=ranked.key, part=part)
        assert len(page.items) == count, part


def test_who_waits_for_a_reply_counts_against_first_replies(town: Any) -> None:
    """One replied to in time, one late, one that waits for two days. What is due since today only, or later, is in nothing."""
    day = timedelta(days=1)
    midnight = NOW.astimezone(ZoneInfo(town.city.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    for name, due_ago, replied_ago in (
        ("kept", 5 * day, 6 * day), ("late", 5 * day, 4 * day), ("owed", 2 * day, None), ("today", NOW - midnight, None),
        ("soon", -day, None),
    ):  # fmt: skip
        case = a_case(town, ("opened", 7 * day), walk=name)
        Case.objects.filter(pk=case.pk).update(code=f"VH-{name}")
        CaseRequest.objects.create(
            case=case, service_request=b.a_request(town.city), joined_at=NOW, reply_due_at=NOW - due_ago,
            replied_at=NOW - replied_ago if replied_ago is not None else None,
        )  # fmt: skip
    rights = read_rights(town.leader)
    asked = ask()
    [row] = read_first_reply(rights, asked)
    assert (row.on_time, row.late, row.owed, row.share.hits, row.share.total) == (1, 1, 1, 1, 3)
    for part, code in ((Drill.ON_TIME, "VH-kept"), (Drill.LATE, "VH-late"), (Drill.OWED, "VH-owed")):
        page = list_drilled_cases(rights, asked, "first-reply", key="all", part=part)
        assert [one.code for one in page.items] == [code], part
    [unit] = read_first_reply(rights, replace(asked, group=Group.UNIT))
    assert unit.name_en == "Hill ward police"


def test_open_cases_by_age(town: Any) -> None:
    for days in (0, 1, 5, 20, 90):
        a_case(town, ("opened", timedelta(days=days, minutes=1)))
    rights = read_rights(town.leader)
    rows = {row.key: row for row in read_ageing(rights, ask())}
    assert {key: row.open for key, row in rows.items()} == {"0-2": 2, "3-7": 1, "8-14": 0, "15-30": 1, "31+": 1}
    assert rows["31+"].overdue == 1
    page = list_drilled_cases(rights, ask(), "ageing", key="31+", part=Drill.OVERDUE)
    assert len(page.items) == 1
    with pytest.raises(InputError):
        list_drilled_cases(rights, ask(), "ageing", key="4-5", part=Drill.ALL)


def test_lateness_is_laid_on_steps_and_causes(town: Any) -> None:
    late = a_case(
        town, ("opened", timedelta(days=6)), ("assigned", timedelta(days=6)), ("verifying", timedelta(days=3)),
        ("no_violation", timedelta(days=3)),
    )  # fmt: skip
    a_case(town, ("opened", timedelta(days=4)), ("assigned", timedelta(days=4)))
    clock = CaseClock.objects.get(case=late, code="visit")
    write_late_cause(late, clock, LateCause.UNDERSTAFFED, note="", actor="lea")
    found = read_lateness(read_rights(town.leader), ask())
    assert (found.late_clocks, found.still_open, found.unexplained) == (2, 1, 1)
    days = {(row.step, row.cause): row.days for row in found.by_step}
    assert days == {
        ("visit", "understaffed"): pytest.approx(2.0, abs=0.1),
        ("visit", "none"): pytest.approx(3.0, abs=0.1),
    }
    for key, codes in (
        (":understaffed", [late.code]),
        ("visit:understaffed", [late.code]),
        ("decision:understaffed", []),
    ):
        page = list_drilled_cases(read_rights(town.leader), ask(), "lateness", key=key, part=Drill.ALL)
        assert [row.code for row in page.items] == codes, key
    for row in found.spent:
        assert list_drilled_cases(read_rights(town.leader), ask(), "lateness", key=row.key, part=Drill.ALL).items, (
            row.key
        )


def test_precision_is_what_people_decided(town: Any) -> None:
    frame = b.a_frame(b.a_camera(town.city))
    flags = [b.a_flag(frame, town.city, state="dismissed" if n % 4 == 0 else "accepted") for n in range(8)]
    b.a_flag(b.a_frame(b.Camera.objects.get()), town.city, state="new")
    rights = read_rights(town.leader)
    rows = {row.key: row for row in read_precision(rights, ask(Group.USE))}
    assert (rows["trading"].reviewed.hits, rows["trading"].reviewed.total) == (6, 8)
    assert rows["trading"].reviewed.said is None
    assert {row.key for row in read_precision(rights, ask(Group.CAMERA))} == {"camera-7"}
    assert len(flags) == 8
    page = list_drilled_flags(rights, ask(Group.CAMERA), key="camera-7", part=Drill.DISMISSED)
    assert len(page.items) == 2
    with pytest.raises(InputError):
        read_precision(rights, ask(Group.SPOT))


def test_another_units_leader_sees_none_of_it(town: Any) -> None:
    closed_case(town, 40)
    planner = b.a_person("pl", town.city, None, Role.PLANNER)
    totals = {}
    for who in (town.stranger, town.inspector, town.leader, planner):
        totals[who.username] = sum(row.share.total for row in read_recurrence(read_rights(who), ask()))
    assert totals == {"str": 0, "ins": 0, "lea": 1, "pl": 1}


def test_thirty_samples_get_a_percentage_and_a_rank(town: Any) -> None:
    for _ in range(30):
        closed_case(town, 40)
    rights = read_rights(town.leader)
    [row] = read_recurrence(rights, ask())
    assert (row.share.said, row.share.low < 0.01) == (0.0, True)
    [ranked] = read_ranking(rights, ask())
    assert ranked.rank == 1
    assert ranked.good.total == 60  # a clock of triage and one of the visit each
