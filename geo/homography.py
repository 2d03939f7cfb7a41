"""Pixel-to-ground mapping of a fixed camera, with honest errors. Pure (numpy, scipy).

Given pairs of a pixel and a surveyed ground point, the ground-to-image homography is fitted by the error in the IMAGE, where
the noise is: a pixel is read to about a pixel, and a point lies up to some decimetres off the plane, which moves it in the
image by that height times the local pixels per metre. Both noises are estimated from the residuals, with weak priors, and
carried to every pixel together with the covariance of the fit (Hartley & Zisserman, Multiple View Geometry, ch. 4 and 5).

Ground metres are local: east and north in the city's grid, counted from the camera's anchor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from errors import InputError, PlaceError
from geo.lens import Lens

Array = NDArray[np.float64]
Pair = Sequence[float]  # u_px, v_px, east_m, north_m

LEAST_PAIRS = 4
ENOUGH_PAIRS = 6
PIXEL_PRIOR_PX, PIXEL_PRIOR_WEIGHT = 1.0, 4.0
HEIGHT_PRIOR_M, HEIGHT_PRIOR_WEIGHT = 0.1, 2.0
OUTLIER_SIGMAS = 6.0
UNEVEN_M = 0.5  # ground that rises or falls this much is still ground: no reason to leave a pair out
_ROUNDS = 5
_MOST_SAMPLES = 120
_FLATNESS = 1e-3  # smallest over largest spread of points that do not lie on one line
_STEP = 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted mapping. ``covariance`` is of the nine entries of ``matrix`` (ground to image, unit norm, scaled frames).

    ``pixel_sigma_px`` and ``height_sigma_m`` are the estimated noises; ``residuals_m`` the ground misses of the pairs used;
    ``left_out`` the indexes of pairs judged outliers; ``warnings`` are codes for people.
    """

    matrix: Array
    covariance: Array
    from_ground: Array
    from_image: Array
    pixel_sigma_px: float
    height_sigma_m: float
    side: float
    residuals_m: tuple[float, ...]
    residuals_px: tuple[float, ...]
    left_out: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    lens: Lens | None = None
    full: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "full", np.linalg.inv(self.from_image) @ self.matrix @ self.from_ground)

    @property
    def median_residual_m(self) -> float:
        """Median ground miss of the pairs used."""
        return float(np.median(self.residuals_m))

    def to_ground(self, u_px: float, v_px: float) -> tuple[float, float, Array]:
        """East and north in local metres of the ground seen at a pixel, and their covariance (2x2, m2).

        PlaceError for a pixel at or above the horizon: it sees no ground.
        """
        pixel = self._straight(u_px, v_px)
        inverse = np.linalg.inv(self.full)
        raw = inverse @ np.array([pixel[0], pixel[1], 1.0])
        if raw[2] * self.side <= 1e-12 * np.abs(raw).max():  # 1 / raw[2] is the depth in front of the camera
            raise self._above_horizon(u_px, v_px)
        ground = raw[:2] / raw[2]
        jacobian = _image_jacobian(self.full, ground[None])[0]
        back = np.linalg.inv(jacobian)
        per_m = np.linalg.svd(jacobian, compute_uv=False)[0]
        tall = self.pixel_sigma_px**2 + (per_m * self.height_sigma_m) ** 2
        own = back @ np.diag([self.pixel_sigma_px**2, tall]) @ back.T
        change = self._change_by_entry(pixel)
        covariance = own + change @ self.covariance @ change.T
        return float(ground[0]), float(ground[1]), (covariance + covariance.T) / 2

    def to_image(self, east_m: float, north_m: float) -> tuple[float, float]:
        """Pixel of a ground point; PlaceError for a point behind the camera."""
        raw = self.full @ np.array([east_m, north_m, 1.0])
        if raw[2] * self.side <= 0:
            raise PlaceError("The point lies behind the camera.", field="point", value=f"{east_m:.1f}, {north_m:.1f}")
        u_px, v_px = float(raw[0] / raw[2]), float(raw[1] / raw[2])
        return self.lens.distort(u_px, v_px) if self.lens else (u_px, v_px)

    def error_m(self, u_px: float, v_px: float) -> float:
        """Larger half axis of the one-sigma error at a pixel, in metres; infinity where no ground is seen."""
        try:
            covariance = self.to_ground(u_px, v_px)[2]
        except PlaceError:
            return float("inf")
        return float(np.sqrt(np.linalg.eigvalsh(covariance)[-1]))

    def view_ring(self, width_px: int, height_px: int, *, most_error_m: float = 2.0) -> tuple[tuple[float, float], ...]:
        """Closed ring of ground (local metres) seen in a frame with an error of at most ``most_error_m``; () for none.

        Down the frame's bottom edge and up each column to the last row that is good enough.
        """
        columns = np.linspace(0, width_px - 1, 25)
        tops = [self._top_row(u, height_px, most_error_m) for u in columns]
        good = [(u, top) for u, top in zip(columns, tops, strict=True) if top is not None]
        if len(good) < 2:
            return ()
        ring = [self.to_ground(u, top)[:2] for u, top in good]
        ring += [self.to_ground(u, height_px - 1.0)[:2] for u, _ in reversed(good)]
        return (*ring, ring[0])

    def to_json(self) -> dict[str, Any]:
        """Plain data for the database."""
        return {
            "matrix": self.matrix.tolist(), "covariance": self.covariance.tolist(),
            "from_ground": self.from_ground.tolist(), "from_image": self.from_image.tolist(),
            "pixel_sigma_px": self.pixel_sigma_px, "height_sigma_m": self.height_sigma_m, "side": self.side,
            "residuals_m": list(self.residuals_m), "residuals_px": list(self.residuals_px),
            "left_out": list(self.left_out), "warnings": list(self.warnings),
            "lens": self.lens.to_json() if self.lens else None,
        }  # fmt: skip

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Calibration:
        """Back from ``to_json``; InputError when the data are not a calibration."""
        try:
            return cls(
                matrix=np.array(raw["matrix"], dtype=float), covariance=np.array(raw["covariance"], dtype=float),
                from_ground=np.array(raw["from_ground"], dtype=float), from_image=np.array(raw["from_image"], dtype=float),
                pixel_sigma_px=float(raw["pixel_sigma_px"]), height_sigma_m=float(raw["height_sigma_m"]),
                side=float(raw["side"]), residuals_m=tuple(raw["residuals_m"]), residuals_px=tuple(raw["residuals_px"]),
                left_out=tuple(raw["left_out"]), warnings=tuple(raw["warnings"]),
                lens=Lens.from_json(raw["lens"]) if raw.get("lens") else None,
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, np.linalg.LinAlgError) as fault:
            raise InputError("This is not a calibration.", field="calibration", value=fault) from fault

    def _straight(self, u_px: float, v_px: float) -> Array:
        return np.array(self.lens.undistort(u_px, v_px) if self.lens else (u_px, v_px), dtype=float)

    def _change_by_entry(self, pixel: Array) -> Array:
        """Change of the ground point (m) by each of the nine entries of the scaled matrix."""
        scaled = _apply(self.from_image, pixel[None])
        here = _apply(np.linalg.inv(self.matrix), scaled)[0]
        change = np.zeros((2, 9))
        for entry in range(9):
            nudged = self.matrix.ravel().copy()
            nudged[entry] += _STEP
            change[:, entry] = (_apply(np.linalg.inv(nudged.reshape(3, 3)), scaled)[0] - here) / _STEP
        return np.asarray(change / self.from_ground[0, 0])

    def _top_row(self, u_px: float, height_px: int, most_error_m: float) -> float | None:
        """Highest row of a column whose error is still good, by bisection from the bottom edge."""
        low, high = 0.0, height_px - 1.0
        if self.error_m(u_px, high) > most_error_m:
            return None
        for _ in range(12):
            middle = (low + high) / 2
            low, high = (low, middle) if self.error_m(u_px, middle) <= most_error_m else (middle, high)
        return high

    def _above_horizon(self, u_px: float, v_px: float) -> PlaceError:
        return PlaceError("No ground is seen at this pixel.", field="pixel", value=f"{u_px:.0f}, {v_px:.0f}",
                          cure="Use the point where the thing touches the ground.")  # fmt: skip


