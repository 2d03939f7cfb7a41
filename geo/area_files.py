"""An area that somebody uploads as a file -> one valid outline in degrees, and what was assumed or mended on the way.

GeoJSON, GPKG, SHP (zip), KML, DXF or CSV with WKT. All areas of one layer are joined; an outline with more points than a
question may have is simplified within a stated distance. Lines and points hold no area and are counted, not used.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import Geometry

from errors import InputError
from geo.crs import Bounds, CitySystem, choose_system
from geo.drawn_area import MOST_VERTICES, DrawnArea
from geo.importers.reading import AS_IT_IS, describe_file, list_shape_layers, read_rows
from geo.source_description import FileReading
from geo.stated_system import StatedSystem, choose_stated, refuse_elsewhere, swap

ENDINGS = (".geojson", ".json", ".gpkg", ".zip", ".kml", ".dxf", ".csv")
MOST_FILE_BYTES = 40_000_000
MOST_FILE_VERTICES = 3_000_000
MOST_UNPACKED_BYTES = 400_000_000
_TOLERANCES_M = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
_STEP_DEG = 2e-5  # about the widest tolerance
_MOST_STEPS = 10 * MOST_VERTICES
_FORMS = "Send GeoJSON, GPKG, KML, DXF, CSV with a WKT column, or a zip of SHP, SHX, DBF and PRJ."


class NoteKind(StrEnum):
    """What the sender must know of how the file was read."""

    OVERRULED = "overruled"  # the file names another system than its sender
    NORTH_FIRST = "north_first"
    MENDED = "mended"
    LEFT_OUT = "left_out"
    SIMPLIFIED = "simplified"


@dataclass(frozen=True, slots=True)
class AreaNote:
    """One of them, with its figures or names by place in the sentence."""

    kind: NoteKind
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UploadedArea:
    """The outline in degrees, its area in the legal system of the place, and the system its file was read in."""

    area: DrawnArea
    area_m2: float
    system: str
    parts: int
    notes: tuple[AreaNote, ...]


@dataclass(frozen=True, slots=True)
class AreaWish:
    """What the sender says of the file: its system (empty: the file says it) and its layer, and the city it lies in."""

    systems: tuple[CitySystem, ...]
    bounds: Bounds
    crs: str = ""
    layer: str = ""


def read_area_file(path: Path, wish: AreaWish) -> UploadedArea:
    """The area of a file. InputError says what cannot be used and the cure: form, layer, system, place, points."""
    _refuse_form(path)
    form = describe_file(path, FileReading(layer=_choose_layer(path, wish.layer)))
    said = choose_stated(wish.crs, _word_of(form.crs, form.parts[0].driver), wish.systems)
    reading = AS_IT_IS if not wish.layer else FileReading(layer=wish.layer)
    pieces = [piece.outlines for piece in read_rows(form, reading, set())]
    raw, left_out = _keep_areas(np.concatenate(pieces) if pieces else np.empty(0, dtype=object), path)
    notes = [AreaNote(NoteKind.OVERRULED, (said.overruled, said.name))] if said.overruled else []
    if left_out:
        notes.append(AreaNote(NoteKind.LEFT_OUT, (str(left_out),)))
    degrees = _to_degrees(raw, said, wish, notes)
    return _finish(degrees, said, wish, notes)


def _refuse_form(path: Path) -> None:
    size = path.stat().st_size
    if path.suffix.lower() not in ENDINGS:
        raise InputError("This form of file is not read as an area.", field="file", value=path.suffix, cure=_FORMS)
    if size == 0:
        raise InputError("This file is empty.", field="file", value="0 bytes", cure=_FORMS)
    if size > MOST_FILE_BYTES:
        cure = f"Send at most {MOST_FILE_BYTES // 1_000_000} MB: simplify the area or leave other layers out."
        raise InputError("This file is too large for an area.", field="file", value=f"{size} bytes", cure=cure)
    if path.suffix.lower() == ".zip":
        _refuse_zip(path)


def _refuse_zip(path: Path) -> None:
    """A zip that is none, holds no shapefile, or would unpack into more than an area can be."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InputError("This zip cannot be opened.", field="file", value=path.name, cure=_FORMS) from error
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        cure = "Send the area alone, without the other layers."
        raise InputError("This file is too large for an area.", field="file", value="zip", cure=cure)


def _choose_layer(path: Path, wanted: str) -> str:
    if wanted:
        return wanted
    names = list_shape_layers(path)
    if len(names) > 1:
        raise InputError(
            "This file has several layers.", field="layer", value=f"{len(names)} layers",
            cure="Name one of its layers: {names}.", names={"names": ", ".join(names)},
        )  # fmt: skip
    return ""


