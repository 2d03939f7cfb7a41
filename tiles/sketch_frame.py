"""The paper of a plan sketch: local metres to drawing units, paths, and a scale bar. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
ToMetric = Callable[[float, float], Point]
BAR_LENGTHS_M = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """A window of ``half_width_m`` around a middle point in city metres, drawn ``width`` x ``height`` units, north up."""

    middle_m: Point
    half_width_m: float
    width: float
    height: float

    @property
    def units_per_m(self) -> float:
        """Drawing units of one metre."""
        return self.width / (2 * self.half_width_m)

    def place(self, east_m: float, north_m: float) -> Point:
        """City metres to drawing units; y grows downward."""
        x = self.width / 2 + (east_m - self.middle_m[0]) * self.units_per_m
        y = self.height / 2 - (north_m - self.middle_m[1]) * self.units_per_m
        return x, y

    def path(self, geometry: str, to_metric: ToMetric) -> str:
        """SVG path of a GeoJSON polygon or line text in degrees; empty for anything else."""
        shape = json.loads(geometry) if geometry else {}
        parts = [self._ring(ring, to_metric, is_closed=closed) for ring, closed in _rings(shape)]
        return " ".join(parts)

    def ring_path(self, ring: Sequence[Point], to_metric: ToMetric) -> str:
        """SVG path of one closed ring of lon, lat."""
        return self._ring(ring, to_metric, is_closed=True) if ring else ""

    def line_path(self, line: Sequence[Point], to_metric: ToMetric) -> str:
        """SVG path of an open line of lon, lat; empty for none."""
        return self._ring(line, to_metric, is_closed=False) if line else ""

    def _ring(self, ring: Iterable[Sequence[float]], to_metric: ToMetric, *, is_closed: bool) -> str:
        points = [self.place(*to_metric(point[0], point[1])) for point in ring]
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if is_closed else "")

    def bar_m(self) -> float:
        """The longest round length that takes at most a quarter of the width."""
        fitting = [length for length in BAR_LENGTHS_M if length * self.units_per_m <= self.width / 4]
        return fitting[-1] if fitting else BAR_LENGTHS_M[0]


def _rings(shape: dict[str, object]) -> list[tuple[list[Sequence[float]], bool]]:
    """Every ring or line of a GeoJSON geometry, and whether it is closed."""
    coordinates: list[object] = shape.get("coordinates", [])  # type: ignore[assignment]
    match shape.get("type"):
        case "Polygon":
            return [(ring, True) for ring in coordinates]  # type: ignore[misc]
        case "MultiPolygon":
            return [(ring, True) for polygon in coordinates for ring in polygon]  # type: ignore[attr-defined]
        case "LineString":
            return [(coordinates, False)]  # type: ignore[list-item]
        case "MultiLineString":
            return [(line, False) for line in coordinates]  # type: ignore[misc]
    return []
