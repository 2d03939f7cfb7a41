"""Permit numbers, however they are written."""

from __future__ import annotations

import pytest

from geo.permit_number import find_running_number, make_permit_plain, names_a_permit


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("PB-068", "pb 68"),
        ("pb68", "pb 68"),
        ("PB # 0068", "pb 68"),
        ("0042/2026/GPXD-XH (minh hoạ)", "42 2026 gpxd xh"),
        ("42/2026/gpxđ-xh", "42 2026 gpxd xh"),
        ("Giấy phép xây dựng số 42/2026", "42 2026"),
        ("giay phep so: 42/2026", "42 2026"),
        ("Số 7", "7"),
        ("Permit no. 1207", "1207"),
        ("NO-06", "no 6"),
        ("SO-12", "so 12"),
        ("000", ""),
        ("GP-0", "gp"),
        ("", ""),
    ],
)
def test_plain(written: str, plain: str) -> None:
    assert make_permit_plain(written) == plain


@pytest.mark.parametrize("written", ["PB-068", "0042/2026/GPXD-XH (minh hoạ)", "Giấy phép số 7/GP", "12/3/4"])
def test_a_plain_number_is_plain_already(written: str) -> None:
    plain = make_permit_plain(written)
    assert make_permit_plain(plain) == plain


def test_what_is_enough_to_look_for() -> None:
    assert names_a_permit("pb 68") and names_a_permit("1 2")
    assert not names_a_permit("68") and not names_a_permit("gpxd") and not names_a_permit("")


@pytest.mark.parametrize(
    ("plain", "running"),
    [("42 2026 gpxd", "42"), ("pb 68", "68"), ("2026 17", "17"), ("2026 gpxd", "2026"), ("gp", "")],
)
def test_the_running_number(plain: str, running: str) -> None:
    assert find_running_number(plain) == running
