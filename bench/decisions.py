"""Decision quality: what the rule says of scenes whose truth is known, as a confusion matrix with undetermined as its own column.

Rendered streets: a thing stands on the sidewalk, on the roadway or on private land, parked or moving, with a painted slot
(leave) or without; a detector's boxes with jitter over time go through the ground path, the outlines' errors and the sidewalk
rule of the default pack. Clips of moving traffic go through the real detector and the same steps: any flag on them is false.

    python -m bench.decisions [--scenes 60] [--clips FOLDER] [--seed 5000] [--out bench/results]
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from shapely import Polygon, box

from bench.machine import describe_machine
from bench.rendered_scenes import Scene, make_scene
from detection.analysis import analyse_clip
from detection.detections import Detection
from detection.detector import open_detector
from detection.ground_sighting import guess_depth_m
from detection.tracking import Track
from geo.facts import AllowedUse
from geo.ground_path import GroundPath, locate_path
from geo.homography import Calibration, fit
from geo.position import Position, PositionMethod
from intake.kinds import Category
from intake.video import sample_frames
from rules.finding import Verdict
from rules.free_width import Obstacle, measure_free_width
from rules.ground import ParcelArea, Placed, SidewalkArea, measure_ground
from rules.outline_error import shape_error_m2
from rules.parameters import SIDEWALK
from rules.sidewalk_encroachment import check_sidewalk
from rules.site_facts import SightingFacts, SiteFacts
from rules.uses import use_of_label
from tests.data.site_facts import DAY, a_law, camera_facts

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
    path = _follow(scene, truth, random)
    if path is None or len(path.footprint_m) < 4:
        return None
    thing = scene.things[0]
    outline = Polygon(path.footprint_m)
    if not outline.is_valid:
        return None
    placed = Placed((path.east_m, path.north_m), path.covariance_m2, outline, shape_error_m2(outline, thing.label))
    slot = thing.footprint.buffer(0.6).envelope if truth.has_leave else None
    walk = SidewalkArea("S1", scene.sidewalk, ((0, slot),) if slot is not None else ())
    behind = ParcelArea("P1", "ODT", box(-40, scene.width_m, 40, scene.width_m + 20))
    ground = measure_ground(placed, sidewalks=[walk], parcels=[behind], others=[])
    finding = check_sidewalk(_facts(thing.label, path, placed, ground, has_leave=truth.has_leave), _law())
    return finding.verdict if finding is not None else None


def _law():  # type: ignore[no-untyped-def]
    rule = a_law().at(DAY).rule(SIDEWALK)
    if rule is None:
        raise SystemExit("The default pack has no sidewalk rule on that day.")
    return rule


def _facts(label: str, path: GroundPath, placed: Placed, ground, *, has_leave: bool) -> SiteFacts:  # type: ignore[no-untyped-def]
    """Site facts of the tests with this thing, its measured ground and its stay put in."""
    base = camera_facts(label)
    position = Position(106.68, 10.78, max(placed.sigma_m, 1e-3), PositionMethod.CAMERA_HOMOGRAPHY, path.covariance_m2)
    sighting = SightingFacts(
        label,
        0.9,
        position,
        dwell_s=SAMPLES * STEP_S,
        displacement_m=path.displacement_m,
        seen_share=1.0,
        has_left=False,
    )
    place = base.place
    if place is not None:
        walks = tuple(
            replace(walk, key="S1", allowed_uses=(AllowedUse("parking", slot="painted"),) if has_leave else ())
            for walk in place.sidewalks
        )
        place = replace(place, sidewalks=walks)
    return replace(base, sighting=sighting, ground=ground, place=place)


def _follow(scene: Scene, truth: Truth, random: np.random.Generator) -> GroundPath | None:
    """The detector's boxes over time: jitter for what stands, a drive of 1 to 4 m/s along the street for what moves."""
    thing = scene.things[0]
    if thing.box_px is None:
        return None
    boxes, times = [], []
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
        boxes.append(tuple(np.array(thing.box_px) + np.array([*shift, *shift]) + noise))
        times.append(t)
    if len(boxes) < 3:
        return None
    return locate_path(
        boxes, times, scene.calibration, depth_of=lambda breadth_m: guess_depth_m(thing.label, breadth_m)[0]
    )


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
            table[truth][verdict.value if verdict is not None else "not followed"] += 1
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


