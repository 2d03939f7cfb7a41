"""The plan sketch of a flag: where it stands among sidewalks and parcels, to scale, with its error. SVG text.

Drawn from the facts frozen with the flag, so it shows what the rule saw. Colours come from the page's tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import atan2, degrees

import numpy as np
from django.utils.translation import gettext as _
from shapely import from_geojson
from shapely.geometry import box

from cases.state_words import say_rounded
from geo.crs import CitySystem
from geo.facts import ParcelFact, PlaceFacts, SidewalkFact
from rules.finding import CLAIMED_SIGMAS
from rules.site_facts import GroundFacts
from tiles.sketch_frame import Frame, Point

WIDTH, HEIGHT = 640.0, 300.0
LEAST_HALF_WIDTH_M = 12.0
MOST_HALF_WIDTH_M = 60.0
CONFIDENCE = 1.515  # radius, in sigmas, that holds 68 % of a two-dimensional normal error


@dataclass(frozen=True, slots=True)
class SketchedThing:
    """Something seen: its footprint ring (lon, lat; may be empty), the words beside it, and what was measured on the ground."""

    ring: tuple[Point, ...]
    label: str
    ground: GroundFacts | None = None


def draw_place(
    place: PlaceFacts, things: Sequence[SketchedThing], system: CitySystem, *, verdict: str = "undetermined"
) -> str:
    """The sketch as one inline SVG with a text twin for screen readers."""
    position = place.position
    middle = system.to_metric(position.lon, position.lat)
    half = min(MOST_HALF_WIDTH_M, max(LEAST_HALF_WIDTH_M, 3 * position.accuracy_m))
    frame = Frame(middle, half, WIDTH, HEIGHT)
    layers = [
        *(_draw_parcel(parcel, frame, system) for parcel in place.parcels),
        *(_draw_sidewalk(walk, frame, system) for walk in place.sidewalks),
        *(_draw_thing(thing, frame, system, verdict) for thing in things),
        _draw_error(place, frame, verdict),
        *(_draw_free(thing.ground, frame, system) for thing in things),
        _draw_bar(frame),
        _draw_figures([line for thing in things for line in _list_figures(thing.ground)]),
    ]
    title = escape("; ".join([_describe(place), *(line for thing in things for line in _list_figures(thing.ground))]))
    return (
        f'<svg class="sketch" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{title}">'
        f"<title>{title}</title>{''.join(layers)}</svg>"
    )


def _describe(place: PlaceFacts) -> str:
    error = say_rounded(place.position.accuracy_m, 1)
    return _("Plan sketch: %(parcels)s possible parcels, %(walks)s sidewalk segments, position error %(error)s m") % {
        "parcels": len(place.parcels),
        "walks": len(place.sidewalks),
        "error": error,
    }


def _list_figures(ground: GroundFacts | None) -> list[str]:
    """What was measured, in words: the worst metre, and the sidewalk taken."""
    lines = []
    if ground is not None and ground.free_width is not None:
        figures = {
            "width": say_rounded(ground.free_width.width_m, 2),
            "error": say_rounded(CLAIMED_SIGMAS * ground.free_width.sigma_m, 2),
        }
        lines.append(_("Free width of the worst metre: %(width)s ± %(error)s m (2σ)") % figures)
    if ground is not None and ground.occupied is not None:
        figures = {
            "area": say_rounded(ground.occupied.area_m2, 1),
            "error": say_rounded(CLAIMED_SIGMAS * ground.occupied.sigma_m2, 1),
            "share": say_rounded(100 * ground.sidewalk.share, 0),
        }
        lines.append(_("Sidewalk taken: %(area)s ± %(error)s m² (2σ), %(share)s %% of its outline") % figures)
    return lines


def _draw_free(ground: GroundFacts | None, frame: Frame, system: CitySystem) -> str:
    """A thin line for each cross-section that is free, with its figures, and a heavy one where the least is left."""
    free = ground.free_width if ground is not None else None
    if free is None:
        return ""
    lines = "".join(
        f'<path class="sketch-free" d="{frame.line_path(at.ends, system.to_metric)}"><title>'
        f"{say_rounded(at.width_m, 2)} m ({say_rounded(at.least_m, 2)}–{say_rounded(at.most_m, 2)} m)</title></path>"
        for at in free.profile
        if at.width_m > 0
    )
    return f'{lines}<path class="sketch-gap" d="{frame.line_path(free.gap, system.to_metric)}"/>'


def _draw_figures(lines: Sequence[str]) -> str:
    """The measured figures as lines of one text, apart by the size of its letters, which a small screen makes larger."""
    if not lines:
        return ""
    rows = "".join(f'<tspan x="16" dy="1.4em">{escape(line)}</tspan>' for line in lines)
    return f'<text class="sketch-label" x="16" y="6">{rows}</text>'


def _draw_parcel(parcel: ParcelFact, frame: Frame, system: CitySystem) -> str:
    path = frame.path(parcel.geometry, system.to_metric)
    share = f" · {parcel.likelihood:.0%}" if parcel.likelihood < 0.995 else ""
    name = escape(f"{parcel.sheet}/{parcel.number}{share}") if parcel.number else escape(parcel.key + share)
    x, y = _label_point(parcel.geometry, frame, system)
    return f'<path class="sketch-parcel" d="{path}"/><text class="sketch-label" x="{x:.0f}" y="{y:.0f}">{name}</text>'


def _draw_sidewalk(walk: SidewalkFact, frame: Frame, system: CitySystem) -> str:
    slots = "".join(
        f'<path class="sketch-slot" d="{frame.path(use.slot, system.to_metric)}"/>'
        for use in walk.allowed_uses
        if use.slot
    )
    return f'<path class="sketch-walk" d="{frame.path(walk.geometry, system.to_metric)}"/>{slots}'


def _draw_thing(thing: SketchedThing, frame: Frame, system: CitySystem, verdict: str) -> str:
    if not thing.ring:
        return ""
    return (
        f'<path class="sketch-thing {escape(verdict)}" d="{frame.ring_path(thing.ring, system.to_metric)}">'
        f"<title>{escape(thing.label)}</title></path>"
    )


def _draw_error(place: PlaceFacts, frame: Frame, verdict: str) -> str:
    """The ellipse that holds the truth 68 % of the time, and its middle."""
    position = place.position
    x, y = frame.place(*frame.middle_m)
    variance = (position.accuracy_m / CONFIDENCE) ** 2
    ee, en, nn = position.covariance_m2 or (variance, 0.0, variance)
    values, vectors = np.linalg.eigh(np.array([[ee, en], [en, nn]]))
    minor, major = (CONFIDENCE * np.sqrt(np.maximum(values, 0.0)) * frame.units_per_m).tolist()
    turn = -degrees(atan2(vectors[1, 1], vectors[0, 1]))
    return (
        f'<ellipse class="sketch-error {escape(verdict)}" cx="{x:.1f}" cy="{y:.1f}" rx="{max(major, 2):.1f}" '
        f'ry="{max(minor, 2):.1f}" transform="rotate({turn:.1f} {x:.1f} {y:.1f})"/>'
        f'<circle class="sketch-middle" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    )


def _draw_bar(frame: Frame) -> str:
    length_m = frame.bar_m()
    length = length_m * frame.units_per_m
    y = frame.height - 16
    return (
        f'<path class="sketch-bar" d="M16 {y - 5:.0f}V{y:.0f}H{16 + length:.1f}V{y - 5:.0f}"/>'
        f'<text class="sketch-label" x="{24 + length:.1f}" y="{y:.0f}">{length_m:.0f} m</text>'
    )


def _label_point(geometry: str, frame: Frame, system: CitySystem) -> Point:
    """A point inside the shape and inside the frame, for its name."""
    shape = from_geojson(geometry)
    west, south = system.to_lonlat(frame.middle_m[0] - frame.half_width_m, frame.middle_m[1] - frame.half_width_m)
    east, north = system.to_lonlat(frame.middle_m[0] + frame.half_width_m, frame.middle_m[1] + frame.half_width_m)
    seen = shape.intersection(box(west, south, east, north))
    inside = (seen if not seen.is_empty else shape).representative_point()
    return frame.place(*system.to_metric(inside.x, inside.y))
