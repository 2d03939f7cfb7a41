"""Which kind of report a picture may be about, for a sender to confirm: never more than a suggestion. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from detection.labels import LabelGroup, groups_of
from intake.kinds import Category
from rules.site_facts import SeenLabel
from rules.uses import use_of_label, use_of_scene

LEAST_SCORE = 0.4
SITE_GROUPS = frozenset({LabelGroup.SITE_MACHINERY, LabelGroup.SITE_WORKER})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A kind of report with the labels that speak for it, most surely seen first."""

    category: Category
    labels: tuple[str, ...]


def suggest_category(seen: Iterable[SeenLabel]) -> Suggestion | None:
    """What the things of a picture speak for; None when nothing was seen surely enough. Two signs of work on a site (or one
    machine) come first: vehicles stand around every site."""
    sure = sorted((one for one in seen if one.best_score >= LEAST_SCORE), key=lambda one: -one.best_score)
    site = [one for one in sure if groups_of(one.label) & SITE_GROUPS]
    if len(site) > 1 or any(LabelGroup.SITE_MACHINERY in groups_of(one.label) for one in site):
        return Suggestion(Category.CONSTRUCTION, tuple(one.label for one in site))
    use = use_of_scene(sure, Category.UNSTATED)
    if use is None:
        return None
    speaking = (one.label for one in sure if use_of_label(one.label, Category.UNSTATED) == use)
    return Suggestion(use, tuple(speaking))
