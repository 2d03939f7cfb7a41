"""Real photographs with their faces and plates hidden: nothing of them is left, and no failure publishes."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from detection.detections import Detections
from detection.detector import open_detector
from detection.privacy_regions import HiddenKind
from detection.redaction import Redacted, get_default_redactor, redact, redact_frame
from detection.weights_record import read_record
from errors import InputError, UnreadableMedia
from intake.photo import decode_upright

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"


def seen(data: bytes) -> Detections:
    return open_detector("yolo11n-coco-int8").detect([decode_upright(data)])[0]


@pytest.fixture(scope="module")
def group() -> tuple[bytes, Detections]:
    data = (PHOTOS / "site_group.jpg").read_bytes()
    return data, seen(data)


def faces_in(data: bytes) -> int:
    record = read_record("face-yunet")
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    finder = cv2.FaceDetectorYN.create(str(record.open_files("opencv")[0]), "", picture.shape[1::-1], 0.6)
    _, found = finder.detect(picture)
    return 0 if found is None else len(found)


def test_no_face_is_left(group: tuple[bytes, Detections]) -> None:
    data, detections = group
    shown = redact(data, detections=detections)
    assert faces_in(data) >= 5
    assert faces_in(shown.data) == 0
    assert shown.hidden["face"] + shown.hidden["head"] >= 7


def test_what_is_not_hidden_stays(group: tuple[bytes, Detections]) -> None:
    data, detections = group
    rgb = decode_upright(data)
    shown, regions = redact_frame(rgb, detections=detections)
    covered = np.zeros(rgb.shape[:2], bool)
    for region in regions:
        x_min, y_min, x_max, y_max = region.box_px
        covered[y_min:y_max, x_min:x_max] = True
    assert 0.01 < covered.mean() < 0.4
    assert (shown[~covered] == rgb[~covered]).all()


def test_near_cars_hide_where_their_plates_are() -> None:
    data = (PHOTOS / "street_two_cars.jpg").read_bytes()
    shown = redact(data, detections=seen(data))
    assert shown.hidden["plate"] + shown.hidden["vehicle_part"] >= 2


def test_metadata_is_gone_and_the_picture_upright(group: tuple[bytes, Detections]) -> None:
    data, detections = group
    turned = Image.open(io.BytesIO(data)).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286] = 6, "maker", "a comment"
    exif.get_ifd(0x8825)[2] = (10.0, 46.0, 36.0)
    written = io.BytesIO()
    turned.save(written, "JPEG", exif=exif, comment=b"someone")
    shown = redact(written.getvalue(), detections=detections)
    opened = Image.open(io.BytesIO(shown.data))
    assert opened.format == "JPEG"
    assert not opened.getexif()
    assert "comment" not in opened.info
    assert opened.size == (detections.width_px, detections.height_px)
    assert b"maker" not in shown.data
    assert faces_in(shown.data) == 0


def test_a_large_photo_is_shown_smaller(group: tuple[bytes, Detections]) -> None:
    data, detections = group
    large = cv2.resize(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), (3000, 3000))
    shown = redact(cv2.imencode(".jpg", large)[1].tobytes(), detections=detections)
    assert (shown.width_px, shown.height_px) == (2048, 2048)
    assert faces_in(shown.data) == 0


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"", UnreadableMedia, id="empty"),
        pytest.param(b"not a picture", InputError, id="text"),
        pytest.param((PHOTOS / "site_group.jpg").read_bytes()[:400], InputError, id="cut off"),
    ],
)
def test_no_picture_no_redaction(data: bytes, error: type[Exception], group: tuple[bytes, Detections]) -> None:
    with pytest.raises(error):
        redact(data, detections=group[1])


def test_detections_of_another_picture_are_refused(group: tuple[bytes, Detections]) -> None:
    with pytest.raises(InputError, match="not of this picture"):
        redact(group[0], detections=Detections(640, 360))


def test_a_network_that_fails_publishes_nothing(
    group: tuple[bytes, Detections], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(get_default_redactor(), "find_faces", fail)
    with pytest.raises(RuntimeError):
        redact(group[0], detections=group[1])


def test_counts_name_every_kind() -> None:
    assert set(Redacted(b"", 1, 1, ()).hidden) == {kind.value for kind in HiddenKind}
