"""Moves an observation from stage to stage: runs one, writes what became of it, queues the next after commit.

The row ``Progress`` is the truth and the broker only a bell: a lost message is rung again by ``pipeline.sweeps``. While
a stage runs its worker holds a PostgreSQL advisory lock of the session, which falls with the worker: a row that says
``running`` without its lock belongs to a dead worker and is taken over at the next ring. The bell for the next stage rings
only once the lock is given back, or the next worker would find it held and go away.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from errors import ProjectError, TemporaryError
from pipeline.models import RESTING, Progress, ProgressState, StageRun
from pipeline.stages import FIRST, Outcome, Stage, StageOutcome, get_stage, stage_after

log = structlog.get_logger("pipeline")
Run = Callable[[UUID], StageOutcome]
GOES_AGAIN_FROM = get_stage("open_case")
CALLED = "called"  # somebody acted while the stage was running: it may have looked too early, and runs once more


def start(observation_id: UUID) -> None:
    """Put a new observation at the first stage; safe to call twice. Queued when the caller's transaction commits."""
    with transaction.atomic():
        _, created = Progress.objects.get_or_create(
            observation_id=observation_id, defaults={"stage": FIRST.name, "updated_at": timezone.now()}
        )
        if created:
            transaction.on_commit(partial(ring, observation_id, FIRST))


def resume(observation_id: UUID) -> bool:
    """A person acted: run the stage at which this observation rests once more. False when it is at work already.

    What had ended (its case was dismissed, or is shown) goes through the stages of its case again. A stage that is
    running at this moment is told, so that it does not lie down to wait for what has just happened.
    """
    with transaction.atomic():
        progress = Progress.objects.select_for_update().filter(observation_id=observation_id).first()
        if progress is None or progress.state == ProgressState.QUEUED:
            return False
        if progress.state == ProgressState.RUNNING:
            _write(progress, reason=CALLED)
            return False
        stage = GOES_AGAIN_FROM if progress.state == ProgressState.FINISHED else get_stage(progress.stage)
        _write(progress, stage=stage.name, state=ProgressState.QUEUED, attempts=0, reason="")
        transaction.on_commit(partial(ring, observation_id, stage))
    return True


def ring(observation_id: UUID, stage: Stage) -> bool:
    """Tell a worker. False when the broker does not answer: nothing is lost, the sweep rings again."""
    from pipeline.tasks import run_stage

    try:
        run_stage.apply_async(args=[str(observation_id), stage.name], queue=stage.queue.value)
    except Exception as error:  # the rim: whatever the broker's client raises, the row in the database stands
        log.warning("bell_not_heard", observation_id=str(observation_id), stage=stage.name, error=type(error).__name__)
        return False
    return True


def run_and_advance(observation_id: UUID, stage_name: str) -> StageOutcome | None:
    """Run one stage if it is this observation's turn. None when it is not: done already, or being done elsewhere."""
    stage = get_stage(stage_name)
    with _hold(observation_id) as is_ours:
        if not is_ours or not _take(observation_id, stage):
            return None
        outcome, following = _run_and_record(observation_id, stage)
    if following is not None:
        transaction.on_commit(partial(ring, observation_id, following))
    return outcome


def _run_and_record(observation_id: UUID, stage: Stage) -> tuple[StageOutcome | None, Stage | None]:
    """What the stage answered (None: to be tried again later) and the stage to ring for now, if any."""
    started_at, began = timezone.now(), time.perf_counter()
    outcome = _run_guarded(observation_id, stage)
    if outcome is None:
        return None, None
    duration_ms = (time.perf_counter() - began) * 1000
    with transaction.atomic():
        progress = Progress.objects.select_for_update().get(observation_id=observation_id)
        StageRun.objects.create(
            observation_id=observation_id, stage=stage.name, outcome=outcome.outcome.value, detail=dict(outcome.detail),
            attempt=progress.attempts, started_at=started_at, duration_ms=duration_ms,
        )  # fmt: skip
        following = _settle(progress, stage, outcome)
    log.info(
        "stage", observation_id=str(observation_id), stage=stage.name, outcome=outcome.outcome.value,
        duration_ms=round(duration_ms, 1),
    )  # fmt: skip
    return outcome, following


