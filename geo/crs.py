"""A city's own metric coordinate system: degrees (EPSG:4326) to metres and back, exactly as PostGIS does it.

The pack gives each system as a PROJ text with its legal datum shift. The shift is applied step by step, so that PROJ
cannot prefer another one of its own (for VN-2000 it would, 0.8 m off and with a jump inside the city).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from pyproj.exceptions import ProjError

from errors import ConfigurationError, PlaceError

FloatArray = NDArray[np.float64]
Bounds = tuple[float, float, float, float]
WORLD: Bounds = (-180.0, -90.0, 180.0, 90.0)

_NO_SHIFT = "0,0,0,0,0,0,0"
_DATUMS = {"WGS84": ("WGS84", _NO_SHIFT), "NAD83": ("GRS80", _NO_SHIFT)}
_ELLIPSOID_KEYS = ("ellps", "a", "b", "rf")
_SHIFT_KEYS = ("x", "y", "z", "rx", "ry", "rz", "s")


class AxisOrder(StrEnum):
    """Which coordinate is written first."""

    EAST_NORTH = "east_north"
    NORTH_EAST = "north_east"


@dataclass(frozen=True, slots=True)
class CitySystem:
    """A projected system in metres and the area (degrees) where it is the legal one.

    ``srid`` is the number under which PostGIS keeps the same definition; ``like_epsg`` the official number of the same
    grid, whose shift a library might choose otherwise. Raises ConfigurationError when the text is
    not a metric system with an ellipsoid of its own.
    """

    name: str
    srid: int
    proj4: str
    bounds: Bounds = WORLD
    surveyors_write: AxisOrder = AxisOrder.EAST_NORTH
    axis_names: tuple[str, ...] = ("E", "N")
    like_epsg: int = 0

    def __post_init__(self) -> None:
        _transformer(self.proj4)

    def contains(self, lon: float, lat: float) -> bool:
        """Whether the system is the legal one at this place."""
        west, south, east, north = self.bounds
        return west <= lon <= east and south <= lat <= north

    def to_metric(self, lon: float, lat: float) -> tuple[float, float]:
        """Degrees to (east_m, north_m). PlaceError where the projection has no answer."""
        return self._scalar(lon, lat, inverse=False)

    def to_lonlat(self, east_m: float, north_m: float) -> tuple[float, float]:
        """Metres to (lon, lat) in degrees. PlaceError where the projection has no answer."""
        return self._scalar(east_m, north_m, inverse=True)

    def to_metric_array(self, lonlat: FloatArray) -> FloatArray:
        """An (n, 2) array of lon, lat to an (n, 2) array of east_m, north_m; not finite where there is no answer."""
        east, north = _transformer(self.proj4).transform(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack([east, north])

    def to_lonlat_array(self, metres: FloatArray) -> FloatArray:
        """An (n, 2) array of east_m, north_m to an (n, 2) array of lon, lat."""
        lon, lat = _transformer(self.proj4).transform(metres[:, 0], metres[:, 1], direction="INVERSE")
        return np.column_stack([lon, lat])

    @property
    def pinned_proj4(self) -> str:
        """The text for PostGIS: ellipsoid and shift spelt out, so that it computes what this module computes."""
        terms = _parse_proj4(self.proj4)
        return " ".join(f"+{key}" if value is None else f"+{key}={value}" for key, value in terms.items())

    def _scalar(self, x: float, y: float, *, inverse: bool) -> tuple[float, float]:
        direction = "INVERSE" if inverse else "FORWARD"
        try:
            first, second = _transformer(self.proj4).transform(x, y, direction=direction)
        except ProjError as error:
            raise PlaceError(f"No coordinates in {self.name}.", field="place", value=f"{x}, {y}") from error
        if not (isfinite(first) and isfinite(second)):
            raise PlaceError(f"No coordinates in {self.name}.", field="place", value=f"{x}, {y}")
        return float(first), float(second)


def parse_system(raw: Mapping[str, Any]) -> CitySystem:
    """A system from a pack's ``[[crs]]`` table; ConfigurationError names what is missing."""
    missing = [word for word in ("name", "srid", "proj4") if word not in raw]
    if missing:
        raise ConfigurationError("A [[crs]] table is not complete.", field="crs", value=", ".join(missing))
    bounds = tuple(float(number) for number in raw.get("bounds", WORLD))
    if len(bounds) != 4:
        raise ConfigurationError("Bounds are west, south, east, north.", field="crs.bounds", value=bounds)
    return CitySystem(
        name=str(raw["name"]),
        srid=int(raw["srid"]),
        proj4=str(raw["proj4"]),
        bounds=(bounds[0], bounds[1], bounds[2], bounds[3]),
        surveyors_write=AxisOrder(raw.get("surveyors_write", AxisOrder.EAST_NORTH)),
        axis_names=tuple(raw.get("axis_names", ("E", "N"))),
        like_epsg=int(raw.get("like_epsg", 0)),
    )


