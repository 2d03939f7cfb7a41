"""Stage 3: what is seen, and a redacted copy, the only picture that any page shows. Runs where the detector lives."""

from __future__ import annotations

from uuid import UUID

from detection.actions import record_run
from detection.analysis import Analysis, analyse_clip, analyse_photo
from detection.redaction import redact
from django.conf import settings
from intake.actions import store_copy
from intake.queries import get_observation, read_media
from intake.video import sample_frames

from intake.kinds import Derivation, MediaKind
from intake.photo import decode_upright, encode_jpeg
from pipeline.stages import Outcome, StageOutcome

SHOWN_MAX_SIDE_PX = 1920


def run(observation_id: UUID) -> StageOutcome:
    """Detect, track clips, hide faces and plates; fail closed: without redaction nothing is stored and nothing shown."""
    observation = get_observation(observation_id)
    data = read_media(observation.media_id)
    analysis = _analyse_clip(data) if observation.kind is MediaKind.VIDEO else _analyse_photo(data)
    hidden = _store_redacted(observation.media_id, analysis)
    run_row = record_run(observation_id, analysis, hidden=hidden)
    return StageOutcome(
        Outcome.DONE,
        {
            "run": str(run_row.id),
            "detections": analysis.count,
            "tracks": len(analysis.tracks),
            "frames": len(analysis.frame_times_s),
            "runtime": analysis.runtime,
            "duration_ms": round(analysis.duration_ms, 1),
        },
    )


def _analyse_photo(data: bytes) -> Analysis:
    return analyse_photo(decode_upright(data, max_side_px=SHOWN_MAX_SIDE_PX))


def _analyse_clip(data: bytes) -> Analysis:
    env = settings.ENV.detection
    return analyse_clip(sample_frames(data, every_s=env.frame_period_s, max_frames=env.frames_max,
                                      max_side_px=SHOWN_MAX_SIDE_PX))  # fmt: skip


def _store_redacted(media_id: UUID, analysis: Analysis) -> dict[str, int]:
    """Keep one redacted picture: the photo itself, or the frame of a clip that shows most."""
    redacted = redact(encode_jpeg(analysis.shown_frame), detections=analysis.shown_detections)
    derivation = Derivation.STILL if len(analysis.frame_times_s) > 1 else Derivation.REDACTED
    detail = {"frame_s": analysis.shown_frame_s, **redacted.hidden}
    store_copy(media_id, derivation, redacted.data, content_type="image/jpeg", detail=detail)
    return redacted.hidden
