"""What a calibration warns of, and why pairs are refused, in words for the one who clicks them."""

from __future__ import annotations

import re

from django.utils.translation import gettext, gettext_noop

from geo.homography import FEW_PAIRS, LEFT_OUT, POOR_FIT, SWAPPED

_WARNINGS = {
    FEW_PAIRS: gettext_noop("Fewer than 6 pairs: their error cannot be checked. Add points."),
    LEFT_OUT: gettext_noop("Some pairs disagree with the others and are left out. Correct or delete them."),
    POOR_FIT: gettext_noop("The pairs fit poorly: the ground may not be flat, or points were clicked roughly."),
}
_SWAPPED = gettext_noop("Points %(first)s and %(second)s look swapped: interchange their places on the map.")

# Sentences of refusals (``geo.point_pairs``, ``geo.homography``, ``intake.calibration_pairs``): numbers are written ``{n}``.
SENTENCES = (
    gettext_noop("A calibration needs at least {n} point pairs, {n} or more are better."),
    gettext_noop("Choose points spread over the ground in view, near and far, left and right."),
    gettext_noop("Points {n} and {n} are the same in the picture."),
    gettext_noop("Points {n} and {n} are the same on the ground."),
    gettext_noop("Remove one of them or correct it."),
    gettext_noop("The points lie on one line in the picture."),
    gettext_noop("The points lie on one line on the ground."),
    gettext_noop("All points but number {n} lie on one line in the picture."),
    gettext_noop("All points but number {n} lie on one line on the ground."),
    gettext_noop("No camera above flat ground sees these points so."),
    gettext_noop("The points do not agree: no camera above flat ground sees them so."),
    gettext_noop("The points do not agree with any view of flat ground."),
    gettext_noop("The points fit a mirrored view of the ground only: an axis is swapped or reversed."),
    gettext_noop("Check that no two points are swapped and that east comes before north."),
    gettext_noop("Interchange the ground places of points {n} and {n}: then all points agree."),
    gettext_noop("A newer calibration is on record."),
)

ALL = frozenset({*_WARNINGS.values(), _SWAPPED, *SENTENCES})


def say_warning(code: str) -> str:
    """A warning of ``geo.homography`` in the reader's language."""
    swapped = re.fullmatch(SWAPPED + r"_(\d+)_(\d+)", code)
    if swapped:
        return gettext(_SWAPPED) % {"first": swapped[1], "second": swapped[2]}
    return gettext(_WARNINGS[code]) if code in _WARNINGS else code.replace("_", " ")
