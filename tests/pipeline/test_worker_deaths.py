"""A worker, a session or the database dies in the middle: nothing is lost, nothing is there twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from pipeline.stages import STAGES, StageOutcome
from tests.pipeline.progress import DONE, NAMES, make_older, progress_of
from tests.pipeline.workers import wait_for

See = Callable[[Any], None]
WAIT_S = 60.0


class Died(BaseException):
    """What the kernel does to a worker: nothing after this line runs, and nothing catches it."""


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
