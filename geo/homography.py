"""From pixels to the ground and back, with the error of both: what a fixed camera's point pairs are worth. Pure numpy.

``fit`` takes pairs (u_px, v_px, east_m, north_m) in local metres and gives a ``Calibration``; stage 4, the calibration
command and the camera pages use it. It holds on the ground only: ask it for the foot of a thing, never for its top.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errors import InputError, PlaceError
from geo.camera_fit import CameraFit, Noise, Prior, fit_camera
from geo.lens import Lens, lens_from_json, lens_to_json, parse_lens
from geo.plane_camera import PlaneCamera, fit_homography
from geo.point_pairs import ADVISED_PAIRS, Pairs, read_pairs
from geo.swapped_pairs import find_swapped

FloatArray = NDArray[np.float64]
LensWords = Lens | tuple[Sequence[Sequence[float]] | FloatArray, Sequence[float] | FloatArray]

FEW_PAIRS = "fewer_than_6_pairs"
LEFT_OUT = "pairs_left_out"
POOR_FIT = "poor_fit"
SWAPPED = "pairs_swapped"  # followed by the numbers of the two points
_POOR_FIT_SHARE = 0.01  # median residual against the spread of the points in the picture
_HOPELESS_SHARE = 0.05
_LEAST_AGREEING = 0.6


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fixed view of the ground. Residuals are per pair, in pixels; ``used`` tells which pairs it rests on.

    ``noise`` is what one click (pixels) and the ground about its plane (metres, near the camera) were found to be off
    by, one sigma.
    """

    camera: PlaneCamera
    covariance: FloatArray
    noise: Noise
    residuals_px: tuple[float, ...]
    residuals_m: tuple[float, ...]
    used: tuple[bool, ...]
    warnings: tuple[str, ...] = ()
    lens: Lens | None = None

    @property
    def homography(self) -> FloatArray:
        """3x3 matrix from (east_m, north_m, 1) to pixels of the straight lens."""
        return self.camera.homography

    @property
    def residual_m(self) -> float:
        """Median distance on the ground between the used pairs and the fit."""
        return float(np.median([m for m, used in zip(self.residuals_m, self.used, strict=True) if used]))

    def to_ground(self, u_px: float, v_px: float, *, pixel_sigma_px: float = 0.0) -> tuple[float, float, FloatArray]:
        """(east_m, north_m, covariance 2x2 in m2) of a pixel; ``pixel_sigma_px`` adds the error of the one who saw it.

        PlaceError when the pixel shows no ground: at or above the horizon, or outside what the lens model holds for.
        """
        ground, covariance, is_ground = self._to_ground(np.array([[u_px, v_px]], dtype=np.float64), pixel_sigma_px)
        if not is_ground[0]:
            raise PlaceError(
                "This pixel lies at or above the horizon: it shows no ground.",
                field="pixel",
                value=f"{u_px}, {v_px}",
                cure="Use the foot of the thing, where it meets the ground.",
            )
        return float(ground[0, 0]), float(ground[0, 1]), covariance[0]

    def to_ground_all(self, pixels: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Ground points (n, 2) of pixels (n, 2) in metres, and which of them show ground at all; the others are meaningless."""
        ground, _, is_ground = self._to_ground(np.asarray(pixels, dtype=np.float64), 0.0)
        return ground, is_ground

    def to_image(self, east_m: float, north_m: float) -> tuple[float, float]:
        """The pixel that shows a ground point; PlaceError behind the camera. It may lie outside the picture."""
        seen = self.camera.project(np.array([[east_m, north_m]], dtype=np.float64))
        if not seen.is_in_front:
            raise PlaceError("This place lies behind the camera.", field="place", value=f"{east_m}, {north_m}")
        pixels = self.lens.bend(seen.pixels) if self.lens else seen.pixels
        return float(pixels[0, 0]), float(pixels[0, 1])

    def error_m(self, u_px: float, v_px: float) -> float:
        """Larger half axis of the one-sigma error ellipse at a pixel; infinite where there is no ground."""
        return float(self._errors_m(np.array([[u_px, v_px]], dtype=np.float64))[0])

    def region_within(
        self, error_m: float, image_size_px: tuple[int, int], *, columns: int = 33, rows: int = 49
    ) -> tuple[tuple[float, float], ...]:
        """Closed ring of pixels inside which the error stays below ``error_m``; empty when that is nowhere."""
        width, height = image_size_px
        near, far = [], []
        for u in np.linspace(0, width, columns):
            column = np.column_stack([np.full(rows, u), np.linspace(0, height, rows)])
            good = np.flatnonzero(self._errors_m(column) <= error_m)
            if len(good):
                far.append((float(u), float(column[good[0], 1])))
                near.append((float(u), float(column[good[-1], 1])))
        return (*near, *reversed(far), near[0]) if len(near) > 1 else ()

    def view_footprint(
        self, image_size_px: tuple[int, int], *, error_m: float = 2.0
    ) -> tuple[tuple[float, float], ...]:
        """Closed ring of (east_m, north_m): the ground in view where the error stays below ``error_m``."""
        ring = self.region_within(error_m, image_size_px)
        if not ring:
            return ()
        ground, _, _ = self._to_ground(np.array(ring), 0.0)
        return tuple((float(east), float(north)) for east, north in ground)

    def to_json(self) -> dict[str, Any]:
        """For the calibration's record; ``from_json`` gives the same calibration back."""
        return {
            "form": 1,
            "rotation": self.camera.rotation.tolist(),
            "centre_m": self.camera.centre_m.tolist(),
            "log_focal": self.camera.log_focal,
            "principal_px": self.camera.principal_px.tolist(),
            "tilt": self.camera.tilt.tolist(),
            "covariance": self.covariance.tolist(),
            "noise": {"pixel_px": self.noise.pixel_px, "height_m": self.noise.height_m},
            "residuals_px": list(self.residuals_px),
            "residuals_m": list(self.residuals_m),
            "used": list(self.used),
            "warnings": list(self.warnings),
            "lens": lens_to_json(self.lens) if self.lens else None,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Calibration:
        """The calibration of a record; InputError when the record is not one."""
        try:
            camera = PlaneCamera(
                rotation=np.array(raw["rotation"], dtype=np.float64),
                centre_m=np.array(raw["centre_m"], dtype=np.float64),
                log_focal=float(raw["log_focal"]),
                principal_px=np.array(raw["principal_px"], dtype=np.float64),
                tilt=np.array(raw["tilt"], dtype=np.float64),
            )
            return cls(
                camera=camera,
                covariance=np.array(raw["covariance"], dtype=np.float64),
                noise=Noise(**raw["noise"]),
                residuals_px=tuple(raw["residuals_px"]),
                residuals_m=tuple(raw["residuals_m"]),
                used=tuple(raw["used"]),
                warnings=tuple(raw["warnings"]),
                lens=lens_from_json(raw["lens"]) if raw["lens"] else None,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError("This is no record of a calibration.", field="calibration", value=error) from error

    def _to_ground(self, pixels: FloatArray, pixel_sigma_px: float) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
        straight = self.lens.straighten(pixels) if self.lens else pixels
        rays = np.column_stack([straight, np.ones(len(straight))]) @ np.linalg.inv(self.homography).T
        with np.errstate(all="ignore"):
            ground = rays[:, :2] / rays[:, 2:]
        ground = np.where(np.isfinite(ground), ground, 0.0)
        seen = self.camera.project(ground)
        # Points of the plane before the camera have a positive third number: the homography's scale is the depth.
        is_ground = (rays[:, 2] > 0) & (seen.depth_m > 0)
        by_ground = self._by_ground(ground)
        spread = seen.jacobian @ self.covariance @ seen.jacobian.transpose(0, 2, 1)
        spread += np.eye(2) * (self.noise.pixel_px**2 + pixel_sigma_px**2)
        spread += np.einsum("ni,nj->nij", seen.by_unevenness, seen.by_unevenness) * self.noise.height_m**2
        covariance = np.full((len(pixels), 2, 2), np.inf)
        if is_ground.any():
            back = np.linalg.inv(by_ground[is_ground])
            covariance[is_ground] = back @ spread[is_ground] @ back.transpose(0, 2, 1)
        return ground, covariance, is_ground

    def _by_ground(self, ground_m: FloatArray) -> FloatArray:
        """Derivative of the pixel by the ground point (n, 2, 2)."""
        h = self.homography
        seen = np.column_stack([ground_m, np.ones(len(ground_m))]) @ h.T
        return np.asarray(
            (h[None, :2, :2] * seen[:, 2, None, None] - seen[:, :2, None] * h[None, 2:3, :2])
            / seen[:, 2, None, None] ** 2
        )

    def _errors_m(self, pixels: FloatArray) -> FloatArray:
        errors = np.full(len(pixels), np.inf)
        _, covariance, is_ground = self._to_ground(pixels, 0.0)
        errors[is_ground] = np.sqrt(np.linalg.eigvalsh(covariance[is_ground])[:, -1])
        return errors


def fit(
    pairs_px_m: Pairs, *, distortion: LensWords | None = None, image_size_px: tuple[int, int] | None = None
) -> Calibration:
    """The calibration of point pairs (u_px, v_px, east_m, north_m), gross errors left out and told.

    ``distortion`` is a ``Lens`` or OpenCV's (K, D); ``image_size_px`` says where the middle of the picture is and helps
    with few points. InputError: fewer than 4 pairs, doubled or collinear points, or points that no view of flat ground
    explains. Fewer than 6 pairs, pairs left out and a poor fit are told in ``warnings``.
    """
    lens = distortion if distortion is None or isinstance(distortion, Lens) else parse_lens(*distortion)
    pixels, ground_m = read_pairs(pairs_px_m)
    straight = lens.straighten(pixels) if lens else pixels
    _refuse_mirrored(straight, ground_m)
    fitted = fit_camera(straight, ground_m, _prior(straight, lens, image_size_px))
    spread_px = float(np.ptp(straight, axis=0).max())
    is_doubtful = fitted is None or not fitted.used.all()
    swapped = find_swapped(straight, ground_m) if is_doubtful else None
    _refuse_hopeless(fitted, straight, ground_m, spread_px, swapped)
    if fitted is None:
        raise InputError("No camera above flat ground sees these points so.", field="pairs_px_m")
    residuals_px = np.linalg.norm(fitted.camera.project(ground_m).pixels - straight, axis=1)
    calibration = Calibration(
        camera=fitted.camera,
        covariance=fitted.covariance,
        noise=fitted.noise,
        residuals_px=tuple(float(residual) for residual in residuals_px),
        residuals_m=(),
        used=tuple(bool(used) for used in fitted.used),
        warnings=tuple(_warnings(fitted, residuals_px, spread_px, swapped)),
        lens=lens,
    )
    return _with_ground_residuals(calibration, pixels, ground_m)


def _prior(straight: FloatArray, lens: Lens | None, image_size_px: tuple[int, int] | None) -> Prior:
    """A known lens fixes focal length and principal point within 2 %; else the middle of the picture, or of the points."""
    if lens is not None:
        focal = float(np.mean(lens.focal_px))
        return Prior(np.array(lens.principal_px), 0.02 * focal, float(np.log(focal)), 0.02)
    if image_size_px is not None:
        return Prior(np.array(image_size_px, dtype=np.float64) / 2, 0.05 * max(image_size_px))
    low, high = straight.min(axis=0), straight.max(axis=0)
    return Prior((low + high) / 2, 0.5 * float((high - low).max()))


def _refuse_hopeless(
    fitted: CameraFit | None,
    straight: FloatArray,
    ground_m: FloatArray,
    spread_px: float,
    swapped: tuple[int, int] | None,
) -> None:
    cure = "Check that no two points are swapped and that east comes before north."
    if swapped is not None:
        cure = f"Interchange the ground places of points {swapped[0] + 1} and {swapped[1] + 1}: then all points agree."
    if fitted is None or fitted.used.mean() < _LEAST_AGREEING or fitted.used.sum() < 4:
        raise InputError(
            "The points do not agree: no camera above flat ground sees them so.", field="pairs_px_m", cure=cure
        )
    seen = fitted.camera.project(ground_m[fitted.used])
    misses = np.linalg.norm(seen.pixels - straight[fitted.used], axis=1)
    if float(np.median(misses)) > _HOPELESS_SHARE * spread_px:
        raise InputError(
            "The points do not agree with any view of flat ground.",
            field="pairs_px_m",
            value=f"median miss {float(np.median(misses)):.0f} px",
            cure=cure,
        )


def _refuse_mirrored(straight: FloatArray, ground_m: FloatArray) -> None:
    """Seen from above, the ground is never mirrored: a close fit of a mirrored view means swapped or reversed axes."""
    homography = fit_homography(straight, ground_m)
    seen = np.column_stack([ground_m, np.ones(len(ground_m))]) @ homography.T
    with np.errstate(all="ignore"):
        misses = np.linalg.norm(seen[:, :2] / seen[:, 2:] - straight, axis=1)
    is_close = float(np.median(misses)) < _POOR_FIT_SHARE * float(np.ptp(straight, axis=0).max())
    if is_close and np.linalg.det(homography) > 0:
        raise InputError(
            "The points fit a mirrored view of the ground only: an axis is swapped or reversed.",
            field="pairs_px_m",
            cure="Write u_px to the right, v_px down, then east_m, then north_m.",
        )


def _warnings(
    fitted: CameraFit, residuals_px: FloatArray, spread_px: float, swapped: tuple[int, int] | None
) -> Iterator[str]:
    if len(residuals_px) < ADVISED_PAIRS:
        yield FEW_PAIRS
    if not fitted.used.all():
        yield LEFT_OUT
    if swapped is not None:
        yield f"{SWAPPED}_{swapped[0] + 1}_{swapped[1] + 1}"
    if float(np.median(residuals_px[fitted.used])) > _POOR_FIT_SHARE * spread_px:
        yield POOR_FIT


def _with_ground_residuals(calibration: Calibration, pixels: FloatArray, ground_m: FloatArray) -> Calibration:
    ground, _, is_ground = calibration._to_ground(pixels, 0.0)
    misses = np.where(is_ground, np.linalg.norm(ground - ground_m, axis=1), np.inf)
    return replace(calibration, residuals_m=tuple(float(miss) for miss in misses))
