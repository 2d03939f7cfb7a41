"""In which system the coordinates of an uploaded file are: as its sender states, else as the file says, never guessed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import Geometry

from errors import InputError
from geo.crs import Bounds, CitySystem
from geo.importers.outlines import Reprojection, choose_reprojection, keep_degrees

WGS84 = "WGS 84"
_STATED_DEGREES = ("wgs84", "wgs 84", "epsg:4326", "4326", "ogc:crs84")
_STATE = "State one of: {names}."
_NEAR = 1e-7  # of a degree, a scale or a metre


@dataclass(frozen=True, slots=True)
class StatedSystem:
    """How the coordinates become degrees, what the system is called, and what the file said where that was overruled."""

    reprojection: Reprojection
    name: str
    overruled: str = ""


def choose_stated(stated: str, said_by_file: str, systems: Sequence[CitySystem]) -> StatedSystem:
    """The sender's word counts before the file's. InputError: nobody says it, or the word names no system."""
    of_file = _find(said_by_file, systems) if said_by_file else None
    if not stated.strip():
        if of_file is None:
            word = "" if not said_by_file else said_by_file[:60]
            raise InputError(
                "The file does not say in which system its coordinates are.",
                field="crs",
                value=word,
                cure=_STATE,
                names=_names(systems),
            )
        return of_file
    chosen = _find(stated.strip(), systems)
    if chosen is None:
        raise InputError(
            "There is no such coordinate system.", field="crs", value=stated, cure=_STATE, names=_names(systems)
        )
    differs = of_file is not None and of_file.name != chosen.name
    return StatedSystem(chosen.reprojection, chosen.name, of_file.name if differs and of_file else "")


def refuse_elsewhere(raw: Geometry, said: StatedSystem, systems: Sequence[CitySystem], bounds: Bounds) -> bool:
    """Whether north was written before east. InputError: the area lies outside the city both ways; the cure names the
    system in which it would lie inside, for its sender to state."""
    if lies_in(shapely.transform(raw, said.reprojection), bounds):
        return False
    if lies_in(shapely.transform(raw, lambda xy: said.reprojection(swap(xy))), bounds):
        return True
    others = [Reprojection(one.to_lonlat_array, one.name, one) for one in systems]
    others += [Reprojection(keep_degrees.to_lonlat, WGS84)]
    fits = [o.name for o in others if o.name != said.name and lies_in(shapely.transform(raw, o), bounds)]
    cure = (
        "They would lie in the city as {name}: state that system if it is so."
        if fits
        else "Check the file's coordinate system, or choose the city in which the area lies."
    )
    west, south, east, north = raw.bounds
    value = f"{west:.5f}, {south:.5f}, {east:.5f}, {north:.5f} ({said.name})"
    raise InputError(
        "As stated, this area lies outside the city.",
        field="crs",
        value=value,
        cure=cure,
        names={"name": fits[0] if fits else ""},
    )


def swap(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) with its columns exchanged."""
    return np.ascontiguousarray(xy[:, ::-1])


def lies_in(shape: Geometry, bounds: Bounds) -> bool:
    """Whether it meets the bounds (degrees); not where it has no finite coordinates."""
    limits = np.array(shape.bounds)
    if shape.is_empty or not np.isfinite(limits).all():
        return False
    west, south, east, north = bounds
    return bool(limits[0] <= east and limits[2] >= west and limits[1] <= north and limits[3] >= south)


def _find(word: str, systems: Sequence[CitySystem]) -> StatedSystem | None:
    if word.lower() in _STATED_DEGREES or word == WGS84:
        return StatedSystem(keep_degrees, WGS84)
    for system in systems:
        if word.lower() in (system.name.lower(), str(system.srid), f"epsg:{system.srid}", f"epsg:{system.like_epsg}"):
            return _of(system)
    try:
        crs = CRS.from_user_input(word)
    except CRSError:
        return None
    if crs.is_geographic and crs.to_epsg() == 4326:
        return StatedSystem(keep_degrees, WGS84)
    like = next((system for system in systems if _is_same_grid(crs, system)), None)
    if like is not None:
        return _of(like)
    if crs.to_epsg() is None:
        return None  # a description without a number: its datum shift would be a guess
    name = f"EPSG:{crs.to_epsg()}"
    return StatedSystem(choose_reprojection(name, "", ()), name)


def _of(system: CitySystem) -> StatedSystem:
    return StatedSystem(Reprojection(system.to_lonlat_array, system.name, system), system.name)


def _is_same_grid(crs: CRS, system: CitySystem) -> bool:
    """The same projection by its numbers, whatever shift the file writes: the legal one is used."""
    ours, theirs = _numbers(CRS.from_proj4(f"{system.proj4} +type=crs")), _numbers(crs)
    return ours.keys() == theirs.keys() and all(abs(ours[name] - theirs[name]) < _NEAR for name in ours)


def _numbers(crs: CRS) -> dict[str, float]:
    """Name of the projection with its parameters; a single nameless one for what is none."""
    base = crs.source_crs if crs.is_bound else crs
    operation = base.coordinate_operation if base is not None and base.is_projected else None
    if operation is None:
        return {"": 0.0}
    return {operation.method_name: 0.0, **{param.name: float(param.value) for param in operation.params}}


def _names(systems: Sequence[CitySystem]) -> dict[str, str]:
    return {"names": ", ".join(("wgs84", *(system.name for system in systems)))}