def fit(pairs_px_m: Iterable[Pair], *, lens: Lens | None = None) -> Calibration:
    """Fit a calibration to pairs (u_px, v_px, east_m, north_m); with ``lens``, pixels are straightened first.

    InputError for fewer than 4 pairs or numbers that are none; PlaceError for a layout that fixes nothing (points on one
    line, or the same point twice among four). Fewer than 6 pairs give the warning ``few_pairs``.
    """
    pairs = _read_pairs(pairs_px_m)
    image = np.array([lens.undistort(u, v) for u, v in pairs[:, :2]]) if lens else pairs[:, :2]
    ground = pairs[:, 2:]
    _refuse_degenerate(image, ground)
    keep = _find_inliers(image, ground)
    fitted = _fit_weighted(image[keep], ground[keep])
    left_out = tuple(int(i) for i in np.flatnonzero(~keep))
    warnings = (*(("few_pairs",) if keep.sum() < ENOUGH_PAIRS else ()), *(("pairs_left_out",) if left_out else ()))
    return _finish(fitted, image[keep], ground[keep], left_out, warnings, lens)


@dataclass(frozen=True, slots=True)
class _Fitted:
    matrix: Array
    covariance: Array
    from_ground: Array
    from_image: Array
    pixel_sigma_px: float
    height_sigma_m: float

    @property
    def full(self) -> Array:
        return np.asarray(np.linalg.inv(self.from_image) @ self.matrix @ self.from_ground)


