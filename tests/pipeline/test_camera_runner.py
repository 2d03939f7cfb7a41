"""A runner with real streams: it takes cameras, tells their health, shows a redacted still on request, and gives them back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from detection.detections import Detections
from detection.fake_detector import FakeDetector
from detection.layout import WHOLE, Layout
from errors import ConfigurationError
from geo.models import City
from intake.camera_words import FAULT, say_fault
from intake.models import Camera
from pipeline.camera_runner import CameraRunner
from pipeline.models import CameraHealth, CameraLease
from tests.builders import CAMERA_NAME, standing
from tests.data.camera_server import camera_server


@pytest.fixture
def address() -> Iterator[str]:
    with camera_server() as found:
        yield found


@pytest.fixture
def run(committed_city: City) -> Iterator[Callable[[], CameraRunner]]:
    """Starts a runner in a thread; all are stopped in the end."""
    running: list[tuple[CameraRunner, threading.Thread]] = []

    def start() -> CameraRunner:
        runner = CameraRunner()
        thread = threading.Thread(target=lambda: (runner.run(), connection.close()))
        running.append((runner, thread))
        thread.start()
        return runner

    yield start
    for runner, thread in running:
        runner.stop()
        thread.join(60)


def a_streaming_camera(stream: str, **changes: Any) -> Camera:
    Camera.objects.filter(name=CAMERA_NAME).update(stream=stream, sample_period_s=0.3, **changes)
    return Camera.objects.get(name=CAMERA_NAME)


def wait_for(camera: Camera, is_so: Callable[[CameraHealth], bool], *, seconds: float = 120) -> CameraHealth:
    """The row once it is so; the wait is long, for it ends only what hangs: a busy machine is no fault of the runner's."""
    until = time.monotonic() + seconds
    row = None
    while time.monotonic() < until:
        row = CameraHealth.objects.filter(pk=camera.pk).first()
        if row is not None and is_so(row):
            return row
        time.sleep(0.2)
    raise AssertionError(f"never so: {row and (row.state, row.last_fault, row.notes, row.seen)}")


def test_health_is_told_and_the_camera_given_back(address: str, run: Any, see: Any) -> None:
    see(standing(("motorcycle", 205.0, 111.0)))
    camera = a_streaming_camera(f"{address}/street")
    runner = run()
    row = wait_for(camera, lambda row: row.state == "live" and row.looked_at > 3)
    assert row.runner == runner.holder
    assert (row.width_px, row.height_px) == (960, 540)
    assert timezone.now() - row.last_frame_at < timedelta(seconds=5)
    assert "no_notice_sign" in row.notes
    runner.stop()
    row = wait_for(camera, lambda row: row.state == "stopped")
    assert CameraLease.objects.get().holder == ""


def test_a_still_is_redacted_and_made_only_when_wanted(address: str, run: Any, see: Any) -> None:
    see(standing())
    camera = a_streaming_camera(f"{address}/street")
    run()
    row = wait_for(camera, lambda row: row.state == "live")
    assert row.still is None
    CameraHealth.objects.filter(pk=camera.pk).update(still_wanted_at=timezone.now())
    row = wait_for(camera, lambda row: row.still is not None)
    assert bytes(row.still).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("password", "needs_password"),
        ("broken", "server_fault"),
        ("nowhere", "not_found"),
        ("garbage", "garbage"),
        ("silent", "no_answer"),
    ],
)
def test_a_bad_stream_is_told_and_tried_again(name: str, fault: str, address: str, run: Any, see: Any) -> None:
    see(standing())
    camera = a_streaming_camera(f"{address}/{name}")
    run()
    row = wait_for(camera, lambda row: row.last_fault == fault and row.state == fault)
    assert row.gaps >= 1 and row.seen == 0


def test_a_stream_that_stops_goes_on_by_itself(address: str, run: Any, see: Any) -> None:
    see(standing())
    camera = a_streaming_camera(f"{address}/short")
    run()
    wait_for(camera, lambda row: row.last_fault == "ended" and row.gaps >= 2 and row.seen >= 2)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        pytest.param("stall", "stalled", id="stalls"),
        pytest.param("resize", "resolution_changed", id="another size"),
        pytest.param("jumping", "clock_jumped", id="its clock jumps"),
        pytest.param("huge", "key_frames_only", id="4K at 60 frames a second"),
    ],
)
def test_a_stream_with_a_fault_is_told_in_words_and_seen_again(
    name: str, fault: str, address: str, run: Any, see: Any
) -> None:
    see(standing())
    camera = a_streaming_camera(f"{address}/{name}")
    run()
    row = wait_for(camera, lambda row: row.last_fault == fault or fault in row.notes)
    assert fault in FAULT and say_fault(fault) != fault
    wait_for(camera, lambda later: later.seen > row.seen and later.state == "live")


