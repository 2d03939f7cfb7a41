"""A followed thing through the steps of a camera's picture: ground path, outline and its error, the default pack's sidewalk rule.

Called by ``bench.decisions`` for rendered scenes and ``bench.real_scenes`` for real pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shapely import Polygon

from detection.detections import Box
from detection.ground_sighting import guess_depth_m
from geo.facts import AllowedUse
from geo.ground_path import GroundPath, locate_path
from geo.homography import Calibration
from geo.position import Position, PositionMethod
from rules.finding import Verdict
from rules.ground import ParcelArea, Placed, SidewalkArea, measure_ground
from rules.ordinances import RuleLaw
from rules.outline_error import shape_error_m2
from rules.parameters import SIDEWALK
from rules.sidewalk_encroachment import check_sidewalk
from rules.site_facts import GroundFacts, SightingFacts, SiteFacts
from tests.data.site_facts import DAY, a_law, camera_facts

WALK = "S1"


@dataclass(frozen=True, slots=True)
class Stay:
    """How long a thing was seen, in what share of the frames, and whether it had gone before the end."""

    dwell_s: float
    seen_share: float = 1.0
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around a thing, in the metres of its calibration. ``slot``: a painted slot in its hours on the sidewalk."""

    sidewalk: Polygon | None = None
    slot: Polygon | None = None
    private: Polygon | None = None


def rule_law() -> RuleLaw:
    """The default pack's sidewalk rule on the day of the tests."""
    rule = a_law().at(DAY).rule(SIDEWALK)
    if rule is None:
        raise SystemExit("The default pack has no sidewalk rule on that day.")
    return rule


def judge(label: str, boxes: Sequence[Box], times: Sequence[float], calibration: Calibration, around: Surroundings,
          stay: Stay) -> Verdict | None:  # fmt: skip
    """The rule's verdict; None where the thing was not followed to a place on the ground, or is no use of it."""
    path = locate_path(boxes, times, calibration, depth_of=lambda breadth_m: guess_depth_m(label, breadth_m)[0])
    if path is None or len(path.footprint_m) < 4:
        return None
    outline = Polygon(path.footprint_m)
    if not outline.is_valid:
        return None
    placed = Placed((path.east_m, path.north_m), path.covariance_m2, outline, shape_error_m2(outline, label))
    walks = [] if around.sidewalk is None else [SidewalkArea(WALK, around.sidewalk, _slots(around))]
    parcels = [] if around.private is None else [ParcelArea("P1", "ODT", around.private)]
    ground = measure_ground(placed, sidewalks=walks, parcels=parcels, others=[])
    finding = check_sidewalk(_facts(label, path, placed, ground, stay, has_leave=around.slot is not None), rule_law())
    return finding.verdict if finding is not None else None


def _slots(around: Surroundings) -> tuple[tuple[int, Polygon], ...]:
    return () if around.slot is None else ((0, around.slot),)


def _facts(
    label: str, path: GroundPath, placed: Placed, ground: GroundFacts, stay: Stay, *, has_leave: bool
) -> SiteFacts:
    """Site facts of the tests with this thing, its measured ground and its stay put in."""
    base = camera_facts(label)
    position = Position(106.68, 10.78, max(placed.sigma_m, 1e-3), PositionMethod.CAMERA_HOMOGRAPHY, path.covariance_m2)
    sighting = SightingFacts(
        label, 0.9, position, dwell_s=stay.dwell_s, displacement_m=path.displacement_m, jitter_m=path.jitter_m,
        seen_share=stay.seen_share, has_left=stay.has_left,
    )  # fmt: skip
    place = base.place
    if place is not None:
        walks = tuple(
            replace(walk, key=WALK, allowed_uses=(AllowedUse("parking", slot="painted"),) if has_leave else ())
            for walk in place.sidewalks
        )
        place = replace(place, sidewalks=walks)
    return replace(base, sighting=sighting, ground=ground, place=place)
