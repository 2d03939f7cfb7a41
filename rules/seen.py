"""What one picture or clip shows, by label, and what the weights that looked at it cannot show. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from detection.detections import Detection
from detection.labels import UNDETECTED, LabelGroup, labels_of
from detection.tracking import Track
from intake.kinds import Category
from rules.site_facts import SeenLabel

_CODES = {
    Category.TRADING: "LC-HANG",
    Category.PARKING: "LC-XE",
    Category.PARKING_SERVICE: "LC-GIUXE",
    Category.SIGNBOARD: "LC-BIEN",
    Category.MATERIAL: "LC-VL",
    Category.BARRIER: "LC-RAO",
    Category.EVENT: "LC-TAM",
    Category.CONSTRUCTION: "XD-KP",
}


def summarise_seen(detections: Sequence[Detection], tracks: Iterable[Track]) -> tuple[SeenLabel, ...]:
    """Labels with their number (tracks of a clip, else detections) and best score, most frequent first."""
    tracked = Counter(track.label for track in tracks)
    single = Counter(claim.label for claim in detections)
    counts = tracked if tracked else single
    best = {label: max((d.score for d in detections if d.label == label), default=0.0) for label in counts}
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(SeenLabel(label, count, best[label]) for label, count in ordered)


def list_unseen(category: Category, label_sets: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """What of this category no weights report, and for construction the signs that these weights lack."""
    known = {label for labels in label_sets for label in labels}
    code = _CODES.get(category)
    names = [thing.name for thing in UNDETECTED if code in thing.codes]
    if category is Category.CONSTRUCTION and not known & labels_of(LabelGroup.SITE_MACHINERY):
        names.append("site machinery")
    return tuple(names)
