"""Real pictures of known truth through the real detector, tracker and rule: `bench/scenes/decisions.toml` says what is true.

Parked things on a surveyed camera stand, by invention, on a sidewalk (with a painted slot or without), across its edge, on the
roadway or on private land; whatever moves in a clip has a sidewalk under the whole view; pictures from the hand are judged whole.
Called by ``bench.decisions``.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import Polygon, affinity, box

from bench.judged_tracks import Stay, Surroundings, judge, rule_law
from detection.analysis import Analysis, analyse_clip
from detection.detections import Detection
from detection.detector import Detector, open_detector
from detection.letterbox import Pixels
from detection.tracking import Track
from geo.homography import Calibration, fit
from intake.kinds import Category
from intake.photo import decode_upright
from intake.video import sample_frames
from rules.sidewalk_encroachment import check_sidewalk
from rules.site_facts import SeenLabel
from rules.uses import use_of_label
from tests.data.site_facts import photo_facts

SCENES = Path(__file__).parent / "scenes" / "decisions.toml"
AT_WORK = ("yolo11n-coco-int8", "building-site-int8")  # as cameras look: without the weights of signs
PLACES = {
    "sidewalk": "flagged",
    "sidewalk, in a painted slot with room left": "compliant",
    "sidewalk, half over its edge": "undetermined",
    "roadway": "compliant",
    "private land": "undetermined",
}
_EVERY_S, _LASTS_S = 30.0, 900.0
_BODY_AHEAD_M, _BODY_WIDTH_M = 0.9, 1.85  # of a car beyond its tyres, and across
_ROOM_M, _AWAY_M, _HALF_LENGTH_M = 3.0, 6.0, 15.0
_PHOTOS_MAX = 40


@dataclass(slots=True)
class RealRow:
    """One row of the table: how often each verdict was said of one kind of scene."""

    name: str
    kind: str
    right: str
    counts: Counter[str] = field(default_factory=Counter)


def look_at_all(data: Path, random: np.random.Generator) -> list[RealRow]:
    """Every scene of the file, in its order."""
    scenes = tomllib.loads(SCENES.read_text(encoding="utf-8"))
    detector = open_detector(AT_WORK)
    rows = {place: RealRow(f"a parked car on the {place}", "parked", right) for place, right in PLACES.items()}
    stills: dict[str, Analysis] = {}
    for scene in scenes["parked"]:
        rgb = decode_upright((data / scene["picture"]).read_bytes())
        if scene["picture"] not in stills:
            stills[scene["picture"]] = analyse_clip(_still(rgb, random), detector=detector)
        for place, verdict in _judge_parked(scene, data, stills[scene["picture"]]).items():
            rows[place].counts[verdict] += 1
    moving = [
        RealRow(scene["name"], "moving", "not flagged", _judge_moving(scene, data, detector))
        for scene in scenes["moving"]
    ]
    held = [
        RealRow(scene["name"], "handheld", scene["right"], _judge_held(scene, data, detector))
        for scene in scenes["handheld"]
    ]
    return [*rows.values(), *moving, *held]


def _judge_parked(scene: Mapping[str, Any], data: Path, analysis: Analysis) -> dict[str, str]:
    """The verdict about one thing for each invented place around it."""
    camera = json.loads((data / scene["camera"]).read_text(encoding="utf-8"))
    pairs = [[*mark["pixel"], *mark["enu_m"][:2]] for mark in camera["landmarks"] if mark["near_ground"]]
    calibration = fit(pairs, image_size_px=(analysis.frames[0].width_px, analysis.frames[0].height_px))
    footprint, along = _footprint([_on_ground(camera, tyre, scene["ground_m"]) for tyre in scene["tyres_px"]])
    track = _track_of(analysis, scene)
    if track is None:
        return dict.fromkeys(PLACES, "no finding")
    boxes, times = _seen(analysis, track)
    stay = Stay(track.last_s - track.first_s, track.seen_share)
    told = {}
    for place in PLACES:
        verdict = judge(track.label, boxes, times, calibration, _surroundings(place, footprint, along), stay)
        told[place] = verdict.value if verdict is not None else "no finding"
    return told


def _surroundings(place: str, footprint: Polygon, along: NDArray[np.float64]) -> Surroundings:
    """A strip along the thing's own direction: around it, off by half of it, or six metres away."""
    across = np.array([-along[1], along[0]])
    half = _BODY_WIDTH_M / 2 + _ROOM_M

    def strip(shift_m: float) -> Polygon:
        centre = np.array(footprint.centroid.coords[0]) + across * shift_m
        flat = box(-_HALF_LENGTH_M, -half, _HALF_LENGTH_M, half)
        turned = affinity.rotate(flat, np.degrees(np.arctan2(along[1], along[0])), origin=(0, 0))
        return affinity.translate(turned, *centre)

    away = 2 * half + _AWAY_M - _ROOM_M
    if place == "sidewalk":
        return Surroundings(strip(0))
    if place.startswith("sidewalk, in"):
        return Surroundings(strip(0), slot=footprint.buffer(0.6).minimum_rotated_rectangle)
    if place.startswith("sidewalk, half"):
        return Surroundings(strip(half))
    if place == "roadway":
        return Surroundings(strip(away))
    return Surroundings(strip(away), private=strip(0))


def _on_ground(camera: Mapping[str, Any], pixel: Sequence[float], height_m: float) -> NDArray[np.float64]:
    """East and north of a pixel of the published camera, on a level plane."""
    matrix, turn, shift = (np.array(camera[key]) for key in ("K", "R", "T"))
    place = -turn.T @ shift
    ray = turn.T @ np.linalg.inv(matrix) @ np.array([*pixel, 1.0])
    return np.asarray((place + ray * (height_m - place[2]) / ray[2])[:2])


