"""Facts and findings survive storage: any facts, to JSON text and back, are the same facts."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import InputError
from geo.position import Position, PositionMethod
from rules.engine import check
from rules.finding import Finding, Reason
from rules.ordinances import LawInForce
from rules.serialise import from_json, to_json
from rules.site_facts import Share, SiteFacts
from tests.data.site_facts import WORK, a_law, camera_facts, law_at, photo_facts, site_facts

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(
    Position,
    st.builds(
        Position,
        lon=st.floats(-180, 180),
        lat=st.floats(-90, 90),
        accuracy_m=st.floats(0.01, 1e5),
        method=st.sampled_from(PositionMethod),
        covariance_m2=st.none() | st.tuples(*[st.floats(-1e3, 1e3)] * 3),
    ),
)
FACTS = st.builds(SiteFacts, at=st.datetimes(timezones=st.just(UTC)))


@settings(max_examples=60, deadline=None)
@given(facts=FACTS)
def test_any_facts_come_back(facts: SiteFacts) -> None:
    assert from_json(SiteFacts, json.loads(json.dumps(to_json(facts)))) == facts


@settings(max_examples=60, deadline=None)
@given(reason=st.builds(Reason))
def test_any_reason_comes_back(reason: Reason) -> None:
    back = from_json(Reason, json.loads(json.dumps(to_json(reason))))
    assert back == reason
    assert [type(value) for _, value in back.values] == [type(value) for _, value in reason.values]


@pytest.mark.parametrize("facts", [camera_facts(), photo_facts(*WORK), site_facts()], ids=["camera", "photo", "site"])
def test_stored_facts_give_the_same_findings(facts: SiteFacts) -> None:
    back = from_json(SiteFacts, json.loads(json.dumps(to_json(facts))))
    found = check(facts, a_law())
    assert check(back, a_law()) == found
    assert [from_json(Finding, json.loads(json.dumps(to_json(f)))) for f in found] == list(found)


def test_the_law_of_a_day_comes_back() -> None:
    assert from_json(LawInForce, to_json(law_at())) == law_at()


STORED = to_json(camera_facts())


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        pytest.param(("at",), "yesterday", "SiteFacts.at", id="not-a-moment"),
        pytest.param(("at_is_known",), 1, "SiteFacts.at_is_known", id="number-for-a-flag"),
        pytest.param(("scene", "source"), "rumour", "SiteFacts.scene.source", id="unknown-source"),
        pytest.param(("scene", "colour"), "red", "SiteFacts.scene.colour", id="unknown-field"),
        pytest.param(("scene", "seen"), "car", "SiteFacts.scene.seen", id="text-for-a-list"),
        pytest.param(("ground",), 5, "SiteFacts.ground", id="number-for-facts"),
        pytest.param(("sighting", "footprint"), [[1.0]], "SiteFacts.sighting.footprint[0]", id="half-a-point"),
        pytest.param((), [], "SiteFacts", id="not-facts"),
        pytest.param((), {}, "SiteFacts", id="nothing"),
    ],
)
def test_what_does_not_fit_is_named(path: tuple[str, ...], value: object, place: str) -> None:
    stored: Any = json.loads(json.dumps(STORED))
    target = stored
    for step in path[:-1]:
        target = target[step]
    if path:
        target[path[-1]] = value
    else:
        stored = value
    with pytest.raises(InputError) as caught:
        from_json(SiteFacts, stored)
    assert caught.value.field == place


def test_whole_numbers_stand_for_floats() -> None:
    assert from_json(Share, {"share": 1, "least": 0, "most": 1}) == Share(1.0, 0.0, 1.0)


def test_what_is_not_stored() -> None:
    with pytest.raises(InputError, match="dict"):
        to_json({"a": 1})
