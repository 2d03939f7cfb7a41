"""``manage.py build_tiles``: build the register layers anew, switching each when it is whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from geo.today import find_today
from tiles.layers import REGISTER_LAYERS, find_layer
from tiles.register_tiles import build_all, build_layers


class Command(BaseCommand):
    """Build the register layers."""

    help = "Build the vector tiles of all registers (PMTiles); with --on DAY a set of its own for that day."

    def add_arguments(self, parser: CommandParser) -> None:
        """One optional day, and the layers to be built."""
        parser.add_argument(
            "--on", type=date.fromisoformat, default=None, help="keep a build of that day beside today's"
        )
        parser.add_argument("--layer", action="append", default=[], help="only this layer (may be repeated)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build and tell the records per layer."""
        on = options["on"] or find_today()
        if options["layer"]:
            counts = build_layers(map(_get_layer, options["layer"]), on, as_of=options["on"])
        else:
            counts = build_all(on, as_of=options["on"])
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")


def _get_layer(name: str) -> Any:
    layer = find_layer(name)
    if layer is None:
        raise CommandError(f"No layer {name}. There are: {', '.join(one.name for one in REGISTER_LAYERS)}.")
    return layer
