"""``manage.py load_register SOURCE_NAME FILE --city NAME``: one file into one source of a loaded city, dated.

Prints counts and register issues as one JSON document; progress goes to the error stream.
"""

from __future__ import annotations

import json
import time
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from errors import ProjectError
from geo.actions import load_source
from geo.models import City
from geo.pack import read_pack


class Command(BaseCommand):
    """Load one register file."""

    help = "Load a register file as the newest vintage of a source of the city's pack."

    def add_arguments(self, parser: CommandParser) -> None:
        """The source by its name in registers.toml, the file, the city."""
        parser.add_argument("source", help="name of the [[source]] in the pack's registers.toml")
        parser.add_argument("file", type=Path)
        parser.add_argument("--city", required=True, help="slug of a loaded city")
        parser.add_argument("--source-on", type=_parse_day, help="date of the data, as 2026-11-22")
        parser.add_argument(
            "--allow-withdrawals", action="store_true", help="the file is whole though it drops many rows"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and tell; a refused file changes nothing and stops with its fault and cure."""
        city = City.objects.filter(slug=options["city"]).first()
        if city is None:
            raise CommandError(f"No city {options['city']} is loaded. Run load_city with its pack first.")
        try:
            pack = read_pack(Path(city.pack_path))
            summary = load_source(
                pack.get_source(options["source"]),
                options["file"],
                city,
                pack,
                source_on=options["source_on"],
                allow_withdrawals=options["allow_withdrawals"],
                dry_run=options["dry_run"],
                tell=self._make_teller(),
            )
        except ProjectError as error:
            raise CommandError(str(error)) from error
        told = {**summary.to_json(), "register_issues": summary.faults_to_json()}
        self.stdout.write(json.dumps(told, ensure_ascii=False, default=str, indent=1))

    def _make_teller(self) -> Any:
        """Progress at most once a second, none for quick files."""
        last = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal last
            if time.monotonic() - last > 1:
                last = time.monotonic()
                self.stderr.write(f"{done:,} of {total:,} rows read")

        return tell


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no day; write it as 2026-11-22") from error
