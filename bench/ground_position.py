"""Ground error of calibrations on surveyed cameras: random splits, 8 near-ground landmarks fitted, the rest tested.

Usage: python -m bench.ground_position FOLDER_OF_CAMERAS [--splits 80]. Prints one JSON line per camera and one for all.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.homography import fit

FITTED = 8
NEAR_M = 60.0
RANGES_M = (0.0, 60.0, 100.0, 200.0, np.inf)
DRAWS = 2000
HONEST = 2.28  # squared Mahalanobis distance that holds 68 % of a two-dimensional normal distribution


@dataclass(frozen=True, slots=True)
class Misses:
    """Errors in metres, squared Mahalanobis distances and ranges from the camera of all tested points."""

    errors_m: NDArray[np.float64]
    surprise: NDArray[np.float64]
    ranges_m: NDArray[np.float64]


def measure(file: Path, splits: int) -> Misses:
    """Fit and test one camera on its splits (seed 0)."""
    raw = json.loads(file.read_text())
    near_ground = [mark for mark in raw["landmarks"] if mark["near_ground"]]
    pairs = np.array([[*mark["pixel"], *mark["enu_m"][:2]] for mark in near_ground])
    matrix, coefficients = np.array(raw["K"]), np.array(raw["D"])
    place = -np.array(raw["R"]).T @ np.array(raw["T"])
    lens = (matrix, coefficients) if np.any(coefficients) else None
    random = np.random.default_rng(0)
    found = [_test(pairs, random.permutation(len(pairs)), lens, place) for _ in range(splits)]
    errors, surprise, ranges = (np.concatenate(column) for column in zip(*found, strict=True))
    return Misses(errors, surprise, ranges)


def _test(pairs, order, lens, place):  # type: ignore[no-untyped-def]
    calibration = fit(pairs[order[:FITTED]], distortion=lens)
    errors, surprise, ranges = [], [], []
    for u, v, east, north in pairs[order[FITTED:]]:
        x, y, covariance = calibration.to_ground(u, v)
        miss = np.array([x - east, y - north])
        errors.append(np.hypot(*miss))
        surprise.append(miss @ np.linalg.solve(covariance, miss))
        ranges.append(np.hypot(east - place[0], north - place[1]))
    return errors, surprise, ranges


def say(name: str, misses: Misses, seconds: float) -> None:
    """One JSON line."""
    near = misses.ranges_m < NEAR_M
    print(
        json.dumps(
            {
                "camera": name,
                "points": len(misses.errors_m),
                "median_m": round(float(np.median(misses.errors_m)), 3),
                "median_within_60_m": round(float(np.median(misses.errors_m[near])), 3),
                "p90_within_60_m": round(float(np.quantile(misses.errors_m[near], 0.9)), 2),
                "honest_share": round(float((misses.surprise <= HONEST).mean()), 3),
                "honest_share_within_60_m": round(float((misses.surprise[near] <= HONEST).mean()), 3),
                "honest_share_beyond": round(float((misses.surprise[~near] <= HONEST).mean()), 3),
                "honest_by_range": list_by_range(misses),
                "ms_per_fit": round(seconds * 1000, 1),
            }
        ),
        flush=True,
    )


def list_by_range(misses: Misses) -> list[dict[str, Any]]:
    """What is inside its 68 % ellipse, from each range to the next, and how many landmarks that rests on: splits repeat them."""
    found = []
    for low, high in pairwise(RANGES_M):
        here = (misses.ranges_m >= low) & (misses.ranges_m < high)
        if here.any():
            share, error = (misses.surprise[here] <= HONEST).mean(), np.median(misses.errors_m[here])
            found.append(
                {
                    "from_m": low,
                    "landmarks": len(np.unique(misses.ranges_m[here])),
                    "median_m": round(float(error), 2),
                    "share": round(float(share), 3),
                    "share_by_chance": spread_of_share(misses.surprise[here] <= HONEST, misses.ranges_m[here]),
                }
            )
    return found


def spread_of_share(is_inside: NDArray[np.bool_], landmarks: NDArray[np.float64]) -> list[float] | None:
    """Between what (5 and 95 %) the share would lie with other landmarks of the same kind: these, drawn anew with repeats.

    A landmark is told from others by its range. None for fewer than two: one says nothing of others.
    """
    marks = np.unique(landmarks)
    if len(marks) < 2:
        return None
    inside = np.array([is_inside[landmarks == mark].sum() for mark in marks])
    tested = np.array([(landmarks == mark).sum() for mark in marks])
    drawn = np.random.default_rng(0).integers(len(marks), size=(DRAWS, len(marks)))
    shares = inside[drawn].sum(axis=1) / tested[drawn].sum(axis=1)
    return [round(float(share), 2) for share in np.quantile(shares, (0.05, 0.95))]


def main() -> None:
    """Measure every camera of the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--splits", type=int, default=80)
    asked = parser.parse_args()
    all_misses = []
    for file in sorted(asked.folder.glob("*.json")):
        began = time.perf_counter()
        misses = measure(file, asked.splits)
        say(file.stem, misses, (time.perf_counter() - began) / asked.splits)
        all_misses.append(misses)
    fields = ("errors_m", "surprise", "ranges_m")
    say("all", Misses(*(np.concatenate([getattr(misses, field) for misses in all_misses]) for field in fields)), 0.0)


if __name__ == "__main__":
    main()
