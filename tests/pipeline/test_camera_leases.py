"""Each camera is run by one; a dead runner's cameras are taken over; one that wakes up late changes nothing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from detection.detections import Detections
from errors import Conflict
from geo.models import City
from intake.models import Camera, Observation
from intake.photo import encode_jpeg
from pipeline import camera_leases
from pipeline.camera_leases import give_back, renew, take_cameras
from pipeline.camera_reader import CameraReader, Sampled
from pipeline.camera_set_up import read_set_up
from pipeline.camera_store import HealthNotes, forget_abandoned, load_memory, save_health, save_still
from pipeline.models import CameraFrame, CameraHealth, CameraLease, Progress
from pipeline.watched_camera import WatchedCamera
from tests.builders import CAMERA_NAME, a_view, seen_from_camera
from tests.small_city import FRAME_PX

BEGAN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
JPEG = encode_jpeg(a_view(*FRAME_PX))


@pytest.fixture
def camera(small_city: City) -> Camera:
    row = Camera.objects.get(name=CAMERA_NAME)
    row.stream, row.sample_period_s = "http://127.0.0.1:9/never.mjpeg", 1.0
    row.save()
    return row


def run_out() -> None:
    """The holder died a while ago."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pipeline_cameralease SET expires_at = clock_timestamp() - interval '1 second'")


def test_a_camera_is_given_to_one_and_taken_over_when_it_dies(camera: Camera) -> None:
    (grant,) = take_cameras("one", 5)
    assert take_cameras("two", 5) == []
    assert renew("one", [grant]) == {camera.pk}
    run_out()
    (taken,) = take_cameras("two", 5)
    assert taken.token == grant.token + 1
    assert renew("one", [grant]) == set()
    assert renew("two", [taken]) == {camera.pk}


def test_given_back_is_free_at_once_and_only_named_cameras_are_taken(camera: Camera) -> None:
    assert take_cameras("one", 5, ["elsewhere"]) == []
    (grant,) = take_cameras("one", 5, [CAMERA_NAME])
    give_back("two", [grant])
    assert take_cameras("two", 5) == []
    give_back("one", [grant])
    assert len(take_cameras("two", 5)) == 1


def test_cameras_without_stream_or_switched_off_are_nobodys(camera: Camera) -> None:
    Camera.objects.update(is_active=False)
    assert take_cameras("one", 5) == []
    Camera.objects.update(is_active=True, stream="")
    assert take_cameras("one", 5) == []


def test_a_revived_runner_writes_nothing(camera: Camera) -> None:
    (old,) = take_cameras("one", 5)
    notes = HealthNotes(state="live", seen=3)
    save_health(old, "one", notes)
    run_out()
    (new,) = take_cameras("two", 5)
    save_health(new, "two", HealthNotes(state="live", seen=4))
    with pytest.raises(Conflict):
        save_health(old, "one", HealthNotes(state="stalled", seen=100))
    row = CameraHealth.objects.get()
    assert (row.runner, row.state, row.seen) == ("two", "live", 7)


