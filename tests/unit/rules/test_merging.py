"""Parts of the day, whatever the time zone and midnight; which finding outranks which; what a flag is versioned by."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.engine import check
from rules.finding import Verdict
from rules.merging import covers, matter_of, part_of_day
from rules.versions import list_versions, name_place
from tests.data.site_facts import a_law, a_parcel, camera_facts, photo_facts, site_facts

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
F, U = Verdict.FLAGGED, Verdict.UNDETERMINED


@given(moment=st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_moment_lies_in_its_part_of_the_local_day(moment: datetime) -> None:
    local = moment.astimezone(ZONE)
    facts = replace(camera_facts(), at=moment, local_on=local.date(), local_time=local.time().replace(microsecond=0))
    since, until = part_of_day(facts)
    assert since <= moment < until
    assert until - since == timedelta(hours=6)
    assert since.astimezone(ZONE).time() in (time(0), time(6), time(12), time(18))


@pytest.mark.parametrize(
    ("lead", "other", "is_covered"),
    [
        pytest.param(F, F, True, id="flag-flag"),
        pytest.param(F, U, True, id="flag-question"),
        pytest.param(U, U, True, id="question-question"),
        pytest.param(U, F, False, id="question-flag"),
    ],
)
def test_a_flag_outranks_an_open_question(lead: Verdict, other: Verdict, is_covered: bool) -> None:
    assert covers(lead, other) is is_covered


def test_a_matter_is_a_segment_a_use_and_a_part_of_the_day() -> None:
    bike, chair = camera_facts(), camera_facts("chair")
    of_bike, of_chair = (matter_of(f, check(f, a_law())[0]) for f in (bike, chair))
    assert of_bike.sidewalk_key == "S1"
    assert of_bike != of_chair
    assert of_bike == matter_of(bike, check(bike, a_law())[0])


def test_versions_name_everything_that_decided() -> None:
    facts = camera_facts()
    finding = check(facts, a_law())[0]
    versions = list_versions(facts, finding, a_law(), [{"name": "w", "sha256": "ab"}], {"score": 0.3})
    assert versions["law"] == a_law().version == finding.law_version
    assert versions["rule"] >= 1
    assert versions["thresholds"]["min_clear_width_m"] == 1.5
    assert versions["weights"] == [{"name": "w", "sha256": "ab"}]
    assert {"register": "parcel", "coverage": "checked", "source": "test", "source_on": "2026-09-01"} in versions[
        "registers"
    ]


@pytest.mark.parametrize(
    ("facts", "parcels", "segment", "has_point"),
    [
        pytest.param(camera_facts(), (), "S1", True, id="thing"),
        pytest.param(site_facts(), ("P1",), "S1", True, id="one-parcel"),
        pytest.param(
            site_facts(parcels=(a_parcel("P1", 0.6), a_parcel("P2", 0.4))), ("P1", "P2"), "S1", True, id="candidates"
        ),
        pytest.param(photo_facts(place=None, category="trading"), (), "", False, id="nowhere"),
    ],
)
def test_where_a_flag_is(facts: object, parcels: tuple[str, ...], segment: str, has_point: bool) -> None:
    finding = check(facts, a_law())[0]  # type: ignore[arg-type]
    place = name_place(facts, finding)  # type: ignore[arg-type]
    assert (place.parcel_keys, place.sidewalk_key, place.position is not None) == (parcels, segment, has_point)
