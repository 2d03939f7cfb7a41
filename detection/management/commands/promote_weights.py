"""`manage.py promote_weights NAME --replaces OLD --by WHO --why TEXT`: a person puts weights to work, or refuses them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from detection.actions import promote_weights, refuse_weights
from detection.queries import list_weights_in_use
from errors import ProjectError


class Command(BaseCommand):
    """Needs a comparison (`compare_weights`); workers take the decision up within 20 seconds."""

    help = "Promote weights in place of others, or refuse them with --refuse; who and why are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("name")
        parser.add_argument("--replaces", default="", help="the weights at work that make room")
        parser.add_argument("--refuse", action="store_true")
        parser.add_argument("--by", required=True)
        parser.add_argument("--why", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Record the decision and say what works now."""
        by, why = options["by"], options["why"]
        try:
            if options["refuse"]:
                refuse_weights(options["name"], by=by, why=why)
            else:
                promote_weights(options["name"], replaces=options["replaces"], by=by, why=why)
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"at work: {', '.join(list_weights_in_use(settings.ENV.detection.weights))}")
