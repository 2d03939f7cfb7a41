"""The parcels of a city on a day, read once into this process and kept: for cross-checks of many points at a time.

A million parcels take some 900 MB and half a minute to read, so it pays from some thousand points on; single places are
asked in the database (``geo.queries``). Kept until a load changes the city's parcels or another day is asked.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.db import connection
from numpy.typing import NDArray

from geo.facts import Register
from geo.models import RegisterLoad
from geo.parcel_index import Floats, ParcelIndex

_PARCELS = (
    "COPY (SELECT key, encode(ST_AsBinary(geom), 'hex') FROM geo_parcel WHERE city_id = %s AND valid_from <= %s"
    " AND (valid_to IS NULL OR valid_to > %s) ORDER BY id) TO STDOUT"
)
_DECODE_ROWS = 50_000
_lock = threading.Lock()
_held: tuple[tuple[int, date, int], ParcelIndex] | None = None


@dataclass(frozen=True, slots=True)
class CheckedPoints:
    """For each point asked: the keys of the parcels that hold it, and whether the city's parcels are on record at all."""

    keys: tuple[tuple[str, ...], ...]
    parcels_on_record: int


def check_points(city_id: int, lonlat: Floats, on: date) -> CheckedPoints:
    """The parcels of the day that hold each point (n, 2) of lon, lat: no key for a point in no parcel."""
    index = hold_parcels(city_id, on)
    matches = index.match(lonlat)
    keys: list[list[str]] = [[] for _ in range(len(lonlat))]
    for point, key in zip(matches.points.tolist(), index.keys_of(matches).tolist(), strict=True):
        keys[point].append(key)
    return CheckedPoints(tuple(map(tuple, keys)), len(index))


def hold_parcels(city_id: int, on: date) -> ParcelIndex:
    """The index of a city's parcels on a day; read anew when a load has changed them."""
    global _held
    newest = RegisterLoad.objects.filter(
        source__city=city_id, source__register=Register.PARCEL.value, state="done"
    ).values_list("pk", flat=True)
    wanted = (city_id, on, max(newest, default=0))
    with _lock:
        if _held is None or _held[0] != wanted:
            _held = None  # the old one goes before the new one comes: both may not fit
            _held = (wanted, _read(city_id, on))
        return _held[1]


def _read(city_id: int, on: date) -> ParcelIndex:
    keys: list[str] = []
    pieces: list[NDArray[np.object_]] = []
    waiting: list[str] = []
    with connection.cursor() as cursor, cursor.copy(_PARCELS, (city_id, on, on)) as copy:
        copy.set_types(["text", "text"])
        for key, outline in copy.rows():
            keys.append(key)
            waiting.append(outline)
            if len(waiting) >= _DECODE_ROWS:
                pieces.append(shapely.from_wkb(np.array(waiting, dtype=object)))
                waiting.clear()
    pieces.append(shapely.from_wkb(np.array(waiting, dtype=object)))
    return ParcelIndex(keys, np.concatenate(pieces))
