"""Stage 4: from boxes to the ground: exact before a calibrated camera, the photo's own place for hand-held pictures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pyproj import Transformer

from errors import NotFound
from pipeline.stages import Outcome
from tests.small_city import ORIGIN_M, PROJ4, lonlat

See = Callable[[Any], None]
_TO_METRES = Transformer.from_crs("EPSG:4326", PROJ4, always_xy=True)


def metres(point: Any) -> tuple[float, float]:
    """Metres from the little city's origin."""
    east, north = _TO_METRES.transform(point.x, point.y)
    return east - ORIGIN_M[0], north - ORIGIN_M[1]


def test_a_photo_places_itself_and_nothing_in_it(small_city: Any, see: See) -> None:
    from detection.models import Sighting
    from pipeline.locate import run
    from tests import builders as b

    see(b.building_work())
    [observation] = b.a_report()
    b.run_until(observation, "locate")
    assert run(observation).detail == {"sightings": 1, "placed": 1}
    scene = Sighting.objects.get()
    assert (scene.subject, scene.method, scene.accuracy_m, scene.footprint) == ("scene", "exif_gps", 8.0, None)
    assert (scene.point.x, scene.point.y) == pytest.approx(lonlat(*b.ON_PARCEL_B), abs=1e-7)
    assert (scene.dwell_s, scene.detection_indexes) == (0.0, [0, 1])


def test_a_photo_without_a_place_is_not_given_one(small_city: Any, see: See) -> None:
    from detection.models import Sighting
    from pipeline.locate import run
    from tests import builders as b
    from tests.data.photos import a_photo, a_scene

    see(b.building_work())
    _, unplaced = b.a_report(b.a_picture_at(*b.ON_PARCEL_B), a_photo(pixels=a_scene(320, 240, seed=78)))
    b.run_until(unplaced, "locate")
    assert run(unplaced).detail == {"sightings": 1, "placed": 0}
    scene = Sighting.objects.get()
    assert (scene.point, scene.no_position_reason) == (None, "no_metadata")


def test_a_calibrated_camera_places_each_thing_with_its_error(small_city: Any, see: See) -> None:
    from detection.models import Sighting
    from pipeline.locate import run
    from tests import builders as b

    see(b.standing(("motorcycle", 195.0, 111.5), ("car", 208.0, 104.0)))
    observation = b.a_camera_clip()
    b.run_until(observation, "locate")
    assert run(observation).detail == {"sightings": 2, "placed": 2}
    bike, car = (Sighting.objects.get(label=label) for label in ("motorcycle", "car"))
    assert metres(bike.point) == pytest.approx((195.0, 111.5), abs=0.05)
    assert metres(car.point) == pytest.approx((208.0, 104.0), abs=0.05)
    assert bike.method == "camera_homography"
    assert 0 < bike.accuracy_m < 0.5
    assert len(bike.covariance_m2) == 3
    assert (bike.dwell_s, bike.seen_share) == (360.0, 1.0)
    assert (bike.displacement_m, bike.jitter_m) == (pytest.approx(0.0, abs=1e-6), pytest.approx(0.0, abs=1e-6))
    ring = [metres(_Point(*corner)) for corner in bike.footprint.exterior_ring.coords]
    assert max(x for x, _ in ring) - min(x for x, _ in ring) == pytest.approx(0.75, abs=0.6)


def test_a_sign_hangs_and_has_no_place_on_the_ground(small_city: Any, see: See) -> None:
    from detection.models import Sighting
    from pipeline.locate import run
    from rules.models import Flag
    from tests import builders as b

    see(b.standing(("signboard", 195.0, 111.5)))
    observation = b.a_camera_clip()
    b.run_until(observation, "locate")
    assert run(observation).detail == {"sightings": 1, "placed": 0}
    assert Sighting.objects.get().no_position_reason == "above_ground"
    b.run_to_rest(observation)
    assert not Flag.objects.exclude(verdict="compliant").filter(observation_id=observation).exists()


class _Point:
    def __init__(self, x: float, y: float) -> None:
        self.x, self.y = x, y


def test_a_single_still_says_nothing_of_a_stay(small_city: Any, see: See) -> None:
    from detection.models import Sighting
    from pipeline.locate import run
    from tests import builders as b

    see(b.standing(("motorcycle", 195.0, 111.5)))
    observation = b.a_camera_clip(b.a_still())
    b.run_until(observation, "locate")
    assert run(observation).detail == {"sightings": 1, "placed": 1}
    seen = Sighting.objects.get()
    assert (seen.dwell_s, seen.displacement_m, seen.seen_share) == (None, None, None)