def choose_system(systems: Sequence[CitySystem], lon: float, lat: float) -> CitySystem:
    """The legal system at a place, the first that holds it; PlaceError when none does (never a silent guess)."""
    for system in systems:
        if system.contains(lon, lat):
            return system
    raise PlaceError(
        "The place lies outside every coordinate system of this city.",
        field="place",
        value=f"{lon}, {lat}",
        cure="Check the coordinates, or add a [[crs]] table with these bounds to the city pack.",
    )


def _parse_proj4(text: str) -> dict[str, str | None]:
    """The terms of a PROJ text with ellipsoid and datum shift spelt out. ConfigurationError when not metric."""
    terms: dict[str, str | None] = {}
    for word in text.split():
        key, _, value = word.lstrip("+").partition("=")
        terms[key] = value or None
    datum = terms.pop("datum", None)
    if datum:
        if datum not in _DATUMS:
            raise ConfigurationError("Unknown datum.", field="proj4", value=datum, cure="Write +ellps and +towgs84.")
        terms.setdefault("ellps", _DATUMS[datum][0])
        terms.setdefault("towgs84", _DATUMS[datum][1])
    _refuse_unusable(terms, text)
    terms.setdefault("towgs84", _NO_SHIFT)
    return terms


def _refuse_unusable(terms: Mapping[str, str | None], text: str) -> None:
    if "nadgrids" in terms or "geoidgrids" in terms:
        raise ConfigurationError("A system with grid files cannot be pinned.", field="proj4", value=text)
    if not terms.get("proj") or not any(terms.get(key) for key in _ELLIPSOID_KEYS):
        raise ConfigurationError("+proj and +ellps are needed.", field="proj4", value=text)
    if terms.get("proj") in ("longlat", "latlong", "lonlat"):
        raise ConfigurationError("A city measures in metres, not in degrees.", field="proj4", value=text)
    if terms.get("units", "m") != "m" or "to_meter" in terms:
        raise ConfigurationError("The unit must be the metre.", field="proj4", value=text, cure="Write +units=m.")


def _pipeline(terms: Mapping[str, str | None]) -> str:
    """Degrees -> geocentric -> the datum shift -> geocentric -> the projection, with nothing left to choose."""
    shift = [float(number) for number in (terms["towgs84"] or _NO_SHIFT).split(",")]
    shift += [0.0] * (7 - len(shift))
    ellipsoid = " ".join(f"+{key}={terms[key]}" for key in _ELLIPSOID_KEYS if terms.get(key))
    helmert = " ".join(f"+{key}={value!r}" for key, value in zip(_SHIFT_KEYS, shift, strict=True))
    projection = " ".join(
        f"+{key}" if value is None else f"+{key}={value}"
        for key, value in terms.items()
        if key not in ("towgs84", "no_defs", "type", "wktext")
    )
    return (
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3"
        f" +step +proj=cart +ellps=WGS84 +step +inv +proj=helmert {helmert} +convention=position_vector"
        f" +step +inv +proj=cart {ellipsoid} +step +proj=pop +v_3 +step {projection}"
    )


@lru_cache(maxsize=64)
def _transformer(proj4: str) -> Transformer:
    try:
        return Transformer.from_pipeline(_pipeline(_parse_proj4(proj4)))
    except (ProjError, ValueError) as error:
        raise ConfigurationError("PROJ does not understand this system.", field="proj4", value=proj4) from error
