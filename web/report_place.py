"""The place of a draft as step 2 shows it: what the file says, what the sender corrected, what is around."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from errors import InputError
from geo.facts import PlaceFacts
from geo.position import Position, PositionMethod
from geo.queries import find_city, gather_facts
from geo.today import find_today_at
from intake.actions.questions import get_questions
from intake.geotag import Geotag, NoGeotag, read_geotag
from intake.gpx_track import GpxTrack, place_files
from intake.kinds import Category
from intake.uploads import read_track, readable
from web.drafts import Draft, DraftFile, keep_track
from web.place_sketch import Frame, draw_place, widen_for
from web.place_words import PlaceName, name_place
from web.queries.nearby import NearbyCase, list_open_cases_near
from web.queries.surroundings import list_surroundings
from web.queries.towns import Town, find_default_town, find_town
from web.report_form import CATEGORIES, SKETCH_SHARE, TOUCH_WIDTHS, PlaceForm
from web.surroundings import Mark, MarkKind

WIDTH_PX = 400
UNPLACED_HALF_WIDTH_M = 500.0
SUGGESTED_ON_SIDEWALK = ("parking", "trading", "material")


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One extra question as the form shows it under its kind; ``options`` are code, words and whether it was chosen."""

    category: str
    code: str
    text: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Everything step 2 says of the place. ``chosen`` is None while nobody knows it; ``seen`` is the kind that the machine
    suggests of the picture, empty while it has not looked."""

    file_fix: Position | None
    no_fix_reason: str
    captured_at: datetime | None
    hints: tuple[str, ...]
    chosen: Position | None
    is_corrected: bool
    is_outside: bool
    timezone: str
    name: PlaceName | None
    frame: Frame
    sketch: str
    is_generated: bool
    nearby: tuple[NearbyCase, ...]
    suggested: tuple[str, ...]
    seen: str
    questions: tuple[AskedQuestion, ...]

    @property
    def touch_widths(self) -> tuple[int, ...]:
        """Widths of the image buttons over the drawn map."""
        return TOUCH_WIDTHS

    @property
    def categories(self) -> tuple[str, ...]:
        """All kinds in the order of the chips: "let the machine suggest", what is likely here, the rest."""
        return tuple(dict.fromkeys((CATEGORIES[0], *self.suggested, *CATEGORIES)))

    @property
    def is_by_track(self) -> bool:
        """Whether the file's place was read from a recorded track."""
        return self.file_fix is not None and self.file_fix.method is PositionMethod.GPX_TRACK


def view_place(draft: Draft, form: PlaceForm) -> PlaceView:
    """Read the file's geotag, take the pin where there is one, ask the registers around it."""
    default = find_default_town()
    geotag = _read_first_geotag(draft, default)
    chosen = form.pin or geotag.position
    town = _town_at(chosen) if chosen else default
    facts = gather_facts(chosen, timezone.now()) if chosen and town else None
    frame = _choose_frame(chosen if town else None, town or default, form.half_width_m)
    nearby = list_open_cases_near(chosen) if chosen and town else ()
    shapes = list_surroundings(frame.lon, frame.lat, frame.half_width_m, find_today_at(frame.lon, frame.lat))
    marks = _list_marks(chosen, geotag.position, nearby)
    return PlaceView(
        file_fix=geotag.position,
        no_fix_reason=geotag.reason.value if isinstance(geotag, NoGeotag) else "",
        captured_at=geotag.captured_at,
        hints=geotag.hints,
        chosen=chosen,
        is_corrected=form.pin is not None,
        is_outside=chosen is not None and town is None,
        timezone=asked.timezone if (asked := town or default) else "UTC",
        name=name_place(facts) if facts else None,
        frame=frame,
        sketch=draw_place(shapes, marks, frame, title=_("Map of the place")),
        is_generated=any(shape.is_generated for shape in shapes),
        nearby=nearby,
        suggested=_suggest(draft, facts, nearby),
        seen=draft.suggestion.category if draft.suggestion else "",
        questions=_list_questions(town or default, form),
    )


