"""What other weights would have said of old flags: the same picture, place and law, another look. Stores nothing.

Old flags keep the version that made them. The flag's thing is looked for again where it was seen; the rule then reads the frozen
facts with the new label and score. Called by ``manage.py replay_flags``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from detection.detections import Detection, Detections, overlap
from detection.detector import Detector
from detection.ground_sighting import SCENE
from detection.labels import groups_of
from detection.queries import RunFacts, get_run
from detection.tracking import track
from intake.kinds import MediaKind
from intake.queries import get_media, get_observation
from pipeline.learning import read_frames
from rules.engine import check
from rules.finding import Verdict
from rules.models import Flag
from rules.queries import get_law_version
from rules.seen import summarise_seen
from rules.site_facts import SiteFacts
from rules.stored import read_facts

_SAME_THING = 0.5
_SEEN_IN = 0.5  # of the frames in which it was seen before


@dataclass(frozen=True, slots=True)
class ReplayedFlag:
    """One flag under other weights. ``now`` None: it would not be raised; ``seen_share`` is of the old one's frames."""

    flag_id: UUID
    rule_code: str
    before: Verdict
    now: Verdict | None
    label_before: str
    label_now: str
    seen_share: float

    @property
    def is_same(self) -> bool:
        """Whether the verdict stays."""
        return self.now is self.before


def replay_flags(detector: Detector, *, since: datetime, most: int = 500) -> Iterator[ReplayedFlag]:
    """The flags created since a moment, newest first, each looked at again."""
    flags = Flag.objects.filter(created_at__gte=since).select_related("sighting", "observation")
    for flag in flags.order_by("-created_at")[:most]:
        yield _replay(flag, detector)


def _replay(flag: Flag, detector: Detector) -> ReplayedFlag:
    run, site = get_run(flag.observation_id), read_facts(flag)
    frames = _look(flag, run, detector)
    if flag.sighting is None or flag.sighting.subject == SCENE:
        share, facts, label = _again_as_scene(site, frames)
    else:
        share, facts, label = _again_as_thing(
            site, frames, [run.detections[i] for i in flag.sighting.detection_indexes]
        )
    now = None
    if facts is not None:
        findings = check(facts, get_law_version(flag.versions["law"]))
        now = next((one.verdict for one in findings if one.rule_code == flag.rule_code), None)
    before = site.sighting.label if site.sighting else SCENE
    return ReplayedFlag(flag.pk, flag.rule_code, Verdict(flag.verdict), now, before, label, share)


def _again(
    flag: Flag, run: RunFacts, site: SiteFacts, frames: Sequence[Detections]
) -> tuple[float, SiteFacts | None, str]:
    """Share of the old frames in which it was found again, the facts anew (None: it was not), and the label."""
    if flag.sighting is None or flag.sighting.subject == SCENE:
        return _again_as_scene(site, frames)
    return _again_as_thing(site, frames, [run.detections[index] for index in flag.sighting.detection_indexes])


def _look(flag: Flag, run: RunFacts, detector: Detector) -> tuple[Detections, ...]:
    """The frames again, in the pixels of the old run. Of a clip all frames, so that tracks can be counted."""
    is_clip = get_media(get_observation(flag.observation_id).media_id).kind is MediaKind.VIDEO
    wanted: set[float | None] = {round(time, 3) for time in run.frame_times_s} or {None}
    seen = []
    for frame_s, rgb in read_frames(flag.observation.media_id, wanted, is_clip=is_clip):
        times = None if frame_s is None else [frame_s]
        seen.append(detector.detect([rgb], frame_times_s=times, layout=run.layout)[0])
    return tuple(one.scaled_to(run.width_px, run.height_px) for one in seen)


def _again_as_scene(site: SiteFacts, frames: Sequence[Detections]) -> tuple[float, SiteFacts | None, str]:
    """The whole picture: what it shows, counted anew."""
    numbered, tracks = track(frames, sure_score=0.4 if len(frames) > 1 else 0.0)
    flat = [item for frame in numbered for item in frame]
    seen = summarise_seen(flat, tracks)
    return 1.0, replace(site, scene=replace(site.scene, seen=seen)), SCENE


def _again_as_thing(
    site: SiteFacts, frames: Sequence[Detections], before: Sequence[Detection]
) -> tuple[float, SiteFacts | None, str]:
    """The flag's thing, found again where it was; None when it is seen in less than half of its frames."""
    found = [hit for old in before for hit in [_find(old, frames)] if hit is not None]
    share = len(found) / max(1, len(before))
    if share < _SEEN_IN or site.sighting is None:
        return share, None, ""
    best = max(found, key=lambda item: item.score)
    return share, replace(site, sighting=replace(site.sighting, label=best.label, score=best.score)), best.label


def _find(old: Detection, frames: Sequence[Detections]) -> Detection | None:
    frame = next((one for one in frames if _same_moment(one.frame_s, old.frame_s)), None)
    alike = [] if frame is None else [
        item for item in frame if (item.label == old.label or item.groups & groups_of(old.label))
        and overlap(item.box_px, old.box_px) >= _SAME_THING
    ]  # fmt: skip
    return max(alike, key=lambda item: item.score, default=None)


def _same_moment(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else abs(one - other) < 0.01
