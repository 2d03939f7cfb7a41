"""Which labels of a picture speak for the use a flag is about: those boxes are drawn full, the others dashed. Pure."""

from __future__ import annotations

from detection.labels import LabelGroup, groups_of
from intake.kinds import Category
from rules.uses import use_of_label

SITE_GROUPS = frozenset({LabelGroup.SITE_MACHINERY, LabelGroup.SITE_WORKER})


def speaks_for(label: str, use: str) -> bool:
    """Whether a thing of this label is evidence for the use; an unknown use has none."""
    if use == Category.CONSTRUCTION:
        return bool(groups_of(label) & SITE_GROUPS)
    if use not in set(Category):
        return False
    return use_of_label(label, Category(use)) == use
