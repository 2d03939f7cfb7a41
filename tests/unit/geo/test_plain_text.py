"""Names without accents and case."""

from __future__ import annotations

import pytest

from geo.plain_text import make_plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đường  Võ Thị Sáu", "duong vo thi sau"),
        ("đặc khu Côn Đảo", "dac khu con dao"),
        ("Phu\u031bo\u031b\u0300ng 15", "phuong 15"),
        ("MAIN Street", "main street"),
        ("", ""),
    ],
)
def test_plain(text: str, plain: str) -> None:
    assert make_plain(text) == plain