def _read_pairs(pairs_px_m: Iterable[Pair]) -> Array:
    try:
        pairs = np.array([list(pair) for pair in pairs_px_m], dtype=float)
    except (TypeError, ValueError) as fault:
        raise InputError("A pair is four numbers: u_px, v_px, east_m, north_m.", field="pairs", value=fault) from fault
    if pairs.ndim != 2 or len(pairs) < LEAST_PAIRS:
        raise InputError(
            "A calibration needs at least 4 pairs.", field="pairs", value=len(pairs), cure="Add pairs; 6 or more."
        )
    if pairs.shape[1] != 4 or not np.isfinite(pairs).all():
        raise InputError(
            "A pair is four finite numbers: u_px, v_px, east_m, north_m.", field="pairs", value=pairs.shape
        )
    return pairs


def _refuse_degenerate(image: Array, ground: Array) -> None:
    for name, points in (("pixels", image), ("ground points", ground)):
        spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
        if spread[0] == 0 or spread[1] / spread[0] < _FLATNESS:
            raise PlaceError(f"The {name} lie on one line.", field="pairs", value=len(points), cure="Spread the pairs.")
        if len(np.unique(points.round(6), axis=0)) < LEAST_PAIRS:
            raise PlaceError(
                f"Fewer than 4 different {name}.", field="pairs", value=len(points), cure="Use other points."
            )
        if len(points) == LEAST_PAIRS and any(_is_flat(points[list(three)]) for three in combinations(range(4), 3)):
            raise PlaceError(
                f"Three of four {name} lie on one line.", field="pairs", value=4, cure="Move one, or add pairs."
            )


def _is_flat(points: Array) -> bool:
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return bool(spread[1] < _FLATNESS * spread[0])


