"""A generated year into the database: wards and their people, spots, arrivals, lives, rows. Labelled as generated everywhere."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
from django.contrib.auth import get_user_model
from django.db import transaction
from numpy.random import Generator, default_rng

from cases.models import Case, RoleAssignment, Unit
from cases.roles import Role
from errors import ConfigurationError, Conflict
from geo.models import AdminUnit, City
from pipeline.year.draw import draw_arrivals, draw_spots
from pipeline.year.lives import live
from pipeline.year.rows import Cast, YearWriter, group_by_ward

REPORTS, FLAGS, INSPECTORS, WARDS, SPOTS = 20_800, 60_000, 40, 10, 2_400
_SINCE = date(2020, 1, 1)
Say = Callable[[str], None]


def simulate_year(*, seed: int, scale: float, ends_at: datetime, say: Say) -> dict[str, int]:
    """Fill a database that holds a city and no case; counts by kind of row. Conflict where cases stand already."""
    if Case.objects.exists():
        raise Conflict(
            "This database holds cases already; a generated year needs one of its own.", field="database",
            cure="Name another database in DATABASE_URL.",
        )  # fmt: skip
    city = City.objects.filter(is_default=True).first() or City.objects.first()
    if city is None:
        raise ConfigurationError("No city is loaded.", field="city", cure="Run: manage.py load_city cities/<name>.")
    dice = default_rng([seed, zlib.crc32(city.slug.encode())])
    with transaction.atomic():
        wards = _choose_wards(city)
        cast = _make_cast(city, wards, max(len(wards), round(INSPECTORS * min(scale, 1.0))))
        spots = draw_spots(dice, _place_spots(dice, wards, max(20, round(SPOTS * scale))))
        arrivals = draw_arrivals(
            dice, spots, reports=max(1, round(REPORTS * scale)), flags=max(1, round(FLAGS * scale)), ends_at=ends_at
        )
        say(f"{len(spots)} spots in {len(wards)} wards, {len(arrivals)} arrivals")
        lives = live(dice, spots, arrivals, ends_at=ends_at, inspectors=INSPECTORS)
        say(f"{len(lives.cases)} cases, {sum(life.recurrence_of is not None for life in lives.cases)} came back")
        writer = YearWriter(dice, cast, spots, arrivals, seed=seed)
        writer.write(lives, ends_at=ends_at)
    return dict(writer.counts)


def _choose_wards(city: City) -> list[AdminUnit]:
    """The wards with an outline that lie nearest the city's centre."""
    from django.contrib.gis.db.models.functions import Distance
    from django.contrib.gis.geos import Point

    lon, lat = city.center
    centre = Point(lon, lat, srid=4326)
    rows = AdminUnit.objects.filter(city=city, geom__isnull=False, valid_to=None).annotate(
        away=Distance("geom", centre)
    )
    wards: list[AdminUnit] = [*rows.order_by("away", "code")[:WARDS]]
    if not wards:
        raise ConfigurationError("This city has no ward with an outline.", field="city", cure="Load its registers.")
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
    """Points inside the wards, as many in each."""
    from shapely import contains_xy, from_wkb

    found: list[tuple[float, float, str]] = []
    for number, ward in enumerate(wards):
        wanted = count // len(wards) + (1 if number < count % len(wards) else 0)
        if ward.geom is None:
            continue
        outline = from_wkb(bytes(ward.geom.wkb))
        west, south, east, north = outline.bounds
        inside: list[tuple[float, float]] = []
        while len(inside) < wanted:
            lons, lats = dice.uniform(west, east, 4 * wanted), dice.uniform(south, north, 4 * wanted)
            kept = np.asarray(contains_xy(outline, lons, lats))
            inside += [(float(x), float(y)) for x, y in zip(lons[kept], lats[kept], strict=True)]
        found += [(lon, lat, ward.code) for lon, lat in inside[:wanted]]
    return found
