"""Roads, sidewalks with their allowed uses, and the lines of the plan."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from bench.city.layout import BLOCK_M, PITCH_M, SIDEWALK_M, STREET_M, CityPlan, Floats
from bench.city.names import street_name, street_of
from bench.city.outlines import quads

Columns = dict[str, np.ndarray[Any, Any]]
_USES = (
    [],
    [{"use": "parking", "from_on": "2026-03-02", "from_time": "06:00", "to_time": "22:00"}],
    [{"use": "trading", "from_on": "2024-01-01", "to_on": "2025-11-28", "from_time": "06:00", "to_time": "22:00"}],
    [{"use": "material", "from_on": "2026-10-01", "to_on": "2026-12-31", "from_time": "22:00", "to_time": "05:00"}],
)
_LINES = (("red_line", "Chỉ giới đường đỏ"), ("building_line", "Chỉ giới xây dựng"))
_CANAL_EVERY_ROWS = 40


def roads(plan: CityPlan) -> tuple[Floats, Columns]:
    """Centre lines: one stretch along and one across for each block."""
    column, row = plan.block_corners()
    x, y = column * PITCH_M[0], row * PITCH_M[1]
    along = np.stack([np.stack([x, y], axis=-1), np.stack([x + PITCH_M[0], y], axis=-1)], axis=1)
    across = np.stack([np.stack([x, y], axis=-1), np.stack([x, y + PITCH_M[1]], axis=-1)], axis=1)
    names = _names(plan)
    lanes = [f"Hẻm {number}" for number in column.tolist()]
    count = len(column)
    return np.concatenate([along, across]), {
        "key": np.array([f"R{n}" for n in range(1, 2 * count + 1)], dtype=object),
        "name": np.array([*names, *lanes], dtype=object),
        "road_class": np.array(["residential"] * count + ["alley"] * count, dtype=object),
        "width_m": np.repeat([STREET_M - 2 * SIDEWALK_M, STREET_M - 2 * SIDEWALK_M - 2.0], count),
    }


def sidewalks(plan: CityPlan) -> tuple[Floats, Columns]:
    """The strips before each block's two rows and at its two ends; a fifth allows some use at some hours."""
    column, row = plan.block_corners()
    x0, y0 = column * PITCH_M[0] + STREET_M / 2, row * PITCH_M[1] + STREET_M / 2
    x1, y1, wide = x0 + BLOCK_M[0], y0 + BLOCK_M[1], SIDEWALK_M
    strips = [
        quads(x0, y0 - wide, x1, y0), quads(x0, y1, x1, y1 + wide), quads(x0 - wide, y0, x0, y1),
        quads(x1, y0, x1 + wide, y1),
    ]  # fmt: skip
    rings = np.concatenate(strips)
    uses = plan.random("uses").choice(len(_USES), len(rings), p=[0.8, 0.12, 0.05, 0.03])
    told = [json.dumps(use) for use in _USES]
    return rings, {
        "key": np.array([f"S{n}" for n in range(1, len(rings) + 1)], dtype=object),
        "street": np.array(_names(plan) * 4, dtype=object),
        "width_m": np.full(len(rings), wide),
        "allowed_uses": np.array([told[use] for use in uses.tolist()], dtype=object),
    }


def plan_lines(plan: CityPlan) -> tuple[Floats, Columns]:
    """Red lines along every row of houses (a third of the streets are to be widened by 4 m), building lines behind some."""
    column, row = plan.block_corners()
    names, widened = _names(plan), (row % 3 == 0)
    x0, x1 = column * PITCH_M[0] + STREET_M / 2, column * PITCH_M[0] + STREET_M / 2 + BLOCK_M[0]
    red = row * PITCH_M[1] + STREET_M / 2 + np.where(widened, 2.0, 0.0)
    chosen = np.flatnonzero(widened)
    x0, x1 = np.concatenate([x0, x0[chosen]]), np.concatenate([x1, x1[chosen]])
    y = np.concatenate([red, red[chosen] + 3.0])
    reserve = np.where(np.concatenate([widened, widened[chosen]]), STREET_M + 4.0, STREET_M)
    kind = [0] * len(column) + [1] * len(chosen)
    named = [*names, *(names[index] for index in chosen.tolist())]
    return np.stack([np.stack([x0, y], axis=-1), np.stack([x1, y], axis=-1)], axis=1), {
        "key": np.array([f"PL{n}" for n in range(1, len(y) + 1)], dtype=object),
        "kind": np.array([_LINES[k][0] for k in kind], dtype=object),
        "name": np.array([f"{_LINES[k][1]} đường {n}" for k, n in zip(kind, named, strict=True)], dtype=object),
        "width_m": reserve,
    }


def canals(plan: CityPlan) -> tuple[Floats, Columns]:
    """Corridors 20 m wide across the city, a stretch for each block, over houses and streets."""
    column, row = plan.block_corners()
    here = (row % _CANAL_EVERY_ROWS) == _CANAL_EVERY_ROWS // 2
    x, y = column[here] * PITCH_M[0], row[here] * PITCH_M[1] + 10.0
    count = len(x)
    return quads(x, y, x + PITCH_M[0], y + 20.0), {
        "key": np.array([f"C{n}" for n in range(1, count + 1)], dtype=object),
        "kind": np.array(["canal_corridor"] * count, dtype=object),
        "name": np.array(["Hành lang bảo vệ bờ kênh"] * count, dtype=object),
        "width_m": np.full(count, 20.0),
    }


def _names(plan: CityPlan) -> list[str]:
    column, row = plan.block_corners()
    return [street_name(number) for number in street_of(column, row, plan).tolist()]
