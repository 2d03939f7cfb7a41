"""Every stage has its file, queue, tests and a row in the README; every queue has a worker, and the reverse."""

from __future__ import annotations

import importlib
import shlex

import pytest
import yaml

from pipeline.queues import Queue
from pipeline.stages import STAGES, Stage
from tests.laws.house import ROOT

STAGE_IDS = [stage.name for stage in STAGES]


@pytest.mark.parametrize("stage", STAGES, ids=STAGE_IDS)
def test_every_stage_has_a_file_with_run(stage: Stage) -> None:
    assert callable(importlib.import_module(f"pipeline.{stage.name}").run)


@pytest.mark.parametrize("stage", STAGES, ids=STAGE_IDS)
def test_every_stage_has_its_tests(stage: Stage) -> None:
    assert list((ROOT / "tests" / "pipeline").glob(f"test_{stage.name}*.py"))


@pytest.mark.parametrize("stage", STAGES, ids=STAGE_IDS)
def test_every_stage_has_a_row_in_the_readme(stage: Stage) -> None:
    readme = (ROOT / "README.md").read_text()
    assert f"`pipeline/{stage.name}.py`" in readme
    assert f"`{stage.queue.value}`" in readme


def test_stages_are_numbered_in_order() -> None:
    assert [stage.number for stage in STAGES] == list(range(1, 10))


def test_every_queue_has_a_worker_and_every_worker_a_queue() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    served: set[str] = set()
    for service in services.values():
        command = service.get("command", "")
        words = shlex.split(command) if isinstance(command, str) else list(command)
        if "celery" in words and "worker" in words:
            served |= set(words[words.index("--queues") + 1].split(","))
    assert served == {queue.value for queue in Queue}
