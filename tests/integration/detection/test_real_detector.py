"""The committed weights on committed photographs: the same door that the pipeline opens."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from detection.analysis import analyse_clip, analyse_photo
from detection.detections import Detections, overlap
from detection.detector import Detector, open_detector
from detection.labels import LabelGroup
from detection.weights_record import WEIGHTS_FOLDER
from errors import ConfigurationError, InputError
from intake.photo import decode_upright

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"
COCO = "yolo11n-coco-int8"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return open_detector(COCO, threads=2)


def picture(name: str) -> np.ndarray:
    return decode_upright((PHOTOS / name).read_bytes())


def labels(found: Detections) -> Counter[str]:
    return Counter(item.label for item in found)


def test_two_parked_cars_are_found(detector: Detector) -> None:
    found = analyse_photo(picture("street_two_cars.jpg"), detector=detector).shown_detections
    cars = found.of_label("car")
    assert len(cars) == 2
    assert all(item.score > 0.5 for item in cars)
    assert all(item.bottom_centre_px[1] > found.height_px * 0.8 for item in cars)


def test_people_are_found(detector: Detector) -> None:
    assert labels(analyse_photo(picture("site_group.jpg"), detector=detector).shown_detections)["person"] >= 6


def test_a_picture_may_have_any_shape_and_hold_nothing(detector: Detector) -> None:
    for shape in ((40, 4000, 3), (900, 31, 3), (1, 1, 3), (640, 640, 3)):
        grey = np.full(shape, 120, np.uint8)
        assert detector.detect([grey])[0].of_group(LabelGroup.VEHICLE) == ()


def test_pictures_of_several_shapes_keep_their_order(detector: Detector) -> None:
    street, site = picture("street_two_cars.jpg"), picture("site_group.jpg")
    upright = np.ascontiguousarray(np.rot90(street))
    together = detector.detect([street, site, upright, street], frame_times_s=[0.0, 1.0, 2.0, 3.0])
    assert [one.frame_s for one in together] == [0.0, 1.0, 2.0, 3.0]
    assert [(one.width_px, one.height_px) for one in together] == [
        (p.shape[1], p.shape[0]) for p in (street, site, upright, street)
    ]
    assert labels(together[0]) == labels(together[3]) == labels(detector.detect([street])[0])
    assert labels(together[1])["person"] >= 6


def test_boxes_do_not_depend_on_the_size_of_the_file(detector: Detector) -> None:
    street = picture("street_two_cars.jpg")
    large = np.asarray(cv2.resize(street, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), np.uint8)
    small_car = detector.detect([street])[0].of_label("car")[0]
    found = detector.detect([large])[0].scaled_to(street.shape[1], street.shape[0]).of_label("car")
    assert max(overlap(small_car.box_px, item.box_px) for item in found) > 0.85


def test_threads_share_one_detector(detector: Detector) -> None:
    street = picture("street_two_cars.jpg")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: detector.detect([street])[0], range(8)))
    assert len({answer.items for answer in answers}) == 1


def test_a_clip_of_a_standing_camera_gives_one_track_per_car(detector: Detector) -> None:
    street = picture("street_two_cars.jpg")
    chance = np.random.default_rng(5)
    frames = (
        (30.0 * number, np.clip(street + chance.normal(0, 3, street.shape), 0, 255).astype(np.uint8))
        for number in range(6)
    )
    analysis = analyse_clip(frames, detector=detector)
    cars = [track for track in analysis.tracks if track.label == "car"]
    assert len(cars) == 2
    assert all((track.last_s, track.seen_share) == (150.0, 1.0) for track in cars)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(np.zeros((10, 10), np.uint8), id="grey"),
        pytest.param(np.zeros((10, 10, 4), np.uint8), id="with alpha"),
        pytest.param(np.zeros((10, 10, 3), np.float32), id="floats"),
        pytest.param(np.zeros((0, 10, 3), np.uint8), id="no rows"),
    ],
)
def test_pixels_of_another_kind_are_refused(broken: np.ndarray, detector: Detector) -> None:
    with pytest.raises(InputError):
        detector.detect([broken])


def test_altered_weights_are_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / COCO
    folder.mkdir()
    for path in (WEIGHTS_FOLDER / COCO).iterdir():
        if path.suffix != ".pt":
            (folder / path.name).write_bytes(path.read_bytes())
    altered = folder / f"{COCO}.bin"
    altered.write_bytes(altered.read_bytes()[:-1] + b"?")
    with pytest.raises(ConfigurationError, match=r"expected sha256 [0-9a-f]{64}, found [0-9a-f]{64}"):
        open_detector(COCO, "openvino", folder=tmp_path)


@pytest.mark.parametrize(
    ("weights", "runtime", "named"),
    [
        pytest.param("yolo99", "auto", "yolo99", id="unknown weights"),
        pytest.param([], "auto", "DETECTION_WEIGHTS", id="no weights"),
        pytest.param(COCO, "cuda", "cuda", id="unknown runtime"),
        pytest.param(COCO, "onnx", "openvino", id="no file for the runtime"),
    ],
)
def test_a_wrong_setting_names_its_cure(weights: str | list[str], runtime: str, named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        open_detector(weights, runtime)


def test_torch_and_openvino_agree() -> None:
    pytest.importorskip("ultralytics")
    street = picture("street_two_cars.jpg")
    quick = open_detector(COCO, "openvino").detect([street])[0].of_label("car")
    exact = open_detector(COCO, "torch").detect([street])[0].of_label("car")
    assert len(quick) == len(exact) == 2
    assert all(max(overlap(one.box_px, other.box_px) for other in exact) > 0.85 for one in quick)


def test_building_site_weights_run_beside_coco() -> None:
    both = open_detector([COCO, "building-site-int8"])
    machine, worker, street = both.detect(
        [picture("site_machinery.jpg"), picture("site_worker.jpg"), picture("street_two_cars.jpg")]
    )
    assert labels(machine)["site machinery"] == 1
    assert labels(worker)["worker"] == 1
    assert labels(street)["car"] == 2
    assert not street.of_group(LabelGroup.SITE_MACHINERY, LabelGroup.SITE_WORKER)
    assert [record.name for record in both.weights] == [COCO, "building-site-int8"]
    assert both.thresholds["site machinery"] == 0.5


def test_signs_of_a_facade_join_the_one_label_set() -> None:
    all_three = open_detector([COCO, "building-site-int8", "signboards-int8"])
    facade, street = all_three.detect([picture("facade_signs.jpg"), picture("street_two_cars.jpg")])
    assert labels(facade)["projecting sign"] >= 1
    assert labels(facade)["signboard"] >= 1
    assert labels(street)["car"] == 2
    assert facade.of_group(LabelGroup.SIGN)
