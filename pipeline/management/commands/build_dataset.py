"""`manage.py build_dataset NAME --by WHO`: what people decided and corrected, as the next version of a YOLO set."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from detection.weights_shelf import find_record
from errors import ProjectError
from pipeline.learning import Pictures, build_training_set


class Command(BaseCommand):
    """Versioned by content: the same lessons give the version on record. Names originals by their hash, and no sender."""

    help = "Build a training set from decisions on flags and corrections of boxes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("name", help="for example: city")
        parser.add_argument("--by", required=True, help="who builds it; kept with the set")
        parser.add_argument(
            "--parent", default="", help="weights whose label set it keeps; the first at work if not given"
        )
        parser.add_argument("--days", type=int, default=0, help="only what was said in the last DAYS; 0: everything")
        parser.add_argument(
            "--pictures",
            choices=[one.value for one in Pictures],
            default=Pictures.ORIGINALS.value,
            help="redacted: faces and plates hidden, for a set that leaves the house",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect, write, say what is in it."""
        since = timezone.now() - timedelta(days=options["days"]) if options["days"] else None
        try:
            parent = find_record(options["parent"] or settings.ENV.detection.weights[0])
            made = build_training_set(
                options["name"],
                parent_labels=parent.labels,
                pictures=Pictures(options["pictures"]),
                by=options["by"],
                since=since,
            )
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        folder = settings.ENV.storage.var_dir / "training_sets" / made.name / made.folder
        self.stdout.write(f"{made.name} version {made.number}: {folder}/set.yaml, sha256 {made.sha256}")
        for what, count in made.counts.items():
            self.stdout.write(f"  {what.replace('_', ' ')}: {count}")
