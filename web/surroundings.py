"""What the registers draw around a place: frozen shapes in EPSG:4326, nothing of the database. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Point = tuple[float, float]
Path = tuple[Point, ...]


class ShapeKind(StrEnum):
    """What a shape is; drawn in this order, the first lowest."""

    ZONE = "zone"
    ROAD = "road"
    SIDEWALK = "sidewalk"
    PARCEL = "parcel"
    BUILDING = "building"
    RED_LINE = "red_line"
    PERMIT = "permit"


@dataclass(frozen=True, slots=True)
class Shape:
    """One record's outline. ``paths`` are rings (closed kinds) or lines, lon before lat; ``width_m`` is a road's.

    ``text`` is what is written on it: a zone's code, a street's name; ``fill`` a colour of the city's legend.
    """

    kind: ShapeKind
    paths: tuple[Path, ...]
    key: str = ""
    text: str = ""
    fill: str = ""
    width_m: float | None = None
    is_area: bool = True
    is_generated: bool = False


class MarkKind(StrEnum):
    """What stands at a point of the drawing."""

    CHOSEN = "chosen"  # the place that is used
    FILE_FIX = "file_fix"  # the file's own fix, kept beside a corrected pin
    OPEN_CASE = "open_case"


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with its error in metres (0: none is drawn) and the word written beside it."""

    kind: MarkKind
    lon: float
    lat: float
    accuracy_m: float = 0.0
    text: str = ""
