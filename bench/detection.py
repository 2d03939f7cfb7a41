"""Images per second, decode and detect: our door against `ultralytics predict`, same photographs, same threads, alternating.

The peer is `YOLO("yolo11n.pt").predict(files, imgsz=640)` as its manual shows it, given the same number of threads (by itself
it takes one core less than there are). Ours reads the same bytes. Runs alternate, so that both meet the same weather.

    python -m bench.detection --photos ../shared/data/images/coco/images [--rounds 7] [--threads 2] [--out bench/results]
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import cv2

from detection.detector import Detector, open_detector
from detection.quiet_ultralytics import load_ultralytics
from detection.weights_record import read_record
from intake.photo import decode_upright

COCO = "yolo11n-coco-int8"
SITE = "building-site-int8"
LARGE_PX = (4000, 3000)
LARGE_PHOTOS = 12
SHOWN_SIDE_PX = 1920  # what stage detect decodes, since redaction wants more pixels than detection

Run = Callable[[list[Path]], object]


def ours(detector: Detector, side_px: int) -> Run:
    """Decode and detect eight photographs at a time."""

    def look(files: list[Path]) -> object:
        found = []
        for start in range(0, len(files), 8):
            found += detector.detect([decode_upright(file.read_bytes(), side_px) for file in files[start : start + 8]])
        return found

    return look


def peer(threads: int) -> Run:
    """`predict` on file names, results taken one by one so that memory stays small."""
    ultralytics = load_ultralytics(threads=threads)
    import torch

    network = ultralytics.YOLO(str(read_record(COCO).open_files("torch")[0]))

    def look(files: list[Path]) -> object:
        torch.set_num_threads(threads)
        return [len(answer.boxes) for answer in network.predict([str(file) for file in files], imgsz=640, stream=True)]

    look(sorted(Path("tests/data/photos").glob("*.jpg")))  # predict picks its device, and one thread, at its first call
    return look


@dataclass(frozen=True)
class Speed:
    """Medians of one run: images per second, and milliseconds of processor time per image (all cores together)."""

    images_per_s: float
    cpu_ms: float


def measure(runs: dict[str, Run], files: list[Path], rounds: int) -> dict[str, Speed]:
    """Medians of each run over alternating rounds, after one round to warm."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            began, began_cpu = time.perf_counter(), time.process_time()
            run(files)
            if number:
                taken[name].append((time.perf_counter() - began, time.process_time() - began_cpu))
    return {
        name: Speed(
            images_per_s=len(files) / statistics.median(wall for wall, _ in rows),
            cpu_ms=1000 * statistics.median(cpu for _, cpu in rows) / len(files),
        )
        for name, rows in taken.items()
    }


def enlarge(files: list[Path], folder: Path) -> list[Path]:
    """The same photographs as 12-megapixel JPEGs."""
    made = []
    for file in files[:LARGE_PHOTOS]:
        picture = cv2.imread(str(file))
        turned = LARGE_PX if picture.shape[1] >= picture.shape[0] else LARGE_PX[::-1]
        made.append(folder / file.name)
        large = cv2.resize(picture, turned, interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(made[-1]), large, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    options = parser.parse_args()
    files = sorted(options.photos.glob("*.jpg"))
    detector = open_detector(COCO, "openvino", threads=options.threads)
    both = open_detector([COCO, SITE], "openvino", threads=options.threads)
    runs = {
        "ultralytics predict, yolo11n.pt": peer(options.threads),
        "ours, decode to 640 px": ours(detector, 640),
        f"ours, decode to {SHOWN_SIDE_PX} px": ours(detector, SHOWN_SIDE_PX),
        "ours, COCO and building site": ours(both, 640),
    }
    with tempfile.TemporaryDirectory() as folder:
        sets = {"as they are (640 px)": files, "12 megapixels": enlarge(files, Path(folder))}
        lines = [
            line for name, photos in sets.items() for line in table(name, photos, measure(runs, photos, options.rounds))
        ]
    lines += ["", f"Made by `python -m bench.detection --photos {options.photos} --rounds {options.rounds} "
              f"--threads {options.threads}` on {datetime.now(UTC):%Y-%m-%d}, {platform.processor() or platform.machine()}, "
              f"{options.threads} threads, load {os.getloadavg()[0]:.1f}; medians of {options.rounds} rounds."]  # fmt: skip
    text = "\n".join(["# Decode and detect, images per second", *lines]) + "\n"
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "detection.md").write_text(text, encoding="utf-8")
    print(text)


def table(name: str, photos: list[Path], speeds: dict[str, Speed]) -> list[str]:
    """Rows of one set of photographs; the first run is the peer."""
    base = next(iter(speeds.values()))
    rows = [
        f"| {run} | {speed.images_per_s:.1f} | {speed.images_per_s / base.images_per_s:.2f} "
        f"| {speed.cpu_ms:.0f} | {base.cpu_ms / speed.cpu_ms:.2f} |"
        for run, speed in speeds.items()
    ]
    head = ["| run | images/s | ratio | CPU ms/image | CPU ratio |", "|---|---|---|---|---|"]
    return ["", f"## {len(photos)} photographs, {name}", "", *head, *rows]


if __name__ == "__main__":
    main()
