"""``manage.py simulate_year --seed N``: a generated year of reports, flags, cases and visits into a database of its own.

The database must hold a loaded city and no case. Every row says that it is generated: codes begin with SIM, users with sim-.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from errors import ProjectError
from pipeline.year.simulate import FLAGS, INSPECTORS, REPORTS, simulate_year


class Command(BaseCommand):
    """Generate a year."""

    help = (
        f"Generate a year: {REPORTS} reports, {FLAGS} flags, {INSPECTORS} inspectors, with repeats; for measurements."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The seed, and a smaller year for trying out."""
        parser.add_argument("--seed", type=int, required=True)
        parser.add_argument("--scale", type=float, default=1.0, help="0.01 makes a hundredth of it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Generate, and print the counts as JSON."""
        if not 0 < options["scale"] <= 10:
            raise CommandError("--scale is above 0 and at most 10.")
        try:
            counts = simulate_year(
                seed=options["seed"], scale=options["scale"], ends_at=timezone.now(), say=self.stderr.write
            )
        except ProjectError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(counts))
