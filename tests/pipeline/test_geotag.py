"""Stage 2: place and time as the file says them, beside the sender's pin; or why there is none."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from errors import TemporaryError
from pipeline.stages import Outcome
from tests.data import clips
from tests.data.exif_block import an_exif_block, gps_tags
from tests.data.photos import a_photo, a_scene
from tests.data.tracks import EAST_DEG_PER_M, a_track
from tests.small_city import lonlat


def test_the_files_place_and_time_are_recorded(small_city: Any) -> None:
    from intake.queries import get_observation
    from pipeline.geotag import run
    from tests import builders as b

    [observation] = b.a_report(b.a_picture_at(*b.ON_PARCEL_B))
    outcome = run(observation)
    facts = get_observation(observation)
    assert (outcome.outcome, outcome.detail["method"], outcome.detail["why_not"]) == (Outcome.DONE, "exif_gps", "")
    assert facts.position is not None
    assert (facts.position.lon, facts.position.lat) == pytest.approx(lonlat(*b.ON_PARCEL_B), abs=1e-7)
    assert facts.position.accuracy_m == 8.0
    assert facts.captured_at == b.AT


def test_a_photo_of_another_form_says_the_same(small_city: Any) -> None:
    from pipeline.geotag import run
    from tests import builders as b

    heic = a_photo("HEIF", exif=an_exif_block(gps=gps_tags(*lonlat(*b.ON_PARCEL_B))))
    [observation] = b.a_report(heic)
    assert run(observation).detail["method"] == "exif_gps"


def test_the_pin_stands_beside_the_files_place(small_city: Any) -> None:
    from intake.models import Geotag
    from pipeline.geotag import run
    from tests import builders as b

    [observation] = b.a_report(b.a_picture_at(*b.ON_PARCEL_A), pin=b.BETWEEN_SMALL_PARCELS)
    outcome = run(observation)
    assert outcome.detail["method"] == "sender_pin"
    assert outcome.detail["hints"] == ["pin_far_from_file"]
    tag = Geotag.objects.get()
    assert (tag.point.x, tag.point.y) == pytest.approx(lonlat(*b.ON_PARCEL_A), abs=1e-7)


def test_a_picture_without_a_place_goes_on_and_says_why(small_city: Any) -> None:
    from pipeline.geotag import run
    from rules.models import Flag
    from tests import builders as b

    placed, unplaced = b.a_report(b.a_picture_at(*b.ON_PARCEL_B), a_photo(pixels=a_scene(320, 240, seed=77)))
    outcome = run(unplaced)
    assert (outcome.outcome, outcome.detail["method"]) == (Outcome.DONE, None)
    assert outcome.detail["why_not"] == "no_metadata"
    assert run(placed).detail["why_not"] == ""
    b.run_to_rest(unplaced)
    assert set(Flag.objects.values_list("verdict", flat=True)) <= {"undetermined"}


def test_a_clock_in_the_future_is_told(small_city: Any) -> None:
    from pipeline.geotag import run
    from tests import builders as b

    [observation] = b.a_report(b.a_picture_at(*b.ON_PARCEL_B, at=b.AT + timedelta(days=400)))
    assert "clock_in_future" in run(observation).detail["hints"]


def test_a_camera_is_where_it_was_mounted(small_city: Any) -> None:
    from intake.queries import get_observation
    from pipeline.geotag import run
    from tests import builders as b

    observation = b.a_camera_clip(b.a_clip(frames=2))
    assert run(observation).detail["method"] == "camera_site"
    facts = get_observation(observation)
    assert (facts.captured_at, facts.captured_at_source) == (b.AT, "fixed_camera")


def test_twice_gives_the_same_rows(small_city: Any) -> None:
    from pipeline.geotag import run
    from tests import builders as b

    [observation] = b.a_report()
    first = run(observation)
    before = b.read_rows()
    assert run(observation) == first
    assert b.read_rows() == before


def test_a_store_that_does_not_answer_is_tried_again(small_city: Any, media_folder: Path) -> None:
    from intake.models import Geotag
    from pipeline.geotag import run
    from tests import builders as b

    [observation] = b.a_report()
    media_folder.rename(media_folder.with_name("gone"))
    with pytest.raises(TemporaryError):
        run(observation)
    assert Geotag.objects.count() == 0


def test_a_picture_that_was_sent_before_is_told_and_where(small_city: Any) -> None:
    """Sent again, smaller, from the same place and from far away; another picture of that place is another picture."""
    from pipeline.geotag import run
    from tests import builders as b

    pixels = a_scene(640, 480, seed=5)
    small = a_photo(pixels=a_scene(640, 480, seed=5)[::2, ::2])
    [first] = b.a_report(a_photo(pixels=pixels), pin=b.ON_PARCEL_A)
    assert run(first).detail["hints"] == []
    [again] = b.a_report(small, pin=b.ON_PARCEL_A)
    assert run(again).detail["hints"] == ["seen_before"]
    far = a_photo(pixels=a_scene(640, 480, seed=5)[4:, 4:])
    [moved] = b.a_report(far, pin=b.NOWHERE_NEAR)
    assert run(moved).detail["hints"] == ["seen_elsewhere"]
    [other] = b.a_report(a_photo(pixels=a_scene(640, 480, seed=91)), pin=b.ON_PARCEL_A)
    assert run(other).detail["hints"] == []


def test_a_walked_clip_is_where_its_surest_frame_was_taken(small_city: Any, see: Any) -> None:
    """The track has a place for each second: what is checked is the place of what was seen, not the middle of the walk."""
    from detection.models import Sighting
    from intake.actions import ExtraWishes, UploadedMedia, receive_request
    from intake.gpx_track import read_gpx
    from intake.queries import get_observation
    from tests import builders as b

    see(b.building_work())
    lon, lat = lonlat(*b.ON_PARCEL_B)
    clip = clips.a_clip(
        range(13),
        width=320,
        height=240,
        metadata={"creation_time": f"{b.AT.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000000Z"},
    )
    received = receive_request(
        [UploadedMedia("walk.mp4", clip)],
        category="construction",
        extra=ExtraWishes(track=read_gpx(a_track(b.AT, lon, lat))),
        now=b.AT + timedelta(minutes=5),
    )
    [observation] = received.observation_ids
    b.run_to_rest(observation)
    facts, scene = get_observation(observation), Sighting.objects.get(observation_id=observation, subject="scene")
    assert facts.position is not None and facts.position.accuracy_m > 5
    assert len(facts.track) == 13
    seen_s = (scene.point.x - lon) / EAST_DEG_PER_M
    assert seen_s == pytest.approx(0, abs=0.1)
    assert scene.accuracy_m == pytest.approx(5.0)
