"""`manage.py evaluate --weights NAME[,NAME] --data SET.yaml --out FOLDER`: how often weights are right on a labelled set."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from detection.dataset import LabelledPhoto, read_set
from detection.default_detector import get_default_redactor
from detection.detections import Detections
from detection.detector import open_detector, thresholds_by
from detection.evaluation import Evaluation, evaluate
from detection.layout import parse_layout
from detection.letterbox import Pixels
from detection.looking import LEAST_SCORE, look_at, time_looks
from detection.networks import RUNTIMES
from detection.report import Measured, figures_for_record, write_report
from detection.set_aside import SetAside, leave_out, read_set_aside
from detection.weights_record import WeightsRecord, write_record
from detection.weights_shelf import find_record
from detection.worst_pictures import draw_worst
from errors import ConfigurationError, ProjectError


class Command(BaseCommand):
    """Writes evaluation.json and index.html; with --record the figures enter the weights' record too."""

    help = "Average precision per label, precision and recall at the thresholds, calibration, milliseconds per image."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--weights", required=True, help="a name, or several by commas: merged as in the pipeline")
        parser.add_argument("--data", type=Path, required=True, help="a YOLO set (YAML)")
        parser.add_argument("--split", default="val", help="the split of the set: val or train")
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--runtime", default="auto", choices=RUNTIMES)
        parser.add_argument("--threads", type=int, default=0)
        parser.add_argument("--layout", default="whole", help="whole, whole@1280, 2x2, 3x2@640 (detection/layout.py)")
        parser.add_argument(
            "--aside", type=Path, help="things nobody labelled, to count neither way (detection/set_aside.py)"
        )
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
        layout = parse_layout(options["layout"])
        photos = read_set(options["data"], options["split"])
        records = tuple(find_record(name) for name in names)
        if options["record"] and len(records) != 1:
            raise ConfigurationError("Figures enter the record of one set of weights.", field="record")
        opened = {"runtime": options["runtime"], "threads": options["threads"]}
        eager = open_detector(names, **opened, least_score=LEAST_SCORE)
        claims = look_at(eager, photos, layout=layout, tell=self.stderr.write)
        aside = read_set_aside(options["aside"]) if options["aside"] else SetAside()
        claims = leave_out(photos, claims, aside)
        usual = open_detector(names, **opened)
        thresholds = thresholds_by(records, layout)
        measured = Measured(
            weights=records,
            runtime=eager.runtime,
            set_name=f"{options['data']} {options['split']}",
            measured_on=timezone.now().date().isoformat(),
            command=_command(options),
            ms_per_image=time_looks(usual, photos, layout=layout),
            result=evaluate(photos, claims, weights_labels=tuple(thresholds), thresholds=thresholds),
            layout=str(layout),
            set_aside=aside.count,
        )
        if options["record"]:
            _enter(records[0], options["record"], measured)
        self._tell(measured.result, measured.ms_per_image)
        return write_report(options["out"], measured, _worst(photos, claims, measured.result))

    def _tell(self, result: Evaluation, ms_per_image: float) -> None:
        for label in result.labels:
            at_threshold = f"P {label.precision or 0:.2f} R {label.recall:.2f} at {label.threshold:.2f}"
            reach = " ".join(f"R@P{one.precision:g} {one.recall:.2f}" for one in label.reach)
            error = "-" if label.calibration_error is None else f"{label.calibration_error:.3f}"
            self.stdout.write(
                f"{label.label:16} labelled {label.labelled:5}  AP50 {label.ap50:.3f}  {at_threshold}  {reach}  ECE {error}"
            )
        self.stdout.write(f"mAP50 {result.map50:.3f}, mAP50-95 {result.map50_95:.3f}, {ms_per_image:.1f} ms")


def _command(options: dict[str, Any]) -> str:
    layout = "" if options["layout"] == "whole" else f"--layout {options['layout']} "
    aside = f"--aside {options['aside']} " if options["aside"] else ""
    return (
        f"manage.py evaluate --weights {options['weights']} --data {options['data']} --split {options['split']} "
        f"{layout}{aside}--out {options['out']}"
    )


def _enter(record: WeightsRecord, title: str, measured: Measured) -> None:
    write_record(replace(record, figures={**record.figures, title: figures_for_record(measured)}))


def _worst(photos: Sequence[LabelledPhoto], claims: Sequence[Detections], result: Evaluation) -> Any:
    thresholds = {figures.label: figures.threshold for figures in result.labels}
    redactor = get_default_redactor()

    def hide(rgb: Pixels, claimed: Detections) -> Pixels:
        """Faces and plates of the picture as the public copies hide them."""
        sure = claimed.with_items(item for item in claimed if item.score >= thresholds.get(item.label, 0.25))
        return redactor.redact_frame(rgb, sure)[0]

    return draw_worst(photos, claims, thresholds, hide=hide)
