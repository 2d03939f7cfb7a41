"""Which parts of a picture could tell who was there: found faces and plates, and, where a person or vehicle is near enough
to be recognised but none was found, the head or the part that carries a plate. Pure.

Hiding too much costs a little evidence; hiding too little cannot be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from detection.detections import Box, Detection, Detections, share_inside
from detection.labels import LabelGroup

# A head below 8 pixels (a person below 56) and a plate below 12-18 pixels of width cannot be read by anybody.
_NEAR_PERSON_PX = 56.0
_NEAR_CAR_PX = 80.0
_NEAR_TWO_WHEELER_PX = 36.0
_SURE_FACE = 0.6
_SURE_PLATE = 0.5
_PLATE_ALONE = 0.35  # least score of a plate that is on no vehicle we saw
_PLATE_LARGEST_SHARE = 0.04  # of the picture; more only if surely a plate
_PLATE_ON_VEHICLE_SHARE = 0.2
_FACE_MARGIN = 0.25
_PLATE_MARGIN = 0.2
_CAR_PLATE_BAND = (0.40, 0.95)  # share of the box's height, from its top
_TWO_WHEELER_PLATE_BAND = (0.20, 0.85)


class HiddenKind(StrEnum):
    """Why a region is hidden."""

    FACE = "face"
    PLATE = "plate"
    HEAD = "head"  # precaution: a near person without a sure face
    VEHICLE_PART = "vehicle_part"  # precaution: a near vehicle without a sure plate


@dataclass(frozen=True, slots=True)
class Found:
    """A face or plate that a network found, with its score."""

    box_px: Box
    score: float


@dataclass(frozen=True, slots=True)
class HiddenRegion:
    """A region made unreadable, whole pixels within the picture."""

    kind: HiddenKind
    box_px: tuple[int, int, int, int]


def choose_regions(detections: Detections, faces: Sequence[Found], plates: Sequence[Found]) -> tuple[HiddenRegion, ...]:
    """All regions of a picture to hide, in the pixels of ``detections``."""
    boxes: list[tuple[HiddenKind, Box]] = [(HiddenKind.FACE, _widen(one.box_px, _FACE_MARGIN)) for one in faces]
    plates = [one for one in plates if _is_plausible_plate(one, detections)]
    boxes += [(HiddenKind.PLATE, _widen(one.box_px, _PLATE_MARGIN)) for one in plates]
    boxes += [(HiddenKind.HEAD, head_region(item.box_px)) for item in persons_without_face(detections, faces)]
    boxes += [(HiddenKind.VEHICLE_PART, plate_band(item)) for item in vehicles_without_plate(detections, plates)]
    regions = (
        HiddenRegion(kind, whole)
        for kind, box in boxes
        if (whole := _whole_pixels(box, detections.width_px, detections.height_px)) is not None
    )
    return tuple(dict.fromkeys(regions))


def vehicles_without_plate(detections: Detections, plates: Sequence[Found]) -> tuple[Detection, ...]:
    """Vehicles near enough for their plate to be read, in whose box no plate was surely found."""
    sure = [one.box_px for one in plates if one.score >= _SURE_PLATE]
    near = [item for item in detections.of_group(LabelGroup.VEHICLE) if _is_near_vehicle(item)]
    return tuple(item for item in near if not any(share_inside(plate, item.box_px) > 0.5 for plate in sure))


def head_region(box: Box) -> Box:
    """The part of a person's box that holds the head: a quarter of a standing figure, more of a cropped or seated one."""
    x_min, y_min, x_max, y_max = box
    width, height = x_max - x_min, y_max - y_min
    head = min(0.5 * height, max(0.25 * height, 0.7 * width))
    return x_min, y_min - 0.02 * height, x_max, y_min + head


def plate_band(vehicle: Detection) -> Box:
    """The part of a vehicle's box where its plate is; wheels on the ground stay visible."""
    upper, lower = _TWO_WHEELER_PLATE_BAND if LabelGroup.TWO_WHEELER in vehicle.groups else _CAR_PLATE_BAND
    x_min, y_min, x_max, y_max = vehicle.box_px
    height = y_max - y_min
    return x_min, y_min + upper * height, x_max, y_min + lower * height


def persons_without_face(detections: Detections, faces: Sequence[Found]) -> tuple[Detection, ...]:
    """Persons near enough to be recognised without a sure face of their own; each sure face answers for one person."""
    unclaimed = [one.box_px for one in faces if one.score >= _SURE_FACE]
    without = []
    for person in detections.of_group(LabelGroup.PERSON):
        if person.height_px < _NEAR_PERSON_PX:
            continue
        head = head_region(person.box_px)
        own = next((face for face in unclaimed if share_inside(face, head) > 0.5), None)
        if own is None:
            without.append(person)
        else:
            unclaimed.remove(own)
    return tuple(without)


def _is_plausible_plate(plate: Found, detections: Detections) -> bool:
    """Weak finds count on a vehicle only, and at a plate's size: facades and signs look like plates to the network."""
    area = _area(plate.box_px)
    if plate.score >= _SURE_PLATE:
        return not _fills(plate.box_px, detections)
    for vehicle in detections.of_group(LabelGroup.VEHICLE):
        if share_inside(plate.box_px, vehicle.box_px) > 0.5:
            return area <= _PLATE_ON_VEHICLE_SHARE * _area(vehicle.box_px)
    return plate.score >= _PLATE_ALONE and area <= _PLATE_LARGEST_SHARE * detections.width_px * detections.height_px


def _fills(box: Box, detections: Detections) -> bool:
    """Whether a box is the picture itself: the plate network says so of scenes without any plate."""
    rim_x, rim_y = 0.04 * detections.width_px, 0.04 * detections.height_px
    touching = (
        box[0] <= rim_x,
        box[1] <= rim_y,
        box[2] >= detections.width_px - rim_x,
        box[3] >= detections.height_px - rim_y,
    )
    return sum(touching) >= 3


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _is_near_vehicle(item: Detection) -> bool:
    if item.label == "bicycle":
        return False
    needed = _NEAR_TWO_WHEELER_PX if LabelGroup.TWO_WHEELER in item.groups else _NEAR_CAR_PX
    return item.width_px >= needed


def _widen(box: Box, share: float) -> Box:
    across, down = share * (box[2] - box[0]), share * (box[3] - box[1])
    return box[0] - across, box[1] - down, box[2] + across, box[3] + down


def _whole_pixels(box: Box, width_px: int, height_px: int) -> tuple[int, int, int, int] | None:
    x_min, y_min = max(0, int(box[0])), max(0, int(box[1]))
    x_max, y_max = min(width_px, int(box[2]) + 1), min(height_px, int(box[3]) + 1)
    return (x_min, y_min, x_max, y_max) if x_max > x_min and y_max > y_min else None
