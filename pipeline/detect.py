"""Stage 3: what is seen, and a redacted copy, the only picture that any page shows. Runs where the detector lives."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from detection.actions import record_run
from detection.analysis import Analysis, analyse_clip, analyse_photo
from detection.layout import WHOLE, Layout
from detection.redaction import redact
from intake.actions import store_copy
from intake.kinds import Derivation, MediaKind
from intake.photo import decode_upright, encode_jpeg
from intake.queries import ObservationFacts, find_calibration, get_media, get_observation, media_on_disk, read_media
from intake.video import sample_frames
from pipeline.camera_looks import layout_of_clip
from pipeline.detector_upkeep import keep_up, telling
from pipeline.stages import Outcome, StageOutcome

SHOWN_MAX_SIDE_PX = 1920
CAMERA_FRAMES_MAX = 240  # half an hour at the pace of the frame store, with the seconds before and after


def run(observation_id: UUID) -> StageOutcome:
    """Detect, track clips, hide faces and plates; fail closed: without redaction nothing is stored, nothing shown."""
    keep_up()
    observation = get_observation(observation_id)
    is_clip = observation.kind is MediaKind.VIDEO
    most = CAMERA_FRAMES_MAX if observation.camera_id is not None else 0
    layout = _layout(observation)
    derivation = Derivation.STILL if is_clip else Derivation.REDACTED
    with telling():
        analysis = (
            _analyse_clip(observation.media_id, most, layout)
            if is_clip
            else _analyse_photo(observation.media_id, layout)
        )
        hidden = _store_redacted(observation.media_id, analysis, derivation)
    run_row = record_run(observation_id, analysis, hidden=hidden)
    return StageOutcome(
        Outcome.DONE,
        {
            "run": str(run_row.id),
            "detections": analysis.count,
            "tracks": len(analysis.tracks),
            "frames": len(analysis.frames),
            "runtime": analysis.runtime,
            "layout": str(analysis.layout),
            "duration_ms": round(analysis.duration_ms, 1),
        },
    )


def _layout(observation: ObservationFacts) -> Layout:
    """A camera's frames are looked at as closely as its calibration asks; pictures of people as they are."""
    if observation.camera_id is None:
        return WHOLE
    at = observation.captured_at or observation.received_at
    return layout_of_clip(find_calibration(observation.camera_id, at), get_media(observation.media_id))


def _analyse_photo(media_id: UUID, layout: Layout) -> Analysis:
    return analyse_photo(decode_upright(read_media(media_id), max_side_px=SHOWN_MAX_SIDE_PX), layout=layout)


def _analyse_clip(media_id: UUID, most: int, layout: Layout) -> Analysis:
    """A sender's clip within the operator's limit; a fixed camera's whole, or the end of its stay would be missing."""
    env = settings.ENV.detection
    most = max(most, env.frames_max)
    with media_on_disk(media_id) as path:
        return analyse_clip(
            sample_frames(path, every_s=env.frame_period_s, max_frames=most, max_side_px=SHOWN_MAX_SIDE_PX),
            layout=layout,
        )


def _store_redacted(media_id: UUID, analysis: Analysis, derivation: Derivation) -> dict[str, int]:
    """Keep one redacted picture: the photo itself, or the frame of a clip that shows most."""
    redacted = redact(encode_jpeg(analysis.shown_frame), detections=analysis.shown_detections)
    hidden = dict(redacted.hidden)
    detail = {"frame_s": analysis.shown_frame_s, "width_px": redacted.width_px, **hidden}
    store_copy(media_id, derivation, redacted.data, content_type="image/jpeg", detail=detail)
    return hidden
