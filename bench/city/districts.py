"""Districts of both plans and overlay districts: crooked cells that cut through parcels, as real plans do."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from bench.city.layout import CityPlan, Floats
from bench.city.outlines import tessellation

Columns = dict[str, np.ndarray[Any, Any]]
ZONE_CELL_M = (95.0, 62.0)
LAND_USE_CELL_M = (140.0, 95.0)
_ZONES = {
    "NO": ("Nhóm nhà ở", ["nhà ở", "dịch vụ tại tầng trệt"], (5, 75, 3.5, 0)),
    "HH": ("Hỗn hợp nhà ở, thương mại, dịch vụ", ["nhà ở", "thương mại", "dịch vụ"], (10, 65, 5.5, 3)),
    "TM": ("Thương mại, dịch vụ", ["thương mại", "dịch vụ", "văn phòng"], (8, 55, 4.5, 4)),
    "GD": ("Giáo dục", ["trường học"], (4, 40, 1.4, 5)),
    "CX": ("Cây xanh sử dụng công cộng", ["cây xanh"], (1, 5, 0.05, 10)),
}
_LAND_USES = {
    "ODT": "Đất ở tại đô thị", "TMD": "Đất thương mại, dịch vụ", "DGD": "Đất xây dựng cơ sở giáo dục và đào tạo",
    "DKV": "Đất khu vui chơi, giải trí công cộng", "DGT": "Đất giao thông",
}  # fmt: skip
_OVERLAYS = (("historic", "Khu vực bảo tồn"), ("height_limit", "Khu vực khống chế độ cao"), ("flood", "Vùng ngập"))
_SHARES = [0.62, 0.14, 0.1, 0.07, 0.07]


def zoning(plan: CityPlan) -> tuple[Floats, Columns]:
    """Districts of the zoning plan with their figures."""
    rings = tessellation(plan, ZONE_CELL_M, 9.0, "zoning")
    kinds = _draw(list(_ZONES), len(rings), plan, "zones")
    figures = np.array([_ZONES[kind][2] for kind in kinds], dtype=float)
    return rings, {
        "key": _numbered("Z", len(rings)),
        "code": np.array([f"{kind}-{number}" for number, kind in enumerate(kinds, start=1)], dtype=object),
        "name": np.array([_ZONES[kind][0] for kind in kinds], dtype=object),
        "allowed_uses": np.array([json.dumps(_ZONES[kind][1], ensure_ascii=False) for kind in kinds], dtype=object),
        "max_storeys": figures[:, 0],
        "max_density_pct": figures[:, 1],
        "max_floor_area_ratio": figures[:, 2],
        "setback_m": figures[:, 3],
    }


def land_use(plan: CityPlan) -> tuple[Floats, Columns]:
    """Districts of the land-use plan."""
    rings = tessellation(plan, LAND_USE_CELL_M, 12.0, "land use")
    kinds = _draw(list(_LAND_USES), len(rings), plan, "land uses")
    return rings, {
        "key": _numbered("L", len(rings)),
        "code": np.array(kinds, dtype=object),
        "name": np.array([_LAND_USES[kind] for kind in kinds], dtype=object),
    }


def overlays(plan: CityPlan) -> tuple[Floats, Columns]:
    """Round overlay districts, about one in 400 blocks, which may lie over each other."""
    count = max(plan.blocks // 400, 3)
    random = plan.random("overlays")
    width, depth = plan.size_m
    middle = np.column_stack([random.uniform(0, width, count), random.uniform(0, depth, count)])
    radius = random.uniform(80, 450, count)
    angle = np.linspace(0, 2 * np.pi, 33)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    circle[-1] = circle[0]
    kind = random.integers(0, len(_OVERLAYS), count).tolist()
    return middle[:, None, :] + circle[None] * radius[:, None, None], {
        "key": _numbered("V", count),
        "kind": np.array([_OVERLAYS[k][0] for k in kind], dtype=object),
        "name": np.array([f"{_OVERLAYS[k][1]} {n}" for n, k in enumerate(kind, start=1)], dtype=object),
    }


def _draw(words: list[str], count: int, plan: CityPlan, part: str) -> list[str]:
    drawn = plan.random(part).choice(len(words), count, p=_SHARES)
    return [words[index] for index in drawn.tolist()]


def _numbered(letter: str, count: int) -> np.ndarray[Any, Any]:
    return np.array([f"{letter}{number}" for number in range(1, count + 1)], dtype=object)
