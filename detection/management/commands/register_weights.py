"""`manage.py register_weights`: puts the committed weights records into the table; may be run twice."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from detection.actions import register_weights
from detection.weights_record import list_weights, read_record
from errors import ProjectError


class Command(BaseCommand):
    """Checks every file's hash first: nothing is registered if one is missing or altered."""

    help = "Register the committed weights (name, sha256, licence, labels, figures)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check, register, say what changed."""
        try:
            records = [read_record(name) for name in list_weights()]
            for record in records:
                for runtime in record.runtimes:
                    record.open_files(runtime)
            outcomes = register_weights(records)
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        for name, outcome in outcomes.items():
            self.stdout.write(f"{name}: {outcome}")