@pytest.mark.parametrize("why", ["never", "not yet"])
def test_without_calibration_nothing_is_placed(small_city: Any, see: See, why: str) -> None:
    from detection.models import Sighting
    from pipeline.locate import run
    from rules.models import Flag
    from tests import builders as b

    see(b.standing(("motorcycle", 195.0, 111.5)))
    if why == "never":
        observation = b.a_camera_clip(name=b.an_uncalibrated_camera().name)
    else:
        observation = b.a_camera_clip(at=b.AT - timedelta(days=300))
    b.run_until(observation, "locate")
    assert run(observation).detail == {"sightings": 1, "placed": 0}
    assert Sighting.objects.get().no_position_reason == "no_calibration"
    b.run_to_rest(observation)
    flag = Flag.objects.get()
    assert flag.verdict == "undetermined"
    assert "calibration" in flag.missing


def test_what_floats_above_the_horizon_is_not_on_the_ground(small_city: Any, see: See) -> None:
    from detection.fake_detector import FakeDetector
    from detection.models import Sighting
    from pipeline.locate import run
    from tests import builders as b

    see(FakeDetector([b.a_detection("car", (400.0, 2.0, 430.0, 12.0))]))
    observation = b.a_camera_clip()
    b.run_until(observation, "locate")
    outcome = run(observation)
    assert (outcome.outcome, outcome.detail) == (Outcome.DONE, {"sightings": 1, "placed": 0})
    assert Sighting.objects.get().no_position_reason == "above_horizon"


def test_what_was_seen_in_two_frames_only_is_noise(small_city: Any, see: See) -> None:
    from detection.fake_detector import FakeDetector
    from pipeline.locate import run
    from tests import builders as b

    bike = b.seen_from_camera("motorcycle", 195.0, 111.5)
    see(FakeDetector(lambda _, n: [bike] if n in (3, 4) else []))
    observation = b.a_camera_clip()
    b.run_until(observation, "locate")
    assert run(observation).detail == {"sightings": 0, "placed": 0}


def test_twice_gives_the_same_rows(small_city: Any, see: See) -> None:
    from pipeline.locate import run
    from tests import builders as b

    see(b.standing(("motorcycle", 195.0, 111.5), ("car", 208.0, 104.0)))
    observation = b.a_camera_clip(b.a_clip(frames=4))
    b.run_until(observation, "locate")
    first = run(observation)
    before = b.read_rows()
    assert run(observation) == first
    assert b.read_rows() == before


def test_it_cannot_run_before_detection(small_city: Any) -> None:
    from detection.models import Sighting
    from pipeline.locate import run
    from tests import builders as b

    [observation] = b.a_report()
    with pytest.raises(NotFound):
        run(observation)
    assert Sighting.objects.count() == 0


def test_a_photo_with_compass_and_lens_sketches_what_is_in_it_and_no_rule_reads_that(small_city: Any, see: See) -> None:
    from detection.fake_detector import FakeDetector
    from detection.models import Sighting
    from pipeline.locate import run
    from rules.queries import gather_site_facts
    from tests import builders as b
    from tests.data.exif_block import an_exif_block, gps_tags, rational, short, text
    from tests.data.photos import a_photo

    view = b.a_view(800, 600)
    gps = gps_tags(*lonlat(*b.ON_PARCEL_B), rational(17, (90, 1)), text(16, "M"))
    photo = a_photo(exif=an_exif_block(exif=[short(0xA405, 28)], gps=gps), pixels=view)
    see(FakeDetector([b.a_detection("motorcycle", (380, 300, 420, 366))]))
    [observation] = b.a_report(photo)
    b.run_until(observation, "locate")
    assert run(observation).detail == {"sightings": 2, "placed": 2}
    rough = Sighting.objects.get(subject="detection:0")
    east, north = metres(rough.point)
    assert rough.method == "hand_held_range" and len(rough.covariance_m2) == 3
    assert east - b.ON_PARCEL_B[0] == pytest.approx(10.8, abs=0.6)  # 647 px of focal length, 66 px of 1.1 m
    assert north - b.ON_PARCEL_B[1] == pytest.approx(
        0.1, abs=0.4
    )  # the compass needle points 0.6 degrees west of north
    assert rough.accuracy_m > 5
    assert all(facts.subject == "scene" for facts in gather_site_facts(observation))
