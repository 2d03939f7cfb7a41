"""A small map of one place as SVG text: roads, sidewalks, parcels and the position with its error. Pure.

North is up; metres by a local plane at the centre, good to a millimetre over the few hundred metres drawn. It is the
picture that works without JavaScript: where the interactive map cannot run, this one stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians
from xml.sax.saxutils import escape, quoteattr

from geo.box import METRES_PER_DEG
from web.surroundings import Mark, MarkKind, Path, Point, Shape, ShapeKind

DEFAULT_ROAD_M = 6.0
LABELS_APART_PX = 34.0
PLAIN_FILL = "#E7EBEB"  # of a code that no legend names
_LAND, _INK = "#EFEEE9", "#14212B"
_ORDER = tuple(ShapeKind)
_STYLE = {
    ShapeKind.ZONE: 'stroke="#8C7F68" stroke-opacity=".5"',
    ShapeKind.ROAD: 'fill="#fff"',
    ShapeKind.SIDEWALK: 'fill="#D8CBB2"',
    ShapeKind.PARCEL: 'fill="none" stroke="#A9A395" stroke-width=".8"',
    ShapeKind.BUILDING: 'fill="#14212B" fill-opacity=".05" stroke="#85939A" stroke-width=".7"',
    ShapeKind.RED_LINE: 'fill="none" stroke="#B8322A" stroke-width="1.5" stroke-dasharray="9 3 2 3"',
    ShapeKind.PERMIT: 'fill="url(#hatch)" stroke="#0B5A60" stroke-width="1.2"',
}


@dataclass(frozen=True, slots=True)
class Frame:
    """The piece of ground drawn: centre in degrees, half its width in metres, size in pixels."""

    lon: float
    lat: float
    half_width_m: float
    width_px: int
    height_px: int

    @property
    def scale(self) -> float:
        """Pixels per metre."""
        return self.width_px / (2 * self.half_width_m)

    def to_px(self, point: Point) -> Point:
        """Degrees to pixels, y down."""
        east_m = (point[0] - self.lon) * METRES_PER_DEG * cos(radians(self.lat))
        north_m = (point[1] - self.lat) * METRES_PER_DEG
        return self.width_px / 2 + east_m * self.scale, self.height_px / 2 - north_m * self.scale

    def to_lonlat(self, x_px: float, y_px: float) -> Point:
        """Pixels to degrees: where somebody touched the drawing."""
        east_m = (x_px - self.width_px / 2) / self.scale
        north_m = (self.height_px / 2 - y_px) / self.scale
        return (
            self.lon + east_m / (METRES_PER_DEG * cos(radians(self.lat))),
            self.lat + north_m / METRES_PER_DEG,
        )


def draw_place(
    shapes: Iterable[Shape],
    marks: Sequence[Mark],
    frame: Frame,
    *,
    title: str,
    chosen_key: str = "",
    scale_bar: bool = True,
) -> str:
    """The SVG of one place. ``title`` is spoken by screen readers; ``chosen_key`` is the parcel drawn heavy."""
    ordered = sorted(shapes, key=lambda shape: _ORDER.index(shape.kind))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width_px} {frame.height_px}" role="img"'
        f" aria-label={quoteattr(title)} font-family=\"'Be Vietnam Pro',system-ui,sans-serif\">",
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M0 0v6" stroke="#0B5A60" stroke-width="1.2" stroke-opacity=".55"/></pattern></defs>',
        f'<rect width="{frame.width_px}" height="{frame.height_px}" fill="{_LAND}"/>',
        *(_draw_shape(shape, frame) for shape in ordered),
        *(_draw_chosen(shape, frame) for shape in ordered if chosen_key and shape.key == chosen_key),
        *_write_streets(ordered, frame),
        *_write_zones(ordered, frame),
        *(_draw_mark(mark, frame) for mark in sorted(marks, key=lambda mark: mark.kind is MarkKind.CHOSEN)),
        _draw_scale_bar(frame) if scale_bar else "",
        "</svg>",
    ]
    return "".join(parts)


def _path_data(paths: Iterable[Path], frame: Frame, *, closed: bool) -> str:
    return "".join(_one_path(path, frame, closed=closed) for path in paths)


def _one_path(path: Path, frame: Frame, *, closed: bool) -> str:
    """Steps in tenths of a pixel from point to point: half as long as whole coordinates."""
    points = [(round(x * 10), round(y * 10)) for x, y in (frame.to_px(point) for point in path)]
    steps = [f"M{points[0][0] / 10:g} {points[0][1] / 10:g}l"]
    for (x1, y1), (x2, y2) in pairwise(points):
        if (x1, y1) != (x2, y2):
            steps.append(f"{(x2 - x1) / 10:g} {(y2 - y1) / 10:g} ")
    return "".join(steps).rstrip() + ("z" if closed else "")


def _draw_shape(shape: Shape, frame: Frame) -> str:
    data = _path_data(shape.paths, frame, closed=shape.is_area)
    if shape.kind is ShapeKind.ROAD and not shape.is_area:
        width_px = (shape.width_m or DEFAULT_ROAD_M) * frame.scale
        ends = 'stroke-linecap="round" stroke-linejoin="round"'
        return f'<path d="{data}" fill="none" stroke="#fff" stroke-width="{width_px:.1f}" {ends}/>'
    fill = f'fill="{escape(shape.fill or PLAIN_FILL)}" ' if shape.kind is ShapeKind.ZONE else ""
    return f'<path d="{data}" {fill}fill-rule="evenodd" {_STYLE[shape.kind]}/>'


def _draw_chosen(shape: Shape, frame: Frame) -> str:
    data = _path_data(shape.paths, frame, closed=shape.is_area)
    return (
        f'<path d="{data}" fill="#fff" fill-opacity=".4" stroke="#fff" stroke-width="5"/>'
        f'<path d="{data}" fill="none" stroke="{_INK}" stroke-width="2.6"/>'
    )


def _write_streets(shapes: Sequence[Shape], frame: Frame) -> Iterable[str]:
    """Each name once, along its longest stretch in view, turned so that it reads from left to right."""
    longest: dict[str, tuple[float, list[Point]]] = {}
    for shape in shapes:
        if shape.kind is not ShapeKind.ROAD or shape.is_area or not shape.text:
            continue
        for path in shape.paths:
            points = _clip([frame.to_px(point) for point in path], frame)
            length = sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))
            if length > longest.get(shape.text, (0.0, []))[0]:
                longest[shape.text] = length, points
    for number, (name, (length, points)) in enumerate(longest.items()):
        if length < 7 * len(name):
            continue
        if points[0][0] > points[-1][0]:
            points = points[::-1]
        data = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        yield (
            f'<path id="street{number}" d="{data}" fill="none"/><text font-size="11" font-weight="500" fill="#55606A" dy="3.7"'
            f' stroke="#fff" stroke-width="3" stroke-opacity=".8" paint-order="stroke">'
            f'<textPath href="#street{number}" startOffset="50%" text-anchor="middle">{escape(name)}</textPath></text>'
        )


def _clip(points: list[Point], frame: Frame) -> list[Point]:
    """The part of a line in view: each leg is cut at the frame; a line that leaves and returns keeps its first part."""
    kept: list[Point] = []
    for a, b in pairwise(points):
        leg = _clip_leg(a, b, frame)
        if leg is None:
            if kept:
                break
            continue
        kept = [*kept, *leg] if not kept else [*kept, leg[1]]
    return kept


def _clip_leg(a: Point, b: Point, frame: Frame) -> tuple[Point, Point] | None:
    """Liang-Barsky: the piece of a-b inside the frame, none when it misses it."""
    start, end = 0.0, 1.0
    for position, step, low, high in (
        (a[0], b[0] - a[0], 0.0, frame.width_px),
        (a[1], b[1] - a[1], 0.0, frame.height_px),
    ):
        if step == 0:
            if not low <= position <= high:
                return None
            continue
        first, last = sorted(((low - position) / step, (high - position) / step))
        start, end = max(start, first), min(end, last)
    if start >= end:
        return None
    return (
        (a[0] + start * (b[0] - a[0]), a[1] + start * (b[1] - a[1])),
        (a[0] + end * (b[0] - a[0]), a[1] + end * (b[1] - a[1])),
    )


def _write_zones(shapes: Sequence[Shape], frame: Frame) -> Iterable[str]:
    """A zone's code in the middle of its outline, where that is in view and no other code is near."""
    written: list[Point] = []
    for shape in shapes:
        if shape.kind is not ShapeKind.ZONE or not shape.text or not shape.paths:
            continue
        pixels = [frame.to_px(point) for point in shape.paths[0]]
        x = min(max(sum(p[0] for p in pixels) / len(pixels), 24), frame.width_px - 24)
        y = min(max(sum(p[1] for p in pixels) / len(pixels), 14), frame.height_px - 14)
        if not _contains(pixels, (x, y)) or any(hypot(x - a, y - b) < LABELS_APART_PX for a, b in written):
            continue
        written.append((x, y))
        yield (
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="11" font-weight="600" fill="#4A4436" stroke="#fff"'
            f' stroke-opacity=".75" stroke-width="2.5" paint-order="stroke">{escape(shape.text)}</text>'
        )


