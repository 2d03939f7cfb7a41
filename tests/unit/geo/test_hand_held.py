"""Things in a hand-held photo: bearing and range with honest spreads, and nothing where nothing can be said."""

from __future__ import annotations

from datetime import date

import pytest

from geo.declination import get_declination_deg
from geo.hand_held import focal_px, place_roughly

PHONE = (9.0, 0.0, 9.0)


def place(
    box: tuple[float, float, float, float] = (1900, 1000, 2100, 1330), label: str = "motorcycle", **changes: float
):  # type: ignore[no-untyped-def]
    given = {"focal": 3000.0, "width_px": 4000, "view_bearing_deg": 90.0, "bearing_sigma_deg": 12.0} | changes
    return place_roughly(box, label, phone_covariance_m2=PHONE, **given)  # type: ignore[arg-type]


def test_a_motorbike_ten_metres_to_the_east() -> None:
    rough = place()
    assert (rough.east_m, rough.north_m) == pytest.approx((10.0, 0.0), abs=0.01)
    ee, en, nn = rough.covariance_m2
    assert ee**0.5 == pytest.approx(3.3, abs=0.3)  # along the view: its height's spread
    assert nn**0.5 == pytest.approx(3.7, abs=0.3)  # across: the compass
    assert abs(en) < 0.1
    assert rough.accuracy_m == pytest.approx(max(ee, nn) ** 0.5)


def test_right_of_the_middle_is_right_of_the_view() -> None:
    assert place((3900, 1000, 4100, 1330)).bearing_deg == pytest.approx(90 + 33.7, abs=0.1)


@pytest.mark.parametrize(
    ("box", "label"),
    [
        pytest.param((0, 0, 100, 300), "potted plant", id="of no usual height"),
        pytest.param((0, 0, 10, 12), "person", id="too few pixels"),
        pytest.param((0, 0, 20, 45), "person", id="too far"),
    ],
)
def test_nothing_is_said_of(box: tuple[float, float, float, float], label: str) -> None:
    assert place(box, label) is None


def test_the_lens_of_a_phone() -> None:
    assert focal_px(26, 4000, 3000) == pytest.approx(3004, abs=2)


@pytest.mark.parametrize(("lon", "lat", "expected"), [(106.69, 10.78, -0.6), (-71.11, 42.37, -14.0)])
def test_declination(lon: float, lat: float, expected: float) -> None:
    assert get_declination_deg(lon, lat, date(2026, 11, 20)) == pytest.approx(expected, abs=0.5)
