"""The demo as others drive it: its record, its second start, and what happens when a part of it is killed."""

from __future__ import annotations

import os
import signal
import stat
import time
import urllib.request

import pytest

from tests.live_demo import LiveDemo, run_ops

ROLES = {"inspector", "reviewer", "planner", "leader", "deputy", "auditor", "operator"}
BACK_WITHIN_S = 60.0
pytestmark = pytest.mark.xdist_group("live-demo")  # one process for all: each start would stop the other


def test_the_record_is_private_and_names_what_runs(live_demo: LiveDemo) -> None:
    assert stat.S_IMODE((live_demo.var / "demo.json").stat().st_mode) == 0o600
    assert set(live_demo.passwords) == set(live_demo.tokens) == ROLES
    expected = {"supervisor", "database", "broker", "web", "worker-detection", "worker-stages", "beat", "cameras"}
    assert set(live_demo.pids) == expected


def test_the_page_answers_and_every_part_reports(live_demo: LiveDemo) -> None:
    with urllib.request.urlopen(live_demo.url + "/", timeout=10) as answer:
        assert answer.status == 200
    ends = time.monotonic() + BACK_WITHIN_S
    while not _is_whole(live_demo):
        assert time.monotonic() < ends, "a part does not report"
        time.sleep(0.5)


def test_a_second_start_finds_the_running_one(live_demo: LiveDemo) -> None:
    again = run_ops(live_demo.var, "demo-up")
    assert again.returncode == 0
    assert f"Already running at {live_demo.url}" in again.stdout
    assert live_demo.read_again().pids["supervisor"] == live_demo.pids["supervisor"]


@pytest.mark.parametrize("name", ["web", "worker-stages", "broker", "database"])
def test_a_killed_part_comes_back_and_the_record_follows(live_demo: LiveDemo, name: str) -> None:
    killed = live_demo.read_again().pids[name]
    os.kill(killed, signal.SIGKILL)
    ends = time.monotonic() + BACK_WITHIN_S
    while live_demo.read_again().pids.get(name, killed) == killed:
        assert time.monotonic() < ends, f"{name} did not come back"
        time.sleep(0.2)
    while not _is_whole(live_demo):
        assert time.monotonic() < ends + BACK_WITHIN_S, f"the demo is not whole after {name} was killed"
        time.sleep(0.5)


def _is_whole(live_demo: LiveDemo) -> bool:
    try:
        with urllib.request.urlopen(live_demo.url + "/health", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
