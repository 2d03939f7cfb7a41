"""One field, every way to name a place: the typed text -> hits with reasons, best first, as of a day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from errors import InputError, NotFound, PlaceError
from geo.crs import parse_system
from geo.facts import Register
from geo.find_addresses import find_houses, find_nearest_houses, find_streets, part_units, street_hits
from geo.find_named import find_misspelt_permits, find_permits, find_places
from geo.find_parcels import find_parcels
from geo.find_units import find_units, list_ward_codes
from geo.first_days import find_first_day
from geo.pack import ParcelKeyForm, parse_parcel_key
from geo.prepared import fetch
from geo.search_hits import HitKind, NoteKind, SearchFindings, SearchHit, SearchNote, Why, rank
from geo.search_text import MOST_LETTERS, AddressWords, SearchText, UnitWords, match_key, read_search_text
from geo.typed_coordinates import WrittenOrder, parse_coordinates

SURE = 0.9
NEARLY_SURE = 0.75
_WRONG_KEY = frozenset((NoteKind.NO_NUMBER, NoteKind.NO_SHEET, NoteKind.NO_WARD, NoteKind.BEFORE_DATA))
_TOWNS = """
    SELECT id, slug, bounds, crs, settings -> 'parcel_key' FROM geo_city WHERE %(slug)s IN ('', slug)
    ORDER BY is_default DESC, slug
"""
_NOT_ON_RECORD = frozenset((NoteKind.NO_HOUSE, NoteKind.NO_STREET))


@dataclass(frozen=True, slots=True)
class _Town:
    """A loaded city as a search needs it."""

    id: int
    slug: str
    bounds: tuple[float, float, float, float]
    systems: tuple[dict[str, Any], ...]
    key_form: ParcelKeyForm | None
    key_title: dict[str, str]


def search(text: str, on: date, *, city: str = "", language: str = "vi") -> SearchFindings:
    """Everything the text may mean, in one city or in all that are loaded; thirteen statements at most for one.

    InputError: nothing to search for. NotFound: no such city.
    """
    asked = read_search_text(text)
    if not asked.plain:
        cure = "Type an address, a sheet and parcel, a permit number, a street or coordinates."
        raise InputError("There is nothing to look for.", field="q", value=text, cure=cure)
    if len(text) > MOST_LETTERS:
        raise InputError("This is longer than any address.", field="q", value=text[:40] + "…",
                         cure=f"Type at most {MOST_LETTERS} letters.")  # fmt: skip
    towns = _list_towns(city)
    hits, notes = _read_coordinates(asked, towns)
    if not hits:
        hits, notes = _by_parcel(asked, towns, on, language)
    if not hits:
        found, told = _by_name(asked, towns, on, only_permits=any(note.kind in _WRONG_KEY for note in notes))
        hits, notes = found, notes + told
    if all(hit.kind is HitKind.STREET for hit in hits):  # a street's name has no date
        notes = _tell_day(notes, towns, on)
    return SearchFindings(asked.text, rank(hits), tuple(notes))


def _list_towns(slug: str) -> list[_Town]:
    towns = []
    for row, name, bounds, systems, raw in fetch(_TOWNS, {"slug": slug}):
        west, south, east, north = (float(number) for number in json.loads(bounds))
        key = json.loads(raw) if raw else {}
        form, title = parse_parcel_key(key), dict(key.get("title", {}))
        towns.append(_Town(row, name, (west, south, east, north), tuple(json.loads(systems)), form, title))
    if not towns:
        raise NotFound("No such city is loaded.", field="city", value=slug)
    return towns


def _slugs(towns: Sequence[_Town]) -> dict[int, str]:
    return {town.id: town.slug for town in towns}


def _read_coordinates(asked: SearchText, towns: Sequence[_Town]) -> tuple[list[SearchHit], list[SearchNote]]:
    """Two numbers that fall into a city by some reading; how they were read is always said."""
    if not asked.may_be_coordinates:
        return [], []
    for town in towns:
        try:
            place = parse_coordinates(asked.text, [parse_system(raw) for raw in town.systems], town.bounds)
        except (PlaceError, InputError):
            continue
        titles = {str(raw["name"]): str(raw.get("title", raw["name"])) for raw in town.systems}
        hit = SearchHit(
            kind=HitKind.PLACE, title=asked.text, key="", city=town.slug, why=Why.COORDINATES, score=1.0,
            lon=place.lon, lat=place.lat,
        )  # fmt: skip
        system = titles.get(place.system, "WGS 84")
        notes = [SearchNote(NoteKind.READ_AS, {"system": system, "order": place.order.value})]
        is_two = place.is_assumed and place.order in (WrittenOrder.EAST_NORTH, WrittenOrder.NORTH_EAST)
        return [hit], notes + ([SearchNote(NoteKind.TWO_READINGS)] if is_two else [])
    return [], []


def _by_parcel(
    asked: SearchText, towns: Sequence[_Town], on: date, language: str
) -> tuple[list[SearchHit], list[SearchNote]]:
    """A whole key in a city's own form, or sheet and number; a number that is nearly a key is told the form."""
    hits: list[SearchHit] = []
    notes: list[SearchNote] = []
    for town in towns:
        words = match_key(asked.text, town.key_form.pattern) if town.key_form else None
        words = words or asked.parcel
        if words is None:
            continue
        wards = list_ward_codes(words.units, [town.id], on)
        found, told = find_parcels(words, wards, [town.id], on, _slugs(towns))
        hits, notes = hits + found, notes + told
    if hits:
        return hits, []
    if not notes and asked.parcel and asked.parcel.units:
        notes = [SearchNote(NoteKind.NO_UNIT, {"unit": asked.parcel.units[0].name})]
    return [], notes or _say_form(asked, towns, language)


