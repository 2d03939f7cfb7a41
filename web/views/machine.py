"""``/what-the-machine-sees/``: for everybody, what the detectors report, how often they were right, and what they cannot see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from detection.labels import MEANINGS, UNDETECTED, LabelGroup
from detection.queries import list_weights_in_use
from detection.weights_record import WeightsRecord
from detection.weights_shelf import find_record
from web.answers import answer_page
from web.label_words import say

_GROUPS = (
    LabelGroup.VEHICLE, LabelGroup.FURNITURE, LabelGroup.GOODS, LabelGroup.BARRIER, LabelGroup.SIGN, LabelGroup.PERSON,
    LabelGroup.SITE_WORKER, LabelGroup.SITE_MACHINERY, LabelGroup.STREET_FIXTURE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeenThing:
    """One label and how it was measured; None where no measured set of ours holds it. ``of_claims`` and ``of_things`` are 0 to 1:
    the share of claims that was right, and of things that were found."""

    name: str
    of_claims: float | None
    of_things: float | None
    measured_on: date | None


@dataclass(frozen=True, slots=True)
class SeenGroup:
    """What belongs together for the rules."""

    name: str
    things: tuple[SeenThing, ...]


@dataclass(frozen=True, slots=True)
class MeasuredWeights:
    """Weights at work and each set that they were measured on: its name, the day, the photographs, the mean of AP50."""

    record: WeightsRecord
    sets: tuple[tuple[str, date, int, float], ...]


@require_safe
def show_machine(request: HttpRequest) -> HttpResponse:
    """The page."""
    records = [find_record(name) for name in list_weights_in_use(settings.ENV.detection.weights)]
    is_vi = (translation.get_language() or "vi").startswith("vi")
    context = {
        "groups": tuple(group for kind in _GROUPS if (group := _group(kind, records)).things),
        "unseen": tuple(thing.name_vi if is_vi else thing.name for thing in UNDETECTED),
        "weights": tuple(MeasuredWeights(record, _sets(record)) for record in records),
    }
    return answer_page(request, "web/machine.html", context, here="machine")


def _sets(record: WeightsRecord) -> tuple[tuple[str, date, int, float], ...]:
    """What stands in the record, in its order."""
    return tuple(
        (title, date.fromisoformat(str(told["measured_on"])), int(told["photos"]), float(told["map50"]))
        for title, told in record.figures.items()
        if {"measured_on", "photos", "map50"} <= told.keys()
    )


def _group(kind: LabelGroup, records: list[WeightsRecord]) -> SeenGroup:
    """A label stands in the first of its groups only."""
    labels = [label for label, meaning in MEANINGS.items() if _first(meaning.groups) is kind]
    known = [label for label in labels if any(label in record.labels for record in records)]
    return SeenGroup(_name(kind), tuple(_thing(label, records) for label in known))


def _first(groups: frozenset[LabelGroup]) -> LabelGroup | None:
    return next((kind for kind in _GROUPS if kind in groups), None)


def _thing(label: str, records: list[WeightsRecord]) -> SeenThing:
    """Figures of the first weights that report the label, on the first set of theirs that holds it."""
    owner = next(record for record in records if label in record.labels)
    for measured in owner.figures.values():
        if label in measured.get("recall", {}):
            on = measured.get("measured_on")
            of_claims, of_things = _share(measured, "precision", label), _share(measured, "recall", label)
            return SeenThing(say(label), of_claims, of_things, date.fromisoformat(str(on)) if on else None)
    return SeenThing(say(label), None, None, None)


def _share(measured: dict[str, Any], figure: str, label: str) -> float | None:
    value = measured.get(figure, {}).get(label)
    return None if value is None else float(value)


def _name(kind: LabelGroup) -> str:
    return {
        LabelGroup.VEHICLE: _("Vehicles"),
        LabelGroup.FURNITURE: _("Tables, chairs, umbrellas"),
        LabelGroup.GOODS: _("Goods"),
        LabelGroup.BARRIER: _("Things that bar the way"),
        LabelGroup.SIGN: _("Signs"),
        LabelGroup.PERSON: _("People"),
        LabelGroup.SITE_WORKER: _("People at work on a site"),
        LabelGroup.SITE_MACHINERY: _("Machines of a building site"),
        LabelGroup.STREET_FIXTURE: _("Street fixtures"),
    }[kind]
