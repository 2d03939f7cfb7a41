"""Cameras per processor core at one sampled frame a second: with motion (clips of traffic and people) and without.

One ``run_cameras`` process watches clips played at their real speed; its processor time is read from the system and divided
by the frames it sampled, so that other work on the machine matters little. Needs a server in ``DATABASE_URL``; works in a
database of its own.

    python -m bench.cameras --clips FOLDER [--seconds 60] [--out bench/results]
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.city.database import prepare, use_database
from bench.machine import describe_machine

DATABASE = "bench_cameras"
WARM_UP_S = 240.0
STILL_CAMERAS = 8
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: frames sampled, looked at, and dropped for want of time; processor seconds, seconds."""

    name: str
    cameras: int
    sampled: int
    looked_at: int
    dropped: int
    cpu_s: float
    elapsed_s: float

    @property
    def per_core(self) -> float:
        """Cameras that one core serves at one sampled frame a second; dropped frames were not served."""
        return (self.sampled - self.dropped) / self.cpu_s if self.cpu_s else 0.0


def main() -> None:
    """Measure both and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    asked = parser.parse_args()
    use_database(DATABASE)
    prepare()
    clips = sorted(asked.clips.glob("*.mp4"))
    folder = Path(tempfile.mkdtemp(prefix="bench-cameras-"))
    still = make_still(clips[0], folder / "still.mp4")
    found = [
        measure("with motion: the clips, twice each", [*clips, *clips], asked.seconds),
        measure("without motion: one frame of a clip, with noise", [still] * STILL_CAMERAS, asked.seconds),
    ]
    text = report(found)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "cameras.md").write_text(text, encoding="utf-8")
    print(text)


def make_still(clip: Path, target: Path) -> Path:
    """A minute of one frame with a sensor's noise, as H.264 at 12.5 frames a second."""
    import av

    from intake.video import sample_frames

    _, rgb = next(iter(sample_frames(clip)))
    random = np.random.default_rng(1)
    with av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = rgb.shape[1], rgb.shape[0], "yuv420p"
        for _ in range(750):
            noisy = np.clip(rgb + random.normal(0, 2, rgb.shape), 0, 255).astype(np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(noisy, format="rgb24")))
        out.mux(stream.encode(None))
    return target


def measure(name: str, clips: Sequence[Path], seconds: float) -> Measured:
    """Run them for a while in one process, after its networks are open."""
    set_up(clips)
    env = os.environ | {"DETECTION_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "manage.py", "run_cameras"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)  # noqa: S603
    try:
        _wait_for_looks(len(clips))
        began, before, cpu_before = time.monotonic(), _counts(), _cpu_s(process.pid)
        time.sleep(seconds)
        after, cpu_after, elapsed = _counts(), _cpu_s(process.pid), time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    sampled, looked, dropped = (now - then for now, then in zip(after, before, strict=True))
    return Measured(name, len(clips), sampled, looked, dropped, cpu_after - cpu_before, elapsed)


def set_up(clips: Sequence[Path]) -> None:
    """The little city with a camera for each clip."""
    from django.core.management import call_command

    from intake.models import Camera, CameraCalibration
    from pipeline.city_loading import load_city
    from tests.small_city import CAMERA_NAME, write_small_city

    call_command("flush", interactive=False, verbosity=0)
    call_command("register_weights", verbosity=0)
    list(load_city(write_small_city(Path(tempfile.mkdtemp(prefix="bench-cameras-"))), with_tiles=False))
    first = Camera.objects.get(name=CAMERA_NAME)
    known = first.calibrations.get()
    for number, clip in enumerate(clips):
        camera = Camera.objects.create(
            city=first.city, name=f"c{number}", title=clip.stem, point=first.point, stream=str(clip.resolve()),
            sample_period_s=1.0,
        )  # fmt: skip
        CameraCalibration.objects.create(
            camera=camera, valid_from=known.valid_from, anchor=known.anchor, residual_m=0.01,
            calibration=known.calibration, view_footprint=known.view_footprint, source="bench",
        )  # fmt: skip


def _counts() -> tuple[int, int, int]:
    from django.db.models import Sum

    from pipeline.models import CameraHealth

    found = CameraHealth.objects.aggregate(Sum("seen"), Sum("looked_at"), Sum("dropped"))
    return found["seen__sum"] or 0, found["looked_at__sum"] or 0, found["dropped__sum"] or 0


def _wait_for_looks(cameras: int) -> None:
    """Until every camera was looked at once and the health of that is told."""
    from pipeline.models import CameraHealth

    until = time.monotonic() + WARM_UP_S
    while time.monotonic() < until:
        if CameraHealth.objects.filter(looked_at__gt=1).count() >= cameras:
            time.sleep(8)
            return
        time.sleep(1)


def _cpu_s(pid: int) -> float:
    """Processor seconds of a process, all threads."""
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / TICKS


def report(found: Sequence[Measured]) -> str:
    """The page of figures."""
    rows = [
        f"| {m.name} | {m.cameras} | {m.sampled} | {m.looked_at} | {m.dropped} | {m.cpu_s:.1f} s "
        f"| {m.elapsed_s:.0f} s | {m.per_core:.1f} |"
        for m in found
    ]
    return "\n".join(
        [
            "# Cameras per core, one sampled frame a second",
            "",
            "| view | cameras | frames sampled | looked at | dropped | processor time | time | cameras per core |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
            "",
            "Decoding, motion gate, detector (COCO and building site), memory and health together; cameras per core is frames "
            "sampled and not dropped per second of processor time. The clips are looked at as closely as the calibration of the "
            "little city asks: three windows where its sidewalk is and the whole, 4.75 times the work of one look, by two "
            "networks.",
            "",
            f"Made by `python -m bench.cameras --clips FOLDER`; {describe_machine()}.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
