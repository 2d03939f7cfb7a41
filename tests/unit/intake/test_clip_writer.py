"""A camera's frames become a clip that keeps their moments, and is read back the same."""

from __future__ import annotations

import numpy as np
import pytest

from errors import InputError
from intake.clip_writer import write_clip
from intake.media import MediaLimits
from intake.video import probe, sample_frames
from tests.data.clips import a_numbered_frame


@pytest.mark.parametrize("moments", [[0.0, 0.5, 1.0], [0.0, 30.0, 60.0, 95.5]], ids=["fast", "time-lapse"])
def test_a_written_clip_keeps_its_moments(moments: list[float]) -> None:
    data = write_clip((t_s, a_numbered_frame(20 * n, 161, 121)) for n, t_s in enumerate(moments))
    frames = list(sample_frames(data, every_s=0))
    assert [t_s for t_s, _ in frames] == pytest.approx(moments, abs=0.002)
    assert frames[0][1].shape == (120, 160, 3)
    assert abs(float(np.median(frames[1][1])) - 100) < 6
    assert probe(data, MediaLimits()).frames == len(moments)


def test_a_clip_needs_frames() -> None:
    with pytest.raises(InputError):
        write_clip([])
