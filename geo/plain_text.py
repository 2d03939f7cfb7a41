"""A name without accents, case and double spaces, for finding it however it is typed. Pure."""

from __future__ import annotations

import unicodedata


def make_plain(text: str) -> str:
    """'Đường  Hoà' and 'duong hoa' give the same plain form; đ becomes d."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).split())
