"""Fits a ``PlaneCamera`` to point pairs and finds how noisy they are. Pure numpy; called by ``geo.homography.fit``.

Residuals are weighed in the picture: clicks are off by pixels, and landmarks that stand off the plane by more pixels
the nearer they are. Both noises are found with the fit (marginal likelihood on a grid), then checked by leaving
each point out in turn: the covariance is scaled by how wrong those predictions were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from geo.plane_camera import CENTRE, FOCAL, NUMBERS, PlaneCamera, camera_from_homography, fit_homography

FloatArray = NDArray[np.float64]

HEIGHT_GRID_M = (0.01, 0.03, 0.09, 0.27, 0.8)
PIXEL_GRID = (0.1, 0.3, 0.9, 2.7)
USUAL_HEIGHT_NOISE = (0.15, 0.8)  # metres off the plane, and spread in natural log: kerbs, crowns of roads
USUAL_PIXEL_NOISE = (1.0, 0.7)  # a careful click
USUAL_CAMERA_HEIGHT = (9.0, 0.8)  # metres above ground on a mast or facade
USUAL_FOCAL = (1900.0, 1.0)  # pixels: a picture of about 2000 px through an ordinary lens
USUAL_TILT = 0.02  # streets that drain
FIRST_FOCALS = (700.0, 1400.0, 2800.0, 5600.0)
# Points left out lie among the others and are easier than the rest of the picture: measured on surveyed cameras.
LEFT_OUT_IS_EASIER = 1.4
MOST_SURPRISE = 4.0
LEAST_FOR_LEAVING_OUT = 6
_OUTLIER_SIGMA = 5.0
_SUBSETS = 60


@dataclass(frozen=True, slots=True)
class Noise:
    """One-sigma noise of a click in pixels, and in metres of the ground about the plane near the camera: farther off it grows."""

    pixel_px: float
    height_m: float


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known before any point: principal point, focal length, camera height, tilt; means and one-sigma spreads."""

    principal_px: FloatArray
    principal_sigma_px: float
    log_focal: float = float(np.log(USUAL_FOCAL[0]))
    log_focal_sigma: float = USUAL_FOCAL[1]

    def residuals(self, camera: PlaneCamera) -> tuple[FloatArray, FloatArray]:
        """Whitened deviations from the prior and their derivative by the eleven numbers."""
        height = max(float(camera.centre_m[2]), 0.05)
        values = np.array([np.log(height), camera.log_focal, *camera.principal_px, *camera.tilt])
        means = np.array([np.log(USUAL_CAMERA_HEIGHT[0]), self.log_focal, *self.principal_px, 0.0, 0.0])
        spread = np.array(
            [USUAL_CAMERA_HEIGHT[1], self.log_focal_sigma, *[self.principal_sigma_px] * 2, *[USUAL_TILT] * 2]
        )
        jacobian = np.zeros((6, NUMBERS))
        jacobian[0, CENTRE.stop - 1] = 1 / height
        jacobian[np.arange(1, 6), np.arange(FOCAL, NUMBERS)] = 1
        return (values - means) / spread, jacobian / spread[:, None]


@dataclass(frozen=True, slots=True)
class CameraFit:
    """A fitted camera, the covariance of its eleven numbers, the noise found, and which points it rests on."""

    camera: PlaneCamera
    covariance: FloatArray
    noise: Noise
    used: NDArray[np.bool_]
    evidence: float


@dataclass(frozen=True, slots=True)
class _System:
    """Whitened residuals and Jacobian of all points and of the prior, with the whitening used."""

    residuals: FloatArray
    jacobian: FloatArray
    whitening: FloatArray

    @property
    def cost(self) -> float:
        return float(self.residuals @ self.residuals)


def fit_camera(pixels: FloatArray, ground_m: FloatArray, prior: Prior) -> CameraFit | None:
    """The camera that explains the pairs, gross errors left out; None when no camera above the ground does."""
    rough = _fit_rough(pixels, ground_m, prior)
    if rough is None:
        return None
    used = _agreeing(rough.camera, pixels, ground_m)
    if used.sum() < 4:
        return replace(rough, used=used)
    chosen = _choose_noise(pixels[used], ground_m[used], prior, rough.camera)
    if chosen is None:
        return None
    scale = _left_out_scale(pixels[used], ground_m[used], prior, chosen)
    root = float(np.sqrt(scale))
    noise = Noise(chosen.noise.pixel_px * root, chosen.noise.height_m * root)
    return replace(chosen, covariance=chosen.covariance * scale, noise=noise, used=used)


