"""Building permits: about one parcel in eight has one, by number, status and days, at the parcel it names."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import numpy as np

from bench.city.layout import CityPlan, Floats
from bench.city.parcels import addresses, middles, parcel_keys, parcel_rings

Columns = dict[str, np.ndarray[Any, Any]]
ONE_IN = 8
_FIRST_DAY = date(2016, 1, 4)
_DAYS = (date(2026, 10, 30) - _FIRST_DAY).days
_STATUSES = ("in_force", "expired", "completed", "revoked", "pending")


def permits(plan: CityPlan, address_count: int) -> tuple[Floats, Columns]:
    """Points and columns of all permits."""
    random = plan.random("permits")
    chosen = np.sort(random.choice(plan.parcels, max(plan.parcels // ONE_IN, 1), replace=False))
    count = len(chosen)
    issued = [_FIRST_DAY + timedelta(days=day) for day in random.integers(0, _DAYS, count).tolist()]
    status = random.choice(len(_STATUSES), count, p=[0.35, 0.2, 0.35, 0.05, 0.05]).tolist()
    keys, texts = parcel_keys(plan), addresses(plan, address_count)
    storeys = random.integers(1, 8, count)
    return middles(parcel_rings(plan)[chosen]), {
        "number": np.array([f"{n:06d}/GPXD-{day.year}" for n, day in enumerate(issued, start=1)], dtype=object),
        "kind": np.array(["new_building"] * count, dtype=object),
        "status": np.array([_STATUSES[s] for s in status], dtype=object),
        "issued_on": np.array([day.isoformat() for day in issued], dtype=object),
        "expires_on": np.array([(day + timedelta(days=365)).isoformat() for day in issued], dtype=object),
        "storeys": storeys.astype(float),
        "floor_area_m2": np.round(storeys * random.uniform(40, 80, count), 1),
        "address": np.array([texts[index] for index in chosen.tolist()], dtype=object),
        "parcel_keys": np.array([json.dumps([keys[index]]) for index in chosen.tolist()], dtype=object),
    }
