"""Tracks over video and over time-lapse, through gaps and crossings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detection.detections import Box, Detection, Detections
from detection.tracking import Track, track

At = Callable[[int], Box | None]


def film(*things: tuple[str, At], frames: int, every_s: float, score: float = 0.8) -> list[Detections]:
    """Frames of things whose box is a function of the frame's number; None where a thing is hidden."""
    made = []
    for number in range(frames):
        items = tuple(
            Detection(label, score, box, frame_s=number * every_s)
            for label, at in things
            if (box := at(number)) is not None
        )
        made.append(Detections(1000, 600, items, number * every_s))
    return made


def standing(number: int) -> Box:
    return 100.0 + number % 2, 200.0, 180.0 + number % 2, 260.0


def passing(number: int) -> Box:
    return 10.0 + 30 * number, 300.0, 110.0 + 30 * number, 360.0


def tracks_of(frames: list[Detections]) -> tuple[Track, ...]:
    return track(frames)[1]


def test_a_parked_car_is_one_track_over_a_time_lapse() -> None:
    (parked,) = tracks_of(film(("car", standing), frames=40, every_s=30.0))
    assert (parked.first_s, parked.last_s, parked.seen_share) == (0.0, 39 * 30.0, 1.0)
    assert parked.indexes == tuple(range(40))


@pytest.mark.parametrize("every_s", [0.2, 1.0, 30.0], ids=["video", "a frame a second", "time-lapse"])
@pytest.mark.parametrize("hidden_share", [0.2, 0.4])
def test_a_parked_car_survives_being_hidden(every_s: float, hidden_share: float) -> None:
    hidden = round(100 * hidden_share)
    (parked,) = tracks_of(
        film(("car", lambda n: None if 50 <= n < 50 + hidden else standing(n)), frames=100, every_s=every_s)
    )
    assert parked.seen_share == pytest.approx(1 - hidden_share)
    assert parked.last_s == pytest.approx(99 * every_s)


def test_a_passing_car_is_one_track_in_video() -> None:
    (moving,) = tracks_of(film(("car", passing), frames=25, every_s=0.2))
    assert len(moving.indexes) == 25


def test_a_fast_thing_without_overlap_is_followed_by_its_motion() -> None:
    (moving,) = tracks_of(
        film(("car", lambda n: (10 + 40 * n + n * n, 300, 110 + 40 * n + n * n, 360)), frames=14, every_s=0.5)
    )
    assert len(moving.indexes) == 14


def test_cars_passing_in_a_time_lapse_are_not_one_parked_car() -> None:
    frames = film(("car", lambda n: (100 + 90 * (n % 3), 200, 180 + 90 * (n % 3), 260)), frames=12, every_s=30.0)
    assert max(len(one.indexes) for one in tracks_of(frames)) <= 4
    jumping = film(("car", lambda n: (100 + 55 * n, 200, 180 + 55 * n, 260)), frames=12, every_s=30.0)
    assert all(len(one.indexes) == 1 for one in tracks_of(jumping))


def test_two_crossing_things_keep_their_numbers() -> None:
    frames = film(
        ("person", lambda n: (10 + 20 * n, 100, 60 + 20 * n, 240)),
        ("person", lambda n: (500 - 20 * n, 120, 550 - 20 * n, 260)),
        frames=25,
        every_s=0.2,
    )
    numbered, tracks = track(frames)
    assert len(tracks) == 2
    first = [item.box_px[0] for frame in numbered for item in frame if item.track == 1]
    assert first == sorted(first)


def test_a_label_may_change_but_the_vote_decides() -> None:
    frames = film(("car", standing), frames=9, every_s=1.0)
    frames[4] = Detections(1000, 600, (Detection("truck", 0.8, standing(4), 4.0),), 4.0)
    (one,) = tracks_of(frames)
    assert (one.label, len(one.indexes)) == ("car", 9)


def test_things_of_different_kinds_are_not_mixed() -> None:
    frames = film(("car", lambda n: standing(n) if n < 5 else None), frames=10, every_s=1.0)
    frames[5:] = film(("person", standing), frames=10, every_s=1.0)[5:]
    assert {one.label for one in tracks_of(frames)} == {"car", "person"}


def test_weak_claims_continue_a_track_but_start_none() -> None:
    frames = film(("car", standing), frames=3, every_s=1.0)
    weak = film(("car", standing), ("bus", passing), frames=6, every_s=1.0, score=0.3)
    numbered, tracks = track(frames + weak[3:])
    assert [(one.label, len(one.indexes)) for one in tracks] == [("car", 6)]
    assert [item.track for item in numbered[4]] == [1, None]


def test_a_photo_gives_tracks_of_one_frame() -> None:
    numbered, tracks = track([Detections(1000, 600, (Detection("car", 0.9, standing(0)),))])
    assert numbered[0].items[0].track == 1
    assert (tracks[0].first_s, tracks[0].last_s, tracks[0].seen_share) == (0.0, 0.0, 1.0)


def test_no_frames_no_tracks() -> None:
    assert track([]) == ((), ())
    assert track([Detections(10, 10, (), 0.0)])[1] == ()


def test_a_track_survives_storage() -> None:
    (parked,) = tracks_of(film(("car", standing), frames=3, every_s=1.0))
    assert Track.from_json(parked.to_json()) == parked
