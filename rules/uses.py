"""Which use of public ground a label speaks for, and how long that use must last to count. Look-ups. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from types import MappingProxyType

from detection.labels import LabelGroup, groups_of
from intake.kinds import Category
from rules.site_facts import SeenLabel

# the first group of a label that is listed here decides, unless the sender's own category fits another of its groups
_USE_OF_GROUP = MappingProxyType(
    {
        LabelGroup.VEHICLE: Category.PARKING,
        LabelGroup.FURNITURE: Category.TRADING,
        LabelGroup.BARRIER: Category.BARRIER,
        LabelGroup.GOODS: Category.TRADING,
        LabelGroup.SIGN: Category.SIGNBOARD,
    }
)

# Shops have signs, nearly all of them lawful: signs are a matter only where the sender speaks of them.
_ONLY_IF_ASKED = frozenset({Category.SIGNBOARD})

DWELL_PARAMETER = MappingProxyType(
    {
        Category.PARKING: "dwell_vehicle_s",
        Category.PARKING_SERVICE: "dwell_vehicle_s",
        Category.TRADING: "dwell_goods_s",
        Category.EVENT: "dwell_goods_s",
        Category.BARRIER: "dwell_fixed_s",
        Category.SIGNBOARD: "dwell_fixed_s",
        Category.MATERIAL: "dwell_fixed_s",
    }
)

SIDEWALK_USES = frozenset(DWELL_PARAMETER)


def use_of_label(label: str, category: Category) -> Category | None:
    """The use a thing stands for; None for people, street fixtures, signs that nobody asked about, and what has no use of the
    ground.
    """
    groups = groups_of(label)
    uses = [use for group, use in _USE_OF_GROUP.items() if group in groups]
    if Category.PARKING in uses and category is Category.PARKING_SERVICE:
        return category
    return category if category in uses else next((use for use in uses if use not in _ONLY_IF_ASKED), None)


def use_of_scene(seen: Iterable[SeenLabel], category: Category) -> Category | None:
    """The use a whole picture is about: the sender's category, else what was seen most surely; None when neither."""
    if category in SIDEWALK_USES:
        return category
    if category is Category.CONSTRUCTION:
        return None
    weight: defaultdict[Category, float] = defaultdict(float)
    for thing in seen:
        use = use_of_label(thing.label, category)
        if use is not None:
            weight[use] += thing.count * thing.best_score
    return max(weight, key=lambda use: (weight[use], use.value), default=None)
