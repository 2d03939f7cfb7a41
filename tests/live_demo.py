"""A whole running demo for tests that drive the system from outside, as a person or a client would.

It has a folder, servers, port and processes of its own, starts afresh once per run, and is stopped at the end. All tests
that ask for it run in one test process (``--dist loadgroup``), one after the other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ops.clean import clean
from ops.folders import ROOT, choose_var

START_TIMEOUT_S = 600
FOREIGN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "VAULT_KEY", "PORT", "HOST", "ALLOWED_HOSTS", "DEBUG")


@dataclass(frozen=True, slots=True)
class LiveDemo:
    """What ``demo.json`` says of the running demo."""

    var: Path
    url: str
    database_url: str
    redis_url: str
    passwords: Mapping[str, str] = field(repr=False)
    usernames: Mapping[str, str]
    tokens: Mapping[str, str] = field(repr=False)
    pids: Mapping[str, int]

    def read_again(self) -> LiveDemo:
        """The same demo with its present pids."""
        return read_demo(self.var)


def read_demo(var: Path) -> LiveDemo:
    """The demo that runs from the folder ``var``."""
    found = json.loads((var / "demo.json").read_text())
    return LiveDemo(
        var=var,
        url=found["url"],
        database_url=found["database_url"],
        redis_url=found["redis_url"],
        passwords={role: login["password"] for role, login in found["logins"].items()},
        usernames={role: login["username"] for role, login in found["logins"].items()},
        tokens=found["api_token"],
        pids=found["pids"],
    )


def run_ops(var: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the Makefile on the copy in ``var``; its output and exit code."""
    env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    env |= {"VAR_DIR": str(var), "REPORTS_PER_HOUR": "0"}
    return subprocess.run(
        [sys.executable, "-m", "ops", command],
        cwd=ROOT, env=env, timeout=START_TIMEOUT_S,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.fixture(scope="session")
def live_demo() -> Iterator[LiveDemo]:
    """A fresh demo, running until the end of the test run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")  # a folder for each test process: none stops the other's copy
    folders = choose_var(str(choose_var(None).var / f"test-demo-{worker}"))
    var = folders.var
    clean(folders)
    started = run_ops(var, "demo-up")
    if started.returncode != 0:
        pytest.fail(f"make demo-up failed:\n{started.stdout}", pytrace=False)
    try:
        yield read_demo(var)
    finally:
        run_ops(var, "demo-down")


def keep_together(items: list[pytest.Item]) -> None:
    """Send every test that asks for the live demo to the same test process, and let the first wait for its start."""
    for item in items:
        if "live_demo" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("live-demo"))
            item.add_marker(pytest.mark.timeout(START_TIMEOUT_S + 120))
