"""The page of cameras, opened by an operator while real streams fail and detectors cannot look: it says what ails each."""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from cases.roles import Role
from detection.default_detector import use_detector
from detection.fake_detector import FakeDetector
from detection.weights_record import WEIGHTS_FOLDER
from intake.models import Camera
from ops.application import build_application
from ops.folders import choose_var
from pipeline.camera_runner import CameraRunner
from tests.builders import CAMERA_NAME, another, standing
from tests.data.camera_server import camera_server

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
PATIENCE_S = 180  # ends only what hangs
WORDS = {
    "stall": {"en": "It stopped sending frames", "vi": "Camera ngừng gửi hình"},
    "garbage": {"en": "It sends bytes that are no video", "vi": "Dữ liệu gửi đến không phải hình video"},
    "silent": {"en": "Nothing answers at its address", "vi": "Địa chỉ không trả lời"},
    "resize": {"en": "It sends another size of frames now", "vi": "Camera nay gửi hình có kích thước khác"},
    "jumping": {"en": "Its clock jumped", "vi": "Đồng hồ camera bị nhảy"},
}
UNUSABLE = {"en": "The detector's weights cannot be used", "vi": "Không dùng được trọng số của bộ phát hiện"}
NO_CARD = {"en": "finds none: it looks with the processor", "vi": "không tìm thấy: nó dùng bộ xử lý"}


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


@pytest.fixture
def address() -> Iterator[str]:
    with camera_server() as found:
        yield found


@pytest.fixture
def run(committed_city: Any) -> Iterator[Callable[[], None]]:
    """Starts a runner in a thread; it is stopped in the end, and the process's detector forgotten."""
    running: list[tuple[CameraRunner, threading.Thread]] = []

    def start() -> None:
        runner = CameraRunner()
        thread = threading.Thread(target=lambda: (runner.run(), connection.close()))
        running.append((runner, thread))
        thread.start()

    yield start
    for runner, thread in running:
        runner.stop()
        thread.join(60)
    use_detector(None)


def a_camera(stream: str, name: str = CAMERA_NAME) -> Camera:
    """The little city's camera, or one more like it, that reads this stream."""
    camera = Camera.objects.get(name=CAMERA_NAME)
    if name != CAMERA_NAME:
        camera.pk, camera.name, camera.title = None, name, name
    camera.stream, camera.sample_period_s = stream, 0.3
    camera.save()
    return camera


def read(page: Page, camera: Camera, words: str) -> None:
    """Opens the camera's page, anew until the words stand there."""
    until, said = time.monotonic() + PATIENCE_S, ""
    while time.monotonic() < until:
        page.goto(f"/app/cameras/{camera.pk}")
        page.locator("main h1").wait_for()
        said = page.inner_text("main")
        if words in said:
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{words!r} never stood there: {said}")


def read_in_both(open_page: Open, sign_in: Any, cameras: dict[str, Camera], words: dict[str, dict[str, str]]) -> None:
    """The words of each camera, in English and in Vietnamese."""
    operator = another(Role.OPERATOR)
    for language in ("en", "vi"):
        page = open_page("/", on_desk=True, language=language)
        sign_in(page, operator)
        for name, camera in cameras.items():
            read(page, camera, words[name][language])


def test_bad_streams_are_told_in_words(
    open_page: Open, sign_in: Any, address: str, run: Callable[[], None], see: Any
) -> None:
    see(standing())
    cameras = {
        name: a_camera(f"{address}/{name}", CAMERA_NAME if number == 0 else name) for number, name in enumerate(WORDS)
    }
    run()
    read_in_both(open_page, sign_in, cameras, WORDS)


def spoil(folder: Path, fault: str) -> None:
    """Weights made of those of building sites: with bytes that nobody signed, or for another set of labels."""
    source, name = WEIGHTS_FOLDER / "building-site-int8", "building-site-int8"
    target = folder / "weights" / "spoilt"
    shutil.copytree(source, target)
    record = target / "record.toml"
    text = record.read_text(encoding="utf-8").replace(f'name = "{name}"', 'name = "spoilt"', 1)
    if fault == "label mismatch":
        text = text.replace(', "site machinery", "site vehicle",\n]', ', "site machinery",\n]', 1)
    else:
        weights = target / f"{name}.bin"
        before = hashlib.sha256(weights.read_bytes()).hexdigest()
        weights.write_bytes(weights.read_bytes()[:100_000])
        if fault == "corrupt":  # signed all the same: the runtime itself must notice
            text = text.replace(before, hashlib.sha256(weights.read_bytes()).hexdigest())
    record.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("fault", ["altered", "corrupt", "label mismatch"])
def test_weights_that_cannot_be_used_are_told_in_words(
    open_page: Open, sign_in: Any, address: str, run: Any, tmp_path: Path, settings: Any, fault: str
) -> None:
    spoil(tmp_path, fault)
    settings.ENV = replace(
        settings.ENV,
        storage=replace(settings.ENV.storage, var_dir=tmp_path),
        detection=replace(settings.ENV.detection, weights=("spoilt",), runtime="openvino"),
    )
    camera = a_camera(f"{address}/street")
    run()
    read_in_both(open_page, sign_in, {"weights": camera}, {"weights": UNUSABLE})


def test_a_graphics_card_that_was_asked_for_and_is_not_there_is_told_in_words(
    open_page: Open, sign_in: Any, address: str, run: Any, see: Any, settings: Any
) -> None:
    on_processor = FakeDetector()
    on_processor.runtime = "torch-cpu"
    see(on_processor)
    settings.ENV = replace(settings.ENV, detection=replace(settings.ENV.detection, runtime="torch"))
    camera = a_camera(f"{address}/street")
    run()
    read_in_both(open_page, sign_in, {"card": camera}, {"card": NO_CARD})