@contextmanager
def _hold(observation_id: UUID) -> Iterator[bool]:
    """Hold this observation's session lock; yields False when another worker holds it."""
    key = int.from_bytes(observation_id.bytes[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _take(observation_id: UUID, stage: Stage) -> bool:
    """Mark the stage as running, if it is this observation's turn. Called with the session lock held."""
    with transaction.atomic():
        progress = Progress.objects.select_for_update().filter(observation_id=observation_id).first()
        if progress is None or progress.stage != stage.name:
            return False
        if progress.state in RESTING:  # a second bell: only ``resume`` wakes what rests
            return False
        if progress.attempts >= settings.ENV.queue.max_attempts:
            _write(progress, state=ProgressState.NEEDS_PERSON, reason="too_many_attempts")
            return False
        _write(progress, state=ProgressState.RUNNING, attempts=progress.attempts + 1, reason="")
    return True


def _run_guarded(observation_id: UUID, stage: Stage) -> StageOutcome | None:
    """The stage's answer; None when it should be tried again later (a store was unreachable)."""
    try:
        return _find_run(stage)(observation_id)
    except (TemporaryError, OperationalError, InterfaceError) as error:
        log.warning("stage_again", observation_id=str(observation_id), stage=stage.name, error=str(error)[:200])
        _give_back(observation_id, stage)
        return None
    except ProjectError as error:
        log.warning("stage_stopped", observation_id=str(observation_id), stage=stage.name, error=error.code)
        return StageOutcome(Outcome.NEEDS_PERSON, {"error": error.code}, reason=str(error)[:300])
    except Exception:  # the rim: logged with the id and the stage, shown on a screen
        log.exception("stage_failed", observation_id=str(observation_id), stage=stage.name)
        return StageOutcome(Outcome.NEEDS_PERSON, {"error": "unexpected"}, reason="unexpected")


def _find_run(stage: Stage) -> Run:
    run: Run = importlib.import_module(f"pipeline.{stage.name}").run
    return run


def _give_back(observation_id: UUID, stage: Stage) -> None:
    """Leave the row queued, so that the sweep tries again; if even that fails the row goes stale and is found."""
    try:
        if not connection.is_usable():
            connection.close()
        Progress.objects.filter(observation_id=observation_id, stage=stage.name, state=ProgressState.RUNNING).update(
            state=ProgressState.QUEUED, updated_at=timezone.now(), ring_again_at=None
        )
    except DatabaseError as error:
        log.warning("give_back_failed", observation_id=str(observation_id), error=type(error).__name__)


def _settle(progress: Progress, stage: Stage, outcome: StageOutcome) -> Stage | None:
    """Write where the observation stands now; the stage to ring for, if it does not rest."""
    if outcome.outcome is Outcome.NEEDS_PERSON:
        _write(progress, state=ProgressState.NEEDS_PERSON, reason=outcome.reason[:300])
        return None
    is_called, following = progress.reason == CALLED, stage_after(stage.name)
    if outcome.outcome is Outcome.WAITING:
        if is_called:
            _write(progress, state=ProgressState.QUEUED, attempts=0, reason="")
            return stage
        _write(progress, state=ProgressState.WAITING, attempts=0, reason=outcome.reason[:300])
        return None
    if following is None and is_called:
        following = GOES_AGAIN_FROM
    if following is None:
        _write(progress, state=ProgressState.FINISHED, last_finished=stage.name, reason="")
        return None
    _write(progress, stage=following.name, last_finished=stage.name, state=ProgressState.QUEUED, attempts=0, reason="")
    return following


def _write(progress: Progress, **changes: object) -> None:
    for name, value in changes.items():
        setattr(progress, name, value)
    progress.updated_at, progress.ring_again_at = timezone.now(), None
    progress.save(update_fields=[*changes, "updated_at", "ring_again_at"])
