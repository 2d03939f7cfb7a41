"""`manage.py calibrate_scores --weights NAME --data SET.yaml`: curves that make a network's scores frequencies, per label."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from numpy.typing import NDArray

from detection.dataset import LabelledPhoto, read_set
from detection.detector import open_detector
from detection.evaluation import LabelClaims, collect_claims, same_label
from detection.looking import LEAST_SCORE, look_at
from detection.reliability import bin_scores, calibration_error
from detection.score_calibration import AS_IT_IS, ScoreCalibration, ScoreCurve, fit_curve
from detection.weights_record import WeightsRecord, write_record
from detection.weights_shelf import find_record
from errors import ProjectError

_FOLDS = 5


class Command(BaseCommand):
    """The error that is told was measured on clips that the curve had not seen; a curve that does not help is not kept."""

    help = "Draw a score curve per label on a labelled set that was held out of training; --record keeps them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--weights", required=True)
        parser.add_argument("--data", type=Path, required=True, help="a YOLO set the weights were not trained on")
        parser.add_argument("--split", default="val")
        parser.add_argument("--threads", type=int, default=0)
        parser.add_argument("--record", action="store_true", help="write the curves into the weights' record")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, draw, tell, keep."""
        try:
            record = find_record(options["weights"])
            photos = read_set(options["data"], options["split"])
            eager = open_detector(record.name, threads=options["threads"], least_score=LEAST_SCORE, is_calibrated=False)
            claims = look_at(eager, photos, tell=self.stderr.write)
            by_label = {label: collect_claims(photos, claims, same_label(label)) for label in record.labels}
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        folds = _folds(photos)
        kept = {label: curve for label, found in by_label.items() if (curve := self._draw(label, found, folds, record))}
        rest = _joined([found for label, found in by_label.items() if label not in kept])
        default = self._draw("all other labels", rest, folds, record) or AS_IT_IS
        if options["record"]:
            told = f"{len(photos)} photographs of {options['data'].name} {options['split']}, {timezone.now():%Y-%m-%d}"
            write_record(replace(record, scores=ScoreCalibration(default, kept, told)))
            self.stdout.write(f"wrote {record.folder}/record.toml")

    def _draw(
        self, label: str, found: LabelClaims, folds: NDArray[np.intp], record: WeightsRecord
    ) -> ScoreCurve | None:
        """The curve of all claims, if curves drawn without a fold lower the error on it."""
        right = found.right[:, 0] if found.right.size else np.empty(0, bool)
        curve = fit_curve(found.scores, right)
        if curve is None:
            return None
        reported = found.scores >= record.threshold_of(label)
        unseen = _predict_unseen(found, right, folds)
        before = calibration_error(bin_scores(found.scores[reported], right[reported]))
        after = calibration_error(bin_scores(unseen[reported], right[reported]))
        if before is None or after is None or after >= before:
            self.stdout.write(f"{label:20} no curve helps ({curve.claims} claims, error {before or 0:.3f})")
            return None
        self.stdout.write(f"{label:20} {curve.claims:5} claims, error {before:.3f} -> {after:.3f} on clips not seen")
        return curve


def _folds(photos: Sequence[LabelledPhoto]) -> NDArray[np.intp]:
    """A fold for each photo; a clip is in one fold."""
    clips = {clip: number % _FOLDS for number, clip in enumerate(sorted({photo.clip for photo in photos}))}
    return np.array([clips[photo.clip] for photo in photos], np.intp)


def _predict_unseen(found: LabelClaims, right: NDArray[np.bool_], folds: NDArray[np.intp]) -> NDArray[np.float64]:
    """Each claim's score by a curve that was drawn without its fold."""
    told = found.scores.copy()
    of_claim = folds[found.photos]
    for fold in range(_FOLDS):
        inside = of_claim == fold
        curve = fit_curve(found.scores[~inside], right[~inside])
        if curve is not None:
            told[inside] = curve.apply(found.scores[inside])
    return told


def _joined(some: Sequence[LabelClaims]) -> LabelClaims:
    """The claims of several labels as one."""
    filled = [one for one in some if one.scores.size]
    if not filled:
        return LabelClaims(np.empty(0), np.empty((0, 10), bool), 0, np.empty(0, np.intp))
    return LabelClaims(
        np.concatenate([one.scores for one in filled]),
        np.concatenate([one.right for one in filled]),
        sum(one.labelled for one in filled),
        np.concatenate([one.photos for one in filled]),
    )