def _word_of(crs: str, driver: str) -> str:
    """Tables and drawings name no system, whatever the library supposes."""
    return "" if driver in ("CSV", "DXF") else crs


def _keep_areas(wkb: Any, path: Path) -> tuple[Any, int]:
    """The areas of all rows as they stand, and how many rows hold none. InputError: no row does, or too many points."""
    shapes = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))
    lines = np.flatnonzero(shapely.get_type_id(shapes) == 1)
    for index in lines[shapely.is_closed(shapes[lines]) & (shapely.get_num_coordinates(shapes[lines]) >= 4)]:
        shapes[index] = shapely.Polygon(shapely.get_coordinates(shapes[index]))
    parts = shapely.get_parts(shapes[shapes != None])  # noqa: E711 - element by element
    parts = shapely.get_parts(parts[~shapely.is_empty(parts)])
    areas = parts[shapely.get_type_id(parts) == 3]
    if not len(areas):
        found = f"{len(wkb)} rows" if len(wkb) else "no rows"
        raise InputError("There is no area in this file.", field="file", value=f"{path.name}: {found}", cure=_FORMS)
    points = int(shapely.get_num_coordinates(areas).sum())
    if points > MOST_FILE_VERTICES:
        cure = f"Simplify it to at most {MOST_FILE_VERTICES} points."
        raise InputError("This area has too many points.", field="file", value=f"{points} points", cure=cure)
    return areas, len(parts) - len(areas)


def _to_degrees(raw: Any, said: StatedSystem, wish: AreaWish, notes: list[AreaNote]) -> Any:
    is_north_first = refuse_elsewhere(shapely.multipolygons(raw), said, wish.systems, wish.bounds)
    if is_north_first:
        notes.append(AreaNote(NoteKind.NORTH_FIRST))
        return shapely.transform(raw, lambda xy: said.reprojection(swap(xy)))
    return shapely.transform(raw, said.reprojection)


def _finish(degrees: Any, said: StatedSystem, wish: AreaWish, notes: list[AreaNote]) -> UploadedArea:
    """Mended, joined and, where it has too many points, simplified in metres."""
    _refuse_hopeless(degrees)
    broken = int((~shapely.is_valid(degrees)).sum())
    if broken:
        degrees = shapely.make_valid(degrees)
        notes.append(AreaNote(NoteKind.MENDED, (str(broken),)))
    whole = _areas_only(shapely.union_all(degrees))
    point = whole.representative_point()
    system = choose_system(wish.systems, point.x, point.y)
    metric = shapely.transform(whole, system.to_metric_array)
    simpler = _simplify(metric, notes)
    outline = whole if simpler is metric else shapely.transform(simpler, system.to_lonlat_array)
    point = outline.representative_point()
    vertices = int(shapely.get_num_coordinates(outline))
    area = DrawnArea(outline, float(point.x), float(point.y), vertices)
    return UploadedArea(area, float(metric.area), said.name, len(shapely.get_parts(outline)), tuple(notes))


def _refuse_hopeless(degrees: Any) -> None:
    """An outline that goes to and fro in steps wider than any tolerance: mending it takes minutes and makes it no simpler."""
    cells = np.round(shapely.get_coordinates(degrees) / _STEP_DEG)
    steps = int((cells[1:] != cells[:-1]).any(axis=1).sum())
    if steps > _MOST_STEPS:
        cure = f"Simplify it to at most {MOST_VERTICES} points, or ask for its parts one after the other."
        raise InputError("This area has too many points.", field="file", value=f"{steps} points", cure=cure)


def _areas_only(shape: Geometry) -> Geometry:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    whole = shapely.union_all(parts) if parts else shape
    if not parts or whole.is_empty or whole.area == 0:
        raise InputError("This area is empty.", field="file", value=shape.geom_type, cure=_FORMS)
    return whole


def _simplify(metric: Geometry, notes: list[AreaNote]) -> Geometry:
    before = int(shapely.get_num_coordinates(metric))
    if before <= MOST_VERTICES:
        return metric
    for tolerance in _TOLERANCES_M:
        thinner = shapely.simplify(metric, tolerance, preserve_topology=False)
        if shapely.get_num_coordinates(thinner) > MOST_VERTICES:
            continue  # mending an outline of so many points takes minutes and makes none fewer
        simpler = _areas_only(shapely.make_valid(thinner))
        after = int(shapely.get_num_coordinates(simpler))
        if after <= MOST_VERTICES:
            notes.append(AreaNote(NoteKind.SIMPLIFIED, (str(before), str(after), f"{tolerance:g}")))
            return simpler
    cure = f"Simplify it to at most {MOST_VERTICES} points, or ask for its parts one after the other."
    raise InputError("This area has too many points.", field="file", value=f"{before} points", cure=cure)
