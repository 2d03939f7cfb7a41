"""Decision quality: what the rule says of scenes whose truth is known, as a confusion matrix with undetermined as its own column.

Rendered streets: a thing stands on the sidewalk, on the roadway or on private land, parked or moving, with a painted slot
(leave) or without; a detector's boxes with jitter over time go through the ground path, the outlines' errors and the sidewalk
rule of the default pack. Real pictures (`bench/scenes/decisions.toml`, `bench.real_scenes`) go through the real detector and the
same steps; without the folder of supplied data they are skipped, and the table says so.

    python -m bench.decisions [--scenes 60] [--data FOLDER] [--seed 5000] [--out bench/results]
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from shapely import box

from bench.judged_tracks import Stay, Surroundings, judge
from bench.machine import describe_machine
from bench.real_scenes import RealRow, look_at_all
from bench.rendered_scenes import Scene, make_scene
from detection.detections import Box
from rules.finding import Verdict
from rules.free_width import Obstacle, measure_free_width

SAMPLES, STEP_S = 20, 30.0
LEAST_WIDTH_M = 1.5  # with less left, a permitted use is outside its permit


@dataclass(frozen=True, slots=True)
class Truth:
    """One labelled case: where it stands, whether it moves, whether it stands in a painted slot in its hours."""

    place: str
    is_moving: bool
    has_leave: bool

    @property
    def name(self) -> str:
        """For the row of the matrix."""
        motion = "moving" if self.is_moving else "parked"
        leave = ", in a painted slot with room left" if self.has_leave else ""
        return f"{motion} on {self.place}{leave}"

    @property
    def verdict(self) -> str:
        """What is right: private land is a person's to judge; nothing but a parked thing without leave is to be flagged."""
        if self.is_moving or self.place == "roadway":
            return "compliant"
        if self.place == "private":
            return "undetermined"
        return "compliant" if self.has_leave else "flagged"


TRUTHS = (
    Truth("sidewalk", is_moving=False, has_leave=False),
    Truth("sidewalk", is_moving=False, has_leave=True),
    Truth("sidewalk", is_moving=True, has_leave=False),
    Truth("roadway", is_moving=False, has_leave=False),
    Truth("roadway", is_moving=True, has_leave=False),
    Truth("private", is_moving=False, has_leave=False),
)


def decide(scene: Scene, truth: Truth, random: np.random.Generator) -> Verdict | None:
    """The rule's verdict about the scene's first thing, None when it was not seen well enough to be followed."""
    followed = _follow(scene, truth, random)
    if followed is None:
        return None
    thing = scene.things[0]
    around = Surroundings(
        sidewalk=scene.sidewalk,
        slot=thing.footprint.buffer(0.6).envelope if truth.has_leave else None,
        private=box(-40, scene.width_m, 40, scene.width_m + 20),
    )
    return judge(thing.label, *followed, scene.calibration, around, Stay(SAMPLES * STEP_S))


def _follow(scene: Scene, truth: Truth, random: np.random.Generator) -> tuple[list[Box], list[float]] | None:
    """The detector's boxes over time: jitter for what stands, a drive of 1 to 4 m/s along the street for what moves."""
    thing = scene.things[0]
    if thing.box_px is None:
        return None
    boxes: list[Box] = []
    times: list[float] = []
    speed = float(random.uniform(1, 4)) if truth.is_moving else 0.0
    every_s = 0.5 if truth.is_moving else STEP_S
    centre = np.array(thing.footprint.centroid.coords[0])
    here = scene.camera.project(np.array([[*centre, 0.0]]))[0]
    for number in range(SAMPLES):
        t = number * every_s
        there = scene.camera.project(np.array([[centre[0] + speed * t, centre[1], 0.0]]))[0]
        shift = there - here
        if not np.isfinite(shift).all():
            break
        width, height = thing.box_px[2] - thing.box_px[0], thing.box_px[3] - thing.box_px[1]
        noise = random.normal(0, 1, 4) * (np.array([width, height] * 2) * 0.01 + 0.5)
        x_min, y_min, x_max, y_max = (
            float(edge) for edge in np.array(thing.box_px) + np.array([*shift, *shift]) + noise
        )
        boxes.append((x_min, y_min, x_max, y_max))
        times.append(t)
    return (boxes, times) if len(boxes) >= 3 else None


