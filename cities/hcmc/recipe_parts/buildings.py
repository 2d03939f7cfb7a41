"""Buildings on the parcels and the permits some of them have; all invented.

Most parcels have no permit on the register, as in life; a few hundred have one that is in force, expired, revoked, of a
limited term, or of finished work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import hypot
from random import Random

from shapely.geometry import Point, Polygon

from cities.hcmc.recipe_parts.blocks import BlockKind
from cities.hcmc.recipe_parts.ground import polygons_of
from cities.hcmc.recipe_parts.parcels import Parcel

PERMIT_SHARE = 0.11
REGISTER_ON = date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Building:
    """The outline of a house with its storeys."""

    parcel: Parcel
    shape: Polygon
    storeys: int


@dataclass(frozen=True, slots=True)
class Permit:
    """A building permit of one parcel."""

    number: str
    kind: str
    status: str
    issued_on: date
    expires_on: date | None
    storeys: int
    floor_area_m2: int
    conditions: str
    building: Building


def make_buildings(parcels: tuple[Parcel, ...]) -> tuple[Building, ...]:
    """One building on nearly every lot; parks and the lot where a site without permit stands have none."""
    random = Random(271390)
    found = []
    for parcel in parcels:
        if parcel.kind is BlockKind.PARK or parcel.land_use == "DKV" or parcel.wanted == "no-permit":
            continue
        if random.random() < 0.02:
            continue  # an empty lot
        shape = _outline(parcel, random)
        if shape is not None:
            found.append(Building(parcel, shape, _storeys(parcel, random)))
    return tuple(found)


def _outline(parcel: Parcel, random: Random) -> Polygon | None:
    """A tube house fills its lot but for a light well behind; larger ones keep off their borders."""
    area = parcel.shape.area
    if area < 260 and parcel.front_line is not None:
        deep = 18.0 - 13.0 * (area < 75)
        reach = parcel.front_line.buffer(max(deep, 9.0) + random.uniform(-1.5, 2.0), cap_style="flat")
        parts = polygons_of(parcel.shape.intersection(reach).buffer(-0.08, join_style="mitre"), 12.0)
    else:
        parts = polygons_of(parcel.shape.buffer(-(2.2 if area < 900 else 6.0), join_style="mitre"), 25.0)
    return max(parts, key=lambda part: part.area).simplify(0.02) if parts else None


def _storeys(parcel: Parcel, random: Random) -> int:
    if parcel.land_use in ("DGD", "DYT", "TSC", "DVH"):
        return random.randint(2, 4)
    if parcel.land_use in ("DCH", "TON"):
        return random.randint(1, 2)
    return random.choices((1, 2, 3, 4, 5, 6, 7), (5, 14, 26, 28, 16, 8, 3))[0]


def make_permits(buildings: tuple[Building, ...], streets_of_demo: dict[str, Polygon]) -> Iterator[Permit]:
    """The permit register. ``streets_of_demo`` maps wanted lots to their outlines where a permit must be in force."""
    random = Random(2713901)
    running = 0
    for building in buildings:
        is_wanted = building.parcel.wanted in streets_of_demo
        if not is_wanted and (building.parcel.wanted or random.random() > PERMIT_SHARE):
            continue
        running += 1
        yield _wanted_permit(running, building) if is_wanted else _any_permit(running, building, random)


def _wanted_permit(running: int, building: Building) -> Permit:
    return Permit(
        f"{running:04d}/2026/GPXD-XH (minh hoạ)", "new", "in_force", date(2026, 5, 18), date(2027, 5, 18), 5,
        round(building.shape.area * 5), "Khởi công trong 12 tháng. Dữ liệu minh hoạ.", building,
    )  # fmt: skip


def _any_permit(running: int, building: Building, random: Random) -> Permit:
    status = random.choices(("in_force", "expired", "revoked", "completed"), (46, 22, 6, 26))[0]
    kind = random.choices(("new", "renovation", "limited_term"), (62, 26, 12))[0]
    issued = REGISTER_ON - timedelta(days=_age_days(status, random))
    years = 5 if kind == "limited_term" else 1
    storeys = min(building.storeys + random.choice((0, 0, 0, 1)), 3 if kind == "limited_term" else 8)
    expires = None if status == "completed" else date(issued.year + years, issued.month, min(issued.day, 28))
    if status == "expired" and kind == "limited_term":
        issued, expires = date(issued.year - 5, issued.month, 15), date(issued.year, issued.month, 15)
    conditions = {
        "new": "Khởi công trong 12 tháng kể từ ngày cấp; gia hạn tối đa 2 lần, mỗi lần 12 tháng.",
        "renovation": "Không đổi kết cấu chịu lực chính, không tăng số tầng.",
        "limited_term": "Tồn tại đến hết hạn ghi trong giấy phép; tự phá dỡ khi Nhà nước thu hồi đất.",
    }[kind]
    return Permit(
        f"{running:04d}/{issued.year}/GPXD-XH (minh hoạ)", kind, status, issued, expires, storeys,
        round(building.shape.area * storeys), f"{conditions} Dữ liệu minh hoạ.", building,
    )  # fmt: skip


def _age_days(status: str, random: Random) -> int:
    """Days since issue: permits in force are younger than their year, the others older."""
    return random.randint(10, 300) if status == "in_force" else random.randint(400, 1900)


def roomy_point(parcel: Parcel) -> tuple[Point, float]:
    """A point well inside a parcel and its distance to the border in m."""
    best = parcel.shape.representative_point()
    west, south, east, north = parcel.shape.bounds
    step = max(hypot(east - west, north - south) / 24, 0.5)
    for i in range(25):
        for j in range(25):
            at = Point(west + i * step, south + j * step)
            if parcel.shape.contains(at) and parcel.shape.exterior.distance(at) > parcel.shape.exterior.distance(best):
                best = at
    return best, float(parcel.shape.exterior.distance(best))
