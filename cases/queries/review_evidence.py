"""What a reviewer sees of a flag: its evidence with every detection, the facts frozen with it, the history of the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from cases.evidence_labels import speaks_for
from cases.models import Case
from cases.permissions import Rights
from cases.queries import FlagRow, get_flag, list_review_queue
from detection.detections import Detection
from detection.models import DetectionRun
from detection.stall_hint import StallHint, hint_stalls
from geo.box import box_around
from intake.kinds import Derivation, MediaKind
from intake.models import Camera, MediaFile
from intake.queries import ObservationFacts, get_media, get_observation
from rules.finding import Verdict
from rules.models import Flag

SHOWN = (Derivation.REDACTED.value, Derivation.STILL.value)
MOST_LISTED = 80
HISTORY = timedelta(days=90)
HERE_M = 20.0
SAME_FRAME_S = 1e-3
SURE = 0.8


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One waiting flag in the list. ``picture`` is a redacted copy, None while there is none; ``place`` how it is called."""

    row: FlagRow
    flag: Flag
    picture: UUID | None
    place: str


@dataclass(frozen=True, slots=True)
class SeenBox:
    """One detection. ``box_px`` is x_min, y_min, x_max, y_max of the upright picture; ``frame_s`` seconds into a clip.

    ``counts`` marks what the flag rests on; the rest was seen and did not count.
    """

    index: int
    label: str
    score: float
    box_px: tuple[float, float, float, float]
    frame_s: float | None
    track: int | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The picture of a flag and what was seen; boxes in pixels of ``width_px`` x ``height_px``, of all frames of a clip.

    ``moments_s`` are the frames of a clip, seconds from its start; ``shown_s`` the one of the picture; ``first_s`` and
    ``last_s`` when the thing was there. ``clip`` is a redacted copy of the whole clip, None until it is made.
    """

    picture: UUID | None
    clip: UUID | None
    width_px: int
    height_px: int
    boxes: tuple[SeenBox, ...]
    is_clip: bool
    shown_s: float | None
    moments_s: tuple[float, ...]
    first_s: float | None
    last_s: float | None
    camera: str
    original_sha256: str
    hidden: dict[str, int]
    observation: ObservationFacts
    stall_hints: tuple[StallHint, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A case at the same place within the last 90 days, by day."""

    code: str
    use: str
    state: str
    opened_on: date
    closed_on: date | None


def list_queue(rights: Rights, verdict: str) -> tuple[QueueItem, ...]:
    """What waits for this reader, most urgent first; narrowed to one verdict when one is named."""
    wanted = Verdict(verdict) if verdict in set(Verdict) else None
    rows = list_review_queue(rights, verdict=wanted, limit=MOST_LISTED)
    flags = _list_light([row.id for row in rows])
    pictures = find_pictures([row.observation_id for row in rows])
    return tuple(_item(row, flags[row.id], pictures) for row in rows)


def get_queue_item(rights: Rights, flag_id: UUID) -> QueueItem:
    """One flag within the rights, waiting or decided; NotFound else."""
    row = get_flag(rights, flag_id)
    flag = (
        _light().select_related("city", "sighting", "observation").defer(None).defer("city__geometry").get(pk=flag_id)
    )
    return _item(row, flag, find_pictures([row.observation_id]))


def _list_light(flag_ids: Sequence[UUID]) -> dict[UUID, Flag]:
    """Flags without their frozen facts, which hold outlines of whole streets and are read for one flag at a time."""
    return {flag.pk: flag for flag in _light().filter(pk__in=flag_ids)}


def _light() -> QuerySet[Flag]:
    return Flag.objects.defer("facts").annotate(
        address=KT("facts__place__parcels__0__address"),
        likelihood=KT("facts__place__parcels__0__likelihood"),
        street=KT("facts__place__sidewalks__0__street"),
        road=KT("facts__place__roads__0__name"),
    )


def _item(row: FlagRow, flag: Flag, pictures: dict[UUID, UUID]) -> QueueItem:
    return QueueItem(row, flag, pictures.get(row.observation_id), _name_place(flag))


def _name_place(flag: Flag) -> str:
    """The address of the one likely parcel, else the nearest street, as frozen with the flag."""
    found: dict[str, str | None] = vars(flag)
    if found["address"] and float(found["likelihood"] or 0) >= SURE:
        return found["address"].split(",")[0]
    return found["street"] or found["road"] or ""


