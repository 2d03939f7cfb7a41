"""How many labelled faces the public copy hides, and how many of them by a found face or by precaution.

The building-site photographs label faces (with and without a mask). A face counts as hidden when at least 70 % of its box is.

    python -m bench.redaction --photographs ../shared/data/images/construction [--out bench/results]
"""

from __future__ import annotations

import argparse
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from detection.dataset import read_folder
from detection.default_detector import FACE_WEIGHTS, PLATE_WEIGHTS
from detection.detector import open_detector
from detection.redaction import Redactor
from detection.weights_record import read_record
from intake.photo import decode_upright

FACES = ("Mask", "NO-Mask")
HIDDEN_SHARE = 0.7
SIZES_PX = ((0, 12), (12, 24), (24, 48), (48, 10_000))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    options = parser.parse_args()
    recipe = tomllib.loads(Path("detection/recipes/building_site.toml").read_text(encoding="utf-8"))
    photos = read_folder(options.photographs / "valid" / "images", dict(enumerate(recipe["set_names"])))
    detector = open_detector("yolo11n-coco-int8")
    redactor = Redactor(plates=open_detector(PLATE_WEIGHTS), faces=read_record(FACE_WEIGHTS))
    found: dict[tuple[int, int], list[bool]] = {size: [] for size in SIZES_PX}
    covered = []
    for photo in photos:
        rgb = decode_upright(photo.path.read_bytes())
        _, regions = redactor.redact_frame(rgb, detector.detect([rgb])[0])
        mask = np.zeros(rgb.shape[:2], bool)
        for region in regions:
            x_min, y_min, x_max, y_max = region.box_px
            mask[y_min:y_max, x_min:x_max] = True
        covered.append(mask.mean())
        for box in photo.boxes:
            if box.label in FACES:
                size_px, hidden = hidden_face(mask, box.box)
                found[next(size for size in SIZES_PX if size[0] <= size_px < size[1])].append(hidden)
    text = "\n".join(report(found, float(np.mean(covered)), len(photos), options.photographs)) + "\n"
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "redaction.md").write_text(text, encoding="utf-8")
    print(text)


def hidden_face(mask: np.ndarray, box: tuple[float, float, float, float]) -> tuple[float, bool]:
    """Shorter side of a labelled face in pixels, and whether it is hidden."""
    height, width = mask.shape
    x_min, x_max = (int(np.clip(edge, 0, 1) * width) for edge in (box[0], box[2]))
    y_min, y_max = (int(np.clip(edge, 0, 1) * height) for edge in (box[1], box[3]))
    part = mask[y_min : max(y_max, y_min + 1), x_min : max(x_max, x_min + 1)]
    return min(x_max - x_min, y_max - y_min), bool(part.mean() >= HIDDEN_SHARE)


def report(found: dict[tuple[int, int], list[bool]], covered: float, photos: int, photographs: Path) -> list[str]:
    """Rows by the size of the face."""
    rows = [
        f"| {low}-{high if high < 1000 else 'more'} px | {len(faces)} | {sum(faces)} | {sum(faces) / len(faces):.2f} |"
        for (low, high), faces in found.items()
        if faces
    ]
    every = [face for faces in found.values() for face in faces]
    return [
        "# Faces hidden on public copies",
        "",
        "| shorter side of the face | labelled | hidden | share |",
        "|---|---|---|---|",
        *rows,
        f"| all | {len(every)} | {sum(every)} | {sum(every) / len(every):.2f} |",
        "",
        f"{photos} photographs; {covered:.1%} of their area is hidden. Made by `python -m bench.redaction --photographs "
        f"{photographs}` on {datetime.now(UTC):%Y-%m-%d}.",
    ]


if __name__ == "__main__":
    main()
