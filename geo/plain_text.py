"""Names as they are compared: without accents, case, double spaces and, for streets, the word for "street". Pure."""

from __future__ import annotations

import re
import unicodedata

_REMARK = re.compile(r"\s*\([^)]*\)$")
_WORD_BEFORE = re.compile(r"^(?:duong|pho|d\.)\s+(?=\S)")
_SHORT_AFTER = {
    "st": "street", "ave": "avenue", "av": "avenue", "rd": "road", "pkwy": "parkway", "ln": "lane", "dr": "drive",
    "blvd": "boulevard", "sq": "square", "pl": "place", "ct": "court", "cir": "circle", "ter": "terrace",
}  # fmt: skip


def make_plain(text: str) -> str:
    """'Đường  Hoà' and 'duong hoa' give the same plain form; đ becomes d."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).split())


def make_street_plain(text: str) -> str:
    """'Đường Lê Thánh Tôn' and 'le thanh ton' give the same; 'Mount Auburn St' reads as 'mount auburn street'.

    A remark in brackets at the end is no part of the name.
    """
    plain = _WORD_BEFORE.sub("", _REMARK.sub("", make_plain(text)))
    head, _, last = plain.rpartition(" ")
    last = last.rstrip(".")
    return f"{head} {_SHORT_AFTER.get(last, last)}" if head else plain