def _contains(ring: Sequence[Point], point: Point) -> bool:
    """Whether a ring in pixels holds a point (even-odd)."""
    inside, (x, y) = False, point
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _draw_mark(mark: Mark, frame: Frame) -> str:
    x, y = frame.to_px((mark.lon, mark.lat))
    radius = mark.accuracy_m * frame.scale
    if mark.kind is MarkKind.CHOSEN:
        circle = _circle(x, y, radius, 'fill="#0B5A60" fill-opacity=".16" stroke="#0B5A60" stroke-width="1.5"')
        return f'{circle}<circle cx="{x:.1f}" cy="{y:.1f}" r="6.5" fill="#0B5A60" stroke="#fff" stroke-width="2.5"/>'
    if mark.kind is MarkKind.FILE_FIX:
        circle = _circle(x, y, radius, 'fill="none" stroke="#43525D" stroke-width="1.2" stroke-dasharray="4 3"')
        return (
            f'{circle}<path d="M{x - 5:.1f} {y:.1f}h10M{x:.1f} {y - 5:.1f}v10" stroke="#fff" stroke-width="5"/>'
            f'<path d="M{x - 5:.1f} {y:.1f}h10M{x:.1f} {y - 5:.1f}v10" stroke="#43525D" stroke-width="2"/>'
        )
    return (
        f'<g transform="translate({x - 9:.1f} {y - 22:.1f}) scale(.75)">'
        f'<path d="M12 29S2 19.5 2 11.5a10 10 0 0 1 20 0C22 19.5 12 29 12 29z" fill="{_INK}" stroke="#fff" stroke-width="1.5"/>'
        f'<text x="12" y="16" text-anchor="middle" font-size="12" font-weight="700" fill="#fff">{escape(mark.text)}</text></g>'
    )


def _circle(x: float, y: float, radius_px: float, style: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius_px:.1f}" {style}/>' if radius_px > 0 else ""


def _draw_scale_bar(frame: Frame) -> str:
    length_m = next((m for m in (1, 2, 5, 10, 20, 50, 100, 200) if 40 <= m * frame.scale <= 110), 20)
    length_px, y = length_m * frame.scale, frame.height_px - 10
    return (
        f'<g><path d="M10 {y - 5}v5h{length_px:.1f}v-5" fill="none" stroke="#fff" stroke-width="4"/>'
        f'<path d="M10 {y - 5}v5h{length_px:.1f}v-5" fill="none" stroke="{_INK}" stroke-width="1.5"/>'
        f'<text x="{16 + length_px:.1f}" y="{y + 1}" font-size="11.5" font-weight="600" fill="{_INK}" stroke="#fff"'
        f' stroke-width="3" paint-order="stroke">{length_m} m</text></g>'
    )


def widen_for(accuracy_m: float) -> float:
    """Half the width to draw, in metres, so that the error circle fits: 45 m at least, 400 m at most."""
    return min(max(45.0, accuracy_m * 2.2), 400.0)
