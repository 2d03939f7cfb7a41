"""Free width and sidewalk taken on rendered streets: how far what is measured is from the truth, and how often within the
interval it claims: the worst metre beside each thing, each cross-section of 0.25 m, the m2 taken, the share on the sidewalk;
and how many whole views hold nothing outside its claim.

Scenes are drawn anew for every seed (camera, calibration, sidewalk, things, detector's jitter); those of the spreads in
``rules/outline_error.py`` were drawn with seeds below 100, these with 1000 and above.

    python -m bench.free_width [--scenes 400] [--seed 1000] [--out bench/results]
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from shapely import Polygon, box

from bench.machine import describe_machine
from bench.rendered_scenes import SIZES, Scene, Thing, make_scene
from detection.ground_sighting import guess_depth_m
from geo.ground_path import locate_path
from rules.free_width import STEP_M, Obstacle, Passage, judge_passage, measure_free_width
from rules.ground import Placed, ellipse_shifts, measure_share, share_within
from rules.occupied import measure_occupied
from rules.outline_error import shape_error_m2
from rules.site_facts import FreeAt

LEAST_WIDTH_M = 1.5
_MOSTLY = 0.95
_ROUND = 1e-9  # a share of exactly 0 or 1 is within its claim


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure about one thing of one scene: its truth, what was measured, and the interval claimed (2 sigma), in m or m2."""

    label: str
    true: float
    found: float
    least: float
    most: float

    @property
    def is_within(self) -> bool:
        """Whether the truth lies within the claimed interval."""
        return self.least <= self.true <= self.most

    @classmethod
    def by_sigma(cls, label: str, true: float, found: float, sigma: float) -> Measured:
        """An interval that is as far on either side."""
        return cls(label, true, found, found - 2 * sigma, found + 2 * sigma)


@dataclass(slots=True)
class Figures:
    """Everything measured: the worst metre, the m2 taken and the share on the sidewalk of each thing, and each cross-section."""

    worst: list[Measured] = field(default_factory=list)
    sections: list[Measured] = field(default_factory=list)
    taken: list[Measured] = field(default_factory=list)
    shares: list[Measured] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """Those of one more view."""
        for name in ("worst", "sections", "taken", "shares"):
            getattr(self, name).extend(getattr(other, name))


def measure_scene(scene: Scene, figures: Figures) -> None:
    """Every thing of a scene, with all others as obstacles."""
    placed = [place(scene, thing.label, thing.box_px) for thing in scene.things]
    if any(one is None for one in placed):
        return
    known = [one for one in placed if one is not None]
    truths = [Obstacle(thing.footprint, 0.0) for thing in scene.things]
    for thing, one in zip(scene.things, known, strict=True):
        measure_taken(scene, thing, one, figures)
        truth = measure_free_width(scene.sidewalk, thing.footprint, truths)
        found = measure_free_width(scene.sidewalk, one.ground, [other.as_obstacle for other in known])
        if truth is not None and found is not None:
            figures.worst.append(Measured.by_sigma(thing.label, truth.width_m, found.width_m, found.sigma_m))
            measure_sections(scene, thing.label, truths, found.profile, figures)


def measure_taken(scene: Scene, thing: Thing, one: Placed, figures: Figures) -> None:
    """How much of a thing is on the sidewalk, and the m2 it takes there, where it is said to stand on it or does."""
    share = measure_share(one, scene.sidewalk)
    moved = share_within(one.ground, scene.sidewalk, ellipse_shifts(one.covariance_m2))
    found = measure_occupied(one.ground, scene.sidewalk, moved, one.shape_m2)
    true = thing.footprint.intersection(scene.sidewalk).area
    figures.shares.append(
        Measured(thing.label, true / thing.footprint.area, share.share, share.least - _ROUND, share.most + _ROUND)
    )
    if true > 0 or found.area_m2 > 0:
        figures.taken.append(Measured.by_sigma(thing.label, true, found.area_m2, found.sigma_m2))


def measure_sections(
    scene: Scene, label: str, truths: list[Obstacle], profile: tuple[FreeAt, ...], figures: Figures
) -> None:
    """Each cross-section against what is truly free in the same strip of 0.25 m (the sidewalk runs along the x axis)."""
    for at in profile:
        strip = box(at.ends[0][0] - STEP_M / 2, 0, at.ends[0][0] + STEP_M / 2, scene.width_m)
        figures.sections.append(Measured(label, _truly_free(scene, truths, strip), at.width_m, at.least_m, at.most_m))


