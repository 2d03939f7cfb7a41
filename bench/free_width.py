"""Free width on rendered streets: how far the measured width is from the truth, and how often within the interval it claims.

Scenes are drawn anew for every seed (camera, calibration, sidewalk, things, detector's jitter); those of the spreads in
``rules/outline_error.py`` were drawn with seeds below 100, these with 1000 and above.

    python -m bench.free_width [--scenes 400] [--seed 1000] [--out bench/results]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from shapely import Polygon

from bench.machine import describe_machine
from bench.rendered_scenes import SIZES, Scene, make_scene
from detection.ground_sighting import guess_depth_m
from geo.ground_path import locate_path
from rules.free_width import Obstacle, Passage, judge_passage, measure_free_width
from rules.ground import Placed
from rules.outline_error import shape_error_m2

LEAST_WIDTH_M = 1.5


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing of one scene: true and measured free width, and the one-sigma error claimed."""

    label: str
    true_m: float
    width_m: float
    sigma_m: float

    @property
    def is_within(self) -> bool:
        """Whether the truth lies within the claimed interval of two sigma."""
        return abs(self.width_m - self.true_m) <= 2 * self.sigma_m


def measure_scene(scene: Scene) -> Iterator[Measured]:
    """Every thing of a scene, with all others as obstacles."""
    placed = [place(scene, thing.label, thing.box_px) for thing in scene.things]
    if any(one is None for one in placed):
        return
    known = [one for one in placed if one is not None]
    truths = [Obstacle(thing.footprint, 0.0) for thing in scene.things]
    for thing, one in zip(scene.things, known, strict=True):
        truth = measure_free_width(scene.sidewalk, thing.footprint, truths)
        found = measure_free_width(scene.sidewalk, one.ground, [other.as_obstacle for other in known])
        if truth is not None and found is not None:
            yield Measured(thing.label, truth.width_m, found.width_m, found.sigma_m)


def place(scene: Scene, label: str, box_px: tuple[float, float, float, float] | None) -> Placed | None:
    """A detection on the ground, as stages 4 and 5 do it."""
    if box_px is None:
        return None
    path = locate_path(
        [box_px], [0.0], scene.calibration, depth_of=lambda breadth_m: guess_depth_m(label, breadth_m)[0]
    )
    if path is None or len(path.footprint_m) < 4:
        return None
    outline = Polygon(path.footprint_m)
    if not outline.is_valid:
        return None
    return Placed((path.east_m, path.north_m), path.covariance_m2, outline, shape_error_m2(outline, label))


def run(scenes: int, seed: int) -> list[Measured]:
    """Measurements of so many scenes."""
    random = np.random.default_rng(seed)
    found: list[Measured] = []
    count = 0
    while count < scenes:
        labels = [str(label) for label in random.choice(list(SIZES), size=random.integers(1, 4))]
        scene = make_scene(random, labels)
        if scene is None or any(thing.box_px is None for thing in scene.things):
            continue
        count += 1
        found += measure_scene(scene)
    return found


def report(found: list[Measured], asked: argparse.Namespace) -> str:
    """The page of figures."""
    rows = [_row(label, [m for m in found if m.label == label]) for label in SIZES]
    blocked = [m for m in found if judge(m) is Passage.BLOCKED]
    free = [m for m in found if judge(m) is Passage.FREE]
    wrong_blocked = sum(m.true_m >= LEAST_WIDTH_M for m in blocked)
    wrong_free = sum(m.true_m < LEAST_WIDTH_M for m in free)
    return "\n".join(
        [
            "# Free width on rendered streets",
            "",
            "| beside a | measured | median error | 90 % within | claimed (2 sigma, median) | truth within the claim |",
            "|---|---|---|---|---|---|",
            *rows,
            _row("**all**", found),
            "",
            f"Against {LEAST_WIDTH_M} m: {len(blocked)} said to be surely too narrow ({wrong_blocked} wrongly), {len(free)} "
            f"surely free ({wrong_free} wrongly), {len(found) - len(blocked) - len(free)} suspected: a person measures.",
            "",
            f"{asked.scenes} scenes, seed {asked.seed}. Made by `python -m bench.free_width`; {describe_machine()}.",
            "",
        ]
    )


def judge(measured: Measured) -> Passage:
    """What the rule would say of it."""
    from rules.site_facts import FreeWidth

    return judge_passage(FreeWidth(measured.width_m, measured.sigma_m), LEAST_WIDTH_M)


def _row(name: str, found: list[Measured]) -> str:
    if not found:
        return f"| {name} | 0 | | | | |"
    errors = np.abs([m.width_m - m.true_m for m in found])
    claims = np.median([2 * m.sigma_m for m in found])
    within = np.mean([m.is_within for m in found])
    return (
        f"| {name} | {len(found)} | {np.median(errors):.2f} m | {np.quantile(errors, 0.9):.2f} m | {claims:.2f} m "
        f"| {within:.1%} |"
    )


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    asked = parser.parse_args()
    text = report(run(asked.scenes, asked.seed), asked)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "free_width.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
