"""Register files with faults on purpose, for tests of the loader: ``python -m cities.hcmc.recipe_parts.faults FOLDER``.

Each faulty row stands beside sound ones and says in ``fault`` what is wrong with it. Columns are those of the generated
parcels and permits, so the same source descriptions read them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shapely.geometry import Point, Polygon, box

from cities.hcmc.recipe_parts.ground import read_ground, write_features

EAST, NORTH = 602_400.0, 1_192_600.0  # inside the ward
KEY = "27139099"


def _square(column: int, row: int, side_m: float = 10.0) -> Polygon:
    west, south = EAST + column * 12.0, NORTH + row * 12.0
    return box(west, south, west + side_m, south + side_m)


def _row(number: int, fault: str, **more: object) -> dict[str, object]:
    return {
        "ma_thua_dat": f"{KEY}{number:04d}", "ma_xa": "27139", "so_to": "99", "so_thua": str(number),
        "dien_tich_m2": 100.0, "loai_dat": "ODT", "dia_chi": f"{number} Thử (tên minh hoạ)", "fault": fault,
    } | more  # fmt: skip


def faulty_parcels() -> list[tuple[Polygon, dict[str, object]]]:
    """Parcels in VN-2000 metres, east first but for one row."""
    west, south, east, north = _square(1, 0).bounds
    bow_tie = Polygon([(west, south), (east, north), (east, south), (west, north)])
    x, y = _square(3, 0).bounds[:2]
    swapped = Polygon([(b, a) for a, b in _square(3, 0).exterior.coords])
    return [
        (_square(0, 0), _row(1, "")),
        (bow_tie, _row(2, "crosses itself")),
        (_square(2, 0), _row(1, "key of the first row again")),
        (swapped, _row(4, f"north before east: {y:.0f}, {x:.0f}")),
        (box(300_000, 1_192_600, 300_010, 1_192_610), _row(5, "far outside the city")),
        (Polygon(), _row(6, "no outline")),
        (_square(6, 0, side_m=0.001), _row(7, "an outline of almost no area")),
        (_square(7, 0), _row(8, "stated area is ten times the measured one", dien_tich_m2=1000.0)),
        (_square(8, 0), _row(9, "key not of the city's form", ma_thua_dat="27139-99-9")),
        (_square(9, 0), _row(10, "")),
    ]


def faulty_permits() -> list[tuple[Point, dict[str, object]]]:
    """Permits as points in degrees once written."""

    def permit(number: str, issued: str | None, expires: str | None, fault: str) -> dict[str, object]:
        return {
            "number": number, "kind": "new", "status": "in_force", "issued_on": issued, "expires_on": expires,
            "storeys": 4, "floor_area_m2": 300, "conditions": "", "address": "", "fault": fault,
            "parcel_keys": f'["{KEY}0001"]',
        }  # fmt: skip

    at = _square(0, 0).centroid
    return [
        (at, permit("T-1", "2026-02-01", "2027-02-01", "")),
        (at, permit("T-2", "2026-02-31", "2027-02-01", "a day that does not exist")),
        (at, permit("T-3", "2026-05-01", "2025-05-01", "ends before it begins")),
        (at, permit("T-4", None, None, "no dates: its standing cannot be known")),
        (at, permit("T-5", "0206-05-01", "2027-05-01", "a year that cannot be")),
        (at, permit("T-1", "2026-02-01", "2027-02-01", "number of the first row again")),
    ]


def write_faults(folder: Path) -> None:
    """Write ``parcels.geojson`` (metres) and ``permits.geojson`` (degrees)."""
    folder.mkdir(parents=True, exist_ok=True)
    write_features(folder / "parcels.geojson", faulty_parcels(), None)
    write_features(folder / "permits.geojson", faulty_permits(), read_ground().system)


if __name__ == "__main__":
    write_faults(Path(sys.argv[1]))
