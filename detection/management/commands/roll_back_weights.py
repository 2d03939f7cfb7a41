"""`manage.py roll_back_weights --by WHO --why TEXT`: the last promotion is taken back, and what worked before works again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from detection.actions import roll_back_weights
from detection.queries import list_weights_in_use
from errors import ProjectError


class Command(BaseCommand):
    """Old flags keep the version that made them; workers take the decision up within 20 seconds."""

    help = "Take the last promotion of weights back; who and why are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--by", required=True)
        parser.add_argument("--why", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Record the decision and say what works now."""
        try:
            made = roll_back_weights(by=options["by"], why=options["why"])
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        working = ", ".join(list_weights_in_use(settings.ENV.detection.weights))
        self.stdout.write(f"{made.weights} left, {made.replaces} is back; at work: {working}")
