"""An invented picture of the ward from above, at two dates: drawn from the generated registers, marked as generated.

Written as a plain JPEG with control points in VN-2000 beside it, as a scanned sheet would come. Between the dates houses are
built, so that the two can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import shapely
from PIL import Image, ImageDraw, ImageFilter
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from cities.hcmc.recipe_parts.blocks import BlockKind
from cities.hcmc.recipe_parts.ground import lines_of, polygons_of
from cities.hcmc.recipe_parts.lines import canal_corridor
from cities.hcmc.recipe_parts.ward import Ward

PIXEL_M = 0.5
MARGIN_M = 40.0
DATES = (date(2024, 2, 20), date(2026, 3, 10))
MARK = "GENERATED PICTURE"  # in plain letters: the drawing library's font has no Vietnamese
_BUILT_SINCE = 0.07  # share of the houses that stand on the second picture only
_LAND, _ROAD, _WALK, _ALLEY, _YARD, _GRASS, _WATER = (
    (176, 170, 152), (92, 94, 98), (186, 178, 166), (150, 148, 144), (168, 160, 140), (98, 128, 74), (70, 96, 92),
)  # fmt: skip
_ROOFS = (
    (172, 84, 62), (158, 74, 56), (186, 104, 78), (140, 146, 152), (168, 174, 180), (92, 122, 150), (200, 196, 188),
    (128, 124, 118), (104, 140, 122),
)  # fmt: skip
Box = tuple[float, float, float, float]


def write_pictures(ward: Ward, folder: Path) -> None:
    """``ortho-YYYY.jpg`` and ``ortho-YYYY.points`` for each date."""
    west, south, east, north = ward.ground.ward.bounds
    box = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    for day in DATES:
        picture = _draw(ward, box, day)
        picture.save(folder / f"ortho-{day.year}.jpg", quality=86)
        (folder / f"ortho-{day.year}.points").write_text("\n".join(_points(box)) + "\n", encoding="utf-8")


def _points(box: Box) -> Iterator[str]:
    """Nine points as QGIS writes them: east, north, column, row counted downwards as negative."""
    west, south, east, north = box
    yield "mapX,mapY,sourceX,sourceY,enable"
    for across in (0.1, 0.5, 0.9):
        for down in (0.1, 0.5, 0.9):
            x, y = west + across * (east - west), north - down * (north - south)
            yield f"{x:.3f},{y:.3f},{(x - west) / PIXEL_M:.3f},{-(north - y) / PIXEL_M:.3f},1"


def _draw(ward: Ward, box: Box, day: date) -> Image.Image:
    west, south, east, north = box
    size = (int((east - west) / PIXEL_M), int((north - south) / PIXEL_M))
    picture = Image.new("RGB", size, _LAND)
    pen = ImageDraw.Draw(picture)
    _fill(pen, box, [canal_corridor(ward.ground)], _WATER)
    for parcel in ward.cadastre.parcels:
        _fill(pen, box, [parcel.shape], _GRASS if parcel.kind is BlockKind.PARK else _YARD)
    _fill(pen, box, (alley.surface for alley in ward.cadastre.alleys), _ALLEY)
    _fill(pen, box, (piece.shape for piece in ward.reserves.sidewalks), _WALK)
    _fill(pen, box, [ward.reserves.roadway], _ROAD)
    _draw_lanes(pen, box, ward)
    _draw_houses(pen, box, ward, day)
    _draw_trees(pen, box, ward)
    return _weather(_mark(picture), day)


def _fill(pen: ImageDraw.ImageDraw, box: Box, shapes: Iterable[BaseGeometry], colour: tuple[int, int, int]) -> None:
    for shape in shapes:
        for part in polygons_of(shape):
            pen.polygon(_pixels(part.exterior.coords, box), fill=colour)
            for hole in part.interiors:  # what lies in a hole is drawn by its own layer
                pen.polygon(_pixels(hole.coords, box), fill=_LAND)


def _pixels(coords: Iterable[tuple[float, ...]], box: Box) -> list[tuple[float, float]]:
    return [((x - box[0]) / PIXEL_M, (box[3] - y) / PIXEL_M) for x, y, *_ in coords]


def _draw_lanes(pen: ImageDraw.ImageDraw, box: Box, ward: Ward) -> None:
    for street in ward.streets:
        for line in lines_of(shapely.segmentize(street.line, 6.0)):
            pixels = _pixels(line.coords, box)
            for begin, end in zip(pixels[::2], pixels[1::2], strict=False):
                pen.line([begin, end], fill=(214, 212, 204), width=1)


def _draw_houses(pen: ImageDraw.ImageDraw, box: Box, ward: Ward, day: date) -> None:
    random = Random(20260310)
    for building in ward.buildings:
        roof, newer = random.choice(_ROOFS), random.random() < _BUILT_SINCE
        if newer and day == DATES[0]:
            continue
        shadow = shapely.affinity.translate(building.shape, 0.5 * building.storeys, -0.35 * building.storeys)
        _fill(pen, box, [shadow], (96, 92, 84))
        _fill(pen, box, [building.shape], roof)
        ridge = building.shape.minimum_rotated_rectangle.exterior.coords
        middles = [((ridge[i][0] + ridge[i + 1][0]) / 2, (ridge[i][1] + ridge[i + 1][1]) / 2) for i in (0, 2)]
        pen.line(_pixels(middles, box), fill=tuple(min(255, part + 26) for part in roof), width=2)


def _draw_trees(pen: ImageDraw.ImageDraw, box: Box, ward: Ward) -> None:
    random = Random(1234)
    for piece in ward.reserves.sidewalks:
        for _ in range(int(piece.shape.area / 60)):
            _draw_tree(pen, box, _somewhere(piece.shape, random), random)
    for parcel in ward.cadastre.parcels:
        if parcel.kind is BlockKind.PARK:
            for _ in range(int(parcel.shape.area / 45)):
                _draw_tree(pen, box, _somewhere(parcel.shape, random), random)


def _somewhere(shape: BaseGeometry, random: Random) -> Point:
    west, south, east, north = shape.bounds
    for _ in range(12):
        at = Point(random.uniform(west, east), random.uniform(south, north))
        if shape.contains(at):
            return at
    return shape.representative_point()


def _draw_tree(pen: ImageDraw.ImageDraw, box: Box, at: Point, random: Random) -> None:
    x, y = _pixels([(at.x, at.y)], box)[0]
    radius, green = random.uniform(1.2, 3.0) / PIXEL_M, random.randint(84, 120)
    pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill=(green - 30, green, green - 44))


def _mark(picture: Image.Image) -> Image.Image:
    """The words across the sheet, so that nobody takes it for a photograph."""
    marked = picture.copy()
    pen = ImageDraw.Draw(marked)
    for row, y in enumerate(range(120, picture.height, 620)):
        for x in range(80 + 240 * (row % 2), picture.width, 900):
            pen.text((x, y), MARK, fill=(235, 232, 224), font_size=30)
    return Image.blend(picture, marked, 0.55)


def _weather(picture: Image.Image, day: date) -> Image.Image:
    """Grain and soft edges; the light of the two days differs."""
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.int16)
    grain = np.random.default_rng(day.year).integers(-5, 6, (picture.height, picture.width, 1), dtype=np.int16)
    light = 6 if day == DATES[0] else -2
    return Image.fromarray(np.clip(soft + grain + light, 0, 255).astype(np.uint8))
