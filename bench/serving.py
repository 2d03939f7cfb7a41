"""Servers for a measurement and the load on them: ours as ``make demo`` starts it, the peer tipg, ``wrk`` and ``pgbench``.

The peers live in an environment of their own (``bench.peers``).
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import psycopg

from bench.peers import find_peers
from ops.folders import ROOT
from ops.programs import WEB_THREADS

_LUA = """
local paths = {}
for line in io.lines("%(paths)s") do paths[#paths + 1] = line end
local at = math.random(#paths)
request = function() at = at %% #paths + 1; return wrk.format("GET", paths[at], {["Accept"] = "application/json"}) end
local bad = 0
response = function(status) if status >= 400 then bad = bad + 1 end end
done = function(summary, latency)
  io.write(string.format("FIGURES %%.1f %%.2f %%.2f %%.2f %%d %%d\\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, summary.requests,
    summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a load gave: requests a second, milliseconds at three percentiles, requests and failures in all.

    ``cpu_ms`` is what one request cost the server's processes and their database connections together: on a machine that
    others use too it tells more than the requests a second. 0: not watched.
    """

    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    requests: int
    failures: int
    cpu_ms: float = 0.0


class CpuWatch(threading.Thread):
    """Adds up the seconds of CPU of this process's children and of a database's connections while it is open."""

    def __init__(self, database_url: str) -> None:
        super().__init__(daemon=True)
        self._url, self._done = database_url, threading.Event()
        self._first: dict[int, float] = {}
        self._last: dict[int, float] = {}

    def __enter__(self) -> CpuWatch:
        self._connection = psycopg.connect(self._url, autocommit=True)
        self._first = {pid: _cpu_s(pid) for pid in self._pids()}
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()
        self._connection.close()

    def run(self) -> None:
        while True:
            self._last |= {pid: _cpu_s(pid) for pid in self._pids()}
            if self._done.wait(0.2):
                return

    @property
    def cpu_s(self) -> float:
        """Since it was opened; processes that began later count whole."""
        return sum(max(0.0, last - self._first.get(pid, 0.0)) for pid, last in self._last.items())

    def _pids(self) -> set[int]:
        own = self._connection.info.backend_pid
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
        return {row[0] for row in self._connection.execute(query, [own])} | _children(os.getpid())


def _children(pid: int) -> set[int]:
    """All descendants but the load generators."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            listed = (task / "children").read_text().split()
        except OSError:
            continue
        for child in map(int, listed):
            try:
                name = Path(f"/proc/{child}/comm").read_text().strip()
            except OSError:
                continue
            if name != "wrk":
                found |= {child} | _children(child)
    return found


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def our_server(database_url: str, workers: int = 2) -> Iterator[str]:
    """Our web process on a database, with the settings of the demo; its address."""
    port = _free_port()
    argv = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1"]
    argv += [
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        str(WEB_THREADS),
        "--log-level",
        "warning",
    ]
    env = os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    with _running([*argv, "config.wsgi:application"], env, f"http://127.0.0.1:{port}/api/v1/openapi.json") as base:
        yield base.removesuffix("/api/v1/openapi.json")


@contextmanager
def tipg_server(database_url: str, workers: int = 2) -> Iterator[str]:
    """The peer on the same tables; its address."""
    port = _free_port()
    argv = [str(find_peers()), "-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", str(port)]
    argv += ["--workers", str(workers), "--log-level", "warning", "--no-access-log"]
    env = os.environ | {"DATABASE_URL": database_url, "TIPG_CUSTOM_SQL_DIRECTORY": ""}
    env.pop("TIPG_CUSTOM_SQL_DIRECTORY")
    with _running(argv, env, f"http://127.0.0.1:{port}/healthz") as base:
        yield base.removesuffix("/healthz")


def load_http(base: str, paths: Sequence[str], *, connections: int, seconds: int) -> Load:
    """``wrk`` over these paths in their order, each connection from a place of its own."""
    with tempfile.TemporaryDirectory() as folder:
        listed, script = Path(folder, "paths.txt"), Path(folder, "load.lua")
        listed.write_text("\n".join(paths) + "\n")
        script.write_text(_LUA % {"paths": listed})
        argv = [
            "wrk",
            "-t",
            "1",
            "-c",
            str(connections),
            "-d",
            f"{seconds}s",
            "--timeout",
            "20s",
            "-s",
            str(script),
            base,
        ]
        told = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    found = re.search(r"FIGURES (.+)", told)
    if not found:
        raise RuntimeError(told)
    per_s, p50, p95, p99, requests, failures = found[1].split()
    return Load(float(per_s), float(p50), float(p95), float(p99), int(requests), int(failures))


def load_pgbench(database_url: str, scripts: Sequence[str], *, clients: int, seconds: int) -> Load:
    """``pgbench`` over these scripts, each prepared once a client; it tells no percentiles."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, script in enumerate(scripts):
            file = Path(folder, f"{number}.sql")
            file.write_text(script)
            files += ["-f", str(file)]
        argv = [
            "pgbench",
            "-n",
            "-M",
            "prepared",
            "-c",
            str(clients),
            "-j",
            "1",
            "-T",
            str(seconds),
            *files,
            database_url,
        ]
        env = os.environ | {"PGOPTIONS": "-c plan_cache_mode=force_generic_plan -c jit=off"}
        told = subprocess.run(argv, capture_output=True, text=True, check=True, env=env).stdout
    per_s = float(re.search(r"tps = ([\d.]+)", told)[1])  # type: ignore[index]
    mean = float(re.search(r"latency average = ([\d.]+)", told)[1])  # type: ignore[index]
    return Load(per_s, mean, 0.0, 0.0, int(per_s * seconds), 0)


@contextmanager
def _running(argv: Sequence[str], env: dict[str, str], probe: str) -> Iterator[str]:
    process = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(probe, process)
        yield probe
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(probe: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        try:
            with urlopen(probe, timeout=5) as answer:  # noqa: S310  (our own address)
                answer.read(1)
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{process.args} did not answer")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
