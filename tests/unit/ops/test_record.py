"""What is written down about a running copy: private, whole, and readable again."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from ops.folders import Folders
from ops.keys import Keys, load_keys, make_keys
from ops.record import Users, parse_users, write_demo
from ops.words import Stop

USERS = '{"logins": {"planner": {"username": "planner", "password": "p"}}, "api_token": {"planner": "t"}}'


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"logins": {}}', '{"logins": {"planner": {"username": "p"}}, "api_token": {}}', "null"],
    ids=["nothing", "a list", "empty", "no tokens", "no password", "null"],
)
def test_something_else_than_users_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_users(text)


def test_the_demo_file_holds_what_was_promised_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    write_demo(
        folders,
        url="http://127.0.0.1:8000",
        users=parse_users(USERS),
        database_url="postgresql://d",
        redis_url="redis://r",
        pids={"web": 7},
    )
    assert stat.S_IMODE(folders.demo_file.stat().st_mode) == 0o600
    assert json.loads(folders.demo_file.read_text()) == {
        "url": "http://127.0.0.1:8000",
        "logins": {"planner": {"username": "planner", "password": "p"}},
        "api_token": {"planner": "t"},
        "database_url": "postgresql://d",
        "redis_url": "redis://r",
        "pids": {"web": 7},
    }


def test_keys_are_made_once_and_kept_private(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = load_keys(path)
    assert load_keys(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_key_file_stops_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{")
    with pytest.raises(Stop, match="make clean"):
        load_keys(path)


@pytest.mark.parametrize("value", [make_keys(), parse_users(USERS)], ids=["keys", "users"])
def test_secrets_do_not_show_in_a_repr(value: Keys | Users) -> None:
    shown = repr(value)
    assert "password='" not in shown and "secret_key='" not in shown and "'t'" not in shown
