"""``manage.py process PATH [--camera NAME]``: put a file through the pipeline here and now; each stage's outcome is a
JSON line. The same stages as the workers run, in this process.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from errors import InputError, ProjectError
from intake.kinds import Category
from pipeline.process_file import process_file


class Command(BaseCommand):
    """Process one picture or clip."""

    help = "Put a photo or clip through the pipeline and print each stage's outcome as JSON lines."

    def add_arguments(self, parser: CommandParser) -> None:
        """A file; for a fixed camera its name; for a photo without a place, the place."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--camera", default="", help="name of the fixed camera that took it")
        parser.add_argument("--captured-at", type=datetime.fromisoformat, default=None, help="with offset, ISO 8601")
        parser.add_argument("--lon", type=float, default=None)
        parser.add_argument("--lat", type=float, default=None)
        parser.add_argument(
            "--track", type=Path, default=None, help="GPX track recorded meanwhile: places photo and frames"
        )
        parser.add_argument("--clock-offset", type=float, default=0.0, help="seconds the camera's clock is ahead")
        parser.add_argument("--category", choices=[c.value for c in Category], default=Category.UNSTATED.value)

    def handle(self, *args: Any, **options: Any) -> None:
        """Receive the file and run its stages until the pipeline rests."""
        captured_at = options["captured_at"]
        try:
            if captured_at is not None and captured_at.tzinfo is None:
                raise InputError(
                    "The moment has no time zone.", field="captured-at", value=captured_at, cure="Add +07:00 or Z."
                )
            for line in process_file(
                options["path"],
                camera_name=options["camera"],
                captured_at=captured_at,
                pin=(options["lon"], options["lat"]) if options["lon"] is not None else None,
                category=Category(options["category"]),
                track=options["track"],
                clock_offset_s=options["clock_offset"],
            ):
                self.stdout.write(json.dumps(line, ensure_ascii=False, default=str))
                self.stdout.flush()
        except ProjectError as error:
            raise CommandError(str(error)) from error