def run(scenes: int, seed: int) -> dict[Truth, Counter[str]]:
    """So many scenes of each truth."""
    random = np.random.default_rng(seed)
    table: dict[Truth, Counter[str]] = {truth: Counter() for truth in TRUTHS}
    for truth in TRUTHS:
        while sum(table[truth].values()) < scenes:
            label = "motorcycle" if random.random() < 0.7 else "car"
            scene = _draw(random, truth, label)
            if scene is None or scene.things[0].box_px is None:
                continue
            verdict = decide(scene, truth, random)
            table[truth][verdict.value if verdict is not None else "no finding"] += 1
    return table


def _draw(random: np.random.Generator, truth: Truth, label: str) -> Scene | None:
    """A scene with one thing at a place of that kind, at least half a metre from the edge of what it stands on."""
    state = random.bit_generator.state
    probe = make_scene(random, [label])
    if probe is None:
        return None
    y = {"sidewalk": probe.width_m * random.uniform(0.3, 0.6), "roadway": -random.uniform(2.0, 3.5)}.get(
        truth.place, probe.width_m + random.uniform(1.5, 2.5)
    )
    x, turn = float(random.uniform(-3, 3)), float(random.choice([0, 90]))
    again = np.random.default_rng()
    again.bit_generator.state = state
    scene = make_scene(again, [label], places=[(x, float(y), turn)])
    if scene is None or not truth.has_leave:
        return scene
    shape = scene.things[0].footprint
    left = measure_free_width(scene.sidewalk, shape, [Obstacle(shape, 0.0)])
    return scene if left is not None and left.width_m >= LEAST_WIDTH_M else None


COLUMNS = ("flagged", "undetermined", "compliant", "no finding")


def report(table: dict[Truth, Counter[str]], real: list[RealRow] | None, asked: argparse.Namespace) -> str:
    """The matrices and what is false in them."""
    wrong = sum(counts["flagged"] for truth, counts in table.items() if truth.verdict != "flagged")
    missed = sum(counts["compliant"] for truth, counts in table.items() if truth.verdict == "flagged")
    on_moving = sum(counts["flagged"] for truth, counts in table.items() if truth.is_moving)
    lines = [
        "# Decision quality on scenes of known truth",
        "",
        "## Rendered streets",
        "",
        *_matrix([(truth.name, truth.verdict, counts) for truth, counts in table.items()]),
        "",
        f"False flags: {wrong}, of these on what moves: {on_moving}. Said to be in order though it is not: {missed}.",
        "",
        "## Real pictures, real detector",
        "",
        *(
            _real_lines(real)
            if real is not None
            else ["Skipped: the folder of supplied data was not given (`--data`)."]
        ),
        "",
        f"{asked.scenes} rendered scenes a row, seed {asked.seed}, the default pack's law. Made by `python -m bench.decisions"
        f"{' --data FOLDER' if asked.data else ''}`; {describe_machine()}.",
        "",
    ]
    return "\n".join(lines)


def _real_lines(rows: list[RealRow]) -> list[str]:
    """One line a scene; then the sums by what is right."""
    by_truth: dict[str, Counter[str]] = {}
    for row in rows:
        by_truth.setdefault(f"{row.kind}: {row.right}", Counter()).update(row.counts)
    wrong = sum(row.counts["flagged"] for row in rows if row.right != "flagged")
    on_moving = sum(row.counts["flagged"] for row in rows if row.kind == "moving")
    missed = sum(row.counts["compliant"] for row in rows if row.right == "flagged")
    return [
        "`bench/scenes/decisions.toml` says of each scene what is true and why. Pixels, detector, tracker, ground, its errors "
        "and law are real; where sidewalk and private land lie is invented around each thing. A row counts things (tracks, or "
        "pictures).",
        "",
        *_matrix([(row.name, row.right, row.counts) for row in rows]),
        "",
        *_matrix([(name, name.split(": ")[1], counts) for name, counts in by_truth.items()]),
        "",
        f"False flags: {wrong}, of these on moving traffic: {on_moving}. Said to be in order though it is not: {missed}.",
    ]


def _matrix(rows: list[tuple[str, str, Counter[str]]]) -> list[str]:
    return [
        "| the thing | right | " + " | ".join(COLUMNS) + " |",
        "|---|---|" + "---|" * len(COLUMNS),
        *(
            f"| {name} | {right} | " + " | ".join(str(counts[column]) for column in COLUMNS) + " |"
            for name, right, counts in rows
        ),
    ]


def main() -> None:
    """Decide and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=60)
    parser.add_argument("--seed", type=int, default=5000)
    parser.add_argument("--data", type=Path, help="the folder of supplied data; without it real pictures are skipped")
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    asked = parser.parse_args()
    table = run(asked.scenes, asked.seed)
    real = look_at_all(asked.data, np.random.default_rng(asked.seed)) if asked.data else None
    text = report(table, real, asked)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "decisions.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
