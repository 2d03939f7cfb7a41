"""Stage 5: facts gathered, rules asked, every answer kept with all that it rests on."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest

from errors import NotFound
from pipeline.stages import Outcome

See = Callable[[Any], None]


def test_a_finding_is_kept_with_all_that_it_rests_on(small_city: Any, see: See) -> None:
    from pipeline.check import run
    from rules.models import Flag, FlagEvent, OrdinanceSet
    from rules.replay import replay
    from tests import builders as b

    see(b.building_work())
    [observation] = b.a_report()
    b.run_until(observation, "check")
    outcome = run(observation)
    assert (outcome.outcome, outcome.detail) == (Outcome.DONE, {"flags": 1, "flagged": 1})
    flag = Flag.objects.get()
    assert flag.versions["law"] == OrdinanceSet.objects.get().sha256
    assert flag.versions["weights"] == [{"name": "fake", "sha256": "0" * 64}]
    assert {"rule", "registers", "thresholds", "detector_thresholds"} <= set(flag.versions)
    assert flag.facts["place"]["parcels"][0]["source"]["is_generated"] is True
    assert replay(flag).is_same
    assert [event.to_state for event in FlagEvent.objects.all()] == ["new"]


def test_a_compliant_answer_is_kept_too_and_asks_nobody(small_city: Any, see: See) -> None:
    from pipeline.check import run
    from rules.models import Flag
    from tests import builders as b

    see(b.building_work())
    [observation] = b.a_report(b.a_picture_at(*b.ON_PARCEL_A))
    b.run_until(observation, "check")
    assert run(observation).detail == {"flags": 1, "compliant": 1}
    assert Flag.objects.get().state == "logged"


def test_a_picture_of_nothing_gives_no_flag(small_city: Any, see: See) -> None:
    from detection.fake_detector import FakeDetector
    from intake.kinds import Category
    from pipeline.check import run
    from tests import builders as b

    see(FakeDetector())
    [observation] = b.a_report(category=Category.UNSTATED)
    b.run_until(observation, "check")
    assert run(observation).detail == {"flags": 0}


def test_twice_gives_the_same_rows(small_city: Any, see: See) -> None:
    from pipeline.check import run
    from tests import builders as b

    see(b.standing(("motorcycle", 195.0, 111.5), ("motorcycle", 205.0, 110.3)))
    observation = b.a_camera_clip()
    b.run_until(observation, "check")
    first = run(observation)
    before = b.read_rows()
    assert run(observation) == first
    assert b.read_rows() == before


def test_a_rule_that_fails_leaves_it_undetermined(small_city: Any, see: See, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from pipeline.check import run
    from rules import engine
    from rules.models import Flag
    from tests import builders as b

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    see(b.building_work())
    [observation] = b.a_report()
    b.run_until(observation, "check")
    broken = {code: replace(rule, check=fail) if "permit" in code else rule for code, rule in engine.RULES.items()}
    monkeypatch.setattr(engine, "RULES", MappingProxyType(broken))
    assert run(observation).detail == {"flags": 1, "undetermined": 1}
    flag = Flag.objects.get()
    assert (flag.verdict, flag.missing) == ("undetermined", ["rule_failed"])


def test_it_cannot_run_before_the_picture_was_looked_at(small_city: Any) -> None:
    from pipeline.check import run
    from rules.models import Flag
    from tests import builders as b

    [observation] = b.a_report()
    with pytest.raises(NotFound):
        run(observation)
    assert Flag.objects.count() == 0