def _fit_rough(pixels: FloatArray, ground_m: FloatArray, prior: Prior) -> CameraFit | None:
    """Best of many starts with a noise that forgives, so that gross errors stand out."""
    noise = Noise(pixel_px=2.0, height_m=0.3)
    focals = FIRST_FOCALS if prior.log_focal_sigma > 0.5 else (float(np.exp(prior.log_focal)),)
    best: CameraFit | None = None
    for homography in _starts(pixels, ground_m):
        for focal in focals:
            start = camera_from_homography(homography, focal, prior.principal_px)
            fitted = _fit(pixels, ground_m, prior, start, noise, is_robust=True, rounds=3)
            if fitted is not None and (best is None or fitted.evidence > best.evidence):
                best = fitted
    return best


def _starts(pixels: FloatArray, ground_m: FloatArray) -> Iterator[FloatArray]:
    """Homographies of all points, and of the subset of five that most points agree with (always the same subsets)."""
    yield fit_homography(pixels, ground_m)
    if len(pixels) < LEAST_FOR_LEAVING_OUT:
        return
    random = np.random.default_rng(0)
    best, least = None, np.inf
    for _ in range(_SUBSETS):
        chosen = random.permutation(len(pixels))[:5]
        homography = fit_homography(pixels[chosen], ground_m[chosen])
        seen = np.column_stack([ground_m, np.ones(len(ground_m))]) @ homography.T
        with np.errstate(all="ignore"):
            errors = np.hypot(*(seen[:, :2] / seen[:, 2:] - pixels).T)
        cost = float(np.nan_to_num(np.log1p((errors / 5) ** 2), nan=50, posinf=50).sum())
        if cost < least:
            best, least = homography, cost
    if best is not None:
        yield best


def _agreeing(camera: PlaneCamera, pixels: FloatArray, ground_m: FloatArray) -> NDArray[np.bool_]:
    seen = camera.project(ground_m)
    whitening = _whiten(seen.by_unevenness, Noise(pixel_px=2.0, height_m=0.4))
    errors = np.linalg.norm(np.einsum("nij,nj->ni", whitening, seen.pixels - pixels), axis=1)
    return np.asarray(errors < _OUTLIER_SIGMA)


def _choose_noise(pixels: FloatArray, ground_m: FloatArray, prior: Prior, start: PlaneCamera) -> CameraFit | None:
    """Mean of the noises by their posterior, then the fit with it."""
    noises, weights = [], []
    for height_m, pixel_px in product(HEIGHT_GRID_M, PIXEL_GRID):
        fitted = _fit(pixels, ground_m, prior, start, Noise(pixel_px, height_m), rounds=2)
        if fitted is None:
            continue
        belief = sum(
            -0.5 * (np.log(value / usual) / spread) ** 2
            for value, (usual, spread) in ((height_m, USUAL_HEIGHT_NOISE), (pixel_px, USUAL_PIXEL_NOISE))
        )
        noises.append((np.log(pixel_px), np.log(height_m)))
        weights.append(fitted.evidence + belief)
    if not noises:
        return None
    share = np.exp(np.array(weights) - max(weights))
    pixel_px, height_m = np.exp(share @ np.array(noises) / share.sum())
    return _fit(pixels, ground_m, prior, start, Noise(float(pixel_px), float(height_m)))


def _left_out_scale(pixels: FloatArray, ground_m: FloatArray, prior: Prior, whole: CameraFit) -> float:
    """How much larger (variance) the errors of left-out points are than predicted; 1 with too few points to ask."""
    if len(pixels) < LEAST_FOR_LEAVING_OUT:
        return 1.0
    surprises = []
    for index in range(len(pixels)):
        rest = np.arange(len(pixels)) != index
        fitted = _fit(pixels[rest], ground_m[rest], prior, whole.camera, whole.noise, rounds=2)
        if fitted is None:
            continue
        seen = fitted.camera.project(ground_m[index : index + 1])
        spread = _noise_covariance(seen.by_unevenness, whole.noise)[0]
        spread = spread + seen.jacobian[0] @ fitted.covariance @ seen.jacobian[0].T
        error = seen.pixels[0] - pixels[index]
        surprises.append(min(float(error @ np.linalg.solve(spread, error)) / 2, MOST_SURPRISE))
    return max(LEFT_OUT_IS_EASIER * float(np.mean(surprises)), 0.05) if surprises else 1.0


