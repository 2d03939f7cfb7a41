"""What larger inputs and windows find of small things, and what they cost: one set of photographs, several layouts.

`python -m bench.small_objects --data SET.yaml [--split val] [--label motorcycle]` writes bench/results/small_objects.md.
Layouts are compared at the same precision; cost is milliseconds a picture with all threads, and in whole looks.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import django
import numpy as np

LAYOUTS = (
    "whole", "whole+riders", "whole@960+riders", "whole@1280", "whole@1280+riders", "whole@1600+riders", "2x2@640+riders",
    "2x2@800+riders", "2x2@960", "2x2@960+riders", "3x2@640+riders",
)  # fmt: skip


def main() -> None:
    django.setup()
    from detection.dataset import read_set
    from detection.detector import open_detector, thresholds_by
    from detection.evaluation import evaluate, same_label
    from detection.layout import parse_layout
    from detection.looking import LEAST_SCORE, look_at, time_looks

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="val")
    parser.add_argument("--every", type=int, default=1, help="take each Nth photograph")
    parser.add_argument("--weights", default="yolo11n-coco-int8")
    parser.add_argument("--label", default="motorcycle")
    parser.add_argument("--layouts", default=",".join(LAYOUTS))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    options = parser.parse_args()
    photos = read_set(options.data, options.split)[:: options.every]
    eager = open_detector(options.weights, threads=options.threads, least_score=LEAST_SCORE)
    usual = open_detector(options.weights, threads=options.threads)
    rows = []
    for text in options.layouts.split(","):
        layout = parse_layout(text)
        claims = look_at(eager, photos, layout=layout)
        heights = [
            (box.box[3] - box.box[1]) * claimed.height_px
            for photo, claimed in zip(photos, claims, strict=True)
            for box in photo.boxes
            if same_label(box.label) == options.label
        ]
        width, height = claims[0].width_px, claims[0].height_px
        thresholds = thresholds_by(usual.weights, layout)
        result = evaluate(photos, claims, weights_labels=tuple(thresholds), thresholds=thresholds)
        label = next(one for one in result.labels if one.label == options.label)
        shown = float(np.median(heights)) * layout.scale(width, height, 640)
        cost, ms = layout.cost(width, height, 640), time_looks(usual, photos[:16], layout=layout)
        at = label.reach[0]
        rows.append(
            f"| {text} | {shown:.0f} | {label.ap50:.3f} | {at.recall:.2f} (score {at.threshold or 0:.2f}) "
            f"| {label.precision or 0:.2f} / {label.recall:.2f} | {result.map50:.3f} | {cost:.1f} | {ms:.0f} |"
        )
        print(rows[-1], flush=True)
    head = [
        f"# Small things by layout: {options.label} in {len(photos)} photographs, {options.weights}", "",
        "| layout | median height, input px | AP50 | recall at precision 0.7 | precision / recall at the record's threshold "
        "| mAP50 of all labels | whole looks | ms |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    made = (
        f"Made by `python -m bench.small_objects {' '.join(sys.argv[1:])}` on {datetime.now(UTC):%Y-%m-%d}, "
        f"{options.threads} threads, load {os.getloadavg()[0]:.1f}."
    )
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "small_objects.md").write_text("\n".join([*head, *rows, "", made]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