def _find_inliers(image: Array, ground: Array) -> NDArray[np.bool_]:
    """Pairs that agree with the best of many four-pair fits (least median of squares); all of them where few are given."""
    count = len(image)
    if count <= ENOUGH_PAIRS:
        return np.ones(count, dtype=bool)
    samples = list(combinations(range(count), LEAST_PAIRS))
    if len(samples) > _MOST_SAMPLES:
        chosen = np.random.default_rng(count).choice(len(samples), _MOST_SAMPLES, replace=False)
        samples = [samples[i] for i in chosen]
    best, best_miss = None, np.inf
    for sample in samples:
        miss = _whitened_miss(image, ground, list(sample))
        if miss is not None and np.median(miss) < best_miss:
            best, best_miss = miss, float(np.median(miss))
    if best is None:
        return np.ones(count, dtype=bool)
    scale = max(1.0, 1.4826 * best_miss * (1 + 5 / (count - LEAST_PAIRS)))
    keep = np.asarray(best < OUTLIER_SIGMAS * scale)
    return keep if keep.sum() >= max(ENOUGH_PAIRS, (count + 1) // 2) else np.ones(count, dtype=bool)


def _whitened_miss(image: Array, ground: Array, sample: list[int]) -> Array | None:
    """Image misses of all pairs by a fit to four, in units of pixel noise and uneven ground; None for a useless four."""
    if _is_flat(ground[sample]) or _is_flat(image[sample]):
        return None
    frame_g, frame_i = _scaling(ground), _scaling(image)
    matrix = (
        np.linalg.inv(frame_i)
        @ _solve_linear(_apply(frame_g, ground[sample]), _apply(frame_i, image[sample]))
        @ frame_g
    )
    miss = np.hypot(*(_apply(matrix, ground) - image).T)
    per_m = _pixels_per_metre(matrix, ground)
    if not (np.isfinite(miss).all() and np.isfinite(per_m).all()):
        return None
    return np.asarray(miss / np.hypot(PIXEL_PRIOR_PX, per_m * UNEVEN_M))


def _fit_weighted(image: Array, ground: Array) -> _Fitted:
    """Maximum likelihood for the two noises, which are estimated in turn from the residuals."""
    frame_g, frame_i = _scaling(ground), _scaling(image)
    scaled_g, scaled_i = _apply(frame_g, ground), _apply(frame_i, image)
    matrix = _solve_linear(scaled_g, scaled_i)
    pixel, height = PIXEL_PRIOR_PX, HEIGHT_PRIOR_M
    for _ in range(_ROUNDS):
        matrix, covariance = _refine(
            matrix, scaled_g, scaled_i, _sigmas(matrix, ground, frame_g, frame_i, pixel, height)
        )
        fitted = _Fitted(matrix, covariance, frame_g, frame_i, pixel, height)
        pixel, height = _estimate_noise(fitted, image, ground)
    matrix, covariance = _refine(matrix, scaled_g, scaled_i, _sigmas(matrix, ground, frame_g, frame_i, pixel, height))
    return _Fitted(matrix, covariance, frame_g, frame_i, pixel, height)


def _sigmas(matrix: Array, ground: Array, frame_g: Array, frame_i: Array, pixel: float, height: float) -> Array:
    """One-sigma noise of each pair across and up the image, in scaled units."""
    per_m = _pixels_per_metre(np.linalg.inv(frame_i) @ matrix @ frame_g, ground)
    across, up = np.full(len(ground), pixel), np.hypot(pixel, per_m * height)
    return np.asarray(np.column_stack([across, up]) * frame_i[0, 0])


def _refine(matrix: Array, ground: Array, image: Array, sigmas: Array) -> tuple[Array, Array]:
    """Levenberg-Marquardt on whitened image residuals, the norm held at one; the matrix and its covariance."""

    def residuals(entries: Array) -> Array:
        miss = (_apply(entries.reshape(3, 3), ground) - image) / sigmas
        return np.append(miss.ravel(), 1e3 * (np.linalg.norm(entries) - 1))

    found = least_squares(residuals, matrix.ravel(), method="lm")
    fitted = found.x.reshape(3, 3) / np.linalg.norm(found.x)
    return fitted, np.asarray(np.linalg.pinv(found.jac.T @ found.jac))


def _estimate_noise(fitted: _Fitted, image: Array, ground: Array) -> tuple[float, float]:
    """Pixel and height noise from the residuals, shrunk to weak priors; corrected for the eight fitted numbers."""
    miss = _apply(fitted.full, ground) - image
    per_m = _pixels_per_metre(fitted.full, ground)
    spare = 2 * len(image) - 8
    growth = 2 * len(image) / spare if spare > 0 else 0.0
    share = (per_m * fitted.height_sigma_m) ** 2
    share = share / (fitted.pixel_sigma_px**2 + share)
    height = HEIGHT_PRIOR_WEIGHT * HEIGHT_PRIOR_M**2 + float((share * (miss[:, 1] / per_m) ** 2).sum()) * growth
    pixel = PIXEL_PRIOR_WEIGHT * PIXEL_PRIOR_PX**2 + float((miss[:, 0] ** 2).sum()) * growth
    counted = float(bool(growth))
    return (
        float(np.sqrt(pixel / (PIXEL_PRIOR_WEIGHT + counted * len(miss)))),
        float(np.sqrt(height / (HEIGHT_PRIOR_WEIGHT + counted * float(share.sum())))),
    )


def _finish(
    fitted: _Fitted,
    image: Array,
    ground: Array,
    left_out: tuple[int, ...],
    warnings: tuple[str, ...],
    lens: Lens | None,
) -> Calibration:
    depths = np.column_stack([ground, np.ones(len(ground))]) @ fitted.full[2]
    if not (np.all(depths > 0) or np.all(depths < 0)):
        raise PlaceError("The pairs lie on both sides of the horizon.", field="pairs", value=len(ground),
                         cure="A pair may be swapped: check each pixel against its ground point.")  # fmt: skip
    misses_m = np.hypot(*(_apply(np.linalg.inv(fitted.full), image) - ground).T)
    misses_px = np.hypot(*(_apply(fitted.full, ground) - image).T)
    return Calibration(
        fitted.matrix, fitted.covariance, fitted.from_ground, fitted.from_image, fitted.pixel_sigma_px,
        fitted.height_sigma_m, float(np.sign(depths[0])), tuple(map(float, misses_m)), tuple(map(float, misses_px)),
        left_out, warnings, lens,
    )  # fmt: skip


def _scaling(points: Array) -> Array:
    """Similarity that moves points to their middle and scales their mean distance to the square root of two."""
    middle = points.mean(axis=0)
    scale = np.sqrt(2) / max(float(np.linalg.norm(points - middle, axis=1).mean()), 1e-12)
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1.0]])


