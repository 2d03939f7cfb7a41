"""A request's form, checked whole before anything is written: files, kind, text, place, contact, key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from errors import InputError, PlaceError
from geo.models import City
from geo.position import Position
from intake.actions.circumstances import city_at, clock_of, limits_of, timezone_of
from intake.actions.questions import get_questions
from intake.geotag import Geotag, NoGeotag
from intake.gpx_track import GpxTrack, place_files
from intake.kinds import Category
from intake.media import check_count
from intake.notices import Notice, list_place_notices
from intake.questions import read_answers
from intake.request_form import LONGEST_CONTACT, LONGEST_DESCRIPTION, clean_key, clean_text, parse_category
from intake.uploads import CheckedMedia, Upload, check_all

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class ExtraWishes:
    """What a sender may add: ``with_route`` hides the visit among others, ``answers`` are to the city's extra questions
    by their codes, ``joins_case`` is the open case that the report is said to be about, ``track`` was recorded meanwhile:
    it places the files and is not kept, since it tells where its sender went before and after."""

    with_route: bool = False
    answers: tuple[tuple[str, str], ...] = ()
    joins_case: str = ""
    track: GpxTrack | None = None


@dataclass(frozen=True, slots=True)
class TypedForm:
    """What stands in a form beside the files, as it was typed."""

    category: str | Category | None = None
    description: str = ""
    pin: Position | None = None
    contact: str = ""
    channel: str = "web"
    language: str = "vi"
    idempotency_key: str | None = None
    extra: ExtraWishes = ExtraWishes()


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """A request whose every part was checked."""

    files: tuple[CheckedMedia, ...]
    city: City
    category: Category
    description: str
    pin: Position | None
    contact: str
    channel: str
    language: str
    key: str | None
    notices: tuple[Notice, ...]
    extra: ExtraWishes


def check_form(files: Sequence[Upload], typed: TypedForm, now: datetime) -> CheckedForm:
    """The form as it will be written. Errors as ``receive_request`` lists them."""
    limits = limits_of()
    check_count(len(files), limits)
    kind = parse_category(typed.category)
    text = clean_text(typed.description, field="description", longest=LONGEST_DESCRIPTION)
    reach = clean_text(typed.contact, field="contact", longest=LONGEST_CONTACT)
    idempotency_key = clean_key(typed.idempotency_key)
    pin = typed.pin
    city = _city_of_pin(pin) if pin is not None else None
    checked = check_all(files, limits, clock_of(city, now))
    kept, notices = _drop_repeats(_place(checked, typed.extra.track))
    geotags = [media.geotag for media in kept]
    used = pin or next((tag.position for tag in geotags if tag.position is not None), None)
    if city is None:
        city = _city_of_files(used, geotags)
    notices += list_place_notices(geotags, pin)
    on = now.astimezone(timezone_of(city)).date()
    answers = read_answers(get_questions(city.pk), dict(typed.extra.answers), kind, on)
    return CheckedForm(
        files=kept,
        city=city,
        category=kind,
        description=text,
        pin=pin,
        contact=reach,
        channel=clean_text(typed.channel, field="channel", longest=16) or "web",
        language=typed.language if typed.language in LANGUAGES else LANGUAGES[0],
        key=idempotency_key,
        notices=notices,
        extra=replace(typed.extra, answers=answers),
    )


def _place(checked: Sequence[CheckedMedia], track: GpxTrack | None) -> Sequence[CheckedMedia]:
    """The files with their places by the track, where one was sent."""
    if track is None:
        return checked
    placed = place_files([(media.geotag, media.duration_s) for media in checked], track)
    return [replace(media, geotag=geotag) for media, geotag in zip(checked, placed, strict=True)]


def _drop_repeats(checked: Sequence[CheckedMedia]) -> tuple[tuple[CheckedMedia, ...], tuple[Notice, ...]]:
    """One file chosen twice is one file, with a remark."""
    first: dict[str, CheckedMedia] = {}
    for media in checked:
        first.setdefault(media.digest, media)
    kept = tuple(first.values())
    return kept, (Notice.SAME_FILE_TWICE,) if len(kept) < len(checked) else ()


def _city_of_files(used: Position | None, geotags: Sequence[Geotag | NoGeotag]) -> City:
    """The city where the files say they were taken; refused without a place, since none is ever guessed."""
    if used is None:
        reason = next(tag.reason for tag in geotags if isinstance(tag, NoGeotag))
        raise InputError(
            "The file does not say where it was taken.",
            field="place",
            value=reason.value,
            cure="Touch the place on the map, or send lon and lat.",
        )
    return _city_at(used, field="place")


def _city_of_pin(pin: Position) -> City:
    return _city_at(pin, field="lon")


def _city_at(place: Position, *, field: str) -> City:
    city = city_at(place)
    if city is None:
        raise PlaceError(
            "This place is outside the area we serve.",
            field=field,
            value=f"{place.lon:.6f}, {place.lat:.6f}",
            cure="Move the pin to where it happened, or report to the office there.",
        )
    return city
