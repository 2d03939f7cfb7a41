"""`manage.py evaluate --weights NAME[,NAME] --data SET.yaml --out FOLDER`: how often weights are right on a labelled set."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from detection.dataset import LabelledPhoto, read_set
from detection.detections import Detections
from detection.detector import RUNTIMES, Detector, open_detector
from detection.evaluation import evaluate
from detection.report import Measured, figures_for_record, write_report
from detection.weights_record import read_record, write_record
from errors import ConfigurationError, ProjectError
from intake.photo import decode_upright

_LEAST_SCORE = 0.001
_PHOTOS_AT_ONCE = 16
_TIMED_PHOTOS = 48


class Command(BaseCommand):
    """Writes evaluation.json and index.html; with --record the figures enter the weights' record too."""

    help = "Average precision per label, precision and recall at the thresholds, milliseconds per image."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--weights", required=True, help="a name, or several by commas: merged as in the pipeline")
        parser.add_argument("--data", type=Path, required=True, help="a YOLO set (YAML)")
        parser.add_argument("--split", default="val", help="the split of the set: val or train")
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--runtime", default="auto", choices=RUNTIMES)
        parser.add_argument("--threads", type=int, default=0)
        parser.add_argument("--record", default="", metavar="TITLE", help="enter the figures under this title")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, compare, write."""
        try:
            page = self._evaluate(options)
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"wrote {page}")

    def _evaluate(self, options: dict[str, Any]) -> Path:
        names = [name.strip() for name in options["weights"].split(",") if name.strip()]
        photos = read_set(options["data"], options["split"])
        records = tuple(read_record(name) for name in names)
        if options["record"] and len(records) != 1:
            raise ConfigurationError("Figures enter the record of one set of weights.", field="record")
        thresholds = {label: record.threshold_of(label) for record in reversed(records) for label in record.labels}
        eager = open_detector(names, options["runtime"], threads=options["threads"], least_score=_LEAST_SCORE)
        claims = self._look(eager, photos)
        usual = open_detector(names, options["runtime"], threads=options["threads"])
        measured = Measured(
            weights=records,
            runtime=eager.runtime,
            set_name=f"{options['data']} {options['split']}",
            measured_on=timezone.now().date().isoformat(),
            command=f"manage.py evaluate --weights {options['weights']} --data {options['data']} "
            f"--split {options['split']} --out {options['out']}",
            ms_per_image=_time(usual, photos[:_TIMED_PHOTOS]),
            result=evaluate(photos, claims, weights_labels=tuple(thresholds), thresholds=thresholds),
        )
        if options["record"]:
            figures = {**records[0].figures, options["record"]: figures_for_record(measured)}
            write_record(replace(records[0], figures=figures))
        self._tell(measured)
        return write_report(options["out"], measured, photos, claims)

    def _look(self, detector: Detector, photos: Sequence[LabelledPhoto]) -> list[Detections]:
        claims: list[Detections] = []
        for start in range(0, len(photos), _PHOTOS_AT_ONCE):
            some = photos[start : start + _PHOTOS_AT_ONCE]
            claims += detector.detect([decode_upright(photo.path.read_bytes()) for photo in some])
            self.stderr.write(f"{len(claims)} of {len(photos)} photographs")
        return claims

    def _tell(self, measured: Measured) -> None:
        result = measured.result
        for figures in result.labels:
            self.stdout.write(f"{figures.label:20} labelled {figures.labelled:5}  AP50 {figures.ap50:.3f}")
        self.stdout.write(f"mAP50 {result.map50:.3f}, mAP50-95 {result.map50_95:.3f}, {measured.ms_per_image:.1f} ms")


def _time(detector: Detector, photos: Sequence[LabelledPhoto]) -> float:
    """Milliseconds per photo at the usual thresholds, decoded and warmed before."""
    pictures = [decode_upright(photo.path.read_bytes()) for photo in photos]
    detector.detect(pictures)
    started = perf_counter()
    detector.detect(pictures)
    return (perf_counter() - started) * 1000 / len(pictures)
