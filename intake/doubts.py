"""Hints that a received picture is not what it seems, from its own bytes and from what was received before. Reads only."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from errors import ProjectError
from geo.position import Position, PositionMethod
from intake.capture import Geotag, GeotagHint, NoGeotag, distance_m
from intake.exif import read_exif
from intake.kinds import MediaKind
from intake.models import Observation
from intake.photo import decode_upright
from intake.signature import Readable
from intake.tamper import find_metadata_hints, is_screen_photo

LIKE_BITS = 5  # of 64: the same picture made smaller, sent through a chat, or cut by a few pixels
LOOK_BACK = timedelta(days=400)
ELSEWHERE_M = 150.0
LOOK_SIDE_PX = 1600
_LIKE = """
    SELECT seen.pin_point IS NOT NULL OR tag.point IS NOT NULL,
           ST_X(COALESCE(seen.pin_point, tag.point)), ST_Y(COALESCE(seen.pin_point, tag.point))
      FROM intake_mediafile media
      JOIN intake_observation seen ON seen.media_id = media.id
      LEFT JOIN intake_geotag tag ON tag.observation_id = seen.id
     WHERE media.parent_id IS NULL AND media.perceptual_hash IS NOT NULL AND seen.received_at >= %(since)s
       AND seen.received_at <= %(until)s AND seen.id <> %(this)s
       AND seen.service_request_id IS DISTINCT FROM %(request)s AND seen.camera_id IS NULL
       AND bit_count((media.perceptual_hash # %(hash)s)::bit(64)) <= %(bits)s
     LIMIT 50
"""


def find_doubts(observation: Observation, data: Readable, found: Geotag | NoGeotag) -> tuple[str, ...]:
    """Codes of ``GeotagHint``; empty where nothing speaks against the picture, or where it cannot be opened for a look."""
    hints = list(_find_likes(observation, found))
    if observation.media.kind == MediaKind.PHOTO.value:
        hints += _look_into(observation, bytes(data[:]))
    return tuple(hints)


def _look_into(observation: Observation, data: bytes) -> list[str]:
    media = observation.media
    size = (media.width_px, media.height_px) if media.width_px and media.height_px else None
    hints = list(find_metadata_hints(read_exif(data, media.content_type).tags, media.content_type, size))
    try:
        if is_screen_photo(decode_upright(data, max_side_px=LOOK_SIDE_PX)):
            hints.append(GeotagHint.SCREEN_PHOTO.value)
    except ProjectError:
        return hints
    return hints


def _find_likes(observation: Observation, found: Geotag | NoGeotag) -> list[str]:
    """Nearly the same picture in another request, and whether that was far from here."""
    likeness = observation.media.perceptual_hash
    if likeness is None:
        return [GeotagHint.SEEN_BEFORE.value] if observation.is_duplicate_media else []
    with connection.cursor() as cursor:
        cursor.execute(
            _LIKE,
            {
                "since": observation.received_at - LOOK_BACK,
                "until": observation.received_at,
                "this": observation.pk,
                "request": observation.service_request_id,
                "hash": likeness,
                "bits": LIKE_BITS,
            },
        )
        rows = cursor.fetchall()
    if not rows:
        return []
    here = _place_of(observation, found)
    others = [(lon, lat) for has_place, lon, lat in rows if has_place]
    is_far = here is not None and any(_is_elsewhere(here, lon, lat) for lon, lat in others)
    return [GeotagHint.SEEN_ELSEWHERE.value if is_far else GeotagHint.SEEN_BEFORE.value]


def _place_of(observation: Observation, found: Geotag | NoGeotag) -> Position | None:
    pin = observation.pin_point
    if pin is not None:
        return Position(pin.x, pin.y, observation.pin_accuracy_m or 1.0, PositionMethod.SENDER_PIN)
    return found.position


def _is_elsewhere(here: Position, lon: float, lat: float) -> bool:
    return distance_m(here, Position(lon, lat, 1.0, here.method)) > ELSEWHERE_M + 2 * here.accuracy_m
