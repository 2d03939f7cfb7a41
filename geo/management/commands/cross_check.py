"""``manage.py cross_check FILE --city NAME [--on DAY]``: which parcels hold each point of a table, for thousands of points.

FILE is any point file (CSV with lon and lat, GPKG, GeoJSON ...). Prints CSV: row, lon, lat, parcels (keys by ``;``, empty
where no parcel on record holds the point). The summary goes to the error stream.
"""

from __future__ import annotations

import csv
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.core.management.base import BaseCommand, CommandError, CommandParser

from errors import ProjectError
from geo.crs import parse_system
from geo.importers.outlines import choose_reprojection
from geo.importers.reading import AS_IT_IS, describe_file, read_rows
from geo.models import City
from geo.resident_parcels import check_points
from geo.today import today_in


class Command(BaseCommand):
    """Check many points against the parcels."""

    help = "Which parcels hold each point of a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """The points, the city, the day."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--city", required=True, help="slug of a loaded city")
        parser.add_argument("--crs", default="", help="system of the points where the file does not say it")
        parser.add_argument("--on", type=_parse_day, help="day asked for, as 2026-11-22; today where absent")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a row for each point."""
        city = City.objects.filter(slug=options["city"]).first()
        if city is None:
            raise CommandError(f"No city {options['city']} is loaded. Run load_city with its pack first.")
        try:
            lonlat = _read_points(options["file"], city, options["crs"])
        except ProjectError as error:
            raise CommandError(str(error)) from error
        checked = check_points(city.pk, lonlat, options["on"] or today_in(city.timezone))
        writer = csv.writer(self.stdout)
        writer.writerow(("row", "lon", "lat", "parcels"))
        for row, ((lon, lat), keys) in enumerate(zip(lonlat.tolist(), checked.keys, strict=True), start=1):
            writer.writerow((row, lon, lat, ";".join(keys)))
        inside = sum(map(bool, checked.keys))
        self.stderr.write(
            f"{inside} of {len(lonlat)} points lie in a parcel; {checked.parcels_on_record} are on record."
        )


def _read_points(path: Path, city: City, crs: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Every row's point in degrees; not finite where a row has none."""
    form = describe_file(path)
    to_lonlat = choose_reprojection(crs, form.crs or "EPSG:4326", [parse_system(table) for table in city.crs])
    pieces = [piece.outlines for piece in read_rows(form, AS_IT_IS, set())]
    if not pieces:
        return np.empty((0, 2))
    shapes = shapely.from_wkb(np.concatenate(pieces))
    return to_lonlat(np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)]))


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no day; write it as 2026-11-22") from error
