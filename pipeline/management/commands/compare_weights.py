"""`manage.py compare_weights OLD NEW --data SET.yaml --by WHO`: both on a frozen set and on the cases people decided."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from detection.actions import record_comparison
from detection.dataset import LabelledPhoto, read_set
from detection.detector import open_detector, thresholds_by
from detection.evaluation import Evaluation, evaluate
from detection.layout import Layout, parse_layout
from detection.looking import LEAST_SCORE, look_at, time_looks
from detection.weights_shelf import find_record
from errors import ProjectError
from pipeline.learning import compare_on_cases


class Command(BaseCommand):
    """Records the comparison that a promotion needs; a person reads it and decides."""

    help = "Compare old and new weights on a frozen labelled set and on last month's decided cases."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("old")
        parser.add_argument("new")
        parser.add_argument("--data", type=Path, required=True, help="a YOLO set (YAML)")
        parser.add_argument("--split", default="frozen", help="frozen, val, ...")
        parser.add_argument("--layout", default="whole")
        parser.add_argument("--days", type=int, default=30, help="decided cases of the last DAYS")
        parser.add_argument("--threads", type=int, default=0)
        parser.add_argument("--by", required=True, help="who compares; kept with the comparison")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look with both, record, tell."""
        try:
            old, new = find_record(options["old"]), find_record(options["new"])
            photos = read_set(options["data"], options["split"])
            layout = parse_layout(options["layout"])
            figures = {
                "set": f"{options['data']} {options['split']}",
                "layout": str(layout),
                "days": options["days"],
                "old": self._measure(old.name, photos, layout, options),
                "new": self._measure(new.name, photos, layout, options),
            }
            made = record_comparison(old, new, figures=figures, by=options["by"])
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        self._tell(figures)
        self.stdout.write(
            f"comparison {made.pk}; decide: manage.py promote_weights {new.name} --replaces {old.name} ..."
        )

    def _measure(
        self, name: str, photos: tuple[LabelledPhoto, ...], layout: Layout, options: dict[str, Any]
    ) -> dict[str, Any]:
        eager = open_detector(name, threads=options["threads"], least_score=LEAST_SCORE)
        usual = open_detector(name, threads=options["threads"])
        claims = look_at(eager, photos, layout=layout, tell=lambda said: self.stderr.write(f"{name}: {said}"))
        thresholds = thresholds_by(usual.weights, layout)
        result = evaluate(photos, claims, weights_labels=tuple(thresholds), thresholds=thresholds)
        since = timezone.now() - timedelta(days=options["days"])
        return {
            "map50": round(result.map50, 4),
            "map50_95": round(result.map50_95, 4),
            "ms_per_image": round(time_looks(usual, photos, layout=layout), 1),
            "labels": _labels(result),
            "cases": asdict(compare_on_cases(usual, since)),
        }

    def _tell(self, figures: dict[str, Any]) -> None:
        old, new = figures["old"], figures["new"]
        for label in sorted(set(old["labels"]) | set(new["labels"])):
            before, after = old["labels"].get(label, {}), new["labels"].get(label, {})
            self.stdout.write(
                f"{label:16} AP50 {before.get('ap50', 0):.3f} -> {after.get('ap50', 0):.3f}   "
                f"precision {before.get('precision') or 0:.2f} -> {after.get('precision') or 0:.2f}   "
                f"recall {before.get('recall', 0):.2f} -> {after.get('recall', 0):.2f}"
            )
        self.stdout.write(
            f"mAP50 {old['map50']:.3f} -> {new['map50']:.3f}, {old['ms_per_image']} -> {new['ms_per_image']} ms"
        )
        for who, one in (("old", old["cases"]), ("new", new["cases"])):
            self.stdout.write(
                f"{who}, decided cases ({one['pictures']} pictures): finds {one['right_found']} of {one['right']} right things, "
                f"claims {one['wrong_again']} of {one['wrong']} wrong ones again; of {one['confirmed']} that inspectors "
                f"confirmed on site, finds {one['confirmed_found']}"
            )


def _labels(result: Evaluation) -> dict[str, dict[str, float | None]]:
    return {
        one.label: {
            "ap50": round(one.ap50, 4),
            "precision": None if one.precision is None else round(one.precision, 4),
            "recall": round(one.recall, 4),
        }
        for one in result.labels
    }
