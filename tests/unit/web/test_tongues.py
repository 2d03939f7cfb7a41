"""A law cited on an English page: its Vietnamese part is marked for whoever reads aloud, and no letter is lost."""

from __future__ import annotations

from web.tongues import split_tongues

CITED = "165/2024/NĐ-CP, Điều 21 khoản 1 (bản sửa đổi) (Five groups of permitted use), in force since 01/07/2026"


def test_the_foreign_part_is_told_apart() -> None:
    assert split_tongues(CITED, "en") == [
        ("165/2024/NĐ-CP, Điều 21 khoản 1 (bản sửa đổi) (", True),
        ("Five groups of permitted use), in force since 01/07/2026", False),
    ]
    assert split_tongues("Chapter 40A, section 3", "en") == [("Chapter 40A, section 3", False)]


def test_on_a_vietnamese_page_nothing_is_to_be_said() -> None:
    assert split_tongues(CITED, "vi") == [(CITED, False)]


def test_no_letter_is_lost() -> None:
    for text in (CITED, "", ", Điều 1", "(a) Điều; b", "Ảnh"):
        assert "".join(part for part, _ in split_tongues(text, "en")) == text
