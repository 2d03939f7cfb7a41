"""What a sender types and touches: read into values, or refused with field and cure."""

from __future__ import annotations

import pytest

from errors import InputError
from web.report_form import SKETCH_SHARE, PlaceForm, read_choice, read_place_form

FRAME = {"frame_lon": "106.69", "frame_lat": "10.78", "frame_half": "50.0"}
FILE = {"file_lon": "106.69", "file_lat": "10.78"}


def test_unchanged_coordinates_are_not_a_correction() -> None:
    form = read_place_form(FRAME | FILE | {"lon": "106.69", "lat": "10.78", "do": "send"})
    assert form.pin is None
    assert not form.is_only_moved


@pytest.mark.parametrize(
    ("lon", "lat"), [("106.7", "10.78"), ("106,7", "10,78"), (" 106.7 ", "10.78")], ids=["point", "comma", "spaces"]
)
def test_changed_coordinates_are_the_senders_pin(lon: str, lat: str) -> None:
    form = read_place_form(FRAME | FILE | {"lon": lon, "lat": lat, "pin_accuracy_m": "4.2"})
    assert form.pin is not None
    assert (form.pin.lon, form.pin.lat, form.pin.accuracy_m) == (106.7, 10.78, 4.2)


@pytest.mark.parametrize("stated", ["", "0", "-3", "nan", "many", "100000"])
def test_a_senseless_error_of_a_pin_becomes_the_usual_one(stated: str) -> None:
    form = read_place_form({"lon": "106.7", "lat": "10.78", "pin_accuracy_m": stated})
    assert form.pin is not None
    assert form.pin.accuracy_m == 5.0


@pytest.mark.parametrize("width", [326, 358, 528])
def test_a_touch_in_the_middle_is_the_middle_and_asks_for_the_page_again(width: int) -> None:
    middle = {f"touch{width}.x": str(width / 2), f"touch{width}.y": str(round(width * SKETCH_SHARE) / 2)}
    form = read_place_form(FRAME | FILE | {"lon": "106.69", "lat": "10.78"} | middle)
    assert form.is_only_moved
    assert form.pin is not None
    assert (form.pin.lon, form.pin.lat) == pytest.approx((106.69, 10.78), abs=1e-6)
    assert form.pin.accuracy_m >= 3


def test_a_touch_to_the_right_lies_in_the_east() -> None:
    form = read_place_form(FRAME | {"touch358.x": "358", "touch358.y": "129"})
    assert form.pin is not None
    assert (form.pin.lon - 106.69) * 109_357 == pytest.approx(50, abs=1)


@pytest.mark.parametrize(
    "button",
    [
        {"touch358.x": "0", "touch358.y": "0"},
        {"touch358.x": "a", "touch358.y": "1"},
        {"touch9.x": "1", "touch9.y": "1"},
    ],
    ids=["by keyboard", "no number", "no such width"],
)
def test_what_is_no_touch_moves_nothing(button: dict[str, str]) -> None:
    form = read_place_form(FRAME | FILE | {"lon": "106.69", "lat": "10.78", "do": "move"} | button)
    assert form.pin is None
    assert form.is_only_moved


@pytest.mark.parametrize(("step", "half_m"), [("wider", 100.0), ("nearer", 25.0), ("move", 50.0), ("send", 50.0)])
def test_the_map_can_be_widened(step: str, half_m: float) -> None:
    assert read_place_form(FRAME | {"do": step}).half_width_m == half_m


def test_back_to_the_files_own_place() -> None:
    form = read_place_form(FRAME | FILE | {"lon": "106.7", "lat": "10.7", "do": "file_fix"})
    assert form.pin is None
    assert form.is_only_moved


@pytest.mark.parametrize(
    ("post", "field"),
    [
        pytest.param({"lon": "east", "lat": "10.7"}, "lon", id="words"),
        pytest.param({"lon": "106.7", "lat": ""}, "lat", id="half a place"),
        pytest.param({"lon": "0", "lat": "0"}, "lon", id="zero, zero"),
        pytest.param({"lon": "206.7", "lat": "10.7"}, "lon", id="not on Earth"),
        pytest.param({"lon": "nan", "lat": "10.7"}, "lon", id="nan"),
        pytest.param({"category": "murder"}, "category", id="unknown kind"),
        pytest.param({"description": "x" * 2001}, "description", id="long text"),
        pytest.param({"contact": "x" * 201}, "contact", id="long contact"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(post: dict[str, str], field: str) -> None:
    with pytest.raises(InputError) as fault:
        read_place_form(post)
    assert fault.value.field == field
    assert fault.value.cure


def test_a_faulty_form_keeps_what_was_typed() -> None:
    form = PlaceForm.from_post({"lon": "east", "category": "murder", "description": "d", "contact": "c"})
    assert (form.pin, form.category, form.description, form.contact) == (None, "unstated", "d", "c")


def test_the_first_step_takes_a_kind_and_words() -> None:
    choice = read_choice({"category": "parking", "description": " chắn lối "})
    assert (choice.category, choice.description) == ("parking", "chắn lối")
