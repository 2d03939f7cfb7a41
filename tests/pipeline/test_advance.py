"""The order of the stages, and what happens when a store, the broker, a worker or a stage fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from errors import ConfigurationError, TemporaryError
from pipeline.stages import STAGES, Outcome, StageOutcome
from tests.pipeline.workers import wait_for

See = Callable[[Any], None]
DONE = StageOutcome(Outcome.DONE)
NAMES = [stage.name for stage in STAGES]
WAIT_S = 60.0


class Died(BaseException):
    """What the kernel does to a worker: nothing after this line runs, and nothing catches it."""


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Every bell as (observation, stage, queue), instead of a broker."""
    from pipeline import tasks

    bells: list[tuple[str, str, str]] = []

    def listen(*, args: list[str], queue: str) -> None:
        bells.append((args[0], args[1], queue))

    monkeypatch.setattr(tasks.run_stage, "apply_async", listen)
    return bells


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a function in place of the work of some stages; the others are done at once."""
    from pipeline import advance

    def replace(**runs: Callable[[UUID], StageOutcome]) -> None:
        monkeypatch.setattr(advance, "_find_run", lambda stage: runs.get(stage.name, lambda _: DONE))

    return replace


def progress_of(observation: UUID) -> Any:
    from pipeline.models import Progress

    return Progress.objects.get(pk=observation)


def make_older(observation: UUID, seconds: float) -> None:
    """As if nothing had happened to it for so long."""
    from pipeline.models import Progress

    row = progress_of(observation)
    Progress.objects.filter(pk=observation).update(updated_at=row.updated_at - timedelta(seconds=seconds))


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


def test_with_the_broker_down_nothing_is_lost_and_the_sweep_rings(
    small_city: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """A real broker's address at which nobody listens."""
    from config.celery import app
    from pipeline import advance, sweeps, tasks
    from tests import builders as b

    send = tasks.run_stage.apply_async
    dead = app.connection_for_write("redis://127.0.0.1:1/0")
    [observation] = b.a_report()
    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr(tasks.run_stage, "apply_async", lambda **sent: send(**sent, connection=dead))
        advance.start(observation)
    assert (progress_of(observation).stage, progress_of(observation).state) == ("receive", "queued")

    bells: list[str] = []
    monkeypatch.setattr(
        tasks.run_stage, "apply_async", lambda *, args, queue: bells.append(f"{args[0]} {args[1]} {queue}")
    )
    assert sweeps.ring_stuck() == 0  # it has waited for a moment only
    make_older(observation, 11)
    assert sweeps.ring_stuck() == 1
    assert bells == [f"{observation} receive intake"]


def test_a_long_queue_is_not_filled_with_second_bells(
    small_city: Any, rung: list[Any], stages: Callable[..., None]
) -> None:
    """An hour behind others rings a few tens of times, not at each of 360 sweeps; for the next stage it begins anew."""
    from pipeline import sweeps
    from tests import builders as b

    stages()
    [observation] = b.a_report()
    b.run_until(observation, "detect")
    began = progress_of(observation).updated_at
    ages = [age for age in range(0, 3600, 10) if sweeps.ring_stuck(began + timedelta(seconds=age))]
    assert ages[:4] == [20, 40, 80, 160]
    assert len(ages) < 40
    assert max(after - before for before, after in pairwise(ages)) == 120
    b.run_until(observation, "locate")
    assert progress_of(observation).ring_again_at is None


@pytest.mark.parametrize(
    ("state", "age_s", "is_rung"),
    [
        ("queued", 5, False), ("queued", 11, True), ("running", 25, False), ("running", 31, True),
        ("waiting", 9999, False), ("needs_person", 9999, False), ("finished", 9999, False),
    ],
)  # fmt: skip
def test_what_the_sweep_rings_for(
    small_city: Any, rung: list[Any], stages: Callable[..., None], state: str, age_s: float, is_rung: bool
) -> None:
    from pipeline import sweeps
    from pipeline.models import Progress
    from tests import builders as b

    stages()
    [observation] = b.a_report()
    b.run_until(observation, "detect")
    Progress.objects.filter(pk=observation).update(state=state)
    make_older(observation, age_s)
    assert sweeps.ring_stuck() == int(is_rung)
    assert rung == ([(str(observation), "detect", "detection")] if is_rung else [])


