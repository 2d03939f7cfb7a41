"""The detector at work without weights that a task has no use for: a camera that follows what stands needs none of signs."""

from __future__ import annotations

from detection.detector import Detector, MergedDetector
from detection.labels import LabelGroup, groups_of


def narrow_to(detector: Detector, groups: frozenset[LabelGroup]) -> Detector:
    """Only the weights with a label of one of the groups; the detector as it is where all have one, or none has."""
    if not isinstance(detector, MergedDetector):
        return detector
    useful = [part for part in detector.parts if any(groups & groups_of(label) for label in part.thresholds)]
    if len(useful) in (0, len(detector.parts)):
        return detector
    return useful[0] if len(useful) == 1 else MergedDetector(useful)
