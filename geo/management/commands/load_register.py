"""``manage.py load_register SOURCE_NAME FILE --city NAME``: one file into one source of a loaded city, dated.

Prints counts and register issues as one JSON document; progress goes to the error stream. A file that would withdraw much
asks where a person sits at a terminal, else it stops: exit code 1, counts told, nothing changed.
"""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from errors import ProjectError
from geo.actions import confirm_load, load_source
from geo.load_summary import LoadSummary
from geo.models import City
from geo.pack import read_pack
from geo.progress import Progress, Step, Tell, draw_bar


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
            summary = self._load(city, options)
            if summary.state == "waiting" and self._is_confirmed(summary):
                summary = confirm_load(summary.load_id, by="command line")
        except ProjectError as error:
            raise CommandError(str(error)) from error
        told = {**summary.to_json(), "register_issues": summary.faults_to_json()}
        if summary.state == "done":
            self.stderr.write(
                "The tiles of this register are built anew by a worker within a minute; old ones are shown meanwhile."
            )
        self.stdout.write(json.dumps(told, ensure_ascii=False, default=str, indent=1))
        if summary.state == "waiting":
            raise CommandError(f"{summary.message} Check that the file is whole; then --allow-withdrawals loads it.")

    def _load(self, city: City, options: dict[str, Any]) -> LoadSummary:
        pack = read_pack(Path(city.pack_path))
        return load_source(
            pack.get_source(options["source"]),
            options["file"],
            city,
            pack,
            source_on=options["source_on"],
            allow_withdrawals=options["allow_withdrawals"],
            dry_run=options["dry_run"],
            tell=self._make_teller(),
        )

    def _is_confirmed(self, summary: LoadSummary) -> bool:
        """Asks a person, where there is one."""
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        self.stderr.write(f"{summary.message} Withdraw them? [y/N] ", ending="")
        return input().strip().casefold() in ("y", "yes", "c", "có")

    def _make_teller(self) -> Tell:
        """A bar drawn over itself at a terminal, a line every five seconds elsewhere; none for quick files."""
        start = last = time.monotonic()
        at_terminal = sys.stderr.isatty()
        step = Step.READING

        def tell(progress: Progress) -> None:
            nonlocal last, step
            now = time.monotonic()
            if now - last < (0.2 if at_terminal else 5.0) and (progress.step is step or now - start < 1.0):
                return
            last, step = now, progress.step
            line = draw_bar(progress, now - start)
            self.stderr.write(f"\r{line:<110}" if at_terminal else line, ending="" if at_terminal else "\n")
            self.stderr.flush()

        return tell


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no day; write it as 2026-11-22") from error
