"""Cameras' clips, geotags and copies: each written once, whatever is called twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile

from errors import NotFound, TemporaryError, UnreadableMedia
from geo.models import City
from geo.position import Bearing, NorthReference, Position, PositionMethod
from intake import actions, storage
from intake.kinds import Derivation, ObservationSource
from intake.models import Camera, CameraCalibration, Geotag, MediaFile, Observation
from intake.queries import (
    find_calibration,
    find_copy,
    get_media,
    get_observation,
    list_active_cameras,
    list_observations,
    media_on_disk,
    read_media,
)
from tests.data import clips, photos
from tests.data.exif_block import an_exif_block, gps_tags, rational, text

NOW = datetime(2026, 7, 31, 9, tzinfo=UTC)
PIN = Position(106.7109, 10.7869, 7.5, PositionMethod.SENDER_PIN)


@pytest.fixture
def camera(city: City) -> Camera:
    return Camera.objects.create(
        city=city, name="corner", title="Corner", stream="rtsp://10.0.0.1/a", point=Point(106.7, 10.8, srid=4326),
        point_accuracy_m=0.5, clock_offset_s=90,
    )  # fmt: skip


def receive(data: bytes, **options: object) -> actions.ReceivedRequest:
    return actions.receive_request([SimpleUploadedFile("a.jpg", data)], now=NOW, **options)


def test_a_geotag_is_recorded_once_and_the_pin_is_used_beside_it(city: City) -> None:
    gps = gps_tags(106.7009, 10.7869, text(16, "M"), rational(17, (90, 1)))
    received = receive(photos.a_photo(exif=an_exif_block(gps=gps, exif=[text(0x9003, "2026:07:31 15:59:00")])), pin=PIN)
    (pk,) = received.observation_ids
    before = get_observation(pk)
    assert (before.file_position, before.position, before.captured_at) == (None, PIN, None)
    first = actions.record_geotag(pk)
    assert actions.record_geotag(pk).pk == first.pk
    assert Geotag.objects.count() == 1
    facts = get_observation(pk)
    assert facts.position == PIN == facts.pin
    assert facts.file_position is not None
    assert facts.file_position.lon == pytest.approx(106.7009, abs=1e-6)
    assert facts.file_position.accuracy_m == 8.0
    assert facts.bearing == Bearing(90, NorthReference.MAGNETIC)
    assert facts.captured_at == datetime(2026, 7, 31, 8, 59, tzinfo=UTC)
    assert facts.hints == ("pin_far_from_file",)
    assert facts.city == city.slug
    assert list_observations(received.code) == [facts]


def test_a_file_without_a_place_says_why(city: City) -> None:
    (pk,) = receive(photos.a_photo(), pin=PIN).observation_ids
    actions.record_geotag(pk)
    facts = get_observation(pk)
    assert (facts.position, facts.file_position) == (PIN, None)
    assert facts.no_position_reason == "no_metadata"


def test_a_clip_s_place_is_read_from_the_disk(city: City) -> None:
    (pk,) = receive(clips.a_clip(metadata={"location": "+10.7869+106.7009/"})).observation_ids
    actions.record_geotag(pk)
    facts = get_observation(pk)
    assert facts.position is not None and facts.position.method is PositionMethod.VIDEO_LOCATION


def test_a_camera_s_clip_is_one_observation_at_the_camera(camera: Camera) -> None:
    data, at = clips.a_clip(), NOW - timedelta(hours=1)
    first = actions.receive_frame(camera, data, captured_at=at, now=NOW)
    assert actions.receive_frame(camera, data, captured_at=at, now=NOW) == first
    later = actions.receive_frame(camera, data, captured_at=at + timedelta(minutes=1), now=NOW)
    assert later != first
    assert Observation.objects.count() == 2 and MediaFile.objects.count() == 1
    actions.record_geotag(first)
    facts = get_observation(first)
    assert facts.source is ObservationSource.CAMERA
    assert facts.camera_id == camera.pk
    assert facts.captured_at == at - timedelta(seconds=90)
    assert facts.position == Position(106.7, 10.8, 0.5, PositionMethod.CAMERA_SITE)


def test_a_camera_s_long_time_lapse_is_received(camera: Camera) -> None:
    data = clips.a_clip([n * 30 for n in range(75)])
    assert get_observation(actions.receive_frame(camera, data, captured_at=NOW)).duration_s > 2_000


def test_a_camera_s_garbage_is_refused(camera: Camera) -> None:
    with pytest.raises(UnreadableMedia):
        actions.receive_frame(camera, b"\x00" * 100)
    assert Observation.objects.count() == 0


def test_active_cameras_with_a_stream_are_listed(camera: Camera) -> None:
    Camera.objects.create(city=camera.city, name="silent", title="x", point=camera.point)
    Camera.objects.create(city=camera.city, name="off", title="x", stream="x.mp4", point=camera.point, is_active=False)
    assert [facts.name for facts in list_active_cameras()] == ["corner"]


def test_the_calibration_in_force_is_found(camera: Camera) -> None:
    for month in (1, 6):
        CameraCalibration.objects.create(
            camera=camera, valid_from=datetime(2026, month, 1, tzinfo=UTC), anchor=Point(106.7, 10.8, srid=4326),
            calibration={"month": month}, residual_m=0.2, source="survey",
        )  # fmt: skip
    assert find_calibration(camera.pk, datetime(2025, 1, 1, tzinfo=UTC)) is None
    found = find_calibration(camera.pk, datetime(2026, 5, 31, tzinfo=UTC))
    assert found is not None and found.calibration == {"month": 1}
    assert (found.anchor_lon, found.anchor_lat) == (106.7, 10.8)


def test_a_copy_is_kept_once_beside_its_original(city: City, media_folder: Path) -> None:
    facts = get_observation(receive(photos.a_photo(), pin=PIN).observation_ids[0])
    assert find_copy(facts.media_id, Derivation.REDACTED, Derivation.STILL) is None
    first = actions.store_copy(
        facts.media_id, Derivation.STILL, b"copy", content_type="image/jpeg", detail={"faces": 2}
    )
    second = actions.store_copy(facts.media_id, Derivation.STILL, b"other", content_type="image/jpeg")
    assert first == second
    assert read_media(first) == b"copy"
    copy = find_copy(facts.media_id, Derivation.REDACTED, Derivation.STILL)
    assert copy is not None and copy.parent_id == facts.media_id
    assert copy.detail == {"faces": 2, "parent_sha256": get_media(facts.media_id).sha256}
    assert len([path for path in (media_folder / "derived").rglob("*") if path.is_file()]) == 1
    with pytest.raises(NotFound):
        actions.store_copy(first, Derivation.THUMBNAIL, b"x", content_type="image/jpeg")


def test_an_original_is_kept_for_an_inspection(city: City) -> None:
    upload = actions.UploadedMedia("tape.jpg", photos.a_geotagged_photo())
    stored = actions.store_original(upload, now=NOW)
    assert not stored.is_known
    assert actions.store_original(upload, now=NOW) == actions.StoredMedia(stored.media_id, stored.digest, is_known=True)
    with media_on_disk(stored.media_id) as path:
        assert path.read_bytes() == upload.source


def test_what_is_not_there_is_not_found(city: City) -> None:
    for ask in (get_observation, get_media, read_media):
        with pytest.raises(NotFound):
            ask(uuid4())


def test_lost_bytes_are_a_temporary_fault(city: City, media_folder: Path) -> None:
    facts = get_observation(receive(photos.a_photo(), pin=PIN).observation_ids[0])
    next(path for path in (media_folder / "originals").rglob("*") if path.is_file()).unlink()
    with pytest.raises(TemporaryError):
        read_media(facts.media_id)
    with pytest.raises(TemporaryError), media_on_disk(facts.media_id):
        pass


def test_half_a_file_is_written_again_and_wrong_bytes_never_stay(media_folder: Path) -> None:
    digest = "a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447"  # of "hello world\n"
    name = storage.name_original(digest)
    path = media_folder / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"hello w")
    storage.store(name, [b"hello ", b"world\n"], digest)
    assert path.read_bytes() == b"hello world\n"
    with pytest.raises(TemporaryError):
        storage.store("originals/zz/zz", [b"something else"], digest)
    assert [found for found in media_folder.rglob("*") if found.is_file()] == [path]


def test_bytes_that_no_row_names_are_swept_after_a_day(city: City, media_folder: Path) -> None:
    receive(photos.a_photo(), pin=PIN)
    lost = media_folder / "originals" / "zz" / "zz"
    lost.parent.mkdir()
    lost.write_bytes(b"lost")
    now = datetime.now(UTC)
    assert actions.sweep_orphans(now) == 0
    assert actions.sweep_orphans(now + timedelta(days=2)) == 1
    assert not lost.exists()
    assert MediaFile.objects.count() == 1
