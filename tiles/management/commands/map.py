"""``manage.py map --unit CODE --from DAY --to DAY --out FILE.html``: a standalone map that opens with no network."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from errors import ProjectError
from geo.today import find_today
from tiles.folium_map import write_map


class Command(BaseCommand):
    """Write the map of a unit and period."""

    help = "Write a standalone HTML map of a unit's flags and cases in a period."

    def add_arguments(self, parser: CommandParser) -> None:
        """Unit, period (default: the last 30 days), file."""
        parser.add_argument("--unit", required=True)
        parser.add_argument("--from", dest="first", type=date.fromisoformat, default=None)
        parser.add_argument("--to", dest="last", type=date.fromisoformat, default=None)
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and tell what it holds."""
        last = options["last"] or find_today()
        first = options["first"] or last - timedelta(days=30)
        try:
            held = write_map(options["unit"], first, last, options["out"])
        except ProjectError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps({"out": str(options["out"]), **held}))
