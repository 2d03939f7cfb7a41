"""Labels of the detectors' label sets in words for people: COCO, building sites, street facades."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

# Words that differ from the label itself, or whose label is not plain English.
_SAID: dict[str, str] = {
    "NO-Hardhat": gettext_noop("no hard hat"),
    "NO-Mask": gettext_noop("no mask"),
    "NO-Safety Vest": gettext_noop("no safety vest"),
    "no-hardhat": gettext_noop("no hard hat"),
    "no_hardhat": gettext_noop("no hard hat"),
    "no-mask": gettext_noop("no mask"),
    "no_mask": gettext_noop("no mask"),
    "no-vest": gettext_noop("no safety vest"),
    "no_vest": gettext_noop("no safety vest"),
    "no-safety vest": gettext_noop("no safety vest"),
    "vest": gettext_noop("safety vest"),
    "cone": gettext_noop("traffic cone"),
    "safety cone": gettext_noop("traffic cone"),
    "scene": gettext_noop("the whole picture"),
}

# Labels that are plain English already; listed so that the catalogue holds each of them.
_PLAIN = (
    gettext_noop("person"), gettext_noop("bicycle"), gettext_noop("car"), gettext_noop("motorcycle"),
    gettext_noop("airplane"), gettext_noop("bus"), gettext_noop("train"), gettext_noop("truck"),
    gettext_noop("boat"), gettext_noop("traffic light"), gettext_noop("fire hydrant"), gettext_noop("stop sign"),
    gettext_noop("parking meter"), gettext_noop("bench"), gettext_noop("bird"), gettext_noop("cat"),
    gettext_noop("dog"), gettext_noop("horse"), gettext_noop("sheep"), gettext_noop("cow"),
    gettext_noop("elephant"), gettext_noop("bear"), gettext_noop("zebra"), gettext_noop("giraffe"),
    gettext_noop("backpack"), gettext_noop("umbrella"), gettext_noop("handbag"), gettext_noop("tie"),
    gettext_noop("suitcase"), gettext_noop("frisbee"), gettext_noop("skis"), gettext_noop("snowboard"),
    gettext_noop("sports ball"), gettext_noop("kite"), gettext_noop("baseball bat"), gettext_noop("baseball glove"),
    gettext_noop("skateboard"), gettext_noop("surfboard"), gettext_noop("tennis racket"), gettext_noop("bottle"),
    gettext_noop("wine glass"), gettext_noop("cup"), gettext_noop("fork"), gettext_noop("knife"),
    gettext_noop("spoon"), gettext_noop("bowl"), gettext_noop("banana"), gettext_noop("apple"),
    gettext_noop("sandwich"), gettext_noop("orange"), gettext_noop("broccoli"), gettext_noop("carrot"),
    gettext_noop("hot dog"), gettext_noop("pizza"), gettext_noop("donut"), gettext_noop("cake"),
    gettext_noop("chair"), gettext_noop("couch"), gettext_noop("potted plant"), gettext_noop("bed"),
    gettext_noop("dining table"), gettext_noop("toilet"), gettext_noop("tv"), gettext_noop("laptop"),
    gettext_noop("mouse"), gettext_noop("remote"), gettext_noop("keyboard"), gettext_noop("cell phone"),
    gettext_noop("microwave"), gettext_noop("oven"), gettext_noop("toaster"), gettext_noop("sink"),
    gettext_noop("refrigerator"), gettext_noop("book"), gettext_noop("clock"), gettext_noop("vase"),
    gettext_noop("scissors"), gettext_noop("teddy bear"), gettext_noop("hair drier"), gettext_noop("toothbrush"),
    gettext_noop("hardhat"), gettext_noop("mask"), gettext_noop("machinery"), gettext_noop("vehicle"),
    gettext_noop("minibus"), gettext_noop("motorbike"), gettext_noop("signboard"), gettext_noop("cantilever"),
    gettext_noop("safety vest"), gettext_noop("traffic cone"), gettext_noop("projecting sign"),
    gettext_noop("window advertising"),
    gettext_noop("window advertising"), gettext_noop("window"), gettext_noop("door"), gettext_noop("arch"),
    gettext_noop("worker"), gettext_noop("site machinery"), gettext_noop("site vehicle"),
    gettext_noop("scaffolding"), gettext_noop("excavator"), gettext_noop("crane"), gettext_noop("mixer"),
)  # fmt: skip
KNOWN = (*_SAID, *_PLAIN)
_BY_LOWER = {plain.lower(): plain for plain in _PLAIN}


def say(label: str) -> str:
    """The label in the reader's language; a label nobody translated stands as it is."""
    if label in _SAID:
        return gettext(_SAID[label])
    plain = label.replace("_", " ").lower()
    if plain in _SAID:
        return gettext(_SAID[plain])
    known = _BY_LOWER.get(plain)
    return gettext(known) if known else label
