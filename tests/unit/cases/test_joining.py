"""What is one place and use, and that two openings at one place always meet at a lock."""

from datetime import UTC, datetime, timedelta
from math import cos, radians
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.joining import (
    REACH_MAX_M,
    NearCase,
    Place,
    UseGroup,
    case_code,
    choose_case,
    choose_recurrence,
    group_of,
    is_same_place,
    lock_keys,
    reach_m,
    uses_of,
)
from intake.kinds import Category

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def a_place(**changes: object) -> Place:
    return Place(**({"lon": 106.69, "lat": 10.78, "accuracy_m": 5.0} | changes))  # type: ignore[arg-type]


def a_case(number: int = 1, **changes: object) -> NearCase:
    values = {"distance_m": 5.0, "accuracy_m": 5.0, "parcel_key": "", "sidewalk_key": "", "closed_at": None} | changes
    return NearCase(id=UUID(int=number), code=f"VH-2611-{number:04d}", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(0.2, 0.2, 15.0, id="cameras: the least reach"),
        pytest.param(8.0, 6.0, 20.0, id="two phones: two sigma"),
        pytest.param(None, 5.0, 15.0, id="unknown error adds none"),
        pytest.param(900.0, 5.0, REACH_MAX_M, id="a hopeless fix does not swallow the block"),
    ],
)
def test_reach(one: float | None, other: float | None, expected: float) -> None:
    assert reach_m(one, other) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("place", "case", "expected"),
    [
        pytest.param(a_place(), a_case(distance_m=14.9), True, id="near"),
        pytest.param(a_place(), a_case(distance_m=15.1), False, id="just out of reach"),
        pytest.param(
            a_place(sidewalk_key="NTL-14"), a_case(distance_m=60, sidewalk_key="NTL-14"), True, id="same sidewalk"
        ),
        pytest.param(
            a_place(parcel_key="1"), a_case(distance_m=None, parcel_key="1"), True, id="same parcel, no point"
        ),
        pytest.param(a_place(), a_case(distance_m=None), False, id="nothing to compare"),
    ],
)
def test_same_place(place: Place, case: NearCase, expected: bool) -> None:
    assert is_same_place(place, case) is expected


def test_the_nearest_case_is_chosen() -> None:
    near, far = a_case(2, distance_m=3.0), a_case(1, distance_m=9.0)
    assert choose_case(a_place(), [far, near]) == near
    assert choose_case(a_place(), []) is None


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, True), (29, True), (30, True), (31, False), (-1, False)],
    ids=["today", "29 days", "30 days", "31 days", "closed in the future"],
)
def test_recurrence_within_thirty_days(days: int, expected: bool) -> None:
    closed = a_case(closed_at=NOW - timedelta(days=days))
    assert (choose_recurrence(a_place(), [closed], at=NOW) == closed) is expected


def test_every_category_has_one_group() -> None:
    grouped = [use for group in UseGroup for use in uses_of(group)]
    assert sorted(grouped) == sorted(category.value for category in Category)
    assert group_of("parking_service") is group_of("parking")
    assert group_of("something new") is UseGroup.OTHER


@settings(max_examples=150, deadline=None)
@given(
    lon=st.floats(-179, 179),
    lat=st.floats(-75, 75),
    east_m=st.floats(-REACH_MAX_M * 0.7, REACH_MAX_M * 0.7),
    north_m=st.floats(-REACH_MAX_M * 0.7, REACH_MAX_M * 0.7),
)
def test_two_places_within_reach_share_a_lock(lon: float, lat: float, east_m: float, north_m: float) -> None:
    other = Place(lon + east_m / (111_320 * cos(radians(lat))), lat + north_m / 111_320)
    first = lock_keys("a-city", UseGroup.GOODS, Place(lon, lat), fallback="request:1")
    second = lock_keys("a-city", UseGroup.GOODS, other, fallback="request:2")
    assert set(first) & set(second)
    assert list(first) == sorted(first)


def test_other_uses_and_cities_do_not_wait_for_each_other() -> None:
    place = a_place(sidewalk_key="NTL-14", parcel_key="82")
    base = set(lock_keys("a", UseGroup.GOODS, place, fallback="request:1"))
    assert not base & set(lock_keys("a", UseGroup.VEHICLES, place, fallback="request:2"))
    assert not base & set(lock_keys("b", UseGroup.GOODS, place, fallback="request:2"))
    assert len(lock_keys("a", UseGroup.GOODS, Place(), fallback="request:1")) == 1
    assert not Place().is_known


def test_case_code() -> None:
    assert case_code("VH", NOW, 417) == "VH-2611-0417"
    assert case_code("VH", NOW, 12345) == "VH-2611-12345"
