"""Two plans that are never mixed: the zoning plan (1:2000) and the land-use plan (1:5000), both invented.

Districts follow the blocks, not the parcels: along wide streets a mixed belt of 25 m, behind it housing. So many
parcels lie in two districts, as real ones do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from cities.hcmc.recipe_parts.blocks import BlockKind, kind_of
from cities.hcmc.recipe_parts.ground import Ground, polygons_of
from cities.hcmc.recipe_parts.parcels import Cadastre, Parcel
from cities.hcmc.recipe_parts.reserves import Reserves
from cities.hcmc.recipe_parts.sites import FORECOURT
from cities.hcmc.recipe_parts.streets import Street

ZONING_PLAN = "Quy hoạch phân khu 1/2000 phường Xuân Hoà (dữ liệu minh hoạ)"
LAND_USE_PLAN = "Quy hoạch sử dụng đất 2030 phường Xuân Hoà (dữ liệu minh hoạ)"
DECISION = "QĐ số minh hoạ/QĐ-UBND"
BELT_M = 25.0
ADJUSTED_BLOCKS = (41, 54)  # under adjustment: an answer must say so

_KINDS = {
    "NO": ("Nhóm nhà ở", ["nhà ở", "dịch vụ tại tầng trệt"]),
    "HH": ("Hỗn hợp nhà ở, thương mại, dịch vụ", ["nhà ở", "thương mại", "dịch vụ", "văn phòng"]),
    "TM": ("Thương mại, dịch vụ", ["thương mại", "dịch vụ", "văn phòng"]),
    "CC": ("Công trình công cộng", ["hành chính", "y tế", "văn hoá"]),
    "GD": ("Giáo dục", ["trường học"]),
    "CX": ("Cây xanh sử dụng công cộng", ["cây xanh", "vui chơi công cộng"]),
    "GT": ("Đất giao thông", ["giao thông"]),
}
# least and most storeys, density %, floor-area ratio, setback m
_FIGURES = {
    "NO": ((4, 6), (70, 80), (2.8, 4.5), (0, 2)),
    "HH": ((7, 12), (60, 70), (4.5, 7.0), (0, 3)),
    "TM": ((5, 10), (50, 60), (3.0, 6.0), (3, 6)),
    "CC": ((3, 5), (40, 40), (1.6, 2.0), (4, 6)),
    "GD": ((3, 4), (40, 40), (1.2, 1.6), (5, 6)),
    "CX": ((1, 1), (5, 5), (0.05, 0.05), (10, 10)),
}
LAND_USE_NAMES = {
    "ODT": "Đất ở tại đô thị", "TMD": "Đất thương mại, dịch vụ", "DGD": "Đất xây dựng cơ sở giáo dục và đào tạo",
    "DYT": "Đất xây dựng cơ sở y tế", "DVH": "Đất xây dựng cơ sở văn hoá", "TSC": "Đất xây dựng trụ sở cơ quan",
    "TON": "Đất tôn giáo", "DKV": "Đất khu vui chơi, giải trí công cộng", "DCH": "Đất chợ", "DGT": "Đất giao thông",
    "SON": "Đất sông, ngòi, kênh, rạch, suối",
}  # fmt: skip
_ZONE_OF_USE = {
    "DGD": "GD", "DYT": "CC", "DVH": "CC", "TSC": "CC", "TON": "CC", "DKV": "CX", "TMD": "TM", "DCH": "TM", "ODT": "NO",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class District:
    """A district of one plan: code with running number, outline and (zoning plan only) its figures."""

    code: str
    kind: str
    name: str
    shape: BaseGeometry
    block: int


def planned_reserve(ground: Ground, streets: tuple[Street, ...]) -> BaseGeometry:
    """The ground between all red lines: what the plan keeps for streets, wider than today where streets are widened."""
    strips = [s.line.buffer(s.reserve_m / 2, cap_style="square", join_style="mitre") for s in streets]
    merged = unary_union([*strips, FORECOURT])
    closed = merged.buffer(4.0, join_style="bevel").buffer(-4.0, join_style="mitre")
    return closed.intersection(ground.ward)


def zoning_districts(
    reserves: Reserves, cadastre: Cadastre, streets: tuple[Street, ...], reserve: BaseGeometry
) -> Iterator[District]:
    """All districts of the zoning plan, the streets' ground included."""
    counts: dict[str, int] = {}
    belt = unary_union([s.line.buffer(s.reserve_m / 2 + BELT_M) for s in streets if s.rank <= 2])
    parts = [(number, kind, shape) for number, block in enumerate(reserves.blocks)
             for kind, shape in _block_zones(number, block.difference(reserve), cadastre, belt)]  # fmt: skip
    parts.extend((-1, "GT", part) for part in polygons_of(reserve, 50.0))
    for number, kind, shape in parts:
        counts[kind] = counts.get(kind, 0) + 1
        code = f"{kind}-{counts[kind]:02d}"
        yield District(code, kind, f"{_KINDS[kind][0]} {code}", shape, number)


