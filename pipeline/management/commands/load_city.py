"""``manage.py load_city PATH``: a city pack into the database, whole: registers, cameras, offices, law, tiles. Twice
without change. Prints what each part counted as JSON lines.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from errors import ProjectError
from pipeline.city_loading import load_city


class Command(BaseCommand):
    """Load one city pack."""

    help = "Load a city pack (a folder such as cities/<name>): registers, cameras, offices, law and map tiles."

    def add_arguments(self, parser: CommandParser) -> None:
        """The pack's folder; tiles can be left for later."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--no-tiles", action="store_true", help="do not build the map's register tiles")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load part by part; a pack that cannot be used stops with its fault and cure."""
        try:
            for part in load_city(options["path"], with_tiles=not options["no_tiles"]):
                self.stdout.write(json.dumps({"part": part.name, **part.counts}, ensure_ascii=False, default=str))
                self.stdout.flush()
        except ProjectError as error:
            raise CommandError(str(error)) from error
