"""``manage.py ingest_imagery FILE``: a GeoTIFF, or a scanned plan with control points, becomes imagery of a city."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import slugify

from errors import ProjectError
from geo.models import City
from tiles.imagery import KINDS, Given, extent_of, take_in_imagery


class Command(BaseCommand):
    """Take in one raster."""

    help = "Keep a raster as a cloud-optimised GeoTIFF with its record. Prints what was assumed, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and what a person knows of it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--city", required=True, help="slug of a loaded city")
        parser.add_argument("--date", type=date.fromisoformat, required=True, help="day it was taken or decided")
        parser.add_argument("--kind", choices=KINDS, required=True)
        parser.add_argument("--source", required=True, help="who made it")
        parser.add_argument("--name", help="short name in addresses; default: from the file's name and date")
        parser.add_argument("--title", default="")
        parser.add_argument("--licence", default="")
        parser.add_argument("--decision", default="", help="number and date of the decision, for a plan")
        parser.add_argument("--gcps", type=Path, help="control points: column,row,x,y or a QGIS .points file")
        parser.add_argument(
            "--crs", default="", help="EPSG:n or a system of the city, where the file says none or a wrong one"
        )
        parser.add_argument("--bands", default="", help="1,2,3 or one band")
        parser.add_argument("--nodata", type=float, default=None, help="the value that means no picture")
        parser.add_argument("--resolution", type=float, default=0.0, help="metres a pixel; default: the file's own")
        parser.add_argument("--staff-only", action="store_true", help="not for the public map")
        parser.add_argument("--generated", action="store_true", help="made by a recipe, not real")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it in, or say why not."""
        city = City.objects.filter(slug=options["city"]).first()
        if city is None:
            raise CommandError(f"No city {options['city']} is loaded. Load its pack: manage.py load_city.")
        name = options["name"] or f"{slugify(options['file'].stem)}-{options['date']}"
        try:
            record = take_in_imagery(city, _describe(options, name))
        except ProjectError as error:
            raise CommandError(str(error)) from error
        told = {
            "name": record.name, "path": record.path, "bounds": list(extent_of(record)), "resolution_m": record.resolution_m,
            "zooms": [record.style["min_zoom"], record.style["max_zoom"]], "notes": record.notes,
        }  # fmt: skip
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _describe(options: dict[str, Any], name: str) -> Given:
    bands = tuple(int(band) for band in options["bands"].split(",") if band.strip().isdigit())
    return Given(
        file=options["file"], name=slugify(name), title=options["title"] or name, kind=options["kind"],
        taken_on=options["date"], source=options["source"], licence=options["licence"], decision=options["decision"],
        is_generated=options["generated"], staff_only=options["staff_only"], points_file=options["gcps"],
        crs=options["crs"], bands=bands, nodata=options["nodata"], resolution_m=options["resolution"],
    )  # fmt: skip