def _block_zones(
    number: int, block: BaseGeometry, cadastre: Cadastre, belt: BaseGeometry
) -> Iterator[tuple[str, BaseGeometry]]:
    if kind_of(number) is BlockKind.PARK:
        yield "CX", block
        return
    inner = _large_lots(cadastre, number)
    rest = block
    for use in sorted({p.land_use for p in inner}):
        zone = _ZONE_OF_USE[use]
        if zone == "NO":
            continue
        same = unary_union([p.shape for p in inner if p.land_use == use]).intersection(rest)
        rest = rest.difference(same)
        for part in polygons_of(same, 80.0):
            yield zone, part
    front = rest.intersection(belt)
    for part in polygons_of(front, 80.0):
        yield "HH", part
    for part in polygons_of(rest.difference(belt), 80.0):
        yield "NO", part


def _large_lots(cadastre: Cadastre, block: int) -> list[Parcel]:
    return [p for p in cadastre.parcels if p.block == block and p.shape.area > 1200.0]


def zoning_properties(district: District) -> dict[str, object]:
    """What the register says of a zoning district."""
    random = Random(district.code)
    row: dict[str, object] = {
        "key": district.code, "plan": ZONING_PLAN, "decision": DECISION, "decision_on": "2025-03-12",
        "status": "under_adjustment" if district.block in ADJUSTED_BLOCKS else "in_force",
        "code": district.code, "name": _KINDS[district.kind][0], "allowed_uses": _KINDS[district.kind][1],
    }  # fmt: skip
    if district.kind in _FIGURES:
        storeys, density, ratio, setback = _FIGURES[district.kind]
        row |= {
            "max_storeys": random.randint(*storeys), "max_density_pct": random.randint(*density),
            "max_floor_area_ratio": round(random.uniform(*ratio), 2), "setback_m": random.randint(*setback),
        }  # fmt: skip
    return row


def land_use_districts(
    ground: Ground, reserves: Reserves, cadastre: Cadastre, reserve: BaseGeometry, canal: BaseGeometry
) -> Iterator[District]:
    """All districts of the land-use plan: homes by block, other uses lot by lot, streets, the canal's bank."""
    number_of = iter(range(1, 100_000))
    for number, block in enumerate(reserves.blocks):
        rest = block.difference(reserve).difference(canal)
        others = [p for p in cadastre.parcels if p.block == number and p.land_use != "ODT" and p.shape.area > 300.0]
        for use in sorted({p.land_use for p in others}):
            same = unary_union([p.shape for p in others if p.land_use == use]).intersection(rest)
            rest = rest.difference(same)
            yield from _numbered(use, polygons_of(same, 30.0), number, number_of)
        yield from _numbered("ODT", polygons_of(rest, 30.0), number, number_of)
    yield from _numbered("DGT", polygons_of(reserve, 30.0), -1, number_of)
    yield from _numbered("SON", polygons_of(canal.intersection(ground.ward).difference(reserve), 30.0), -1, number_of)


def _numbered(use: str, shapes: list[Polygon], block: int, number_of: Iterator[int]) -> Iterator[District]:
    for shape in shapes:
        yield District(f"{use}.{next(number_of):03d}", use, LAND_USE_NAMES[use], shape, block)


def land_use_properties(district: District) -> dict[str, object]:
    """What the register says of a district of the land-use plan."""
    return {
        "key": district.code, "plan": LAND_USE_PLAN, "decision": DECISION, "decision_on": "2024-12-31",
        "status": "in_force", "code": district.kind, "name": district.name, "allowed_uses": [],
    }  # fmt: skip
