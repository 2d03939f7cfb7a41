"""``manage.py file_demo_evidence``: file the packs' sample evidence once, for the demo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from errors import ProjectError
from pipeline.demo_evidence import file_evidence


class Command(BaseCommand):
    """File the sample evidence."""

    help = "File the sample evidence of every loaded city pack (once) and start its pipeline."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where ``demo.make_evidence`` wrote the files."""
        parser.add_argument("--folder", type=Path, default=None, help="default: VAR_DIR/demo")

    def handle(self, *args: Any, **options: Any) -> None:
        """One JSON line a sample."""
        folder = options["folder"] or settings.ENV.storage.var_dir / "demo"
        try:
            for line in file_evidence(folder):
                self.stdout.write(json.dumps(line, ensure_ascii=False))
        except ProjectError as error:
            raise CommandError(str(error)) from error
