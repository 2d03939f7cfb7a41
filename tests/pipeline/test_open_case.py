"""Stage 6: a citizen's request has a case at once; a camera's flag waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.stages import Outcome

See = Callable[[Any], None]


def test_a_request_opens_a_case_and_is_received(small_city: Any, see: See) -> None:
    from cases.models import Case, CaseFlag, CaseRequest
    from intake.models import ServiceRequest
    from pipeline.open_case import run
    from tests import builders as b

    see(b.building_work())
    [observation] = b.a_report()
    b.run_until(observation, "open_case")
    outcome = run(observation)
    case = Case.objects.get()
    assert (outcome.outcome, outcome.detail) == (Outcome.DONE, {"case": case.code, "is_new": True})
    assert (case.state, case.use, case.unit_code) == ("opened", "construction", "00001")
    assert (CaseFlag.objects.get().is_confirmed, CaseRequest.objects.count()) == (False, 1)
    assert ServiceRequest.objects.get().status == "received"


def test_two_pictures_of_one_request_are_one_voice(small_city: Any, see: See) -> None:
    from cases.models import Case, CaseFlag, CaseRequest
    from tests import builders as b

    see(b.building_work())
    both = b.a_report(b.a_picture_at(*b.ON_PARCEL_B), b.a_picture_at(*b.ON_PARCEL_B))
    for observation in both:
        b.run_to_rest(observation)
    assert (Case.objects.count(), CaseRequest.objects.count(), CaseFlag.objects.count()) == (1, 1, 2)


def test_a_cameras_flag_waits_for_a_person(small_city: Any, see: See) -> None:
    from cases.models import Case
    from pipeline.open_case import run
    from tests import builders as b

    see(b.standing(("motorcycle", 195.0, 111.5)))
    observation = b.a_camera_clip()
    b.run_until(observation, "open_case")
    outcome = run(observation)
    assert (outcome.outcome, outcome.reason) == (Outcome.WAITING, "review")
    assert Case.objects.count() == 0


def test_a_camera_that_saw_nothing_wrong_opens_nothing(small_city: Any, see: See) -> None:
    from cases.models import Case
    from pipeline.open_case import run
    from tests import builders as b

    see(b.standing(("car", 205.0, 104.0)))
    observation = b.a_camera_clip()
    b.run_until(observation, "open_case")
    outcome = run(observation)
    assert (outcome.outcome, outcome.reason) == (Outcome.SKIPPED, "nothing_to_open")
    assert Case.objects.count() == 0


def test_twice_gives_the_same_rows(small_city: Any, see: See) -> None:
    from pipeline.open_case import run
    from tests import builders as b

    see(b.building_work())
    [observation] = b.a_report()
    b.run_until(observation, "open_case")
    first = run(observation)
    before = b.read_rows()
    again = run(observation)
    assert (again.detail["case"], again.detail["is_new"]) == (first.detail["case"], False)
    assert b.read_rows() == before
