"""Calibration files of the demonstration cameras: pairs of picture point and ground point, re-made by one command.

``python -m cities.hcmc.recipe_parts.calibrations`` writes ``cameras/<name>.json``. Ground points are metres east and north
of the anchor in the city's system. One camera has a published calibration, moved to a street of the ward; the others are
pinholes whose height and tilt were estimated from the size of the cars in the clip.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import cos, radians, sin
from pathlib import Path

import numpy as np

from cities.hcmc.recipe_parts.ground import PACK, read_ground
from cities.hcmc.recipe_parts.sites import CROSSING_CAMERA, PARKING_CAMERA, ROADWAY_CAMERA, Placement
from geo.crs import CitySystem

PUBLISHED = "meva-G424.json"
GROUND_M = 0.75  # height of the lane and the parked row in the published metres (landmarks near the ground: 0.46-0.85)
NEAR_V_PX = 560.0  # the calibrated part of the picture: below this row, 30 to 70 m away

Pixel = tuple[float, float]
Ground = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pinhole:
    """A camera ``height_m`` above flat ground, looking ``tilt_deg`` below the horizon; local x is ahead, y to the left."""

    width_px: int
    height_px: int
    focal_px: float
    height_m: float
    tilt_deg: float
    ahead_m: float  # subtracted from the distance ahead, so that the placement's origin lies in view

    def to_ground(self, u_px: float, v_px: float) -> Ground:
        """The ground point that a picture point shows."""
        right, down = (u_px - self.width_px / 2) / self.focal_px, (v_px - self.height_px / 2) / self.focal_px
        tilt = radians(self.tilt_deg)
        depth = self.height_m / (sin(tilt) + down * cos(tilt))
        return depth * (cos(tilt) - down * sin(tilt)) - self.ahead_m, -depth * right


ROADWAY = Pinhole(768, 432, 700.0, 6.5, 55.5, ahead_m=5.0)
CROSSING = Pinhole(480, 270, 520.0, 6.65, 23.9, ahead_m=28.0)


class Published:
    """MEVA's camera G424: published pose and surveyed landmarks."""

    def __init__(self, path: Path) -> None:
        raw = json.loads(path.read_text(encoding="utf-8"))
        self._k, self._r, self._t = (np.array(raw[name], dtype=float) for name in ("K", "R", "T"))
        self._landmarks = raw["landmarks"]

    @property
    def centre_m(self) -> tuple[float, float, float]:
        """Where the camera hangs, in the published east, north, up metres."""
        east, north, up = -self._r.T @ self._t
        return float(east), float(north), float(up)

    def to_ground(self, u_px: float, v_px: float) -> Ground:
        """The ground point at height ``GROUND_M`` that a picture point shows."""
        centre = -self._r.T @ self._t
        ray = self._r.T @ np.linalg.inv(self._k) @ np.array([u_px, v_px, 1.0])
        east, north, _ = centre + (GROUND_M - centre[2]) / ray[2] * ray
        return float(east), float(north)

    def surveyed(self) -> list[tuple[Pixel, Ground]]:
        """Landmarks on the ground in the near part of the picture."""
        return [
            ((mark["pixel"][0], mark["pixel"][1]), (mark["enu_m"][0], mark["enu_m"][1]))
            for mark in self._landmarks
            if mark["near_ground"] and mark["pixel"][1] > 600
        ]


def grid(
    us_px: Iterable[float], vs_px: Iterable[float], to_ground: Callable[[float, float], Ground]
) -> list[tuple[Pixel, Ground]]:
    """Pairs at a grid of picture points."""
    rows = list(vs_px)
    return [((u, v), to_ground(u, v)) for u in us_px for v in rows]


def calibration(
    pairs: list[tuple[Pixel, Ground]], placement: Placement, system: CitySystem, source: str, region_px: list[list[int]]
) -> dict[str, object]:
    """The content of a calibration file: pairs relative to the placement's origin."""
    lon, lat = system.to_lonlat(placement.east_m, placement.north_m)
    lon, lat = round(lon, 8), round(lat, 8)
    east_0, north_0 = system.to_metric(lon, lat)
    rows = []
    for (u, v), (x, y) in pairs:
        east, north = placement.place(x, y)
        rows.append([round(u, 1), round(v, 1), round(east - east_0, 3), round(north - north_0, 3)])
    return {"anchor": [lon, lat], "region_px": region_px, "source": source, "pairs": rows}


def all_calibrations() -> dict[str, dict[str, object]]:
    """Every calibration file by its name."""
    system = read_ground().system
    published = Published(PACK / "cameras" / PUBLISHED)
    near = published.surveyed() + grid((60, 660, 1260, 1860), (NEAR_V_PX, 700, 850, 1040), published.to_ground)
    return {
        "xuan-hoa-01": calibration(
            near, PARKING_CAMERA, system,
            "MEVA G424 (Kitware), CC BY 4.0: surveyed landmarks and published pose; the place is generated",
            [[0, 560], [1919, 560], [1919, 1079], [0, 1079]],
        ),
        "xuan-hoa-02": calibration(
            grid((40, 264, 504, 728), (20, 150, 290, 420), ROADWAY.to_ground), ROADWAY_CAMERA, system,
            "generated: pinhole 6.5 m above the roadway, tilt 55.5 degrees, from the size of the cars",
            [[0, 0], [767, 0], [767, 431], [0, 431]],
        ),
        "xuan-hoa-03": calibration(
            grid((30, 170, 310, 450), (25, 80, 160, 260), CROSSING.to_ground), CROSSING_CAMERA, system,
            "generated: pinhole 6.65 m above the crossing, tilt 23.9 degrees, from the size of the car",
            [[0, 20], [479, 20], [479, 269], [0, 269]],
        ),
    }  # fmt: skip


def to_text(content: dict[str, object]) -> str:
    """A calibration file as text: a line per key, a line per pair."""
    lines = [
        f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in content.items()
        if key != "pairs"
    ]
    pairs = content["pairs"]
    rows = ",\n  ".join(json.dumps(pair) for pair in pairs) if isinstance(pairs, list) else ""
    return "{\n" + ",\n".join(lines) + f',\n "pairs": [\n  {rows}\n ]\n}}\n'


def camera_points() -> dict[str, tuple[float, float]]:
    """Longitude and latitude of every camera."""
    system = read_ground().system
    east, north, _ = Published(PACK / "cameras" / PUBLISHED).centre_m
    places = {
        "xuan-hoa-01": PARKING_CAMERA.place(east, north),
        "xuan-hoa-02": ROADWAY_CAMERA.place(-ROADWAY.ahead_m, 0.0),
        "xuan-hoa-03": CROSSING_CAMERA.place(-CROSSING.ahead_m, 0.0),
    }
    return {name: system.to_lonlat(*place) for name, place in places.items()}


def main() -> None:
    """Write all files and print where the cameras hang (for cameras.toml)."""
    for name, content in all_calibrations().items():
        (PACK / "cameras" / f"{name}.json").write_text(to_text(content), encoding="utf-8")
    for name, (lon, lat) in camera_points().items():
        print(f"{name}: point = [{lon:.7f}, {lat:.7f}]")


if __name__ == "__main__":
    main()
