"""What the sweep rings for: bells that a broker lost, and what was never begun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.pipeline.progress import make_older, progress_of


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
