"""Rendered streets whose truth is known: a random camera, a sidewalk, boxes as things; and what a detector would see of them.

A scene holds the camera as it is and as it was calibrated (noisy clicks on uneven ground), the sidewalk, the things' true
footprints and the boxes of their visible parts, with a detector's jitter. Used by ``bench.free_width``, ``bench.decisions``
and their tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin, tan

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import Polygon, affinity, box

from geo.homography import Calibration, fit

FloatArray = NDArray[np.float64]
FRAME = (1280, 720)
# label: length, breadth, height in metres, and the spread of each as a share
SIZES = {
    "motorcycle": (1.9, 0.75, 1.1, 0.07),
    "car": (4.3, 1.8, 1.5, 0.07),
    "dining table": (1.0, 0.8, 0.75, 0.15),
    "chair": (0.5, 0.5, 0.85, 0.12),
    "potted plant": (0.45, 0.45, 0.8, 0.25),
    "bench": (1.4, 0.5, 0.8, 0.15),
}
CLICK_PX, UNEVEN_M = 1.0, 0.03
JITTER_PX, JITTER_SHARE = 1.0, 0.015
LEAST_VISIBLE = 0.75


@dataclass(frozen=True, slots=True)
class TrueCamera:
    """A pinhole: ``rotation`` from east, north, up to right, down, forward."""

    rotation: FloatArray
    centre_m: FloatArray
    focal_px: float

    def project(self, points_m: FloatArray) -> FloatArray:
        """Pixels of points (n, 3); NaN behind the camera."""
        rays = (points_m - self.centre_m) @ self.rotation.T
        depth = np.where(rays[:, 2] > 0.2, rays[:, 2], np.nan)
        return self.focal_px * rays[:, :2] / depth[:, None] + np.array(FRAME) / 2


@dataclass(frozen=True, slots=True)
class Thing:
    """A box on the ground: its label, true footprint and height, and the box of its visible part (None: not seen well enough)."""

    label: str
    footprint: Polygon
    height_m: float
    box_px: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Scene:
    """The sidewalk runs along the x axis from y = 0 (curb) to its width; private land lies behind it."""

    camera: TrueCamera
    calibration: Calibration
    sidewalk: Polygon
    width_m: float
    things: tuple[Thing, ...]


def make_scene(
    random: np.random.Generator, labels: Sequence[str], *, places: Sequence[tuple[float, float, float]] | None = None
) -> Scene | None:
    """A scene with things of these labels at random places of the sidewalk (or at ``places``: x, y, turn in degrees).

    None where the camera drawn does not see the sidewalk, or the calibration was refused.
    """
    width = float(random.uniform(2.2, 5.0))
    camera = _draw_camera(random, width)
    calibration = _calibrate(random, camera, width)
    if calibration is None:
        return None
    bodies: list[tuple[str, Polygon, float]] = []
    for number, label in enumerate(labels):
        length, breadth, height, spread = SIZES[label]
        length, breadth, height = (float(v * random.normal(1, spread)) for v in (length, breadth, height))
        if places is not None:
            x, y, turn = places[number]
        else:
            x, turn = float(random.uniform(-4, 4)), float(random.choice([0, 90]) + random.normal(0, 12))
            y = float(random.uniform(0.2, width - 0.2))
        shape = affinity.translate(affinity.rotate(box(-length / 2, -breadth / 2, length / 2, breadth / 2), turn), x, y)
        if any(shape.distance(other) < 0.05 for _, other, _ in bodies):
            continue
        bodies.append((label, shape, height))
    if not bodies:
        return None
    things = _look(random, camera, bodies)
    return Scene(camera, calibration, box(-40, 0, 40, width), width, things)


def _draw_camera(random: np.random.Generator, width: float) -> TrueCamera:
    """On a mast or facade 3.5 to 9 m up, 5 to 22 m away, on either side of the street, looking at the sidewalk."""
    height = float(random.uniform(3.5, 9.0))
    away, bearing = float(random.uniform(5, 22)), float(random.uniform(-70, 70))
    side = -1 if random.random() < 0.75 else 1
    centre = np.array([away * sin(radians(bearing)), side * away * cos(radians(bearing)) + width / 2, height])
    target = np.array([random.uniform(-1, 1), width / 2 + random.uniform(-0.5, 0.5), 0.4])
    forward = (target - centre) / np.linalg.norm(target - centre)
    right = np.cross(forward, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(forward, right), forward])
    focal = FRAME[0] / 2 / tan(radians(float(random.uniform(45, 80))) / 2)
    return TrueCamera(rotation, centre, focal)


def _calibrate(random: np.random.Generator, camera: TrueCamera, width: float) -> Calibration | None:
    """Ten clicked points of uneven ground about the sidewalk."""
    pairs = []
    for _ in range(400):
        ground = np.array([random.uniform(-9, 9), random.uniform(-6, width + 3), random.normal(0, UNEVEN_M)])
        pixel = camera.project(ground[None])[0] + random.normal(0, CLICK_PX, 2)
        if np.isfinite(pixel).all() and 0 <= pixel[0] < FRAME[0] and 0 <= pixel[1] < FRAME[1]:
            pairs.append([*pixel, *ground[:2]])
        if len(pairs) == 10:
            break
    try:
        return fit(pairs, image_size_px=FRAME) if len(pairs) == 10 else None
    except Exception:  # a refused calibration is no scene
        return None


def _look(
    random: np.random.Generator, camera: TrueCamera, bodies: Sequence[tuple[str, Polygon, float]]
) -> tuple[Thing, ...]:
    """Paint the things from far to near and box what stays visible of each."""
    number_of = np.zeros((FRAME[1], FRAME[0]), dtype=np.uint8)
    whole = {}
    order = sorted(
        range(len(bodies)),
        key=lambda n: -float(np.hypot(*(np.array(bodies[n][1].centroid.coords[0]) - camera.centre_m[:2]))),
    )
    for n in order:
        hull = _hull(camera, bodies[n])
        if hull is None:
            continue
        alone = np.zeros_like(number_of)
        cv2.fillConvexPoly(alone, hull, 1)
        whole[n] = int(alone.sum())
        number_of[alone == 1] = n + 1
    things = []
    for n, (label, shape, height) in enumerate(bodies):
        rows, columns = np.nonzero(number_of == n + 1)
        visible = len(rows) / whole[n] if whole.get(n) else 0.0
        seen = None
        if visible >= LEAST_VISIBLE and _is_inside(rows, columns):
            seen = _jitter(random, (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1))
        things.append(Thing(label, shape, height, seen))
    return tuple(things)


def _hull(camera: TrueCamera, body: tuple[str, Polygon, float]) -> NDArray[np.int32] | None:
    _, shape, height = body
    corners = np.array([(x, y, z) for x, y in shape.exterior.coords[:-1] for z in (0.0, height)])
    pixels = camera.project(corners)
    if not np.isfinite(pixels).all() or np.abs(pixels).max() > 20_000:
        return None
    return cv2.convexHull(np.round(pixels).astype(np.int32))


def _is_inside(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> bool:
    return bool(rows.min() > 1 and columns.min() > 1 and rows.max() < FRAME[1] - 2 and columns.max() < FRAME[0] - 2)


def _jitter(random: np.random.Generator, edges: Sequence[float]) -> tuple[float, float, float, float]:
    x_min, y_min, x_max, y_max = (float(edge) for edge in edges)
    sigmas = np.array([x_max - x_min, y_max - y_min] * 2) * JITTER_SHARE + JITTER_PX
    x_min, y_min, x_max, y_max = np.array([x_min, y_min, x_max, y_max]) + random.normal(0, 1, 4) * sigmas
    return float(x_min), float(y_min), float(x_max), float(y_max)
