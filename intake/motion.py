"""Whether a fixed camera's frame shows anything new, and whether it shows anything at all. Pure numpy and OpenCV.

Frames are compared as small pictures, in colour (red on grey asphalt may be no change of brightness), with the last one that
was looked at, so that slow changes add up and are noticed. Changes of light over the whole picture (a cloud, the camera's own
exposure) are taken off first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SMALL_SIZE = (192, 108)
_LEAST_STEP = 14.0  # grey levels: above the noise of compression by day
_NOISE_STEPS = 6.0  # ... or this many times the frame's own noise, by night and in rain
_LEAST_PIXELS = 7  # a small dog 30 m away; a person is more
_DARK_MEAN, _DARK_SPREAD = 18.0, 14.0
_BLANK_SPREAD = 4.0
Small = NDArray[np.uint8]


class Sight(StrEnum):
    """Whether a frame can be judged."""

    CLEAR = "clear"
    DARK = "too_dark"
    BLANK = "blank"  # covered, fogged, or a test card of one colour


@dataclass(slots=True)
class MotionGate:
    """Remembers the last frame that was looked at. ``region`` (points as shares of width and height) limits the watch."""

    region: Sequence[tuple[float, float]] = ()
    _last: NDArray[np.float32] | None = None
    _mask: NDArray[np.bool_] | None = None

    def has_changed(self, small: Small) -> bool:
        """Whether something moved in, out or about since the frame that was last said to be changed. ``small``: (h, w, 3)."""
        soft = cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32)
        if self._last is None or self._last.shape != soft.shape:
            self._last = soft
            return True
        inside = self._inside(soft.shape[:2])
        difference = (soft - self._last)[inside]
        difference -= np.median(difference, axis=0)
        away = np.abs(difference).max(axis=-1)
        step = max(_LEAST_STEP, _NOISE_STEPS * 1.4826 * float(np.median(away)))
        if int((away > step).sum()) < _LEAST_PIXELS:
            return False
        self._last = soft
        return True

    def forget(self) -> None:
        """The next frame is new, whatever it shows."""
        self._last = None

    def _inside(self, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        if self._mask is None or self._mask.shape != shape:
            mask: NDArray[Any] = np.zeros(shape, dtype=np.uint8)
            points = [(round(x * (shape[1] - 1)), round(y * (shape[0] - 1))) for x, y in self.region]
            if len(points) > 2:
                cv2.fillPoly(mask, [np.array(points, dtype=np.int32)], 1)
                mask = cv2.dilate(mask, np.ones((9, 9), dtype=np.uint8))
            self._mask = mask.astype(bool) if mask.any() else np.ones(shape, dtype=bool)
        return self._mask


def judge_sight(small: Small) -> Sight:
    """Night without lamps and covered lenses are told apart from an empty street."""
    mean, spread = float(small.mean()), float(small.mean(axis=-1).std())
    if spread < _BLANK_SPREAD and mean >= _DARK_MEAN:
        return Sight.BLANK
    return Sight.DARK if mean < _DARK_MEAN and spread < _DARK_SPREAD else Sight.CLEAR