def _solve_linear(ground: Array, image: Array) -> Array:
    """Direct linear transform, unit norm."""
    rows = []
    for (x, y), (u, v) in zip(ground, image, strict=True):
        rows += [[-x, -y, -1, 0, 0, 0, u * x, u * y, u], [0, 0, 0, -x, -y, -1, v * x, v * y, v]]
    return np.asarray(np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3))


def _apply(matrix: NDArray[Any], points: Array) -> Array:
    mapped = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    with np.errstate(
        divide="ignore", invalid="ignore"
    ):  # a point on the horizon is infinitely far: callers look for that
        return np.asarray(mapped[:, :2] / mapped[:, 2:])


def _image_jacobian(matrix: Array, ground: Array) -> Array:
    """(n, 2, 2): change of pixel by metre at ground points; not finite on the horizon."""
    raw = np.column_stack([ground, np.ones(len(ground))]) @ matrix.T
    with np.errstate(divide="ignore", invalid="ignore"):
        pixel = raw[:, :2] / raw[:, 2:]
        rows = [(matrix[i, :2] - pixel[:, i : i + 1] * matrix[2, :2]) / raw[:, 2:] for i in (0, 1)]
    return np.stack(rows, axis=1)


def _pixels_per_metre(matrix: Array, ground: Array) -> Array:
    """Larger pixel length of a metre at each ground point: also that of a standing metre, across the line of sight."""
    jacobians = _image_jacobian(matrix, ground)
    finite = np.isfinite(jacobians).all(axis=(1, 2))
    lengths = np.full(len(ground), np.inf)
    lengths[finite] = np.linalg.svd(jacobians[finite], compute_uv=False)[:, 0]
    return lengths
