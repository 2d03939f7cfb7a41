"""`manage.py replay_flags --weights NAME[,NAME] [--days 30]`: how verdicts of old flags would differ under other weights."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from detection.detector import open_detector
from errors import ProjectError
from pipeline.flag_replay import ReplayedFlag, replay_flags


class Command(BaseCommand):
    """Looks again and stores nothing: the old flags keep their weights' version."""

    help = "Replay flags of the last days under other weights and tell which verdicts would differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--weights", required=True, help="all that would work, by commas")
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--most", type=int, default=500, help="at most this many flags, newest first")
        parser.add_argument("--out", type=Path, help="write every flag's answer as JSON lines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, decide again, count."""
        names = [name.strip() for name in options["weights"].split(",") if name.strip()]
        since = timezone.now() - timedelta(days=options["days"])
        try:
            detector = open_detector(names, settings.ENV.detection.runtime, threads=settings.ENV.detection.threads)
            replayed = list(replay_flags(detector, since=since, most=options["most"]))
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        counts = Counter((one.before.value, one.now.value if one.now else "not raised") for one in replayed)
        same = sum(one.is_same for one in replayed)
        self.stdout.write(f"{len(replayed)} flags of {options['days']} days: {same} keep their verdict")
        for (before, now), count in sorted(counts.items()):
            self.stdout.write(f"  {before} -> {now}: {count}")
        if options["out"]:
            options["out"].write_text("".join(_line(one) for one in replayed), encoding="utf-8")


def _line(one: ReplayedFlag) -> str:
    told = {
        "flag": str(one.flag_id),
        "rule": one.rule_code,
        "before": one.before.value,
        "now": one.now.value if one.now else None,
        "label_before": one.label_before,
        "label_now": one.label_now,
        "seen_share": round(one.seen_share, 3),
    }
    return json.dumps(told, ensure_ascii=False) + "\n"
