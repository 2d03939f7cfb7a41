"""A camera that looks at (nearly) flat ground: eleven numbers that give a homography and what height does to it. Pure numpy.

A bare homography has eight numbers and no idea of the camera. Knowing that pixels are square, that the camera stands
above the ground and that the ground is nearly level makes far points three to six times better, and tells how far a
kerb or slope moves a point. Ground is local east-north metres; pixels are those of a straight lens.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Order of the eleven numbers in Jacobians and covariances.
ROTATION, CENTRE, FOCAL, PRINCIPAL, TILT = slice(0, 3), slice(3, 6), 6, slice(7, 9), slice(9, 11)
NUMBERS = 11
_IN_FRONT_M = 1e-3
ROUGHER_FROM_M = 167.0  # at this distance the ground's slope and curve are off the plane by as much as kerbs are
ROUGHENING = 3  # power of the distance by which they grow: measured on surveyed cameras (bench/RESULTS.md)


@dataclass(frozen=True, slots=True)
class PlaneCamera:
    """``rotation``: ground axes (east, north, up) to camera axes (right, down, forward); ``centre_m``: the lens above ground.

    ``tilt``: rise of the ground per metre east and north; heights are counted from that plane.
    """

    rotation: FloatArray
    centre_m: FloatArray
    log_focal: float
    principal_px: FloatArray
    tilt: FloatArray

    @property
    def homography(self) -> FloatArray:
        """3x3: (east, north, 1) to pixels times depth."""
        a = self._pixel_matrix() @ self.rotation
        return np.column_stack([a[:, 0] + self.tilt[0] * a[:, 2], a[:, 1] + self.tilt[1] * a[:, 2], -a @ self.centre_m])

    def project(self, ground_m: FloatArray) -> Projection:
        """Pixels of ground points (n, 2), with derivatives; ``depth_m`` is not positive behind the camera."""
        points = np.column_stack([ground_m, ground_m @ self.tilt])
        rays = (points - self.centre_m) @ self.rotation.T
        depth = rays[:, 2]
        focal = np.exp(self.log_focal)
        with np.errstate(all="ignore"):
            plane = rays[:, :2] / depth[:, None]
            by_ray = self._by_ray(plane, depth, focal)
        jacobian = np.empty((len(points), 2, NUMBERS))
        jacobian[:, :, ROTATION] = by_ray @ -_cross_matrices(rays)
        jacobian[:, :, CENTRE] = -by_ray @ self.rotation
        jacobian[:, :, FOCAL] = focal * plane
        jacobian[:, :, PRINCIPAL] = np.eye(2)
        by_height = by_ray @ self.rotation[:, 2]
        jacobian[:, :, TILT] = by_height[:, :, None] * ground_m[:, None, :]
        return Projection(focal * plane + self.principal_px, jacobian, by_height, depth)

    def moved(self, step: FloatArray) -> PlaneCamera:
        """The camera after a small change of its eleven numbers."""
        return PlaneCamera(
            rotation=rotation_from_vector(step[ROTATION]) @ self.rotation,
            centre_m=self.centre_m + step[CENTRE],
            log_focal=float(self.log_focal + step[FOCAL]),
            principal_px=self.principal_px + step[PRINCIPAL],
            tilt=self.tilt + step[TILT],
        )

    def _pixel_matrix(self) -> FloatArray:
        focal = np.exp(self.log_focal)
        return np.array([[focal, 0, self.principal_px[0]], [0, focal, self.principal_px[1]], [0, 0, 1]])

    @staticmethod
    def _by_ray(plane: FloatArray, depth: FloatArray, focal: float) -> FloatArray:
        """Derivative of the pixel by the ray (n, 2, 3)."""
        scale = focal / depth
        derivative = np.zeros((len(depth), 2, 3))
        derivative[:, 0, 0] = derivative[:, 1, 1] = scale
        derivative[:, :, 2] = -plane * scale[:, None]
        return derivative


@dataclass(frozen=True, slots=True)
class Projection:
    """Pixels (n, 2), their derivative by the eleven numbers (n, 2, 11) and by height above the plane (n, 2), depths (n)."""

    pixels: FloatArray
    jacobian: FloatArray
    by_height: FloatArray
    depth_m: FloatArray

    @property
    def by_unevenness(self) -> FloatArray:
        """``by_height`` times how much farther than nearby the ground lies off its plane: no plane follows the ground for long.

        The two errors, the same everywhere and growing with distance, add as variances.
        """
        return np.asarray(self.by_height * np.hypot(1.0, (self.depth_m / ROUGHER_FROM_M) ** ROUGHENING)[:, None])

    @property
    def is_in_front(self) -> bool:
        """Whether every point lies before the camera."""
        return bool((self.depth_m > _IN_FRONT_M).all())


def rotation_from_vector(vector: FloatArray) -> FloatArray:
    """Rotation by |vector| radians about it (Rodrigues)."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-12:
        return np.eye(3)
    k = _cross_matrices((vector / angle)[None])[0]
    return np.asarray(np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k)


def camera_from_homography(homography: FloatArray, focal_px: float, principal_px: FloatArray) -> PlaneCamera:
    """The camera of this focal length whose view of level ground is closest to the homography."""
    inverse = np.array(
        [[1 / focal_px, 0, -principal_px[0] / focal_px], [0, 1 / focal_px, -principal_px[1] / focal_px], [0, 0, 1]]
    )
    a = inverse @ homography
    a = a * (2 / (np.linalg.norm(a[:, 0]) + np.linalg.norm(a[:, 1])))
    u, _, v = np.linalg.svd(np.column_stack([a[:, 0], a[:, 1], np.cross(a[:, 0], a[:, 1])]))
    rotation = u @ np.diag([1.0, 1.0, np.linalg.det(u @ v)]) @ v
    centre = -rotation.T @ a[:, 2]
    centre[2] = max(centre[2], 1.0)
    return PlaneCamera(rotation, centre, float(np.log(focal_px)), np.asarray(principal_px, dtype=float), np.zeros(2))


def fit_homography(pixels: FloatArray, ground_m: FloatArray) -> FloatArray:
    """Direct linear fit, positive depth at most points; a start for the camera, not an answer."""
    a, b = _normaliser(pixels), _normaliser(ground_m)
    p = np.column_stack([pixels, np.ones(len(pixels))]) @ a.T
    q = np.column_stack([ground_m, np.ones(len(pixels))]) @ b.T
    zero = np.zeros_like(q)
    rows = np.concatenate(
        [np.column_stack([q, zero, -p[:, :1] * q]), np.column_stack([zero, q, -p[:, 1:2] * q])], axis=0
    )
    h = np.linalg.svd(rows)[2][-1].reshape(3, 3)
    homography = np.linalg.inv(a) @ h @ b
    depth = np.column_stack([ground_m, np.ones(len(ground_m))]) @ homography[2]
    return np.asarray(homography * (np.sign(np.median(depth)) or 1.0))


def _normaliser(points: FloatArray) -> FloatArray:
    middle = points.mean(axis=0)
    spread = max(float(np.sqrt(((points - middle) ** 2).sum(axis=1).mean())), 1e-12)
    scale = np.sqrt(2) / spread
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])


def _cross_matrices(vectors: FloatArray) -> FloatArray:
    """Matrices (n, 3, 3) whose product with x is the cross product vector x x."""
    zero = np.zeros(len(vectors))
    x, y, z = vectors.T
    return np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=1).reshape(-1, 3, 3)
