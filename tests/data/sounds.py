"""Made-up recordings: a tone as phones write a spoken note."""

from __future__ import annotations

import io
from typing import Any

import av
import numpy as np

RATE = 48_000


def a_recording(seconds: float = 1.0, *, form: str = "webm") -> bytes:
    """A tone in WebM (Opus), Ogg (Opus) or MP4 (AAC)."""
    codec = "aac" if form == "mp4" else "libopus"
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        stream: Any = container.add_stream(codec, rate=RATE, layout="mono")
        moments = np.arange(int(RATE * seconds)) / RATE
        tone = (0.2 * np.sin(2 * np.pi * 440 * moments)).astype(np.float32).reshape(1, -1)
        for start in range(0, tone.shape[1], 960):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(tone[:, start : start + 960]), "fltp", "mono")
            frame.sample_rate, frame.pts = RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()
