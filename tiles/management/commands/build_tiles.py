"""``manage.py build_tiles``: build the register layers anew as of a day, switching each when it is whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tiles.register_tiles import build_all


class Command(BaseCommand):
    """Build the register layers."""

    help = "Build the vector tiles of all registers (PMTiles), as of --on (default: today)."

    def add_arguments(self, parser: CommandParser) -> None:
        """One optional day."""
        parser.add_argument("--on", type=date.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Build and tell the records per layer."""
        on = options["on"] or timezone.localdate()
        for name, count in build_all(on).items():
            self.stdout.write(f"{name}: {count}")
