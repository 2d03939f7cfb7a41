"""The sample evidence carries what a phone would write, at the places the demonstration needs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import av
import pytest
from PIL import Image
from shapely.geometry import Point

from cities.hcmc.recipe_parts.parcels import Parcel
from cities.hcmc.recipe_parts.ward import make_ward
from demo.make_evidence import SOURCES, at, make_evidence
from demo.places import site_spot
from demo.stamping import Stamp, stamp_photo
from intake.exif import ExifTags, read_exif

TYPES = {".jpg": "image/jpeg", ".heic": "image/heic"}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    return {path.name: path for path in make_evidence(tmp_path_factory.mktemp("evidence"))}


def tags_of(path: Path) -> ExifTags:
    return read_exif(path.read_bytes(), TYPES[path.suffix]).tags


def point_of(tags: ExifTags) -> Point:
    lat, lon = (sum(part / 60**i for i, part in enumerate(parts)) for parts in (tags.latitude, tags.longitude))
    return Point(make_ward().ground.system.to_metric(lon, lat))


def parcels_within(point: Point, distance_m: float) -> list[Parcel]:
    return [parcel for parcel in make_ward().cadastre.parcels if parcel.shape.distance(point) <= distance_m]


@pytest.mark.parametrize(
    ("name", "orientation", "reference"),
    [
        ("site-no-permit.jpg", 1, "T"),
        ("street-flowers.jpg", 6, "M"),
        ("street-cafe.heic", 6, "T"),
        ("street-car.jpg", 8, ""),
    ],
)
def test_stamped_photos_say_where_when_and_how(
    evidence: Mapping[str, Path], name: str, orientation: int, reference: str
) -> None:
    tags = tags_of(evidence[name])
    assert (tags.orientation, tags.bearing_ref) == (orientation, reference)
    assert (tags.latitude_ref, tags.longitude_ref, tags.horizontal_error_m) == ("N", "E", 5.0)
    assert tags.taken_at.startswith("2026:11:20")
    assert tags.taken_at_offset == "+07:00"


def test_stamped_photos_say_that_their_place_is_generated(evidence: Mapping[str, Path]) -> None:
    for name, path in evidence.items():
        if path.suffix == ".jpg" and not name.startswith("outside-"):
            with Image.open(path) as picture:
                assert picture.getexif()[270] == "position generated for demonstration"


@pytest.mark.parametrize(
    ("name", "wanted", "permits"), [("site-no-permit.jpg", "no-permit", 0), ("site-with-permit.jpg", "with-permit", 1)]
)
def test_sites_stand_on_one_parcel_within_three_times_the_error(
    evidence: Mapping[str, Path], name: str, wanted: str, permits: int
) -> None:
    found = parcels_within(point_of(tags_of(evidence[name])), 15.0)
    assert [parcel.wanted for parcel in found] == [wanted]
    assert sum(permit.building.parcel == found[0] for permit in make_ward().permits) == permits


def test_a_crowded_place_has_several_parcels_within_the_error(evidence: Mapping[str, Path]) -> None:
    assert len(parcels_within(point_of(tags_of(evidence["site-several-parcels.jpg"])), 5.0)) >= 3


def test_a_place_without_data_is_outside_the_ward(evidence: Mapping[str, Path]) -> None:
    assert make_ward().ground.ward.distance(point_of(tags_of(evidence["site-no-data.jpg"]))) > 100.0


@pytest.mark.parametrize("name", ["street-flowers.jpg", "street-cafe.heic", "street-motorbike.jpg", "street-car.jpg"])
def test_street_photos_stand_on_a_sidewalk(evidence: Mapping[str, Path], name: str) -> None:
    point = point_of(tags_of(evidence[name]))
    assert any(piece.shape.distance(point) < 0.1 for piece in make_ward().reserves.sidewalks)


def test_photos_from_elsewhere_keep_their_own_place(evidence: Mapping[str, Path]) -> None:
    assert tags_of(evidence["outside-exif-DSCN0010.jpg"]).latitude[0] == 43
    assert tags_of(evidence["outside-lund-01.jpg"]).latitude[0] == 55


def test_the_time_lapse_lasts_long_enough_and_not_too_long(evidence: Mapping[str, Path]) -> None:
    with av.open(str(evidence["camera-parking.mp4"])) as clip:
        stream = clip.streams.video[0]
        times = [float(frame.time) for frame in clip.decode(video=0)]
        assert (stream.width, stream.height) == (1920, 1080)
        assert "generated" in clip.metadata["comment"]
    assert times == [30.0 * number for number in range(19)]
    assert times[-1] > 300


def test_the_citizens_clip_says_where_and_when(evidence: Mapping[str, Path]) -> None:
    with av.open(str(evidence["citizen-walk.mov"])) as clip:
        assert clip.metadata["location"].startswith("+10.78")
        assert clip.metadata["creation_time"].startswith("2026-11-20T00:41:00")
        assert 5.0 < clip.duration / 1e6 < 8.0


def test_stamping_twice_gives_the_same_bytes(evidence: Mapping[str, Path], tmp_path: Path) -> None:
    stamp_photo(SOURCES / "site-trench.jpg", tmp_path / "again.jpg", Stamp(site_spot("no-permit"), at(8, 12)))
    assert (tmp_path / "again.jpg").read_bytes() == evidence["site-no-permit.jpg"].read_bytes()
