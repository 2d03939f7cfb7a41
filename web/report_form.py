"""What a sender types and touches on the two steps of a report, read into values. Pure but for the words of the faults.

The place of step 2 is the two fields ``lon`` and ``lat``; a touch on the drawn map arrives as ``touch<width>.x`` and
``.y`` (an image button, which works without JavaScript) and is turned into degrees by the frame that was drawn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from errors import InputError
from geo.position import Position, PositionMethod
from intake.kinds import Category
from intake.request_form import parse_pin
from web.place_sketch import Frame

CATEGORIES = tuple(
    category.value
    for category in (
        Category.UNSTATED, Category.PARKING, Category.TRADING, Category.MATERIAL, Category.CONSTRUCTION,
        Category.SIGNBOARD, Category.BARRIER, Category.PARKING_SERVICE, Category.EVENT, Category.OTHER,
    )
)  # fmt: skip
SKETCH_SHARE = 0.72  # height of the drawn map, in widths
TOUCH_WIDTHS = (288, 326, 358, 380, 448, 528)  # in pixels; the same as in static/web/report.css
LONGEST_DESCRIPTION, LONGEST_CONTACT = 2000, 200
FINGER_PX = 10.0
SAME_PLACE_DEG = 5e-7
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOUCH = re.compile(r"^touch(\d{2,4})\.x$")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is typed beside the files."""

    category: str
    description: str


@dataclass(frozen=True, slots=True)
class PlaceForm:
    """Step 2 as it was handed in. ``pin`` is the sender's correction, None where the file's own fix stands.

    ``half_width_m`` is how much ground the drawn map shows, None for the usual; ``is_only_moved`` asks for the page
    again. ``joins`` is the code of a case here that the sender says is the same matter; ``answers`` are to the extra questions.
    """

    pin: Position | None = None
    category: str = Category.UNSTATED.value
    description: str = ""
    contact: str = ""
    with_route: bool = False
    joins: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    key: str = ""
    half_width_m: float | None = None
    is_only_moved: bool = False
    is_typed: bool = False

    @classmethod
    def from_post(cls, post: Mapping[str, str]) -> PlaceForm:
        """Only what needs no checking, to show a faulty form again with what was typed."""
        try:
            pin = _read_pin(post)
        except InputError:
            pin = None
        return cls(
            pin=pin, category=_known(post.get("category", "")), description=post.get("description", ""),
            contact=post.get("contact", ""), with_route=bool(post.get("with_route")), joins=post.get("joins", ""),
            answers=_read_answers(post), key=_read_key(post), half_width_m=_read_half(post), is_typed=True,
        )  # fmt: skip


def read_choice(post: Mapping[str, str]) -> Choice:
    """Step 1 beside the files. InputError: an unknown kind, too long a text."""
    return Choice(_read_category(post), _read_text(post, "description", LONGEST_DESCRIPTION))


def read_place_form(post: Mapping[str, str]) -> PlaceForm:
    """Step 2. InputError names the field that cannot be read."""
    half_width_m = _read_half(post)
    form = PlaceForm(
        pin=_read_pin(post),
        category=_read_category(post),
        description=_read_text(post, "description", LONGEST_DESCRIPTION),
        contact=_read_text(post, "contact", LONGEST_CONTACT),
        with_route=bool(post.get("with_route")),
        joins=_read_text(post, "joins", 20),
        answers=_read_answers(post),
        key=_read_key(post),
        half_width_m=half_width_m,
        is_typed=True,
    )
    touched = _find_touch(post)
    if touched is not None:
        return replace(form, pin=touched, is_only_moved=True)
    step = post.get("do", "send")
    if step in ("wider", "nearer") and half_width_m:
        return replace(form, half_width_m=_zoom(half_width_m, step), is_only_moved=True)
    if step in ("file_fix", "track"):
        return replace(form, pin=None, is_only_moved=True)
    return replace(form, is_only_moved=step == "move")


def read_frame(post: Mapping[str, str], width_px: int) -> Frame | None:
    """The frame that was on the screen, ``width_px`` wide; None when the form does not carry it."""
    try:
        lon, lat = float(post.get("frame_lon", "")), float(post.get("frame_lat", ""))
        half_m = float(post.get("frame_half", ""))
    except ValueError:
        return None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 1 <= half_m <= 20_000 and 100 <= width_px <= 2000):
        return None
    height_px = round(width_px * SKETCH_SHARE)
    return Frame(lon, lat, half_m, width_px, height_px)


def _zoom(half_width_m: float, step: str) -> float:
    return min(half_width_m * 2, 1600.0) if step == "wider" else max(half_width_m / 2, 20.0)


def _read_half(post: Mapping[str, str]) -> float | None:
    try:
        half = float(post.get("frame_half", ""))
    except ValueError:
        return None
    return half if 1 <= half <= 20_000 else None


def _find_touch(post: Mapping[str, str]) -> Position | None:
    """Where the drawn map was touched, None when another button was pressed."""
    for name in post:
        found = _TOUCH.match(name)
        frame = read_frame(post, int(found.group(1))) if found else None
        if found is None or frame is None:
            continue
        try:
            x_px, y_px = float(post[name]), float(post.get(f"touch{found.group(1)}.y", ""))
        except ValueError:
            continue
        if x_px == 0 and y_px == 0:
            continue  # an image button pressed by a key says 0, 0
        lon, lat = frame.to_lonlat(x_px, y_px)
        return Position(round(lon, 7), round(lat, 7), max(3.0, FINGER_PX / frame.scale), PositionMethod.SENDER_PIN)
    return None


def _read_pin(post: Mapping[str, str]) -> Position | None:
    """The two coordinate fields; None when both are empty or are the file's own fix, unchanged."""
    pin = parse_pin(post.get("lon"), post.get("lat"), post.get("pin_accuracy_m"))
    if pin is None or _is_file_fix(pin, post):
        return None
    return pin


def _is_file_fix(pin: Position, post: Mapping[str, str]) -> bool:
    try:
        lon, lat = float(post.get("file_lon", "")), float(post.get("file_lat", ""))
    except ValueError:
        return False
    return abs(pin.lon - lon) < SAME_PLACE_DEG and abs(pin.lat - lat) < SAME_PLACE_DEG


def _read_category(post: Mapping[str, str]) -> str:
    value = post.get("category", "") or Category.UNSTATED.value
    if value not in CATEGORIES:
        raise InputError("This kind is not on the list.", field="category", value=value, cure="Choose one of the list.")
    return value


def _read_key(post: Mapping[str, str]) -> str:
    """The key of what the phone has kept, so that the same report sent in two ways is one; empty without scripts."""
    key = post.get("key", "")
    return key if _KEY.fullmatch(key) else ""


def _read_answers(post: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Answers to the extra questions of the chosen kind: fields ``q-KIND-CODE``. Those of other kinds were hidden."""
    begins = f"q-{_known(post.get('category', ''))}-"
    given = ((name.removeprefix(begins), post[name]) for name in post if name.startswith(begins))
    return tuple((code, value[:40]) for code, value in given if value)


def _known(category: str) -> str:
    return category if category in CATEGORIES else Category.UNSTATED.value


def _read_text(post: Mapping[str, str], field: str, longest: int) -> str:
    text = post.get(field, "").strip()
    if len(text) > longest:
        raise InputError(f"At most {longest} characters.", field=field, value=f"{len(text)}", cure="Shorten the text.")
    return text
