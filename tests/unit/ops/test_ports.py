"""Which port the page gets, and what the operator reads when it cannot have it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from ops.ports import LOOPBACK, any_free_port, choose_page_port, is_free, keep_or_choose
from ops.words import Stop


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield int(listener.getsockname()[1])


def test_a_port_asked_for_and_free_is_given() -> None:
    port = any_free_port()
    assert choose_page_port(str(port)) == port


def test_a_port_asked_for_and_taken_stops_with_the_cure(taken: int) -> None:
    with pytest.raises(Stop, match=rf"Port {taken} is taken.*make demo PORT=8080"):
        choose_page_port(str(taken))


@pytest.mark.parametrize("asked", ["http", "0", "65536", "-1", "80 80"])
def test_what_is_not_a_port_stops_with_its_value(asked: str) -> None:
    with pytest.raises(Stop, match="PORT="):
        choose_page_port(asked)


def test_without_a_wish_the_next_free_port_is_taken(taken: int) -> None:
    assert taken < choose_page_port("", default=taken) <= taken + 100


def test_the_last_port_is_kept_only_while_it_is_free(taken: int) -> None:
    free = any_free_port()
    assert keep_or_choose(free) == free
    assert keep_or_choose(taken) != taken
    assert is_free(keep_or_choose(None))


def test_a_port_that_is_let_go_of_in_time_is_kept() -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = int(listener.getsockname()[1])
        Timer(0.3, listener.close).start()
        assert keep_or_choose(port, patience_s=5.0) == port


def test_servers_get_ports_that_no_outgoing_connection_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = tmp_path / "ip_local_port_range"
    kernel.write_text("20000\t60999\n")
    monkeypatch.setattr("ops.ports.EPHEMERAL", kernel)
    assert all(any_free_port() < 20_000 for _ in range(20))
    kernel.write_text("1024\t65535\n")
    assert is_free(any_free_port())