def _list_questions(town: Town | None, form: PlaceForm) -> tuple[AskedQuestion, ...]:
    """Every extra question of the city's day, once for each kind it is asked of; the page shows those of the chosen kind."""
    if town is None:
        return ()
    on, language = timezone.now().astimezone(ZoneInfo(town.timezone)).date(), (get_language() or "vi")[:2]
    given = dict(form.answers)
    return tuple(
        AskedQuestion(category, one.code, one.say(language), tuple(
            (option.code, one.say_option(option.code, language), form.category == category and given.get(one.code) == option.code)
            for option in one.options
        ))
        for one in get_questions(town.id) for category in CATEGORIES if one.is_asked(Category(category), on)
    )  # fmt: skip


def has_place(draft: Draft, form: PlaceForm) -> bool:
    """Whether a pin was set or a file knows where it was taken."""
    return form.pin is not None or _read_first_geotag(draft, find_default_town()).position is not None


def take_track(draft: Draft, file: UploadedFile[bytes] | None, *, is_asked: bool) -> Draft:
    """The draft with the track handed in beside it, unchanged without one. ``is_asked``: the button of the track was pressed.

    InputError says what is wrong with the track, or that it places none of the files; the draft stays as it was.
    """
    track = read_track(file)
    if file is None or track is None:
        if is_asked and draft.track is None:
            raise InputError("No track was chosen.", field="track", value="", cure="Choose a GPX file first.")
        return draft
    _read_all(draft, find_default_town(), track)
    return keep_track(draft, file)


def _read_first_geotag(draft: Draft, town: Town | None) -> Geotag | NoGeotag:
    """The first file that knows its place speaks for all; else the first file says why it does not."""
    readings = _read_all(draft, town, draft.track)
    return next((reading for reading in readings if reading.position is not None), readings[0])


def _read_all(draft: Draft, town: Town | None, track: GpxTrack | None) -> tuple[Geotag | NoGeotag, ...]:
    """What every file tells of its place, by the track where there is one. InputError as ``place_files``."""
    zone = ZoneInfo(town.timezone) if town else None
    readings = [(_read_geotag(file, zone), file.duration_s) for file in draft.files]
    return place_files(readings, track) if track is not None else tuple(reading for reading, _ in readings)


def _read_geotag(file: DraftFile, zone: ZoneInfo | None) -> Geotag | NoGeotag:
    with readable(file.path) as data:
        return read_geotag(data, file.name, now=timezone.now(), timezone=zone)


def _town_at(position: Position) -> Town | None:
    city = find_city(position.lon, position.lat)
    return find_town(city.slug) if city is not None else None


def _choose_frame(chosen: Position | None, town: Town | None, half_width_m: float | None) -> Frame:
    lon, lat = (chosen.lon, chosen.lat) if chosen else town.center if town else (0.0, 0.0)
    usual_m = widen_for(chosen.accuracy_m) if chosen else UNPLACED_HALF_WIDTH_M
    return Frame(lon, lat, half_width_m or usual_m, WIDTH_PX, round(WIDTH_PX * SKETCH_SHARE))


def _list_marks(chosen: Position | None, fix: Position | None, nearby: tuple[NearbyCase, ...]) -> list[Mark]:
    marks = [Mark(MarkKind.OPEN_CASE, case.lon, case.lat, text=str(case.voices or "")) for case in nearby]
    if fix is not None and fix != chosen:
        marks.append(Mark(MarkKind.FILE_FIX, fix.lon, fix.lat, fix.accuracy_m))
    if chosen is not None:
        marks.append(Mark(MarkKind.CHOSEN, chosen.lon, chosen.lat, chosen.accuracy_m))
    return marks


def _suggest(draft: Draft, facts: PlaceFacts | None, nearby: tuple[NearbyCase, ...]) -> tuple[str, ...]:
    """Kinds likely here, for the first chips: what the machine saw, what is open here, then what sidewalks are used for."""
    seen = draft.suggestion.category if draft.suggestion else ""
    uses = [*([seen] if seen in CATEGORIES else []), *(case.use for case in nearby)]
    if facts and any(walk.distance_m <= facts.position.accuracy_m for walk in facts.sidewalks):
        uses += SUGGESTED_ON_SIDEWALK
    return tuple(dict.fromkeys(uses))[:3]
