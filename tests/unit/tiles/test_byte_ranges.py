"""One HTTP range as first and last byte."""

from __future__ import annotations

import pytest

from tiles.byte_ranges import NotSatisfiable, parse_range


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("bytes=0-126", (0, 126)),
        ("bytes=900-", (900, 999)),
        ("bytes=900-5000", (900, 999)),
        ("bytes=-100", (900, 999)),
        ("bytes=-5000", (0, 999)),
        ("", None),
        ("bytes=-", None),
        ("bytes=0-1,5-9", None),
        ("bytes=9-2", None),
        ("pages=0-1", None),
    ],
    ids=[
        "first",
        "to the end",
        "past the end",
        "last",
        "last, too many",
        "none",
        "empty",
        "several",
        "turned",
        "other unit",
    ],
)
def test_a_range_is_read(header: str, asked: tuple[int, int] | None) -> None:
    assert parse_range(header, 1000) == asked


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_outside_the_file_is_refused(header: str) -> None:
    with pytest.raises(NotSatisfiable):
        parse_range(header, 1000)
