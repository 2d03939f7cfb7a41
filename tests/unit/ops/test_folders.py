"""Where a copy keeps its files, also when its folder is awkward."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.folders import SOCKET_NAME_LENGTH, SOCKET_PATH_LIMIT, Folders, check_room, choose_var, socket_folder
from ops.prepare import hash_files
from ops.pytest_servers import needs_servers
from ops.words import Stop


def test_a_relative_folder_lies_in_the_clone() -> None:
    assert choose_var("").var == choose_var(None).var == choose_var("var").var


def test_a_folder_that_is_a_file_stops_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Stop, match="VAR_DIR="):
        choose_var(str(tmp_path / "file"))


def test_a_full_disk_is_said_with_its_figures(tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r"nearly full: [0-9]+ MB free"):
        check_room(tmp_path, least_mb=10**9)


@pytest.mark.parametrize("depth", [1, 12], ids=["short path", "path longer than a socket may have"])
def test_the_socket_path_is_never_too_long(tmp_path: Path, depth: int) -> None:
    home = tmp_path.joinpath(*["a-long-name"] * depth)
    home.mkdir(parents=True)
    folder = socket_folder(Folders(home), home)
    assert len(str(folder)) + SOCKET_NAME_LENGTH <= SOCKET_PATH_LIMIT
    folder.rmdir()


@pytest.mark.parametrize(
    ("arguments", "collect_only", "expected"),
    [
        (["tests/unit/ops"], False, False),
        (["tests/unit/ops/test_folders.py::test_x", "tests/unit"], False, False),
        (["tests/unit", "tests/laws"], False, True),
        (["tests"], False, True),
        (["tests"], True, False),
        ([], False, True),
    ],
    ids=["pure", "pure by name", "mixed", "all", "list only", "no argument"],
)
def test_servers_are_started_only_for_tests_that_need_them(
    arguments: list[str], collect_only: bool, expected: bool
) -> None:
    assert needs_servers(arguments, collect_only=collect_only) is expected


def test_the_hash_of_files_tells_a_changed_set_from_an_unchanged_one() -> None:
    assert hash_files(["Makefile"]) == hash_files(["Makefile"])
    assert hash_files(["Makefile"]) != hash_files(["Dockerfile"])
    assert hash_files(["no/such/*"]) == hash_files([])