def test_nothing_is_judged_by_night_and_everything_again_by_day(address: str, run: Any, see: Any) -> None:
    see(standing())
    camera = a_streaming_camera(f"{address}/night")
    run()
    row = wait_for(camera, lambda row: row.state == "too_dark")
    assert row.looked_at == 0
    wait_for(camera, lambda later: later.state == "live" and later.looked_at > 0)


def test_a_detector_short_of_memory_is_told_and_tried_again(address: str, run: Any, see: Any) -> None:
    class Short(FakeDetector):
        is_short = True

        def detect(self, images: Sequence[Any], **more: Any) -> list[Detections]:
            if self.is_short:
                raise MemoryError
            return super().detect(images, **more)

    detector = Short()
    see(detector)
    camera = a_streaming_camera(f"{address}/street")
    run()
    row = wait_for(camera, lambda row: row.last_fault == "out_of_memory" and "out_of_memory" in row.notes)
    assert row.looked_at == 0
    detector.is_short = False
    wait_for(camera, lambda later: later.looked_at > 0 and "out_of_memory" not in later.notes)


def test_a_schedule_is_kept(address: str, run: Any, see: Any) -> None:
    see(standing())
    tomorrow = (timezone.now() + timedelta(days=2)).weekday()
    spans = [{"days": [tomorrow], "from": "00:00", "to": "24:00"}]
    camera = a_streaming_camera(f"{address}/street", schedule=spans)
    run()
    row = wait_for(camera, lambda row: row.state == "off_schedule")
    assert row.seen == 0


class BadWeights:
    """A detector whose weights cannot be used."""

    def detect(self, *_args: object, **_more: object) -> list[Any]:
        raise ConfigurationError("The weights file is damaged.", field="DETECTION_WEIGHTS", cure="Fetch it again.")


def test_unusable_weights_are_told_and_nothing_is_made_up(address: str, run: Any, see: Any) -> None:
    see(BadWeights())
    camera = a_streaming_camera(f"{address}/street")
    run()
    row = wait_for(camera, lambda row: row.last_fault == "weights_unusable" and "weights_unusable" in row.notes)
    assert "damaged" in row.last_fault_value
    assert row.looked_at == 0


class Noting(FakeDetector):
    """A double that notes by which layouts it was asked to look."""

    def __init__(self) -> None:
        super().__init__()
        self.layouts: set[Layout] = set()

    def detect(
        self, images: Sequence[Any], *, frame_times_s: Sequence[float] | None = None, layout: Layout = WHOLE
    ) -> list[Detections]:
        self.layouts.add(layout)
        return super().detect(images, frame_times_s=frame_times_s, layout=layout)


def test_a_runner_that_cannot_keep_up_looks_at_frames_whole_and_tells_it(address: str, run: Any, see: Any) -> None:
    noting = Noting()
    see(noting)
    camera = a_streaming_camera(f"{address}/street")
    runner = run()
    wait_for(camera, lambda row: row.looked_at > 1)
    assert any(not layout.is_whole for layout in noting.layouts)
    runner.pace.is_coarse = True
    row = wait_for(camera, lambda row: "looks_coarsely" in row.notes)
    noting.layouts.clear()
    wait_for(camera, lambda later: later.looked_at > row.looked_at + 2)
    assert noting.layouts == {WHOLE}


def test_every_camera_has_its_turn_where_a_look_takes_long(address: str, run: Any, see: Any) -> None:
    class Slow(FakeDetector):
        def detect(self, images: Sequence[Any], **more: Any) -> list[Detections]:
            time.sleep(1.5 * len(images))
            return super().detect(images, **more)

    see(Slow())
    first = a_streaming_camera(f"{address}/street")
    known = first.calibrations.get()
    others = []
    for number in range(4):
        camera = Camera.objects.create(
            city=first.city,
            name=f"beside-{number}",
            title="",
            point=first.point,
            stream=first.stream,
            sample_period_s=0.3,
        )
        known.pk, known.camera = None, camera
        known.save(force_insert=True)
        others.append(camera)
    runner = run()
    for camera in (first, *others):
        wait_for(camera, lambda row: row.looked_at >= 2)
    looks = list(CameraHealth.objects.values_list("looked_at", flat=True))
    assert min(looks) * 3 >= max(looks)
    assert runner.rounds.batch < len(looks)
