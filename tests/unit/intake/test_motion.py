"""The motion gate lets through what moves and nothing else, by day, by night, in rain and under clouds."""

from __future__ import annotations

import numpy as np
import pytest

from intake.motion import SMALL_SIZE, MotionGate, Sight, judge_sight

WIDTH, HEIGHT = SMALL_SIZE
RANDOM = np.random.default_rng(7)
STREET = np.clip(np.tile(np.linspace(60, 170, WIDTH), (HEIGHT, 1)) + RANDOM.normal(0, 8, (HEIGHT, WIDTH)), 0, 255)


def a_frame(noise: float = 2.0, light: float = 0.0, person_at: int | None = None) -> np.ndarray:
    frame = STREET + light + RANDOM.normal(0, noise, STREET.shape)
    if person_at is not None:
        frame[60:68, person_at : person_at + 3] = 20
    return np.clip(frame, 0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)


@pytest.mark.parametrize("noise", [1.0, 4.0, 12.0])
def test_an_empty_street_does_not_move(noise: float) -> None:
    gate = MotionGate()
    assert gate.has_changed(a_frame(noise))
    assert sum(gate.has_changed(a_frame(noise)) for _ in range(40)) <= 1


def test_a_cloud_is_no_motion() -> None:
    gate = MotionGate()
    gate.has_changed(a_frame())
    assert not any(gate.has_changed(a_frame(light=5.0 * n)) for n in range(6))


def test_a_person_who_comes_walks_and_goes_is_motion() -> None:
    gate = MotionGate()
    gate.has_changed(a_frame())
    assert gate.has_changed(a_frame(person_at=50))
    assert not gate.has_changed(a_frame(person_at=50))
    assert gate.has_changed(a_frame(person_at=60))
    assert gate.has_changed(a_frame())


def test_outside_the_region_nothing_counts() -> None:
    gate = MotionGate(region=[(0.6, 0.0), (1.0, 0.0), (1.0, 1.0), (0.6, 1.0)])
    gate.has_changed(a_frame())
    assert not gate.has_changed(a_frame(person_at=40))
    assert gate.has_changed(a_frame(person_at=150))


def test_night_and_a_covered_lens_are_told_from_a_street() -> None:
    assert judge_sight(a_frame()) is Sight.CLEAR
    assert judge_sight(np.full((HEIGHT, WIDTH, 3), 6, np.uint8)) is Sight.DARK
    assert judge_sight(np.full((HEIGHT, WIDTH, 3), 128, np.uint8)) is Sight.BLANK
    lamps = np.full((HEIGHT, WIDTH, 3), 8, np.uint8)
    lamps[20:50, 40:90] = 150
    assert judge_sight(lamps) is Sight.CLEAR


def test_red_on_asphalt_of_the_same_brightness_is_a_change() -> None:
    gate = MotionGate()
    street = np.full((HEIGHT, WIDTH, 3), 80, np.uint8)
    gate.has_changed(street)
    with_bike = street.copy()
    with_bike[50:56, 80:86] = (220, 20, 20)
    assert abs(float(with_bike[52, 82] @ [0.299, 0.587, 0.114]) - 80) < 2
    assert gate.has_changed(with_bike)
