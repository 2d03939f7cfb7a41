"""Frames with their moments to an MP4 clip: how a camera's evidence is kept. A time-lapse keeps its real pace.

Called by the camera runner; the clip goes through ``intake.actions.receive_frame`` like any file.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from errors import InputError

TIME_BASE = Fraction(1, 1000)
CODEC = "libx264"
QUALITY = "23"
Pixels = NDArray[np.uint8]


def write_clip(frames: Iterable[tuple[float, Pixels]]) -> bytes:
    """MP4 (H.264) of upright RGB frames; ``frames`` gives (seconds from the first frame, rgb) in rising order.

    InputError where there is no frame. Frames of an odd size lose their last row or column, as the codec wants.
    """
    target = io.BytesIO()
    container = av.open(target, "w", format="mp4")
    stream: VideoStream | None = None
    try:
        for t_s, rgb in frames:
            height, width = rgb.shape[0] // 2 * 2, rgb.shape[1] // 2 * 2
            if stream is None:
                options = {"crf": QUALITY, "preset": "veryfast"}
                stream = cast(VideoStream, container.add_stream(CODEC, rate=30, options=options))
                stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
                stream.codec_context.time_base = TIME_BASE
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb[:height, :width]), format="rgb24")
            frame.pts, frame.time_base = round(t_s / TIME_BASE), TIME_BASE
            container.mux(stream.encode(frame))
        if stream is None:
            raise InputError("A clip needs frames.", field="frames", value=0)
        container.mux(stream.encode(None))
    finally:
        container.close()
    return target.getvalue()
