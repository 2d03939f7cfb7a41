"""Everything a runner must know to watch one camera, read from the records: where it looks, what counts there, and when.

``read_set_up`` is asked again every minute, so that a changed stream, calibration, schedule or law takes effect by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from shapely import Point, Polygon, prepare, unary_union
from shapely.geometry.base import BaseGeometry

from errors import ConfigurationError, ProjectError
from geo.homography import Calibration
from geo.queries import get_metric_system
from geo.sidewalks_in_view import list_sidewalks_in_view
from intake.kinds import Category
from intake.models import Camera, CameraCalibration
from intake.schedule import Span, is_watched_at, parse_schedule
from rules.ordinances import Law
from rules.parameters import SIDEWALK
from rules.queries import get_law
from rules.uses import DWELL_PARAMETER, use_of_label

# A thing's foot may lie off the sidewalk while its outline is on it: half a lorry, and the error of a far place.
NEAR_SIDEWALK_M = 4.0
SAME_SHAPE = 0.02
USUAL_SIDE_PX = 1920
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ScaledMapping:
    """A calibration for frames of another size of the same view: ``scale`` takes their pixels to the calibration's."""

    calibration: Calibration
    scale: float

    def to_ground(self, u_px: float, v_px: float) -> tuple[float, float, NDArray[np.float64]]:
        """As ``Calibration.to_ground``."""
        return self.calibration.to_ground(u_px * self.scale, v_px * self.scale)


@dataclass(frozen=True, slots=True)
class NearSidewalk:
    """Whether a place (metres of the calibration) can concern a sidewalk; ``area_m`` None: nobody knows, so all can.

    Equal areas make equal values, so that what was worked out for one holds for the other.
    """

    area_m: BaseGeometry | None

    def __call__(self, place: tuple[float, float]) -> bool:
        return self.area_m is None or bool(self.area_m.contains(Point(place)))


@dataclass(frozen=True, slots=True)
class CameraSetUp:
    """One camera as it is to be watched. ``calibration`` None: nothing in its view can be placed.

    ``image_size_px`` is what the calibration speaks of; None: of whatever the stream sends.
    """

    camera_id: int
    name: str
    stream: str
    every_s: float
    timezone: str
    spans: tuple[Span, ...]
    clock_offset_s: float
    calibration_id: int | None
    calibration: Calibration | None
    image_size_px: Size | None
    region: tuple[tuple[float, float], ...]
    dwell_of: Callable[[str], float | None]
    is_near_sidewalk: NearSidewalk
    notes: tuple[str, ...]

    @property
    def same_watch(self) -> tuple[object, ...]:
        """What must not change while a watch goes on."""
        return (self.stream, self.every_s, self.calibration_id)

    @property
    def max_side_px(self) -> int | None:
        """The largest frame that is kept; whole frames where nobody knows what size the calibration speaks of."""
        return USUAL_SIDE_PX if self.image_size_px is not None else None

    def is_on(self, at: datetime) -> bool:
        """Whether the schedule lets it be watched."""
        return is_watched_at(self.spans, at.astimezone(ZoneInfo(self.timezone)))

    def mapping_for(self, sent_px: Size, kept_px: Size) -> ScaledMapping | None:
        """The mapping for kept frames of a stream that sends ``sent_px``; None when that is another view's shape."""
        if self.calibration is None:
            return None
        wanted = self.image_size_px or sent_px
        if abs((sent_px[0] / sent_px[1]) / (wanted[0] / wanted[1]) - 1) > SAME_SHAPE:
            return None
        return ScaledMapping(self.calibration, wanted[0] / kept_px[0])


def read_set_up(camera_id: int, at: datetime) -> CameraSetUp | None:
    """How a camera is to be watched now; None when it is gone or switched off."""
    camera = Camera.objects.select_related("city").filter(pk=camera_id, is_active=True).exclude(stream="").first()
    if camera is None:
        return None
    zone = ZoneInfo(camera.city.timezone)
    on = at.astimezone(zone).date()
    row = camera.calibrations.filter(valid_from__lte=at).order_by("-valid_from").first()
    near, notes = _near_sidewalk(camera, row, on)
    size = _size_of(row)
    spans, fault = _spans_of(camera)
    if not camera.notice_sign.strip():
        notes = (*notes, "no_notice_sign")
    return CameraSetUp(
        camera_id=camera.pk,
        name=camera.name,
        stream=camera.stream,
        every_s=max(0.1, camera.sample_period_s),
        timezone=camera.city.timezone,
        spans=spans,
        clock_offset_s=camera.clock_offset_s,
        calibration_id=row.pk if row is not None else None,
        calibration=Calibration.from_json(row.calibration) if row is not None else None,
        image_size_px=size,
        region=_region_of(row, size),
        dwell_of=_dwell_of(get_law(camera.city.slug), on),
        is_near_sidewalk=near,
        notes=(*notes, *fault),
    )


def _spans_of(camera: Camera) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """A schedule that cannot be read watches nothing away: always on, and told."""
    try:
        return parse_schedule(camera.schedule), ()
    except ProjectError:
        return (), ("schedule_unreadable",)


def _size_of(row: CameraCalibration | None) -> Size | None:
    stored = row.calibration.get("image_size_px") if row is not None else None
    return (int(stored[0]), int(stored[1])) if stored else None


def _region_of(row: CameraCalibration | None, size: Size | None) -> tuple[tuple[float, float], ...]:
    """The calibrated part of the frame as shares of its width and height; empty: all of it."""
    points = row.calibration.get("region_px") if row is not None else None
    return tuple((x / size[0], y / size[1]) for x, y in points) if points and size else ()


def _dwell_of(law: Law, on: date) -> Callable[[str], float | None]:
    """The stay that the law of the day asks of a label, None for what has no use of the ground."""
    rule = law.at(on).rule(SIDEWALK)

    @lru_cache(maxsize=256)
    def dwell_of(label: str) -> float | None:
        use = use_of_label(label, Category.UNSTATED)
        if use is None or rule is None:
            return None
        try:
            return rule.number(DWELL_PARAMETER[use])
        except ConfigurationError:
            return None

    return dwell_of


def _near_sidewalk(camera: Camera, row: CameraCalibration | None, on: date) -> tuple[NearSidewalk, tuple[str, ...]]:
    if row is None:
        return NearSidewalk(Polygon()), ("no_calibration",)
    if row.view_footprint is None:
        return NearSidewalk(None), ("no_view_footprint",)
    anchor = (row.anchor.x, row.anchor.y)
    system = get_metric_system(*anchor)
    found = list_sidewalks_in_view(camera.city_id, on, row.view_footprint, anchor, system)
    if not found:
        return NearSidewalk(Polygon()), ("no_sidewalk_in_view",)
    area = unary_union([walk.area_m for walk in found]).buffer(NEAR_SIDEWALK_M)
    prepare(area)
    return NearSidewalk(area), ()
