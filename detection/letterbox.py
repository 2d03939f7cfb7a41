"""Fitting a picture into a network's input without distortion, and its boxes back into the picture. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
_PAD_GREY = 114  # the grey the network was trained with


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a picture lies in an input of ``input_width`` x ``input_height``: scaled by ``scale``, then moved by the pads."""

    input_width: int
    input_height: int
    scale: float
    pad_left: int
    pad_top: int
    inner_width: int
    inner_height: int


def plan_letterbox(width_px: int, height_px: int, input_width: int, input_height: int) -> Letterbox:
    """The largest fit of a picture, centred."""
    scale = min(input_width / width_px, input_height / height_px)
    inner_width = min(input_width, max(1, round(width_px * scale)))
    inner_height = min(input_height, max(1, round(height_px * scale)))
    return Letterbox(
        input_width=input_width,
        input_height=input_height,
        scale=scale,
        pad_left=(input_width - inner_width) // 2,
        pad_top=(input_height - inner_height) // 2,
        inner_width=inner_width,
        inner_height=inner_height,
    )


def choose_input(width_px: int, height_px: int, inputs: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """Of several input sizes (width, height), the one that shows the picture largest; of equal ones, the smallest."""
    return max(inputs, key=lambda size: (min(size[0] / width_px, size[1] / height_px), -size[0] * size[1]))


def fit_pixels(rgb: Pixels, box: Letterbox) -> Pixels:
    """The picture in the input's size, grey where it does not reach."""
    height, width = rgb.shape[:2]
    size = (box.inner_width, box.inner_height)
    if (width, height) != size:
        smaller = box.scale < 0.5  # area averaging only where plain interpolation would alias
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR), np.uint8)
    if size == (box.input_width, box.input_height):
        return rgb
    canvas = np.full((box.input_height, box.input_width, 3), _PAD_GREY, np.uint8)
    canvas[box.pad_top : box.pad_top + box.inner_height, box.pad_left : box.pad_left + box.inner_width] = rgb
    return canvas


def unfit_boxes(boxes: NDArray[np.float32], box: Letterbox, *, width_px: int, height_px: int) -> NDArray[np.float32]:
    """Corner boxes in the input's pixels -> the picture's pixels, cut at its edges."""
    moved = boxes - np.array([box.pad_left, box.pad_top, box.pad_left, box.pad_top], np.float32)
    moved *= np.array([width_px / box.inner_width, height_px / box.inner_height] * 2, np.float32)
    moved[:, 0::2] = moved[:, 0::2].clip(0, width_px)
    moved[:, 1::2] = moved[:, 1::2].clip(0, height_px)
    return moved
