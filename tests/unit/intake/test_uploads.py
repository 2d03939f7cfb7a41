"""Files of a form are checked in memory or on the disk alike."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from errors import UnreadableMedia
from intake.geotag import GeotagHint
from intake.kinds import MediaKind
from intake.media import MediaLimits
from intake.uploads import Clock, UploadedMedia, blocks_of, check_all, check_upload
from tests.data import clips, photos

CLOCK = Clock(datetime(2026, 7, 11, tzinfo=UTC), default_accuracy_m=8.0)
LIMITS = MediaLimits()


@pytest.mark.parametrize("on_disk", [False, True], ids=["memory", "disk"])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (photos.a_geotagged_photo(), MediaKind.PHOTO),
        (clips.a_clip(metadata={"location": "+10.7769+106.7009/"}), MediaKind.VIDEO),
    ],
    ids=["photo", "clip"],
)
def test_a_file_is_hashed_measured_and_placed(data: bytes, kind: MediaKind, on_disk: bool, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(data)
    checked = check_upload(UploadedMedia("a", path if on_disk else data), LIMITS, CLOCK)
    assert checked.kind is kind
    assert checked.digest == sha256(data).hexdigest()
    assert checked.byte_size == len(data)
    assert (checked.width_px, checked.height_px) == (160, 120)
    assert checked.geotag.position is not None
    assert checked.geotag.position.accuracy_m == 8.0
    assert b"".join(blocks_of(checked)) == data
    assert (checked.duration_s is not None) == (kind is MediaKind.VIDEO)


def test_the_name_serves_only_to_tell_copies_of_chat_apps() -> None:
    checked = check_upload(UploadedMedia("IMG-20260711-WA0001.mp4", photos.a_photo()), LIMITS, CLOCK)
    assert checked.kind is MediaKind.PHOTO
    assert checked.geotag.hints == (GeotagHint.CHAT_COPY,)


@pytest.mark.parametrize("source", [b"", b"text"], ids=["empty", "text"])
def test_the_first_bad_file_stops_the_form(source: bytes) -> None:
    with pytest.raises(UnreadableMedia):
        check_all([UploadedMedia("a.jpg", photos.a_photo()), UploadedMedia("b.jpg", source)], LIMITS, CLOCK)


def test_a_name_may_be_missing() -> None:
    assert check_upload(UploadedMedia(None, photos.a_photo()), LIMITS, CLOCK).geotag.hints == ()