def _footprint(tyres: list[NDArray[np.float64]]) -> tuple[Polygon, NDArray[np.float64]]:
    """The true outline of a car from three tyres, and its direction."""
    rear, front, other = tyres
    along = (front - rear) / np.linalg.norm(front - rear)
    across = np.array([-along[1], along[0]])
    across = across if (other - front) @ across > 0 else -across
    ahead, wide = along * _BODY_AHEAD_M, across * _BODY_WIDTH_M
    return Polygon([rear - ahead, front + ahead, front + ahead + wide, rear - ahead + wide]), along


def _still(rgb: Pixels, random: np.random.Generator) -> Iterator[tuple[float, Pixels]]:
    """One frame again and again as a fixed camera would give it: noise, flicker, half a pixel of shake."""
    for number in range(int(_LASTS_S / _EVERY_S) + 1):
        shift = random.normal(0, 0.5, 2)
        matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float64)
        moved = cv2.warpAffine(rgb, matrix, (rgb.shape[1], rgb.shape[0]), borderMode=cv2.BORDER_REPLICATE)
        noisy = moved * random.uniform(0.95, 1.05) + random.normal(0, 3, moved.shape)
        yield number * _EVERY_S, np.clip(noisy, 0, 255).astype(np.uint8)


def _track_of(analysis: Analysis, scene: Mapping[str, Any]) -> Track | None:
    """The track whose boxes hold the tyres of the scene's thing."""
    tyres = np.array(scene["tyres_px"], float)

    def holds(track: Track) -> int:
        boxes = np.array(_seen(analysis, track)[0])
        x_min, y_min, x_max, y_max = np.median(boxes, axis=0)
        inside = (
            (tyres[:, 0] > x_min - 5) & (tyres[:, 0] < x_max + 5) & (tyres[:, 1] > y_min) & (tyres[:, 1] < y_max + 8)
        )
        return len(boxes) if inside.all() and x_max - x_min < 2.2 * np.ptp(tyres[:, 0]) else 0

    followed = [track for track in analysis.tracks if track.label in scene["labels"]]
    return max((track for track in followed if holds(track)), key=holds, default=None)


def _seen(analysis: Analysis, track: Track) -> tuple[list[tuple[float, float, float, float]], list[float]]:
    flat: list[Detection] = [item for frame in analysis.frames for item in frame]
    items = [flat[index] for index in track.indexes]
    return [item.box_px for item in items], [item.frame_s or 0.0 for item in items]


def _judge_moving(scene: Mapping[str, Any], data: Path, detector: Detector) -> Counter[str]:
    """Every track of a clip that some use of the ground could be made of."""
    analysis = analyse_clip(_clip(scene, data), detector=detector)
    width, height = analysis.frames[0].width_px, analysis.frames[0].height_px
    calibration = _guessed_view(scene["view_m"], width, height)
    around = Surroundings(box(-500, -500, 500, 500))
    ends_s = max(analysis.frame_times_s) - 1
    counts: Counter[str] = Counter()
    for track in analysis.tracks:
        if len(track.indexes) < 3 or use_of_label(track.label, Category.UNSTATED) is None:
            continue
        stay = Stay(track.last_s - track.first_s, track.seen_share, has_left=track.last_s < ends_s)
        verdict = judge(track.label, *_seen(analysis, track), calibration, around, stay)
        counts[verdict.value if verdict is not None else "no finding"] += 1
    return counts


def _clip(scene: Mapping[str, Any], data: Path) -> Iterator[tuple[float, Pixels]]:
    """The frames of a clip, or numbered photographs as frames."""
    if "clip" in scene:
        for time_s, rgb in sample_frames(data / scene["clip"], every_s=scene["every_s"], max_frames=200):
            if scene["from_s"] <= time_s <= scene["to_s"]:
                yield time_s, rgb.copy()
        return
    found = sorted(
        (path for folder in scene["frames"] for path in (data / folder).glob(f"{scene['starts_with']}*.jpg")),
        key=lambda path: path.name,
    )
    for number, path in enumerate(found[: scene["most_frames"]]):
        yield number * scene["every_s"], decode_upright(path.read_bytes())


def _guessed_view(view: Mapping[str, float], width: int, height: int) -> Calibration:
    """A level ground under the lower three quarters of the frame, narrow near and wide far."""
    near, far, depth = view["near_width"], view["far_width"], view["depth"]
    pairs = []
    for down in (0.25, 0.4, 0.6, 0.8, 1.0):
        share = (1 - down) / 0.75  # 0 at the lower edge
        north = depth * share * near / (near * share + far * (1 - share))
        wide = 1 / ((1 - share) / near + share / far)
        pairs += [[u * width, down * height, (u - 0.5) * wide, north] for u in (0.05, 0.35, 0.65, 0.95)]
    return fit(pairs, image_size_px=(width, height))


def _judge_held(scene: Mapping[str, Any], data: Path, detector: Detector) -> Counter[str]:
    """Photographs from the hand, each judged as a whole."""
    counts: Counter[str] = Counter()
    for path in sorted((data / scene["folder"]).glob("*.jp*g"))[:_PHOTOS_MAX]:
        found = detector.detect([decode_upright(path.read_bytes(), max_side_px=1920)])[0]
        best: dict[str, tuple[int, float]] = {}
        for item in found:
            number, score = best.get(item.label, (0, 0.0))
            best[item.label] = number + 1, max(score, item.score)
        seen = [SeenLabel(label, number, score) for label, (number, score) in best.items()]
        finding = check_sidewalk(photo_facts(*seen), rule_law())
        counts[finding.verdict.value if finding is not None else "no finding"] += 1
    return counts
