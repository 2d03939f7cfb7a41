"""What each label of a detector means for the taxonomy of sidewalk and construction order, and what no detector of ours
can see. Data and look-ups. Pure.

Codes of the taxonomy (LC-HANG, XD-KP, ...) are those of the city's register of irregularities; a label is a hint to one,
never a finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class LabelGroup(StrEnum):
    """What a thing is to the rules. A label may stand for several."""

    VEHICLE = "vehicle"
    TWO_WHEELER = "two_wheeler"
    GOODS = "goods"
    FURNITURE = "furniture"
    PERSON = "person"
    BARRIER = "barrier"
    SITE_MACHINERY = "site_machinery"
    SITE_WORKER = "site_worker"
    SIGN = "sign"
    STREET_FIXTURE = "street_fixture"  # stands there lawfully; takes width all the same


@dataclass(frozen=True, slots=True)
class LabelMeaning:
    """Groups of a label and the taxonomy codes it may be evidence for."""

    groups: frozenset[LabelGroup]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UndetectedThing:
    """Something the taxonomy names and no weights of ours report: said in documents and on the review page."""

    name: str
    name_vi: str
    codes: tuple[str, ...]
    label: str  # the short one under which people mark it, so that it can be learnt one day


def _means(*groups: LabelGroup, codes: tuple[str, ...] = ()) -> LabelMeaning:
    return LabelMeaning(frozenset(groups), codes)


_G = LabelGroup
_PARKED = ("LC-XE",)
_SOLD = ("LC-HANG",)
_SITE = ("XD-KP",)

MEANINGS: MappingProxyType[str, LabelMeaning] = MappingProxyType(
    {
        "bicycle": _means(_G.VEHICLE, _G.TWO_WHEELER, codes=("LC-XE", "LC-GIUXE")),
        "motorcycle": _means(_G.VEHICLE, _G.TWO_WHEELER, codes=("LC-XE", "LC-GIUXE")),
        "car": _means(_G.VEHICLE, codes=_PARKED),
        "bus": _means(_G.VEHICLE, codes=_PARKED),
        "truck": _means(_G.VEHICLE, codes=_PARKED),
        "site vehicle": _means(_G.VEHICLE),
        "person": _means(_G.PERSON),
        "worker": _means(_G.PERSON, _G.SITE_WORKER, codes=_SITE),
        # What riders wear is left out before (suppression.merge_label_sets): helmets look like hardhats.
        "hardhat": _means(_G.SITE_WORKER, codes=_SITE),
        "safety vest": _means(_G.SITE_WORKER, codes=_SITE),
        "site machinery": _means(_G.SITE_MACHINERY, codes=_SITE),
        "traffic cone": _means(_G.BARRIER, codes=("LC-RAO",)),
        "potted plant": _means(_G.BARRIER, _G.GOODS, codes=("LC-RAO", "LC-HANG")),
        "chair": _means(_G.FURNITURE, codes=("LC-HANG", "LC-RAO")),
        "bench": _means(_G.FURNITURE, codes=_SOLD),
        "couch": _means(_G.FURNITURE, codes=_SOLD),
        "dining table": _means(_G.FURNITURE, codes=_SOLD),
        "umbrella": _means(_G.FURNITURE, codes=_SOLD),
        "refrigerator": _means(_G.FURNITURE, _G.GOODS, codes=_SOLD),
        "oven": _means(_G.FURNITURE, codes=_SOLD),
        "suitcase": _means(_G.GOODS, codes=_SOLD),
        "bottle": _means(_G.GOODS, codes=_SOLD),
        "cup": _means(_G.GOODS, codes=_SOLD),
        "wine glass": _means(_G.GOODS, codes=_SOLD),
        "bowl": _means(_G.GOODS, codes=_SOLD),
        "banana": _means(_G.GOODS, codes=_SOLD),
        "apple": _means(_G.GOODS, codes=_SOLD),
        "orange": _means(_G.GOODS, codes=_SOLD),
        "carrot": _means(_G.GOODS, codes=_SOLD),
        "broccoli": _means(_G.GOODS, codes=_SOLD),
        "sandwich": _means(_G.GOODS, codes=_SOLD),
        "cake": _means(_G.GOODS, codes=_SOLD),
        "signboard": _means(_G.SIGN, codes=("LC-BIEN",)),
        "projecting sign": _means(_G.SIGN, codes=("LC-BIEN",)),
        "window advertising": _means(_G.SIGN, codes=("LC-BIEN",)),
        "traffic light": _means(_G.STREET_FIXTURE),
        "fire hydrant": _means(_G.STREET_FIXTURE),
        "stop sign": _means(_G.STREET_FIXTURE),
        "parking meter": _means(_G.STREET_FIXTURE),
    }
)

# What the weights report besides, and what means nothing to the rules; a finding may still name it, so it has words.
WITHOUT_MEANING: tuple[str, ...] = (
    "airplane", "train", "boat", "bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra",
    "giraffe", "backpack", "handbag", "tie", "frisbee", "skis", "snowboard", "sports ball", "kite", "baseball bat",
    "baseball glove", "skateboard", "surfboard", "tennis racket", "fork", "knife", "spoon", "hot dog", "pizza",
    "donut", "bed", "toilet", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave", "toaster",
    "sink", "book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
)  # fmt: skip

UNDETECTED: tuple[UndetectedThing, ...] = (
    UndetectedThing("stall, cart or display case", "sạp, xe đẩy, tủ kính, mẹt hàng", ("LC-HANG",), "stall"),
    UndetectedThing("free-standing signboard", "biển đứng trên vỉa hè", ("LC-BIEN",), "standing sign"),
    UndetectedThing("advertising on shop windows", "quảng cáo dán trên cửa kính", ("LC-BIEN",), "window advertising"),
    UndetectedThing("canopy, platform step or tarpaulin", "mái che, bục bệ, bạt", ("LC-BIEN",), "canopy"),
    UndetectedThing(
        "sand, brick, cement or rubble pile", "đống cát, gạch, bao xi măng, xà bần", ("LC-VL", "XD-KP"), "material pile"
    ),
    UndetectedThing("iron barrier, post or seat keeper", "rào sắt, cọc, ghế giữ chỗ", ("LC-RAO",), "iron barrier"),
    UndetectedThing("event tent or wreath", "rạp cưới, rạp tang, vòng hoa", ("LC-TAM",), "event tent"),
    UndetectedThing("scaffolding or safety netting", "giàn giáo, lưới che", ("XD-KP", "XD-AT"), "scaffolding"),
    UndetectedThing("formwork or rebar", "cốp pha, thép chờ", ("XD-KP",), "formwork"),
    UndetectedThing("concrete mixer", "máy trộn bê tông", ("XD-KP",), "concrete mixer"),
    UndetectedThing("site board", "biển công trường", ("XD-AT",), "site board"),
    UndetectedThing("litter", "rác", ("MT",), "litter"),
)

_NOTHING = LabelMeaning(frozenset())


def meaning_of(label: str) -> LabelMeaning:
    """What a label stands for; no groups for a label that means nothing to us (a kite)."""
    return MEANINGS.get(label, _NOTHING)


def groups_of(label: str) -> frozenset[LabelGroup]:
    """The groups a label stands for."""
    return meaning_of(label).groups


def labels_of(*groups: LabelGroup) -> frozenset[str]:
    """All labels that stand for one of the groups."""
    return frozenset(label for label, meaning in MEANINGS.items() if meaning.groups.intersection(groups))


def undetected_for(code: str) -> tuple[UndetectedThing, ...]:
    """What the machine cannot see of one taxonomy code."""
    return tuple(thing for thing in UNDETECTED if code in thing.codes)


def learnable_labels(*label_sets: Iterable[str]) -> frozenset[str]:
    """What people may mark in a picture: all that some weights report, all that means something to us, all we cannot see."""
    known = {label for labels in label_sets for label in labels}
    return frozenset(known | set(MEANINGS) | {thing.label for thing in UNDETECTED})
