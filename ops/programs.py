"""What a running copy consists of besides its servers: the web process, one or more workers, the clock, the cameras."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.folders import ROOT
from pipeline.queues import Queue

DETECTOR_PROCESSES = 1
OTHER_PROCESSES = 2
WEB_WORKERS = 2
WEB_THREADS = 2  # of each: while one waits for the database or encodes a picture, the other answers
# A pool of connections does not survive the fork of a worker, and one connection is all that it needs.
ONE_CONNECTION = (("DATABASE_POOL_MAX", "0"),)


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep alive. ``stop_timeout_s`` is how long it may finish what it has in hand.

    ``settings`` are environment variables of this program alone.
    """

    name: str
    argv: tuple[str, ...]
    stop_timeout_s: float = 15.0
    settings: tuple[tuple[str, str], ...] = ()


def list_programs(
    *, host: str, port: int, development: bool = False, environment: Mapping[str, str] = os.environ
) -> tuple[Program, ...]:
    """All programs, in the order of starting. ``DETECTOR_WORKERS`` and ``STAGE_WORKERS`` change how many run at once."""
    others = [queue.value for queue in Queue if queue is not Queue.DETECTION]
    detectors = _whole(environment, "DETECTOR_WORKERS", DETECTOR_PROCESSES)
    stage_workers = _whole(environment, "STAGE_WORKERS", OTHER_PROCESSES)
    return (
        _reloading_web(host, port) if development else _web(host, port),
        _worker("worker-detection", [Queue.DETECTION.value], detectors),
        _worker("worker-stages", others, stage_workers),
        Program("beat", (*_celery(), "beat", "--loglevel=INFO", "--pidfile="), settings=ONE_CONNECTION),
        Program("cameras", (sys.executable, str(ROOT / "manage.py"), "run_cameras"), settings=ONE_CONNECTION),
    )


def _web(host: str, port: int) -> Program:
    argv = [_tool("granian"), "--interface", "wsgi", "--no-ws", "--host", host, "--port", str(port)]
    argv += ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--respawn-failed-workers"]
    argv += ["--workers-kill-timeout", "10", "--log-level", "warning", "config.wsgi:application"]
    return Program("web", tuple(argv))


def _reloading_web(host: str, port: int) -> Program:
    return Program("web", (sys.executable, str(ROOT / "manage.py"), "runserver", f"{host}:{port}"))


def _worker(name: str, queues: list[str], processes: int) -> Program:
    argv = [*_celery(), "worker", "--queues", ",".join(queues), "--concurrency", str(processes)]
    argv += ["--hostname", f"{name}@%h", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
    return Program(name, tuple(argv), stop_timeout_s=25.0, settings=ONE_CONNECTION)


def _celery() -> tuple[str, ...]:
    return (_tool("celery"), "--app", "config.celery:app", "--quiet")


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _whole(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, "")
    return int(value) if value.isdigit() and int(value) > 0 else default
