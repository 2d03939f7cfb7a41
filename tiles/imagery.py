"""Pictures of the ground on record: taken in from a file, listed by city and day, found by name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction
from django.db.models import Q, QuerySet

from errors import InputError
from geo.crs import CitySystem, parse_system
from geo.models import City, Imagery
from geo.prepared import fetch
from tiles.control_points import ControlPoint, parse_points

log = structlog.get_logger("tiles")
FOLDER = "imagery"
KINDS = ("satellite", "aerial", "uav", "plan", "elevation")


@dataclass(frozen=True, slots=True)
class Given:
    """A raster file with what is said of it. ``points_file`` holds control points; ``crs`` overrules the file's own."""

    file: Path
    name: str
    title: str
    kind: str
    taken_on: date | None
    source: str
    licence: str = ""
    decision: str = ""
    is_generated: bool = False
    staff_only: bool = False
    points_file: Path | None = None
    crs: str = ""
    bands: tuple[int, ...] = ()
    nodata: float | None = None
    resolution_m: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(
                "No such kind of imagery.", field="kind", value=self.kind, cure=f"One of: {', '.join(KINDS)}."
            )
        if not self.source:
            raise InputError("A picture needs its source.", field="source", cure="Say who made it.")


def take_in_imagery(city: City, given: Given) -> Imagery:
    """Keep a file as a cloud-optimised GeoTIFF with its record; the same file again changes nothing.

    A newer file of the same name takes the old one's place. Raises what ``tiles.raster.taking_in`` refuses.
    """
    if not given.file.is_file():
        raise InputError("There is no such file.", field="file", value=given.file, cure="Check the path.")
    digest = _hash(given)
    known = Imagery.objects.filter(name=given.name).first()
    if known is not None and known.file_sha256 == digest and locate(known).exists():
        return known
    if known is not None and known.city_id != city.pk:
        raise InputError(
            "Another city has imagery of this name.", field="name", value=given.name, cure="Choose another."
        )
    relative = f"{FOLDER}/{city.slug}/{given.name}-{digest[:10]}.tif"
    record = _write(city, given, relative, digest)
    if known is not None and known.path != relative:
        locate(known).unlink(missing_ok=True)
    log.info("imagery_taken_in", name=given.name, bytes=locate(record).stat().st_size)
    return record


def _write(city: City, given: Given, relative: str, digest: str) -> Imagery:
    from tiles.raster.taking_in import Asked, take_in  # loads rasterio: not in web workers

    systems = read_systems(city)
    points: list[ControlPoint] = []
    words = ""
    if given.points_file is not None:
        points, words = parse_points(_read_text(given.points_file), systems, _bounds(city))
    asked = Asked(
        given.kind, systems, _bounds(city), given.crs, tuple(points), given.bands, given.nodata, given.resolution_m
    )  # fmt: skip
    taken = take_in(given.file, storage_path(relative), asked)
    style = {
        "rescale": taken.rescale, "nearest": taken.is_nearest, "min_zoom": taken.min_zoom, "max_zoom": taken.max_zoom,
    }  # fmt: skip
    values = {
        "city": city, "title": given.title, "kind": given.kind, "taken_on": given.taken_on, "path": relative,
        "resolution_m": round(taken.resolution_m, 4), "source": given.source, "licence": given.licence,
        "decision": given.decision, "is_generated": given.is_generated, "staff_only": given.staff_only,
        "file_sha256": digest, "notes": [*([words] if words else []), *taken.notes], "style": style,
        "coverage": GEOSGeometry(taken.footprint.wkb_hex, srid=4326),
    }  # fmt: skip
    with transaction.atomic():
        record, _ = Imagery.objects.update_or_create(name=given.name, defaults=values)
    return record


def _hash(given: Given) -> str:
    """Of the file, its control points, and what is said of both: a changed word takes it in again."""
    digest = hashlib.sha256()
    for file in filter(None, (given.file, given.points_file)):
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    said = (given.title, given.kind, given.taken_on, given.source, given.licence, given.decision, given.is_generated,
            given.staff_only, given.crs, given.bands, given.nodata, given.resolution_m)  # fmt: skip
    digest.update(repr(said).encode())
    return digest.hexdigest()


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "The control points cannot be read.", field="gcps", value=path, cure="Give a text file (UTF-8)."
        ) from error


def read_systems(city: City) -> tuple[CitySystem, ...]:
    """The city's own coordinate systems."""
    return tuple(parse_system(raw) for raw in city.crs)


def _bounds(city: City) -> tuple[float, float, float, float]:
    west, south, east, north = city.bounds
    return west, south, east, north


def storage_path(relative: str) -> Path:
    """A file below the storage folder."""
    return Path(settings.ENV.storage.var_dir) / relative


def locate(record: Imagery | Drawn) -> Path:
    """Where the record's file lies."""
    return storage_path(record.path)


def list_imagery(city: City, *, is_staff: bool, on: date | None = None, kind: str = "") -> QuerySet[Imagery]:
    """Imagery of a city that this reader may see, newest first; ``on``: taken on or before that day."""
    chosen = Imagery.objects.filter(city=city)
    if not is_staff:
        chosen = chosen.filter(staff_only=False)
    if on is not None:
        chosen = chosen.filter(Q(taken_on__lte=on) | Q(taken_on=None))
    return (chosen.filter(kind=kind) if kind else chosen).order_by("-taken_on", "name")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a tile needs of a picture's record: its file with the version of it, who may see it, how it is drawn."""

    name: str
    path: str
    file_sha256: str
    staff_only: bool
    style: dict[str, Any]


_DRAWN = "SELECT name, path, file_sha256, staff_only, style::json FROM geo_imagery WHERE name = %(name)s"


def find_drawn(name: str) -> Drawn | None:
    """The picture of that name as a tile needs it, by one prepared read; or None."""
    rows = fetch(_DRAWN, {"name": name})
    return Drawn(*rows[0]) if rows else None


def find_imagery(name: str) -> Imagery | None:
    """The record of that name, or None."""
    return Imagery.objects.filter(name=name).defer("coverage").first()  # a tile needs no outline


def extent_of(record: Imagery) -> Sequence[float]:
    """West, south, east, north; the whole circle for a picture on both sides of the dateline."""
    coverage: MultiPolygon = record.coverage
    return [round(corner, 7) for corner in coverage.extent]


def to_json(record: Imagery, base: str) -> dict[str, Any]:
    """What a page needs to show and to name the picture."""
    root = base.rstrip("/")
    return {
        "id": record.name, "title": record.title, "kind": record.kind,
        "taken_on": record.taken_on.isoformat() if record.taken_on else None, "resolution_m": record.resolution_m,
        "source": record.source, "licence": record.licence, "decision": record.decision, "generated": record.is_generated,
        "staff_only": record.staff_only, "notes": record.notes, "bounds": extent_of(record),
        "minzoom": record.style.get("min_zoom", 0), "maxzoom": record.style.get("max_zoom", 22),
        "tiles": [f"{root}/imagery/{record.name}/{{z}}/{{x}}/{{y}}.webp?v={record.file_sha256[:8]}"],
        "tilejson": f"{root}/imagery/{record.name}.json",
    }  # fmt: skip
