"""The parcels of the ward: lots with their keys, addresses and land-use codes.

Keys are as the city writes them: OLD ward code, sheet, number. Addresses have invented street names and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import unary_union

from cities.hcmc.recipe_parts.blocks import (
    ALLEY_DEPTH_M,
    FRONT_DEPTH_M,
    Alley,
    BlockKind,
    alley_ground,
    cut_alleys,
    kind_of,
)  # fmt: skip
from cities.hcmc.recipe_parts.ground import polygons_of
from cities.hcmc.recipe_parts.lots import GRID_M, Front, Lot, slice_face, straight_sides
from cities.hcmc.recipe_parts.reserves import Reserves
from cities.hcmc.recipe_parts.sites import WANTED_LOTS
from cities.hcmc.recipe_parts.streets import Street

SHEET_M = 250.0
HOUSE_STEP_M = 4.4
OLD_WARDS = (("27139", "Võ Thị Sáu"), ("27148", "4"))
_OLD_WARD_4_BLOCKS = (42, 46, 47, 51, 52, 57)  # the part of the former ward 4 is not published: invented


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel with what the cadastre says of it. ``front`` is a point on the street or alley it fronts."""

    key: str
    ward_code: str
    sheet: int
    number: int
    shape: Polygon
    block: int
    kind: BlockKind
    land_use: str
    address: str
    street: Street
    front_line: LineString | None
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Cadastre:
    """All parcels and alleys of the ward."""

    parcels: tuple[Parcel, ...]
    alleys: tuple[Alley, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    lot: Lot
    block: int
    alley: Alley | None
    wanted: str
    land_use: str


def make_cadastre(reserves: Reserves, streets: tuple[Street, ...]) -> Cadastre:
    """Lots of all blocks, numbered sheet by sheet from north to south."""
    random = Random(27139)
    drafts: list[_Draft] = []
    alleys: list[Alley] = []
    for number, block in enumerate(reserves.blocks):
        found, inside = _fill_block(number, block, streets, random)
        drafts.extend(found)
        alleys.extend(inside)
    mouths = _alley_numbers(alleys, streets)
    named = (replace(a, name=f"{mouths[a.block, a.number][1]} {mouths[a.block, a.number][0].name}") for a in alleys)
    return Cadastre(tuple(_name_all(drafts, mouths, streets)), tuple(named))


def _fill_block(
    number: int, block: Polygon, streets: tuple[Street, ...], random: Random
) -> tuple[list[_Draft], tuple[Alley, ...]]:
    kind = kind_of(number)
    wanted = [(w, w.outline.intersection(block)) for w in WANTED_LOTS if w.outline.intersection(block).area > 100.0]
    taken = unary_union([shape for _, shape in wanted]) if wanted else Polygon()
    alleys = cut_alleys(number, block, taken) if kind is BlockKind.HOUSES else ()
    free = shapely.difference(block, unary_union([taken, alley_ground(alleys)]), grid_size=GRID_M)
    drafts = [
        _Draft(Lot(shapely.set_precision(shape, GRID_M), None), number, None, w.key, w.land_use) for w, shape in wanted
    ]
    for face in polygons_of(free, 15.0):
        lots = (
            [Lot(face, None)]
            if kind is BlockKind.PARK
            else slice_face(face, _fronts(face, kind, alleys, streets), random)
        )
        drafts.extend(_Draft(lot, number, _alley_of(lot, alleys), "", _land_use(lot, kind, random)) for lot in lots)
    return drafts, alleys


def _fronts(face: Polygon, kind: BlockKind, alleys: tuple[Alley, ...], streets: tuple[Street, ...]) -> Iterator[Front]:
    """The sides of a face that lie on a street or an alley, with the cut that its kind of block has there."""
    ground = alley_ground(alleys)
    for side in straight_sides(face):
        middle = side.interpolate(0.5, normalized=True)
        if alleys and ground.distance(middle) < 0.3:
            if kind is BlockKind.HOUSES and side.length > 6.0:
                yield Front(side, 50, ALLEY_DEPTH_M, (3.6, 5.0))
            continue
        street = min(streets, key=lambda s: s.line.distance(middle))
        if street.line.distance(middle) < street.roadway_m / 2 + street.sidewalk_m + 14.0:
            yield _street_front(side, street, kind)


def _street_front(side: LineString, street: Street, kind: BlockKind) -> Front:
    if kind is BlockKind.HOUSES:
        return Front(side, street.rank, FRONT_DEPTH_M, (4.0, 5.0))
    if kind is BlockKind.SHOPS:
        return Front(side, street.rank, 22.0, (4.2, 6.5))
    if kind is BlockKind.VILLAS:
        return Front(side, street.rank, 27.0, (17.0, 25.0))
    return Front(side, street.rank, 60.0, (60.0, 110.0))


def _alley_of(lot: Lot, alleys: tuple[Alley, ...]) -> Alley | None:
    if not alleys or (lot.front is not None and lot.front.order < 50):
        return None
    return min(alleys, key=lambda alley: alley.line.distance(lot.shape) - alley.width_m / 2)


def _land_use(lot: Lot, kind: BlockKind, random: Random) -> str:
    if kind is BlockKind.PARK:
        return "DKV"
    if kind is BlockKind.CAMPUS:
        return random.choice(("DGD", "DGD", "DYT", "TSC", "DVH", "TMD", "TON"))
    if lot.is_inner and lot.shape.area > 2500:
        return random.choice(("DGD", "TMD", "TMD", "ODT", "TSC", "TON", "DKV", "DYT"))
    return random.choice(("TMD",) + ("ODT",) * (9 if lot.shape.area < 200 else 4))


def _name_all(
    drafts: list[_Draft], mouths: dict[tuple[int, int], tuple[Street, str]], streets: tuple[Street, ...]
) -> Iterator[Parcel]:
    """Keys and addresses, in reading order of the sheets."""
    order = sorted(drafts, key=lambda d: _sheet_cell(d.lot.shape))
    sheets: dict[tuple[str, tuple[int, int]], int] = {}
    counts: dict[tuple[str, int], int] = {}
    used: set[str] = set()
    for draft in order:
        row, column, _, _ = _sheet_cell(draft.lot.shape)
        ward_code, ward_name = OLD_WARDS[draft.block in _OLD_WARD_4_BLOCKS]
        sheet = sheets.setdefault((ward_code, (row, column)), 1 + sum(code == ward_code for code, _ in sheets))
        number = counts[(ward_code, sheet)] = counts.get((ward_code, sheet), 0) + 1
        street, address, front = _address(draft, mouths, streets, used)
        yield Parcel(
            key=f"{ward_code}{sheet:03d}{number:04d}", ward_code=ward_code, sheet=sheet, number=number,
            shape=draft.lot.shape, block=draft.block, kind=kind_of(draft.block), land_use=draft.land_use,
            address=f"{address}, phường Xuân Hoà (cũ: phường {ward_name}, quận 3)", street=street, front_line=front,
            wanted=draft.wanted,
        )  # fmt: skip


def _sheet_cell(shape: Polygon) -> tuple[int, int, int, int]:
    """Row from the north and column of the map sheet, then the place within it, for sorting."""
    at = shape.centroid
    return (int(-at.y // SHEET_M), int(at.x // SHEET_M), int(-at.y // 12), int(at.x))


def _house_number(street: Street, point: Point) -> int:
    """Odd numbers to the left of a street as it is drawn, even ones to the right, rising from its beginning."""
    return 2 * int(street.station(point) / HOUSE_STEP_M) + (1 if street.is_left(point) else 2)


def _alley_numbers(alleys: list[Alley], streets: tuple[Street, ...]) -> dict[tuple[int, int], tuple[Street, str]]:
    """Street and nested number of every alley: 84, 84/12, 84/12/5."""
    named: dict[tuple[int, int], tuple[Street, str]] = {}
    for alley in alleys:
        mouth = Point(alley.line.coords[0])
        if alley.parent is None:
            street = min(streets, key=lambda s: s.line.distance(mouth))
            named[alley.block, alley.number] = (street, str(_house_number(street, mouth)))
            continue
        parent = next(a for a in alleys if a.block == alley.block and a.number == alley.parent)
        street, name = named[alley.block, alley.parent]
        step = 2 * int(parent.line.project(mouth) / HOUSE_STEP_M) + 1 + alley.number % 2
        named[alley.block, alley.number] = (street, f"{name}/{step}")
    return named


def _address(
    draft: _Draft, mouths: dict[tuple[int, int], tuple[Street, str]], streets: tuple[Street, ...], used: set[str]
) -> tuple[Street, str, LineString | None]:
    front = draft.lot.front.side if draft.lot.front else None
    at = draft.lot.shape.centroid
    if draft.alley is not None:
        street, prefix = mouths[draft.block, draft.alley.number]
        number = 2 * int(draft.alley.line.project(at) / HOUSE_STEP_M) + (1 if _is_left(draft.alley.line, at) else 2)
        stem = f"{prefix}/{number}"
    else:
        reference = at if front is None else front.interpolate(front.project(at))
        street = min(streets, key=lambda s: s.line.distance(reference))
        stem = str(_house_number(street, at))
    letters = iter(("", *"ABCDEFGHKLMNPQRSTUV"))
    address = f"{stem}{next(letters)} {street.name}"
    while address in used:
        address = f"{stem}{next(letters)} {street.name}"
    used.add(address)
    return street, address, front


def _is_left(line: LineString, point: Point) -> bool:
    (ax, ay), (bx, by) = line.coords[0], line.coords[-1]
    return bool((bx - ax) * (point.y - ay) - (by - ay) * (point.x - ax) > 0)