def test_what_was_received_but_never_begun_is_begun_by_the_sweep(
    small_city: Any, rung: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    """The web process died between its two transactions."""
    from django.utils import timezone

    from pipeline import sweeps, tasks
    from pipeline.models import Progress
    from tests import builders as b

    [late] = b.a_report(at=timezone.now() - timedelta(minutes=6))
    [fresh] = b.a_report(at=timezone.now() - timedelta(minutes=5))
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.sweep_stuck() == 1
    assert rung == [(str(late), "receive", "intake")]
    assert not Progress.objects.filter(pk=fresh).exists()
    assert sweeps.start_unbegun() == 0


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("name", [stage.name for stage in STAGES[:7]])
def test_a_worker_that_dies_in_a_stage_loses_and_doubles_nothing(
    small_city: Any, see: See, monkeypatch: pytest.MonkeyPatch, rung: list[Any], name: str, moment: str
) -> None:
    """The worker dies before its rows are written, or after them and before its run is on record."""
    from pipeline import advance, sweeps
    from pipeline.models import StageRun
    from tests import builders as b

    see(b.building_work())
    find, deaths = advance._find_run, []

    def find_deadly(stage: Any) -> Callable[[UUID], StageOutcome]:
        def run(observation: UUID) -> StageOutcome:
            if stage.name != name or deaths:
                return find(stage)(observation)
            if moment == "after":
                find(stage)(observation)
            deaths.append(stage.name)
            raise Died

        return run

    monkeypatch.setattr(advance, "_find_run", find_deadly)
    [observation] = b.a_report()
    b.run_until(observation, name)
    with pytest.raises(Died):
        advance.run_and_advance(observation, name)
    assert (progress_of(observation).state, progress_of(observation).stage) == ("running", name)
    make_older(observation, 31)
    assert sweeps.ring_stuck() == 1
    row = b.run_to_rest(observation)
    assert (row.stage, row.state, row.reason) == ("assign", "waiting", "review")
    assert list(StageRun.objects.values_list("stage", flat=True)) == NAMES[:7]
    counts = {table: rows.split()[0] for table, rows in b.read_rows().items()}
    assert {counts[table] for table in ONE_EACH} == {"1"}
    assert counts["intake_mediafile"] == "2"


ONE_EACH = (
    "intake_servicerequest", "intake_observation", "intake_geotag", "detection_detectionrun", "detection_sighting",
    "rules_flag", "rules_flagevent", "cases_case", "cases_caserequest", "cases_caseflag",
)  # fmt: skip


def test_two_workers_at_one_observation_do_it_once(committed_city: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connections

    from pipeline import advance
    from pipeline.models import StageRun
    from tests import builders as b

    runs: list[UUID] = []
    is_inside, may_leave = threading.Event(), threading.Event()

    def slow(observation: UUID) -> StageOutcome:
        runs.append(observation)
        is_inside.set()
        may_leave.wait(WAIT_S)
        return DONE

    answers: list[StageOutcome | None] = []

    def work() -> None:
        try:
            answers.append(advance.run_and_advance(observation, "receive"))
        finally:
            connections.close_all()

    monkeypatch.setattr(advance, "ring", lambda *_: True)
    monkeypatch.setattr(advance, "_find_run", lambda _: slow)
    [observation] = b.a_report()
    advance.start(observation)
    first, second = threading.Thread(target=work), threading.Thread(target=work)
    first.start()
    assert is_inside.wait(WAIT_S)
    second.start()
    second.join(WAIT_S)
    assert answers == [None]
    may_leave.set()
    first.join(WAIT_S)
    assert (answers, runs) == ([None, DONE], [observation])
    assert StageRun.objects.count() == 1


def test_the_row_of_a_dead_session_is_taken_over_and_a_living_ones_is_not(
    committed_city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg
    from django.db import connection

    from pipeline import advance
    from pipeline.models import Progress
    from tests import builders as b

    monkeypatch.setattr(advance, "ring", lambda *_: True)
    monkeypatch.setattr(advance, "_find_run", lambda _: lambda _: DONE)
    [observation] = b.a_report()
    advance.start(observation)
    Progress.objects.filter(pk=observation).update(state="running", attempts=1)
    parameters = connection.get_connection_params()
    wanted = {name: parameters.get(name) for name in ("dbname", "user", "password", "host", "port")}
    other = psycopg.connect(**{name: value for name, value in wanted.items() if value}, autocommit=True)
    key = int.from_bytes(observation.bytes[:8], "big", signed=True)
    other.execute("SELECT pg_advisory_lock(%s)", [key])
    assert advance.run_and_advance(observation, "receive") is None
    other.close()
    wait_for(lambda: advance.run_and_advance(observation, "receive") == DONE, what="the server ends the other session")
    assert (progress_of(observation).stage, progress_of(observation).attempts) == ("geotag", 0)


def test_the_next_bell_rings_after_the_lock_is_given_back(committed_city: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quick worker in another session must be able to begin at the very moment of the bell."""
    from django.db import connections

    from pipeline import advance
    from pipeline.stages import Stage
    from tests import builders as b

    answers: list[StageOutcome | None] = []

    def begin_at_once(observation_id: UUID, stage: Stage) -> bool:
        if stage.name == "geotag":
            worker = threading.Thread(target=work, args=[observation_id])
            worker.start()
            worker.join(WAIT_S)
        return True

    def work(observation_id: UUID) -> None:
        try:
            answers.append(advance.run_and_advance(observation_id, "geotag"))
        finally:
            connections.close_all()

    monkeypatch.setattr(advance, "ring", begin_at_once)
    monkeypatch.setattr(advance, "_find_run", lambda _: lambda _: DONE)
    [observation] = b.a_report()
    advance.start(observation)
    advance.run_and_advance(observation, "receive")
    assert answers == [DONE]
    assert progress_of(observation).stage == "detect"


def test_a_lost_database_connection_leaves_it_for_the_sweep(
    committed_city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    from pipeline import advance
    from tests import builders as b

    def cut(_: UUID) -> StageOutcome:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return DONE

    monkeypatch.setattr(advance, "ring", lambda *_: True)
    monkeypatch.setattr(advance, "_find_run", lambda _: cut)
    [observation] = b.a_report()
    advance.start(observation)
    assert advance.run_and_advance(observation, "receive") is None
    assert (progress_of(observation).state, progress_of(observation).attempts) == ("queued", 1)
    monkeypatch.setattr(advance, "_find_run", lambda _: lambda _: DONE)
    assert advance.run_and_advance(observation, "receive") == DONE


def test_with_the_database_down_a_worker_says_one_line_and_lives_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from uuid import uuid4

    from django.db import OperationalError

    from pipeline import advance, tasks

    def refuse(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(advance, "run_and_advance", refuse)
    tasks.run_stage(str(uuid4()), "check")
    [record] = caplog.records
    assert (record.msg["event"], record.msg["stage"], record.exc_info) == ("database_silent", "check", None)


@pytest.mark.parametrize("kind", ["photo", "clip"])
def test_the_whole_path_run_again_from_the_start_adds_nothing(small_city: Any, see: See, kind: str) -> None:
    """Every bell twice, and then every stage's work once more."""
    import importlib

    from tests import builders as b

    see(b.building_work() if kind == "photo" else b.standing(("motorcycle", 195.0, 111.5)))
    observation = b.a_report()[0] if kind == "photo" else b.a_camera_clip(b.a_clip(frames=12))
    b.run_to_rest(observation)
    before = b.read_rows()
    for name in NAMES:
        importlib.import_module(f"pipeline.{name}").run(observation)
    assert b.read_rows() == before
