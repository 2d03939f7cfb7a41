"""Makes the sample clips: a time-lapse out of one real camera frame, and a citizen's clip with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from demo.places import Spot

Pixels = NDArray[np.uint8]

FRAMES = 19
STEP_S = 30  # what stands still is seen for 540 s; the clip stays below the longest accepted (600 s)
SEED = 424
# A car of the frame, shown once here and there on the lane: something that only passes. Box of the car in the frame, and
# frame number -> left, top and size of its copy.
PASSING_BOX = (1405, 512, 1632, 648)
PASSING = {6: (1655, 575, 1.12), 13: (330, 745, 1.40)}
LICENCE = "frame: MEVA (Kitware), CC BY 4.0; time-lapse generated from one real frame"


def make_timelapse(frame: Path, out: Path, started_at: datetime) -> None:
    """Frames 30 s apart by presentation time, each a little brighter or darker and with noise of its own."""
    with Image.open(frame) as opened:
        still = opened.convert("RGB")
    with av.open(str(out), "w", options={"movflags": "+faststart"}) as container:
        container.metadata.update({"creation_time": _utc_text(started_at), "comment": LICENCE})
        stream = container.add_stream("libx264", rate=Fraction(1, STEP_S))
        stream.width, stream.height, stream.pix_fmt = still.width, still.height, "yuv420p"
        stream.options = {"crf": "26", "preset": "veryfast", "threads": "1"}
        for number, pixels in enumerate(_timelapse_frames(still)):
            picture = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            picture.pts, picture.time_base = number, Fraction(STEP_S)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())


def _timelapse_frames(still: Image.Image) -> Iterator[Pixels]:
    random = np.random.default_rng(SEED)
    for number in range(FRAMES):
        shown = _with_passing_car(still, *PASSING[number]) if number in PASSING else still
        light = 1.0 + 0.04 * np.sin(number / 4.0)
        noise = random.normal(0.0, 1.2, size=(still.height // 4, still.width // 4, 1)).repeat(4, 0).repeat(4, 1)
        pixels = np.asarray(shown, dtype=np.float32)
        padded = np.zeros((*pixels.shape[:2], 1), dtype=np.float32)
        padded[: noise.shape[0], : noise.shape[1]] = noise
        yield np.clip(pixels * light + padded, 0, 255).astype(np.uint8)


def _with_passing_car(still: Image.Image, left: int, top: int, size: float) -> Image.Image:
    car = still.crop(PASSING_BOX)
    car = car.resize((round(car.width * size), round(car.height * size)), Image.Resampling.LANCZOS)
    mask = Image.new("L", car.size, 0)
    edge = car.width // 12
    ImageDraw.Draw(mask).rounded_rectangle((edge, edge, car.width - edge, car.height - edge), radius=edge * 3, fill=255)
    shown = still.copy()
    shown.paste(car, (left, top), mask.filter(ImageFilter.GaussianBlur(edge / 2)))
    return shown


def place_clip(source: Path, out: Path, spot: Spot, taken_at: datetime) -> None:
    """Copy a clip's pictures unchanged and write place and time into the file, as a phone does (QuickTime, ISO 6709)."""
    with av.open(str(source)) as reading, av.open(str(out), "w", format="mov") as writing:
        writing.metadata.update(
            {
                "location": f"{spot.lat:+08.4f}{spot.lon:+09.4f}/",
                "creation_time": _utc_text(taken_at),
                "comment": "position generated for demonstration",
            }
        )
        pictures = reading.streams.video[0]
        copy = writing.add_stream_from_template(pictures)
        for packet in reading.demux(pictures):
            if packet.dts is not None:
                packet.stream = copy
                writing.mux(packet)


def _utc_text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000000Z}"
