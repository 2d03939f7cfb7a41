"""Lengths and areas are measured in metres: no ST_Area, ST_Distance or buffer on degrees."""

from __future__ import annotations

import re

from tests.laws.house import ROOMS, ROOT, python_files

MEASURES = re.compile(r"ST_(Area|Length|Perimeter|Distance|DWithin|Buffer|ClusterDBSCAN)\s*\(([^\n]*)", re.IGNORECASE)
IN_METRES = re.compile(r"ST_Transform|::geography|metric|_m\b|local|metres", re.IGNORECASE)


def test_no_measure_is_taken_in_degrees() -> None:
    guilty = [
        f"{path.relative_to(ROOT)}: {found.group(0)[:100]}"
        for path in python_files(*ROOMS)
        for found in MEASURES.finditer(path.read_text())
        if not IN_METRES.search(found.group(2))
    ]
    assert guilty == []