def test_many_runners_at_once_share_all_cameras_without_overlap(committed_city: City) -> None:
    first = Camera.objects.get(name=CAMERA_NAME)
    Camera.objects.filter(pk=first.pk).update(stream="http://127.0.0.1:9/x")
    for number in range(11):
        Camera.objects.create(
            city=first.city, name=f"c{number}", title="c", point=first.point, stream="http://127.0.0.1:9/x"
        )
    taken: list[int] = []

    def take(name: str) -> None:
        for _ in range(6):
            taken.extend(grant.camera_id for grant in take_cameras(name, 2))
        connection.close()

    threads = [threading.Thread(target=take, args=(f"runner-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 12
    assert CameraLease.objects.count() == 12


def a_watched(grant: camera_leases.Grant) -> WatchedCamera:
    set_up = read_set_up(grant.camera_id, BEGAN)
    assert set_up is not None
    return WatchedCamera(grant, set_up, CameraReader(set_up, ring=lambda: None))


def play(watched: WatchedCamera, seconds: range, *things: tuple[str, float, float]) -> int:
    """Frames of those seconds, each looked at; how many clips were filed."""
    items = tuple(seen_from_camera(*thing) for thing in things)
    filed = 0
    for second in seconds:
        rgb = a_view(*FRAME_PX)
        sampled = Sampled(BEGAN + timedelta(seconds=second), JPEG, rgb, FRAME_PX, FRAME_PX)
        filed += watched.remember(sampled, Detections(*FRAME_PX, items))
    return filed


ON_SIDEWALK = ("motorcycle", 205.0, 111.0)
ON_ROADWAY = ("car", 205.0, 104.0)


def test_a_motorbike_on_the_sidewalk_becomes_one_clip_over_a_killed_runner(camera: Camera) -> None:
    (old,) = take_cameras("one", 5)
    first = a_watched(old)
    assert play(first, range(0, 200), ON_SIDEWALK) == 0
    first.save()
    assert CameraFrame.objects.count() >= 9
    run_out()
    (new,) = take_cameras("two", 5)
    second = a_watched(new)
    assert play(second, range(215, 420), ON_SIDEWALK) == 1
    with pytest.raises(Conflict):
        play(first, range(200, 420), ON_SIDEWALK)
    assert Observation.objects.count() == Progress.objects.count() == 1
    observation = Observation.objects.get()
    assert observation.captured_at == BEGAN  # our own clock: no offset is taken off
    assert observation.media.duration_s > 300


def test_a_car_on_the_roadway_leaves_nothing_behind(camera: Camera) -> None:
    (grant,) = take_cameras("one", 5)
    assert play(a_watched(grant), range(0, 700), ON_ROADWAY) == 0
    assert not Observation.objects.exists()
    assert not CameraFrame.objects.exists()


def test_frames_of_the_store_go_with_the_thing_they_were_kept_for(camera: Camera) -> None:
    (grant,) = take_cameras("one", 5)
    watched = a_watched(grant)
    play(watched, range(0, 100), ON_SIDEWALK)
    watched.save()
    assert CameraFrame.objects.exists()
    play(watched, range(100, 200))
    watched.save()
    assert not CameraFrame.objects.exists()
    assert load_memory(camera.pk, watched.set_up.calibration_id)[0]["things"]["things"] == []


def test_another_shape_of_frames_is_another_view(camera: Camera) -> None:
    (grant,) = take_cameras("one", 5)
    watched = a_watched(grant)
    square = Sampled(BEGAN, JPEG, a_view(640, 640), (640, 640), (640, 640))
    assert watched.remember(square, Detections(640, 640)) == 0
    assert watched.remarks == ("other_view",)
    half = (FRAME_PX[0] // 2, FRAME_PX[1] // 2)
    watched.remember(Sampled(BEGAN, JPEG, a_view(*half), half, half), Detections(*half))
    assert watched.remarks == ()
    assert watched.watch is not None
    east, north, _ = watched.watch.mapping.to_ground(half[0] / 2, half[1] - 10)
    assert abs(east) < 0.2 and 8 < north < 15


def test_frames_of_a_camera_that_nobody_watches_any_more_are_forgotten(camera: Camera) -> None:
    (grant,) = take_cameras("one", 5)
    watched = a_watched(grant)
    play(watched, range(0, 100), ON_SIDEWALK)
    watched.save()
    save_health(grant, "one", HealthNotes(state="live"))
    save_still(grant, b"a still")
    now = timezone.now()
    assert forget_abandoned(now) == {"frames": 0, "stills": 0}
    assert CameraFrame.objects.exists()
    gone = forget_abandoned(now + timedelta(minutes=11))
    assert gone["frames"] > 5 and gone["stills"] == 1
    assert not CameraFrame.objects.exists()
    assert CameraHealth.objects.get().still is None
