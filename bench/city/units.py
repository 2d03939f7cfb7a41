"""Wards before and after a reform: old ones in fours become one, and in every second column some are split in halves."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np

from bench.city.layout import OLD_WARD, PITCH_M, CityPlan, Floats
from bench.city.names import new_ward_name, old_ward_name
from bench.city.outlines import quads
from bench.city.parcels import FIRST_OLD_WARD

Columns = dict[str, np.ndarray[Any, Any]]
FIRST_NEW_WARD = 90_000
_OLD_M = (OLD_WARD[0] * PITCH_M[0], OLD_WARD[1] * PITCH_M[1])


def old_wards(plan: CityPlan) -> tuple[Floats, Columns]:
    """The wards that ended, with their outlines."""
    across, up = plan.columns // OLD_WARD[0], ceil(plan.rows / OLD_WARD[1])
    column, row = np.meshgrid(np.arange(across), np.arange(up))
    x, y = column.ravel() * _OLD_M[0], row.ravel() * _OLD_M[1]
    names = [", ".join(old_ward_name(number)) for number in range(across * up)]
    return quads(x, y, x + _OLD_M[0], y + _OLD_M[1]), {
        "code": np.array([str(FIRST_OLD_WARD + number) for number in range(across * up)], dtype=object),
        "name": np.array(names, dtype=object),
    }


def new_wards(plan: CityPlan) -> tuple[Floats, Columns]:
    """The wards of today."""
    boxes = np.array([box for _, box in _new_boxes(plan)])
    return quads(boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3]), {
        "code": np.array([str(FIRST_NEW_WARD + number) for number in range(len(boxes))], dtype=object),
        "name": np.array([new_ward_name(number) for number in range(len(boxes))], dtype=object),
    }


def successions(plan: CityPlan) -> Columns:
    """Which old ward became which new one, with the share of its area."""
    rings, old = old_wards(plan)
    boxes = np.array([box for _, box in _new_boxes(plan)])
    rows: dict[str, list[Any]] = {word: [] for word in ("old_code", "old_name", "new_code", "kind", "share")}
    for ring, code, name in zip(rings, old["code"], old["name"], strict=True):
        west, south, east, north = ring[0, 0], ring[0, 1], ring[2, 0], ring[2, 1]
        wide = np.clip(np.minimum(boxes[:, 2], east) - np.maximum(boxes[:, 0], west), 0, None)
        deep = np.clip(np.minimum(boxes[:, 3], north) - np.maximum(boxes[:, 1], south), 0, None)
        shares = wide * deep / ((east - west) * (north - south))
        heirs = np.flatnonzero(shares > 1e-9)
        for heir in heirs.tolist():
            values = (code, name, str(FIRST_NEW_WARD + heir), "whole" if len(heirs) == 1 else "split", shares[heir])
            for word, value in zip(rows, values, strict=True):
                rows[word].append(value)
    return {word: np.array(values, dtype=float if word == "share" else object) for word, values in rows.items()}


def _new_boxes(plan: CityPlan) -> list[tuple[int, tuple[float, float, float, float]]]:
    """Boxes of two by two old wards; every second column is moved by half an old ward."""
    across, up = plan.columns // OLD_WARD[0], ceil(plan.rows / OLD_WARD[1])
    boxes = []
    for column in range(ceil(across / 2)):
        west, east = 2 * column * _OLD_M[0], min(2 * column + 2, across) * _OLD_M[0]
        cuts = [0.0, *np.arange(2 - (column % 2) / 2, up - 0.75, 2).tolist(), float(up)]
        for south, north in pairwise(cuts):
            boxes.append((len(boxes), (west, south * _OLD_M[1], east, north * _OLD_M[1])))
    return boxes
