"""What is a photo or clip, and which photos are refused, with which words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from errors import InputError, MediaTooLarge, UnreadableMedia
from intake.kinds import MediaKind
from intake.media import MediaLimits, check_bytes, check_count, check_photo, sniff
from tests.data import photos
from tests.data.clips import a_box, a_clip

LIMITS = MediaLimits()


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        pytest.param(photos.a_photo("JPEG"), "image/jpeg", id="jpeg"),
        pytest.param(photos.a_photo("PNG"), "image/png", id="png"),
        pytest.param(photos.a_photo("WEBP"), "image/webp", id="webp"),
        pytest.param(photos.a_photo("HEIF"), "image/heic", id="heic"),
        pytest.param(b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00heicmif1", "image/heic", id="heif by general brand"),
        pytest.param(b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42", "video/mp4", id="mp4"),
        pytest.param(b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "video/quicktime", id="mov"),
        pytest.param(b"\x00\x00\x00\x14ftyp3gp5\x00\x00\x00\x003gp5", "video/3gpp", id="3gp"),
        pytest.param(a_box(b"moov", b"\x00" * 8), "video/quicktime", id="mov of before ftyp"),
        pytest.param(a_clip(form="webm", codec="libvpx"), "video/webm", id="webm"),
    ],
)
def test_a_kind_is_told_by_the_first_bytes(data: bytes, content_type: str) -> None:
    assert sniff(data).content_type == content_type
    assert sniff(data).kind is (MediaKind.PHOTO if content_type.startswith("image") else MediaKind.VIDEO)


@pytest.mark.parametrize("make", photos.NOT_PICTURES.values(), ids=photos.NOT_PICTURES)
def test_everything_else_is_refused_by_name_with_a_cure(make: Callable[[], bytes]) -> None:
    with pytest.raises(UnreadableMedia) as caught:
        sniff(make())
    assert caught.value.field == "media"
    assert caught.value.value
    assert "JPEG" in caught.value.cure


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_good_photo_gives_its_size_and_likeness(kind: str) -> None:
    info = check_photo(photos.a_photo(kind), LIMITS)
    assert (info.width_px, info.height_px, info.orientation) == (160, 120, 1)
    assert info.perceptual_hash is not None
    assert -(2**63) <= info.perceptual_hash < 2**63


BAD: dict[str, tuple[Callable[[], bytes], type[InputError], str]] = {
    "truncated jpeg": (photos.a_truncated_jpeg, UnreadableMedia, "image/jpeg"),
    "jpeg header only": (lambda: photos.a_photo()[:40], UnreadableMedia, "image/jpeg"),
    "truncated png": (lambda: photos.a_photo("PNG")[:-200], UnreadableMedia, "image/png"),
    "truncated webp": (lambda: photos.a_photo("WEBP")[:-100], UnreadableMedia, "image/webp"),
    "truncated heic": (lambda: photos.a_photo("HEIF")[:-200], UnreadableMedia, "image/heic"),
    "png bomb": (photos.a_png_bomb, MediaTooLarge, "20000 x 10000 pixels"),
    "jpeg bomb": (photos.a_jpeg_bomb, MediaTooLarge, "20000 x 10000 pixels"),
    "webp bomb": (photos.a_webp_bomb, MediaTooLarge, "16384 x 16384 pixels"),
    "zero pixels": (photos.an_empty_jpeg, UnreadableMedia, "0 x 0 pixels"),
    "moving png": (lambda: photos.an_animation("PNG"), UnreadableMedia, "image/png"),
    "moving webp": (lambda: photos.an_animation("WEBP"), UnreadableMedia, "image/webp"),
    "a clip": (a_clip, UnreadableMedia, "video/mp4"),
    "jpeg without a frame": (lambda: b"\xff\xd8\xff\xe0\x00\x04ab\xff\xd9", UnreadableMedia, "image/jpeg"),
    "bare beginning": (lambda: b"\xff\xd8\xff", UnreadableMedia, "image/jpeg"),
}


@pytest.mark.parametrize(("make", "error", "value"), BAD.values(), ids=BAD)
def test_a_bad_photo_is_refused_with_field_value_and_cure(
    make: Callable[[], bytes], error: type[InputError], value: str
) -> None:
    with pytest.raises(error) as caught:
        check_photo(make(), LIMITS)
    assert caught.value.field == "media"
    assert value in caught.value.value
    assert caught.value.cure


def test_too_many_bytes_are_refused_before_anything_is_read() -> None:
    data = photos.a_photo()
    with pytest.raises(MediaTooLarge) as caught:
        check_photo(data, MediaLimits(photo_bytes=100))
    assert "MB" in caught.value.value


def test_clips_have_their_own_limit_of_bytes() -> None:
    info = sniff(a_clip())
    check_bytes(info, LIMITS.video_bytes, LIMITS)
    with pytest.raises(MediaTooLarge):
        check_bytes(info, LIMITS.video_bytes + 1, LIMITS)


@pytest.mark.parametrize("count", [0, LIMITS.files + 1])
def test_a_form_needs_a_file_and_takes_not_too_many(count: int) -> None:
    with pytest.raises(InputError) as caught:
        check_count(count, LIMITS)
    assert caught.value.field == "media"
    check_count(1, LIMITS)


def test_a_photo_with_metadata_made_to_exhaust_memory_still_opens() -> None:
    info = check_photo(photos.with_raw_exif(photos_block()), LIMITS)
    assert (info.width_px, info.height_px) == (160, 120)


def photos_block() -> bytes:
    from tests.data.exif_block import a_hoarding_block

    return a_hoarding_block()