def look_at_clips(folder: Path) -> Counter[str]:
    """Tracks of real clips of moving traffic by what the rule would say, with a sidewalk drawn over the whole view."""
    found: Counter[str] = Counter()
    detector = open_detector("yolo11n-coco-int8")
    for path in sorted(folder.glob("*.mp4")):
        analysis = analyse_clip(sample_frames(path, every_s=0.5, max_frames=60), detector=detector)
        flat = [item for frame in analysis.frames for item in frame]
        size = (analysis.frames[0].width_px, analysis.frames[0].height_px)
        calibration = fit(_usual_view(*size), image_size_px=size)
        ends_s = max(analysis.frame_times_s, default=0.0) - 1
        for track in analysis.tracks:
            if len(track.indexes) >= 3 and use_of_label(track.label, Category.UNSTATED) is not None:
                verdict = _judge_track(track, [flat[index] for index in track.indexes], calibration, ends_s)
                found[verdict] += 1
    return found


def _usual_view(width: int, height: int) -> list[tuple[float, float, float, float]]:
    """Point pairs of a camera on a mast over a street, in a frame of this size."""
    shares = [(u, v) for u in (0.1, 0.5, 0.9) for v in (0.35, 0.6, 0.95)]
    return [(u * width, v * height, (u - 0.5) * (30 - 20 * v), 25 * (1 - v) + 5) for u, v in shares]


def _judge_track(track: Track, seen: list[Detection], calibration: Calibration, ends_s: float) -> str:
    def depth_of(breadth_m: float) -> float:
        return guess_depth_m(track.label, breadth_m)[0]

    times = [item.frame_s or 0.0 for item in seen]
    path = locate_path([item.box_px for item in seen], times, calibration, depth_of=depth_of)
    if path is None or len(path.footprint_m) < 4 or not Polygon(path.footprint_m).is_valid:
        return "not followed"
    outline = Polygon(path.footprint_m)
    shape = shape_error_m2(outline, track.label)
    placed = Placed((path.east_m, path.north_m), path.covariance_m2, outline, shape)
    walk = SidewalkArea("S1", box(-100, -100, 100, 100))
    facts = _facts(
        track.label, path, placed, measure_ground(placed, sidewalks=[walk], parcels=[], others=[]), has_leave=False
    )
    if facts.sighting is not None:
        stay = replace(facts.sighting, dwell_s=track.last_s - track.first_s, has_left=track.last_s < ends_s)
        facts = replace(facts, sighting=stay)
    finding = check_sidewalk(facts, _law())
    return finding.verdict.value if finding is not None else "no use of the ground"


def report(table: dict[Truth, Counter[str]], clips: Counter[str] | None, asked: argparse.Namespace) -> str:
    """The matrix."""
    columns = ("flagged", "undetermined", "compliant", "not followed")
    rows = [
        f"| {truth.name} | {truth.verdict} | " + " | ".join(str(counts[column]) for column in columns) + " |"
        for truth, counts in table.items()
    ]
    wrong = sum(counts["flagged"] for truth, counts in table.items() if truth.verdict != "flagged")
    missed = sum(counts["compliant"] for truth, counts in table.items() if truth.verdict == "flagged")
    lines = [
        "# Decision quality on scenes of known truth",
        "",
        "| the thing is | right | flagged | undetermined | compliant | not followed |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        f"False flags: {wrong}, of these on what moves: "
        f"{sum(counts['flagged'] for truth, counts in table.items() if truth.is_moving)}. Said to be in order though it is "
        f"not: {missed}.",
        "",
    ]
    if clips is not None:
        told = ", ".join(f"{count} {name}" for name, count in sorted(clips.items())) or "none"
        lines += [
            "Real clips of moving traffic, real detector, with a sidewalk over the whole view: tracks "
            f"{told}; false flags {clips['flagged']}.",
            "",
        ]
    lines += [
        f"{asked.scenes} rendered scenes a row, seed {asked.seed}, the default pack's law. Made by `python -m bench.decisions`; "
        f"{describe_machine()}.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Decide and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=60)
    parser.add_argument("--seed", type=int, default=5000)
    parser.add_argument("--clips", type=Path)
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    asked = parser.parse_args()
    table = run(asked.scenes, asked.seed)
    clips = look_at_clips(asked.clips) if asked.clips else None
    text = report(table, clips, asked)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "decisions.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