def _truly_free(scene: Scene, truths: list[Obstacle], strip: Polygon) -> float:
    """The widest gap between things across a strip."""
    taken = sorted(
        (part.bounds[1], part.bounds[3])
        for part in (other.outline.intersection(strip) for other in truths)
        if not part.is_empty
    )
    free, edge = 0.0, 0.0
    for low, high in taken:
        free, edge = max(free, low - edge), max(edge, high)
    return max(free, scene.width_m - edge)


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


def run(scenes: int, seed: int) -> list[Figures]:
    """Measurements of so many scenes, one after the other: each is the view of one calibrated camera."""
    random = np.random.default_rng(seed)
    views: list[Figures] = []
    while len(views) < scenes:
        labels = [str(label) for label in random.choice(list(SIZES), size=random.integers(1, 4))]
        scene = make_scene(random, labels)
        if scene is None or any(thing.box_px is None for thing in scene.things):
            continue
        views.append(Figures())
        measure_scene(scene, views[-1])
    return views


def report(views: list[Figures], asked: argparse.Namespace) -> str:
    """The page of figures."""
    figures = Figures()
    for view in views:
        figures.add(view)
    found = figures.worst
    rows = [_row(label, [m for m in found if m.label == label]) for label in SIZES]
    blocked = [m for m in found if judge(m) is Passage.BLOCKED]
    free = [m for m in found if judge(m) is Passage.FREE]
    wrong_blocked = sum(m.true >= LEAST_WIDTH_M for m in blocked)
    wrong_free = sum(m.true < LEAST_WIDTH_M for m in free)
    return "\n".join(
        [
            "# Free width on rendered streets",
            "",
            "| beside a | measured | median error | 90 % within | claimed (2 sigma, median) | truth within the claim |",
            "|---|---|---|---|---|---|",
            *rows,
            _row("**all**", found),
            "",
            "The worst metre beside each thing, in metres. Each cross-section of 0.25 m along it, and the sidewalk it takes:",
            "",
            "| what | measured | median error | 90 % within | claimed (2 sigma, median) | truth within the claim |",
            "|---|---|---|---|---|---|",
            _row("free width of a cross-section", figures.sections),
            *(_row(f"m2 taken by a {label}", [m for m in figures.taken if m.label == label], "m2") for label in SIZES),
            _row("**m2 taken, all**", figures.taken, "m2"),
            *(_row(f"share of a {label}", [m for m in figures.shares if m.label == label], "") for label in SIZES),
            _row("**share on the sidewalk, all**", figures.shares, ""),
            "",
            "Whole views, each of its own camera and calibration: in how many nothing at all lies outside what is claimed.",
            "",
            "| of a view | views | nothing outside | all but one in twenty within |",
            "|---|---|---|---|",
            _view_row("the free width of every cross-section", [view.sections for view in views]),
            _view_row("the share on the sidewalk of every thing", [view.shares for view in views]),
            _view_row("**widths, shares and m2 together**", [v.sections + v.worst + v.shares + v.taken for v in views]),
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

    return judge_passage(FreeWidth(measured.found, (measured.most - measured.least) / 4), LEAST_WIDTH_M)


def _view_row(name: str, views: list[list[Measured]]) -> str:
    """One line: of the views in which anything was measured, how many hold to their claims."""
    within = np.array([np.mean([one.is_within for one in view]) for view in views if view])
    return f"| {name} | {len(within)} | {np.mean(within == 1):.1%} | {np.mean(within >= _MOSTLY):.1%} |"


def _row(name: str, found: list[Measured], unit: str = "m") -> str:
    unit = f" {unit}" if unit else ""
    if not found:
        return f"| {name} | 0 | | | | |"
    errors = np.abs([m.found - m.true for m in found])
    claims = np.median([(m.most - m.least) / 2 for m in found])
    within = np.mean([m.is_within for m in found])
    return (
        f"| {name} | {len(found)} | {np.median(errors):.2f}{unit} | {np.quantile(errors, 0.9):.2f}{unit} "
        f"| {claims:.2f}{unit} | {within:.1%} |"
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
