"""Network ports on this machine: which are free, and which one a server of ours gets."""

from __future__ import annotations

import random
import socket
import time
from pathlib import Path

from ops.words import Stop

LOOPBACK = "127.0.0.1"
TRIES = 100
PATIENCE_S = 5.0
LOWEST = 10_000
EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """True when nothing listens on ``port`` and we may listen there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
    return True


def any_free_port() -> int:
    """A free port that no outgoing connection will take: below the kernel's own range, so that a server that was killed
    finds its port again. Where that range leaves no room, one the kernel chooses."""
    for port in random.sample(range(LOWEST, max(_first_ephemeral(), LOWEST + TRIES)), TRIES):  # noqa: S311 - no secret
        if port < _first_ephemeral() and is_free(port):
            return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _first_ephemeral() -> int:
    try:
        return int(EPHEMERAL.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 32_768


def keep_or_choose(previous: int | None, *, patience_s: float = 0.0) -> int:
    """The port used last time when it is free within ``patience_s`` (what a killed server left behind lets go of it after
    a moment), else any free one."""
    ends = time.monotonic() + patience_s
    while previous:
        if is_free(previous):
            return previous
        if time.monotonic() >= ends:
            break
        time.sleep(0.1)
    return any_free_port()


def choose_page_port(asked: str, *, default: int = 8000, host: str = LOOPBACK) -> int:
    """The page's port: the one asked for (or a clear stop), else the first free one from ``default`` upward."""
    if asked:
        if not asked.isdigit() or not 0 < int(asked) < 65536:
            raise Stop(f"PORT={asked} is not a port: give a number from 1 to 65535, or leave PORT out.")
        if not is_free(int(asked), host):
            raise Stop(
                f"Port {asked} is taken by another program (or not allowed). Choose another: make demo PORT=8080"
            )
        return int(asked)
    for port in range(default, default + TRIES):
        if is_free(port, host):
            return port
    raise Stop(f"No free port from {default} to {default + TRIES - 1}. Choose one: make demo PORT=9000")
