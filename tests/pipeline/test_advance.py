"""The order of the stages, a decision that comes in between, and what a failing stage does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from errors import ConfigurationError, TemporaryError
from pipeline.stages import STAGES, Outcome, StageOutcome
from tests.pipeline.progress import DONE, NAMES, progress_of


def test_the_stages_run_in_their_order_each_in_its_queue(
    small_city: Any, rung: list[Any], stages: Callable[..., None], django_capture_on_commit_callbacks: Any
) -> None:
    from pipeline import advance
    from pipeline.models import StageRun
    from tests import builders as b

    stages()
    [observation] = b.a_report()
    with django_capture_on_commit_callbacks(execute=True):
        advance.start(observation)
        advance.start(observation)
    for stage in STAGES:
        assert rung[-1] == (str(observation), stage.name, stage.queue.value)
        with django_capture_on_commit_callbacks(execute=True):
            assert advance.run_and_advance(observation, stage.name) == DONE
    assert [stage for _, stage, _ in rung] == NAMES
    assert list(StageRun.objects.values_list("stage", flat=True)) == NAMES
    row = progress_of(observation)
    assert (row.state, row.stage, row.last_finished) == ("finished", "publish", "publish")


@pytest.mark.parametrize("called", [name for name in NAMES if name != "detect"])
def test_out_of_turn_nothing_happens(
    small_city: Any, rung: list[Any], stages: Callable[..., None], called: str
) -> None:
    from pipeline import advance
    from pipeline.models import StageRun
    from tests import builders as b

    def never(_: UUID) -> StageOutcome:
        raise AssertionError("it is not this stage's turn")

    stages(**{called: never} if NAMES.index(called) > NAMES.index("detect") else {})
    [observation] = b.a_report()
    b.run_until(observation, "detect")
    runs = StageRun.objects.count()
    stages(**dict.fromkeys(NAMES, never))
    assert advance.run_and_advance(observation, called) is None
    assert (progress_of(observation).stage, progress_of(observation).state) == ("detect", "queued")
    assert StageRun.objects.count() == runs


def test_what_rests_is_woken_by_a_person_only(small_city: Any, rung: list[Any], stages: Callable[..., None]) -> None:
    from pipeline import advance
    from pipeline.models import StageRun
    from tests import builders as b

    stages(assign=lambda _: StageOutcome(Outcome.WAITING, reason="review"))
    [observation] = b.a_report()
    b.run_to_rest(observation)
    runs = StageRun.objects.count()
    for _ in range(8):  # second bells, as a sweep rings them when the queues are long
        assert advance.run_and_advance(observation, "assign") is None
    row = progress_of(observation)
    assert (row.state, row.reason, row.attempts, StageRun.objects.count()) == ("waiting", "review", 0, runs)
    assert advance.resume(observation)
    assert not advance.resume(observation)
    stages()
    assert b.run_to_rest(observation).state == "finished"


def test_what_had_ended_goes_through_the_stages_of_its_case_again(
    small_city: Any, rung: list[Any], stages: Callable[..., None]
) -> None:
    from pipeline import advance
    from pipeline.models import StageRun
    from tests import builders as b

    stages()
    [observation] = b.a_report()
    b.run_to_rest(observation)
    assert advance.resume(observation)
    assert (progress_of(observation).stage, progress_of(observation).state) == ("open_case", "queued")
    assert b.run_to_rest(observation).state == "finished"
    assert list(StageRun.objects.values_list("stage", flat=True)) == [*NAMES, *NAMES[5:]]


def test_a_decision_taken_while_the_stage_was_looking_is_not_lost(
    small_city: Any, rung: list[Any], stages: Callable[..., None], django_capture_on_commit_callbacks: Any
) -> None:
    from pipeline import advance
    from tests import builders as b

    def look_too_early(observation: UUID) -> StageOutcome:
        assert advance.resume(observation) is False
        return StageOutcome(Outcome.WAITING, reason="review")

    stages(assign=look_too_early)
    [observation] = b.a_report()
    b.run_until(observation, "assign")
    with django_capture_on_commit_callbacks(execute=True):
        advance.run_and_advance(observation, "assign")
    assert (progress_of(observation).state, rung) == ("queued", [(str(observation), "assign", "cases")])


def test_a_decision_taken_during_the_last_stage_is_not_lost(
    small_city: Any, rung: list[Any], stages: Callable[..., None]
) -> None:
    from pipeline import advance
    from tests import builders as b

    def end_too_early(observation: UUID) -> StageOutcome:
        assert advance.resume(observation) is False
        return StageOutcome(Outcome.SKIPPED)

    stages(publish=end_too_early)
    [observation] = b.a_report()
    b.run_until(observation, "publish")
    advance.run_and_advance(observation, "publish")
    assert (progress_of(observation).stage, progress_of(observation).state) == ("open_case", "queued")


def test_a_store_that_does_not_answer_is_tried_again(
    small_city: Any, rung: list[Any], stages: Callable[..., None]
) -> None:
    from pipeline import advance
    from pipeline.models import StageRun
    from tests import builders as b

    answers: Iterator[Exception | None] = iter([TemporaryError("no answer"), None])

    def flaky(_: UUID) -> StageOutcome:
        error = next(answers)
        if error is not None:
            raise error
        return DONE

    stages(locate=flaky)
    [observation] = b.a_report()
    b.run_until(observation, "locate")
    assert advance.run_and_advance(observation, "locate") is None
    assert (progress_of(observation).state, progress_of(observation).attempts) == ("queued", 1)
    assert advance.run_and_advance(observation, "locate") == DONE
    assert progress_of(observation).attempts == 0
    assert StageRun.objects.get(stage="locate").attempt == 2


def test_when_tries_run_out_a_person_is_asked(small_city: Any, rung: list[Any], stages: Callable[..., None]) -> None:
    from django.conf import settings

    from pipeline import advance
    from pipeline.queries import list_needing_person
    from tests import builders as b

    tries: list[UUID] = []

    def fail(observation: UUID) -> StageOutcome:
        tries.append(observation)
        raise TemporaryError("no answer")

    stages(locate=fail)
    [observation] = b.a_report()
    row = b.run_to_rest(observation)
    assert (row.stage, row.state, row.reason) == ("locate", "needs_person", "too_many_attempts")
    assert len(tries) == settings.ENV.queue.max_attempts
    assert [(stuck.observation_id, stuck.stage) for stuck in list_needing_person()] == [(observation, "locate")]
    stages()
    assert advance.resume(observation)
    assert b.run_to_rest(observation).state == "finished"


def test_an_unexpected_error_is_logged_with_its_id_and_tells_nobody_else(
    small_city: Any, rung: list[Any], stages: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    from pipeline.models import StageRun
    from tests import builders as b

    def fail(_: UUID) -> StageOutcome:
        raise ValueError("the neighbour's name and number")

    stages(check=fail)
    [observation] = b.a_report()
    row = b.run_to_rest(observation)
    assert (row.stage, row.state, row.reason) == ("check", "needs_person", "unexpected")
    assert StageRun.objects.get(stage="check").detail == {"error": "unexpected"}
    [record] = [r for r in caplog.records if r.levelname == "ERROR"]
    assert (record.msg["event"], record.msg["stage"]) == ("stage_failed", "check")
    assert record.msg["observation_id"] == str(observation)
    assert record.exc_info


def test_an_error_of_ours_keeps_its_words_for_the_operator(
    small_city: Any, rung: list[Any], stages: Callable[..., None]
) -> None:
    from pipeline.models import StageRun
    from tests import builders as b

    def fail(_: UUID) -> StageOutcome:
        raise ConfigurationError("The weights file is missing.", field="weights", cure="Fetch it.")

    stages(detect=fail)
    [observation] = b.a_report()
    row = b.run_to_rest(observation)
    assert (row.state, row.reason) == ("needs_person", "The weights file is missing. [weights=] Fetch it.")
    assert StageRun.objects.get(stage="detect").detail == {"error": "configuration"}
