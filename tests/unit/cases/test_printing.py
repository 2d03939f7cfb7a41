"""Printing changes nothing for the rest of the process, and fetches nothing."""

from __future__ import annotations

from PIL import ImageFile

from cases.printing import print_html


def test_a_print_is_a_pdf_and_broken_pictures_stay_refused() -> None:
    assert print_html("<h1>Thửa 82, tờ 29</h1>").startswith(b"%PDF-")
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_picture_from_outside_is_left_out() -> None:
    assert print_html('<img src="http://192.0.2.1/a.png"><p>x</p>').startswith(b"%PDF-")