def _fit(
    pixels: FloatArray,
    ground_m: FloatArray,
    prior: Prior,
    start: PlaneCamera,
    noise: Noise,
    *,
    is_robust: bool = False,
    rounds: int = 6,
) -> CameraFit | None:
    """Levenberg-Marquardt with the whitening renewed between rounds; None when the start sees points behind it."""
    camera, before = start, np.inf
    for round_ in range(rounds):
        system = _weigh(camera, pixels, ground_m, prior, noise, is_robust=is_robust)
        if system is None:
            return None
        camera, cost = _descend(camera, system, pixels, ground_m, prior)
        if round_ and abs(before - cost) <= 1e-5 * cost:
            break
        before = cost
    system = _weigh(camera, pixels, ground_m, prior, noise, is_robust=is_robust)
    if system is None:
        return None
    information = system.jacobian.T @ system.jacobian
    log_whitening = float(np.log(np.abs(np.linalg.det(system.whitening))).sum())
    evidence = -0.5 * system.cost + log_whitening - 0.5 * float(np.linalg.slogdet(information)[1])
    used = np.ones(len(pixels), dtype=bool)
    return CameraFit(camera, np.asarray(np.linalg.inv(information), dtype=np.float64), noise, used, evidence)


def _descend(
    camera: PlaneCamera, system: _System, pixels: FloatArray, ground_m: FloatArray, prior: Prior
) -> tuple[PlaneCamera, float]:
    damping = 1e-3
    for _ in range(12):
        information, gradient = system.jacobian.T @ system.jacobian, system.jacobian.T @ system.residuals
        better = None
        for _ in range(6):
            step = -np.linalg.solve(information + damping * np.diag(np.diag(information)), gradient)
            moved = camera.moved(np.asarray(step, dtype=np.float64))
            tried = _system(moved, pixels, ground_m, prior, system.whitening)
            if tried is not None and tried.cost < system.cost:
                better = (moved, tried)
                break
            damping *= 8
        if better is None:
            break
        gain = (system.cost - better[1].cost) / system.cost
        camera, system = better
        damping = max(damping / 6, 1e-10)
        if gain < 1e-5:
            break
    return camera, system.cost


def _weigh(
    camera: PlaneCamera, pixels: FloatArray, ground_m: FloatArray, prior: Prior, noise: Noise, *, is_robust: bool
) -> _System | None:
    seen = camera.project(ground_m)
    if not seen.is_in_front or camera.centre_m[2] < 0.05:
        return None
    whitening = _whiten(seen.by_unevenness, noise)
    if is_robust:
        errors = np.linalg.norm(np.einsum("nij,nj->ni", whitening, seen.pixels - pixels), axis=1)
        whitening = whitening * np.sqrt(6 / (4 + errors**2))[:, None, None]  # Student's t with 4 degrees of freedom
    return _system(camera, pixels, ground_m, prior, whitening)


def _system(
    camera: PlaneCamera, pixels: FloatArray, ground_m: FloatArray, prior: Prior, whitening: FloatArray
) -> _System | None:
    seen = camera.project(ground_m)
    if not seen.is_in_front or camera.centre_m[2] < 0.05 or not np.isfinite(seen.pixels).all():
        return None
    errors = np.einsum("nij,nj->ni", whitening, seen.pixels - pixels).ravel()
    deviations, slope = prior.residuals(camera)
    jacobian = (whitening @ seen.jacobian).reshape(-1, NUMBERS)
    return _System(np.concatenate([errors, deviations]), np.concatenate([jacobian, slope]), whitening)


def _whiten(by_unevenness: FloatArray, noise: Noise) -> FloatArray:
    return np.asarray(np.linalg.inv(np.linalg.cholesky(_noise_covariance(by_unevenness, noise))))


def _noise_covariance(by_unevenness: FloatArray, noise: Noise) -> FloatArray:
    """Of one observation in the picture (n, 2, 2): the click, and the height seen from there."""
    from_height = np.einsum("ni,nj->nij", by_unevenness, by_unevenness) * noise.height_m**2
    return np.asarray(from_height + np.eye(2) * noise.pixel_px**2)
