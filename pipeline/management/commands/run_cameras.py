"""``manage.py run_cameras``: watch all active cameras until told to stop (Ctrl-C, SIGTERM)."""

from __future__ import annotations

import json
import signal
from typing import Any

from django.core.management.base import BaseCommand

from pipeline.camera_runner import CameraRunner


class Command(BaseCommand):
    """Watch the cameras."""

    help = "Watch every active camera with a stream; what stands still for long enough becomes evidence."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop; tell what was done."""
        runner = CameraRunner()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, runner.stop)
        runner.run()
        self.stdout.write(json.dumps(runner.counts))