def _say_form(asked: SearchText, towns: Sequence[_Town], language: str) -> list[SearchNote]:
    bare = "".join(sign for sign in asked.text if sign.isalnum())
    for town in towns:
        form = town.key_form
        if form and form.example.isdigit() and bare.isdigit() and abs(len(bare) - len(form.example)) <= 2 < len(bare):
            title = town.key_title.get(language) or town.key_title.get("en", "")
            values = {"form": title, "example": form.example, "count": str(len(bare))}
            return [SearchNote(NoteKind.KEY_FORM, values)]
    return []


def _by_name(
    asked: SearchText, towns: Sequence[_Town], on: date, *, only_permits: bool
) -> tuple[list[SearchHit], list[SearchNote]]:
    """Addresses and streets, permits, units, named places."""
    cities, slugs = [town.id for town in towns], _slugs(towns)
    words, permits = asked.address, find_permits(asked.text, cities, on, slugs)
    if words is None or only_permits:
        return permits or find_misspelt_permits(asked.text, cities, on, slugs), []
    streets = find_streets(words.street, cities)
    if not (streets and streets[0].likeness >= SURE):
        parted = part_units(words, cities)
        if parted is not words:
            words, streets = parted, find_streets(parted.street, cities)
    if words.house and not (streets and streets[0].likeness >= 1):  # "3/2" and "30 tháng 4" are streets too
        whole = find_streets(f"{words.house} {words.street}".strip(), cities)
        streets += [street for street in whole if street.likeness >= SURE and street not in streets]
    houses = find_houses(words, streets, cities, on, slugs)
    notes: list[SearchNote] = []
    is_known = bool(streets) and streets[0].likeness >= NEARLY_SURE
    if words.house and is_known and not any(hit.why in (Why.EXACT, Why.SPELLING) for hit in houses):
        houses += find_nearest_houses(words, streets, cities, on, slugs)
        notes.append(SearchNote(NoteKind.NO_HOUSE, {"house": words.house.upper(), "street": streets[0].name}))
    if not is_known and not permits:
        permits = find_misspelt_permits(asked.text, cities, on, slugs)
    if words.house and words.street and not is_known:
        notes.append(SearchNote(NoteKind.NO_STREET, {"street": words.street}))
    units, split = find_units(_units_of(words), cities, on, slugs)
    hits = [
        *houses, *street_hits(streets, words, slugs), *units, *permits, *find_places(asked.plain, cities, on, slugs),
    ]  # fmt: skip
    return hits, notes + split


def _tell_day(notes: list[SearchNote], towns: Sequence[_Town], on: date) -> list[SearchNote]:
    """That the day lies before all data says more than that a house is not on record."""
    register = Register.ADDRESS if any(note.kind is NoteKind.NO_HOUSE for note in notes) else None
    first = find_first_day([town.slug for town in towns], register)
    if first is None or on >= first or any(note.kind is NoteKind.BEFORE_DATA for note in notes):
        return notes
    others = [note for note in notes if note.kind not in _NOT_ON_RECORD]
    return [*others, SearchNote(NoteKind.BEFORE_DATA, {"day": first.isoformat()})]


def _units_of(words: AddressWords) -> tuple[UnitWords, ...]:
    """The units typed; a text without number or unit may itself name one."""
    if words.units or words.house:
        return words.units
    return (UnitWords("", words.street),)
