"""A street that is painted: an HTTP camera whose motorbikes come and go by a timetable, and a detector that reads the paint.

For benches of the camera runner: what must be found, and when, is known to the second. Frames without the paint's mark (real
clips) go to the real detector.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from numpy.typing import NDArray

from detection.detections import Detection, Detections
from detection.detector import Detector
from detection.fake_detector import FAKE_RECORD
from detection.layout import WHOLE, Layout
from intake.photo import encode_jpeg
from tests.builders import SHAPES_M
from tests.small_city import FRAME_PX, to_frame

FRAME_S = 0.5
CYCLE_S = 220.0
SHOWN_S = 120.0
HIDDEN_SHARE = 0.15
FIRST_EAST_M, STEP_M, NORTH_M = 193.0, 1.6, 111.2
PLACES = 15
PAINT, MARK = (220, 20, 20), (255, 0, 255)
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Episode:
    """One motorbike on one camera: when it stands there (POSIX seconds) and where."""

    camera: int
    number: int
    begins_s: float
    ends_s: float
    east_m: float


def list_episodes(began_s: float, cameras: int, until_s: float) -> list[Episode]:
    """All that fit wholly before ``until_s``."""
    found = []
    for camera in range(cameras):
        for number in range(PLACES):
            begins = began_s + 20 + number * CYCLE_S + camera * CYCLE_S / max(1, cameras)
            episode = Episode(camera, number, begins, begins + SHOWN_S, FIRST_EAST_M + STEP_M * number)
            if episode.ends_s + 40 <= until_s:
                found.append(episode)
    return found


def paint(episodes: Sequence[Episode], camera: int, at_s: float, random: np.random.Generator) -> bytes:
    """The JPEG of one camera at a moment; now and then a passer-by hides everything."""
    pixels = np.repeat(np.linspace(60, 190, FRAME_PX[0], dtype=np.uint8)[None, :, None], FRAME_PX[1], axis=0).repeat(
        3, axis=2
    )
    pixels[::60] = 90
    pixels[:24, :24] = MARK
    is_hidden = random.random() < HIDDEN_SHARE
    for episode in episodes:
        if episode.camera == camera and episode.begins_s <= at_s < episode.ends_s and not is_hidden:
            x_min, y_min, x_max, y_max = box_of(episode.east_m)
            pixels[y_min:y_max, x_min:x_max] = PAINT
    return encode_jpeg(pixels)


def box_of(east_m: float) -> tuple[int, int, int, int]:
    """Where the camera shows a motorbike that stands there."""
    width_m, height_m = SHAPES_M["motorcycle"]
    left, bottom = to_frame(east_m - width_m / 2, NORTH_M)
    right, _ = to_frame(east_m + width_m / 2, NORTH_M)
    _, top = to_frame(east_m, NORTH_M, height_m)
    return round(left), round(top), round(right), round(bottom)


class PaintDetector:
    """Reads the paint of marked frames; asks the real detector about all others."""

    def __init__(self, real: Detector) -> None:
        self._real = real
        self.weights = (FAKE_RECORD, *real.weights)
        self.runtime = f"paint+{real.runtime}"
        self.thresholds = {"motorcycle": 0.5} | real.thresholds

    def detect(
        self, images: Sequence[Pixels], *, frame_times_s: Sequence[float] | None = None, layout: Layout = WHOLE
    ) -> list[Detections]:
        """Claims about each picture, in order."""
        times = [None] * len(images) if frame_times_s is None else list(frame_times_s)
        return [self._look(image, at) for image, at in zip(images, times, strict=True)]

    def _look(self, image: Pixels, time_s: float | None) -> Detections:
        if not _is_near(image[4:16, 4:16], MARK).mean() > 0.8:
            return self._real.detect([image], frame_times_s=None if time_s is None else [time_s])[0]
        height, width = image.shape[:2]
        rows, columns = np.nonzero(_is_near(image, PAINT))
        if len(rows) < 50:
            return Detections(width, height, (), time_s)
        box = (float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1))
        return Detections(width, height, (Detection("motorcycle", 0.9, box, time_s),), time_s)


def _is_near(image: Pixels, colour: tuple[int, int, int]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(image.astype(int) - colour).max(axis=-1) < 60)


def serve(episodes: Sequence[Episode]) -> tuple[ThreadingHTTPServer, str]:
    """A server of all painted cameras (``/0``, ``/1``, ...), in a thread, and its address; episodes may be added later."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            camera, random = int(self.path.strip("/")), np.random.default_rng()
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            try:
                while True:
                    jpeg = paint(episodes, camera, time.time(), random)
                    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                    self.wfile.write(head.encode() + jpeg + b"\r\n")
                    self.wfile.flush()
                    time.sleep(FRAME_S)
            except OSError:
                return

        def log_message(self, *_args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"
