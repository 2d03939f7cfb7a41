"""Ground position of surveyed landmarks: 8 near-ground ones fitted, the rest tested, 80 random splits a camera.

python -m bench.ground_position FOLDER_OF_CALIBRATIONS
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from errors import ProjectError
from geo.homography import fit
from geo.lens import Lens

SPLITS, FITTED = 80, 8


def measure(path: Path) -> str:
    """One line of figures for one camera."""
    camera = json.loads(path.read_text())
    landmarks = [mark for mark in camera["landmarks"] if mark["near_ground"]]
    rows = np.array([[*mark["pixel"], *mark["enu_m"][:2]] for mark in landmarks])
    place = -np.array(camera["R"]).T @ np.array(camera["T"])
    lens = Lens.from_json(camera) if camera["D"][0] else None
    draw = np.random.default_rng(0)
    tested, refused = [], 0
    for _ in range(SPLITS):
        order = draw.permutation(len(rows))
        try:
            calibration = fit(rows[order[:FITTED]], lens=lens)
        except ProjectError:
            refused += 1
            continue
        for row in rows[order[FITTED:]]:
            away = float(np.hypot(*(row[2:] - place[:2])))
            try:
                east, north, covariance = calibration.to_ground(row[0], row[1])
            except ProjectError:
                tested.append((away, np.inf, np.inf))
                continue
            miss = np.array([east, north]) - row[2:]
            tested.append((away, float(np.hypot(*miss)), float(miss @ np.linalg.solve(covariance, miss))))
    away, miss, distance = np.array(tested).T
    near, inside = away < 60, distance <= 2.28
    bands = [(away >= low) & (away < high) for low, high in ((0, 60), (60, 150), (150, np.inf))]
    honest = ", ".join(f"{inside[band].mean():.0%}" if band.any() else "-" for band in bands)
    figures = f"median {np.median(miss):.2f} m, within 60 m {np.median(miss[near]):.3f} m"
    shares = f"inside the 68 % ellipse {inside.mean():.0%} (by range {honest})"
    return f"{camera['camera']}: {figures}; {shares}; refused {refused} of {SPLITS}"


def main() -> None:
    """Print one line a camera."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for path in sorted(parser.parse_args().folder.glob("*.json")):
        print(measure(path))


if __name__ == "__main__":
    main()
