"""Ours and a peer's web server for a measurement: two processes each, on free ports, stopped at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.peers import find_peers
from ops.folders import ROOT
from ops.programs import WEB_THREADS

PROCESSES = 2


@contextmanager
def our_server(settings: Mapping[str, str]) -> Iterator[str]:
    """The product as ``make demo`` runs it; gives its address."""
    port = _free_port()
    argv = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--no-ws", "--port", str(port)]
    argv += [
        "--workers",
        str(PROCESSES),
        "--blocking-threads",
        str(WEB_THREADS),
        "--log-level",
        "warning",
        "config.wsgi:application",
    ]
    with _running(argv, {"ALLOWED_HOSTS": "127.0.0.1", **settings}, port, "/tiles/nothing.json") as address:
        yield address


@contextmanager
def peer_server(app: str, settings: Mapping[str, str], probe: str) -> Iterator[str]:
    """A peer's ASGI application under uvicorn, as its documentation runs it; gives its address."""
    port = _free_port()
    argv = [
        str(find_peers()),
        "-m",
        "uvicorn",
        app,
        "--port",
        str(port),
        "--workers",
        str(PROCESSES),
        "--log-level",
        "error",
    ]
    with _running(argv, settings, port, probe) as address:
        yield address


@contextmanager
def _running(argv: list[str], settings: Mapping[str, str], port: int, probe: str) -> Iterator[str]:
    process = subprocess.Popen(argv, cwd=ROOT, env=os.environ | dict(settings))
    try:
        _wait(f"http://127.0.0.1:{port}{probe}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(url: str, process: subprocess.Popen[bytes], seconds: int = 120) -> None:
    """Until it answers anything at all."""
    for _ in range(seconds * 4):
        if process.poll() is not None:
            raise SystemExit(f"The server ended at once: {url}")
        try:
            urllib.request.urlopen(url, timeout=10)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.25)
    raise SystemExit(f"The server does not answer: {url}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
