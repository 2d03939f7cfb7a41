"""``manage.py run_cameras``: watch cameras until told to stop (Ctrl-C, SIGTERM). Start as many as the machine has room for."""

from __future__ import annotations

import json
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pipeline.camera_runner import MOST_CAMERAS, CameraRunner


class Command(BaseCommand):
    """Watch cameras."""

    help = "Watch cameras that no other runner watches; what stands still for long enough becomes evidence."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, and which."""
        parser.add_argument("--most", type=int, default=MOST_CAMERAS, help="cameras of this process at most")
        parser.add_argument("--camera", action="append", dest="names", help="only this one; may be given again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop; tell what was done."""
        runner = CameraRunner(most=options["most"], names=options["names"])
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, runner.stop)
        runner.run()
        self.stdout.write(json.dumps(runner.counts))
