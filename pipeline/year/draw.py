"""A year that never was: spots with their habits, and what arrives at them, drawn from a seed. Pure.

Realistic in shape, invented in every figure: few spots make most of the work, mornings and evenings more than nights, and
a spot that came back once comes back again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.random import Generator

# Share of arrivals by use, and by hour of the day; guesses, no statistics of any city.
USES: Mapping[str, float] = {
    "trading": 0.42, "parking": 0.24, "parking_service": 0.06, "signboard": 0.06, "material": 0.06, "barrier": 0.05,
    "construction": 0.08, "event": 0.01, "other": 0.02,
}  # fmt: skip
_HOURS = np.array([1, 1, 1, 1, 1, 2, 5, 8, 9, 8, 7, 7, 6, 5, 6, 7, 8, 10, 10, 9, 7, 5, 3, 2], dtype=float)
_DAYS = 365


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where one use comes again. ``weight``: its share of arrivals; ``habit``: how soon it is back, 0 to 1."""

    lon: float
    lat: float
    ward_code: str
    use: str
    weight: float
    habit: float
    has_camera: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """A citizen's report or a camera's flag at a spot; a report may carry a flag of its own picture."""

    at: datetime
    spot: int
    is_report: bool
    has_flag: bool


def draw_spots(dice: Generator, places: Sequence[tuple[float, float, str]]) -> tuple[Spot, ...]:
    """One spot per place (lon, lat, ward code): a tenth of them make half of all arrivals."""
    uses, shares = list(USES), np.array(list(USES.values()))
    chosen = dice.choice(len(uses), size=len(places), p=shares / shares.sum())
    weights = dice.pareto(1.3, size=len(places)) + 0.05
    habits = dice.beta(1.2, 2.5, size=len(places))
    cameras = dice.random(len(places)) < 0.3
    return tuple(
        Spot(lon, lat, ward, uses[use], float(weight), float(habit), bool(camera))
        for (lon, lat, ward), use, weight, habit, camera in zip(places, chosen, weights, habits, cameras, strict=True)
    )


def draw_arrivals(
    dice: Generator, spots: Sequence[Spot], *, reports: int, flags: int, ends_at: datetime
) -> tuple[Arrival, ...]:
    """So many reports and flags over the year before ``ends_at``, in order of time. Flags come from cameras and pictures."""
    weights = np.array([spot.weight for spot in spots])
    at_camera = weights * np.array([spot.has_camera for spot in spots])
    with_flag = min(flags, round(reports * 0.6))
    seen = dice.choice(len(spots), size=reports, p=weights / weights.sum())
    filmed = dice.choice(len(spots), size=flags - with_flag, p=at_camera / at_camera.sum())
    marks = dice.permutation(np.arange(reports) < with_flag)
    rows = [
        Arrival(at, int(s), True, bool(m))
        for at, s, m in zip(_moments(dice, reports, ends_at), seen, marks, strict=True)
    ]
    rows += [
        Arrival(at, int(s), False, True) for at, s in zip(_moments(dice, len(filmed), ends_at), filmed, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: row.at))


def _moments(dice: Generator, count: int, ends_at: datetime) -> list[datetime]:
    days = dice.integers(0, _DAYS, size=count)
    hours = dice.choice(24, size=count, p=_HOURS / _HOURS.sum())
    seconds = dice.random(count) * 3600
    begins = (ends_at - timedelta(days=_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    found = [
        begins + timedelta(days=int(d), hours=int(h), seconds=float(s))
        for d, h, s in zip(days, hours, seconds, strict=True)
    ]
    return [min(moment, ends_at - timedelta(seconds=1)) for moment in found]
