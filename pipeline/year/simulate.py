"""A generated year into the database: wards and their people, spots, arrivals, lives, rows. Labelled as generated everywhere."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from math import cos, radians
from typing import Any

import numpy as np
from django.contrib.auth import get_user_model
from django.db import transaction
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from cases.models import Case, RoleAssignment, SkillHeld, Unit
from cases.queries.calendars import get_calendar
from cases.roles import Role
from errors import ConfigurationError, Conflict
from geo.box import METRES_PER_DEG
from geo.models import AdminUnit, City
from pipeline.year.arrivals import draw_arrived
from pipeline.year.draw import draw_arrivals, draw_spots
from pipeline.year.lives import Lives, live
from pipeline.year.rows import Cast, YearWriter, group_by_ward

REPORTS, FLAGS, INSPECTORS, WARDS, SPOTS = 20_800, 60_000, 40, 10, 2_400
APART_M, BORDER_M, DRAWS = 45.0, 25.0, 200
_SINCE = date(2020, 1, 1)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Year:
    """A year as it was drawn, before any of it is written but the people and their offices."""

    lives: Lives
    writer: YearWriter
    ends_at: datetime


def simulate_year(*, seed: int, scale: float, ends_at: datetime, say: Say) -> dict[str, int]:
    """Fill a database that holds a city and no case; counts by kind of row. Conflict where cases stand already."""
    with transaction.atomic():
        year = draw_year(seed=seed, scale=scale, ends_at=ends_at, inspectors=INSPECTORS, say=say)
        year.writer.write(year.lives, ends_at=ends_at)
    return dict(year.writer.counts)


def draw_year(*, seed: int, scale: float, ends_at: datetime, inspectors: int, say: Say) -> Year:
    """The people of the year, and its spots, arrivals and lives from the seed. Conflict where cases stand already."""
    if Case.objects.exists():
        raise Conflict(
            "This database holds cases already; a generated year needs one of its own.", field="database",
            cure="Name another database in DATABASE_URL.",
        )  # fmt: skip
    city = City.objects.filter(is_default=True).first() or City.objects.first()
    if city is None:
        raise ConfigurationError("No city is loaded.", field="city", cure="Run: manage.py load_city cities/<name>.")
    dice = default_rng([seed, zlib.crc32(city.slug.encode())])
    wards = _choose_wards(city)
    cast = _make_cast(city, wards, max(len(wards), round(inspectors * min(scale, 1.0))))
    spots = draw_spots(dice, _place_spots(dice, wards, max(20, round(SPOTS * scale))))
    arrivals = draw_arrivals(
        dice, spots, reports=max(1, round(REPORTS * scale)), flags=max(1, round(FLAGS * scale)), ends_at=ends_at
    )
    say(f"{len(spots)} spots in {len(wards)} wards, {len(arrivals)} arrivals")
    lives = live(dice, spots, arrivals, ends_at=ends_at, inspectors=inspectors)
    say(f"{len(lives.cases)} cases, {sum(life.recurrence_of is not None for life in lives.cases)} came back")
    arrived = draw_arrived(dice, city, spots, arrivals, seed=seed)
    return Year(lives, YearWriter(dice, cast, spots, arrivals, arrived), ends_at)


def _choose_wards(city: City) -> list[AdminUnit]:
    """The wards with an outline nearest the city's centre; one that has an office of its own is that office's."""
    from django.contrib.gis.db.models.functions import Distance
    from django.contrib.gis.geos import Point

    lon, lat = city.center
    centre = Point(lon, lat, srid=4326)
    rows = AdminUnit.objects.filter(city=city, geom__isnull=False, valid_to=None).annotate(
        away=Distance("geom", centre)
    )
    offices = Unit.objects.exclude(code__startswith="sim-").values_list("admin_unit_codes", flat=True)
    served = {code for codes in offices for code in codes}
    wards: list[AdminUnit] = [*rows.exclude(code__in=served).order_by("away", "code")[:WARDS]]
    if not wards:
        raise ConfigurationError(
            "This city has no ward with an outline and without an office.", field="city", cure="Load its registers."
        )
    return wards


def _make_cast(city: City, wards: list[AdminUnit], inspectors: int) -> Cast:
    units = {
        ward.code: Unit.objects.get_or_create(
            code=f"sim-{ward.code}"[:40],
            defaults={"city": city, "name": f"Tổ mô phỏng {ward.name}", "name_en": f"Simulated team {ward.name}",
                      "admin_unit_codes": [ward.code], "valid_from": _SINCE},
        )[0]
        for ward in wards
    }  # fmt: skip
    codes = [ward.code for ward in wards]
    people = [
        (codes[n % len(codes)], _person(f"sim-inspector-{n + 1:02d}", units[codes[n % len(codes)]], Role.INSPECTOR))
        for n in range(inspectors)
    ]
    skills = get_calendar(city).pack.field_work.skill_of.values()
    for skill in sorted(set(skills)):
        SkillHeld.objects.bulk_create(SkillHeld(inspector=user, skill=skill, valid_from=_SINCE) for _, user in people)
    reviewers = {code: _person(f"sim-reviewer-{code}", unit, Role.REVIEWER) for code, unit in units.items()}
    leaders = {code: _person(f"sim-leader-{code}", unit, Role.LEADER) for code, unit in units.items()}
    return Cast(city, units, group_by_ward(people), reviewers, leaders)


def _person(name: str, unit: Unit, role: Role) -> Any:
    user, is_new = get_user_model().objects.get_or_create(username=name[:150])
    if is_new:
        user.set_unusable_password()
        user.save()
    RoleAssignment.objects.get_or_create(user=user, unit=unit, city=unit.city, role=role.value, valid_from=_SINCE)
    return user


def _place_spots(dice: Generator, wards: list[AdminUnit], count: int) -> list[tuple[float, float, str]]:
    """Points inside the wards, as many in each, apart from each other and from the borders.

    So far apart that nothing which happens at one is taken for something at the next (``cases.joining``), and so far inside
    that no ward beyond a border has a say: the year holds no case of a shared border.
    """
    from shapely import contains_xy, from_wkb

    found: list[tuple[float, float, str]] = []
    for number, ward in enumerate(wards):
        wanted = count // len(wards) + (1 if number < count % len(wards) else 0)
        if ward.geom is None:
            continue
        inner = from_wkb(bytes(ward.geom.wkb)).buffer(-BORDER_M / METRES_PER_DEG)
        inside: list[tuple[float, float]] = []
        for _ in range(DRAWS):
            if len(inside) >= wanted or inner.is_empty:
                break
            west, south, east, north = inner.bounds
            lons, lats = dice.uniform(west, east, 4 * wanted), dice.uniform(south, north, 4 * wanted)
            kept = np.asarray(contains_xy(inner, lons, lats))
            inside = _keep_apart(inside, np.column_stack([lons, lats])[kept], wanted)
        if len(inside) < wanted:
            raise ConfigurationError(
                "A ward has no room for so many spots.", field="ward", value=ward.code, cure="Simulate a smaller year."
            )
        found += [(lon, lat, ward.code) for lon, lat in inside]
    return found


def _keep_apart(kept: list[tuple[float, float]], drawn: NDArray[np.float64], wanted: int) -> list[tuple[float, float]]:
    """Add drawn points that lie far enough from all others, until there are enough."""
    found = list(kept)
    for lon, lat in drawn.tolist():
        if len(found) >= wanted:
            break
        others = np.array(found).reshape(-1, 2)
        east_m = (others[:, 0] - lon) * METRES_PER_DEG * cos(radians(lat))
        if not (np.hypot(east_m, (others[:, 1] - lat) * METRES_PER_DEG) < APART_M).any():
            found.append((lon, lat))
    return found