def read_evidence(flag: Flag) -> Evidence:
    """The redacted picture of a flag with everything the detector reported on it."""
    observation = get_observation(flag.observation_id)
    copies = MediaFile.objects.filter(parent_id=observation.media_id, derivation__in=SHOWN).order_by("derivation")
    copy = next((one for one in copies if one.kind == MediaKind.PHOTO), None)
    clip = next((one for one in copies if one.kind == MediaKind.VIDEO), None)
    run = DetectionRun.objects.filter(observation_id=flag.observation_id).first()
    shown_s = copy.derivation_detail.get("frame_s") if copy else None
    sighting = flag.sighting
    counted = set(sighting.detection_indexes) if sighting else set()
    return Evidence(
        picture=copy.pk if copy else None,
        clip=clip.pk if clip else None,
        width_px=run.width_px if run else observation.width_px or 16,
        height_px=run.height_px if run else observation.height_px or 9,
        boxes=tuple(_boxes(run, counted, flag)) if run else (),
        is_clip=observation.kind is MediaKind.VIDEO,
        shown_s=shown_s,
        moments_s=tuple(float(moment) for moment in run.frame_times_s) if run else (),
        first_s=sighting.first_seen_s if sighting else None,
        last_s=sighting.last_seen_s if sighting else None,
        camera=_camera_title(observation.camera_id),
        original_sha256=get_media(observation.media_id).sha256,
        hidden=dict(run.hidden) if run else {},
        observation=observation,
        stall_hints=_hint_stalls(run, shown_s) if run else (),
    )


def list_earlier_cases(flag: Flag) -> tuple[EarlierCase, ...]:
    """Cases of the last 90 days on the same stretch of sidewalk or within 20 m, newest first."""
    here = Q(sidewalk_key=flag.sidewalk_key) if flag.sidewalk_key else Q(pk__in=[])
    if flag.point is not None:
        here |= Q(point__bboverlaps=box_around(flag.point.x, flag.point.y, HERE_M))
    rows = Case.objects.filter(here, city=flag.city, opened_at__gte=timezone.now() - HISTORY)
    zone = ZoneInfo(flag.city.timezone) if flag.city else ZoneInfo("UTC")
    return tuple(
        EarlierCase(
            row.code,
            row.use,
            row.state,
            _day(row.opened_at, zone),
            _day(row.closed_at, zone) if row.closed_at else None,
        )
        for row in rows.order_by("-opened_at")[:5]
    )


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def find_pictures(observation_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Observation to the redacted copy that may be shown."""
    rows = MediaFile.objects.filter(parent__observations__in=observation_ids, derivation__in=SHOWN, kind="photo")
    return dict(rows.values_list("parent__observations", "pk"))


def _boxes(run: DetectionRun, counted: set[int], flag: Flag) -> list[SeenBox]:
    """Every detection. The flag's own thing counts; of a flag about the whole picture, what speaks for its use."""
    tracks = {run.detections[i].get("track") for i in counted if i < len(run.detections)} - {None}
    found = []
    for seen in run.detections:
        is_own = seen["index"] in counted or seen.get("track") in tracks
        counts = is_own if flag.sighting_id else speaks_for(seen["label"], flag.use)
        x_min, y_min, x_max, y_max = seen["box_px"]
        box_px = (x_min, y_min, x_max, y_max)
        found.append(
            SeenBox(seen["index"], seen["label"], seen["score"], box_px, seen.get("frame_s"), seen.get("track"), counts)
        )
    return found


def _hint_stalls(run: DetectionRun, shown_s: float | None) -> tuple[StallHint, ...]:
    """Groups that may be a stall in the frame that is shown."""
    here = [Detection.from_json(one) for one in run.detections if _is_shown(one.get("frame_s"), shown_s)]
    return hint_stalls(here)


def _is_shown(frame_s: float | None, shown_s: float | None) -> bool:
    return shown_s is None or frame_s is None or abs(frame_s - shown_s) <= SAME_FRAME_S


def _camera_title(camera_id: int | None) -> str:
    if camera_id is None:
        return ""
    return Camera.objects.filter(pk=camera_id).values_list("title", flat=True).first() or ""
