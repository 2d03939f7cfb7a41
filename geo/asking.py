"""From how a person names a place to the full answer: a parcel key, a permit, a street, an address, a drawn area."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

import shapely

from errors import InputError, NotFound, PlaceError
from geo.answer import AskedPlace, PlaceAnswer, Subject
from geo.answers import answer_area, answer_parcels, answer_point
from geo.crs import choose_system, parse_system
from geo.drawn_area import DrawnArea, parse_area
from geo.facts import Register
from geo.find_named import list_permits_of
from geo.first_days import find_first_day
from geo.models import City
from geo.plain_text import make_street_plain
from geo.prepared import Row, fetch
from geo.search import search
from geo.search_hits import HitKind, NoteKind, SearchHit, SearchNote
from geo.search_wording import say_note

MOST_AREA_M2 = 25_000_000.0
STREET_HALF_M = 4.0  # of a street whose width is not on record
ADDRESS_ACCURACY_M = 2.0
_KEYS = """
    SELECT p.key, ST_X(ST_PointOnSurface(p.geom)), ST_Y(ST_PointOnSurface(p.geom))
    FROM geo_parcel p JOIN geo_city c ON c.id = p.city_id
    WHERE c.slug = ANY(%(cities)s) AND p.key = ANY(%(keys)s) AND p.valid_from <= %(on)s
      AND (p.valid_to IS NULL OR p.valid_to > %(on)s) ORDER BY p.key
"""
_STREET = """
    SELECT DISTINCT c.slug, s.name FROM geo_streetname s JOIN geo_city c ON c.id = s.city_id
    WHERE c.slug = ANY(%(cities)s) AND s.name_plain = %(plain)s LIMIT 1
"""
_STREET_SHAPES = """
    SELECT ST_AsBinary(r.geom), r.width_m, ST_Dimension(r.geom) FROM geo_roadsegment r JOIN geo_city c ON c.id = r.city_id
    WHERE c.slug = %(city)s AND r.name = ANY(%(names)s)
      AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)
    UNION ALL
    SELECT ST_AsBinary(r.geom), NULL, 2 FROM geo_sidewalksegment r JOIN geo_city c ON c.id = r.city_id
    WHERE c.slug = %(city)s AND r.street = ANY(%(names)s)
      AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)
    UNION ALL
    SELECT ST_AsBinary(r.geom), NULL, 0 FROM geo_address r JOIN geo_city c ON c.id = r.city_id
    WHERE c.slug = %(city)s AND r.street_plain = %(plain)s
      AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)
    LIMIT 5000
"""


def ask_parcel(key: str, on: date, at: time | None, *, city: str = "") -> PlaceAnswer:
    """A parcel by its key, however it is separated. NotFound says which part of the key names nothing."""
    found = search(key, on, city=city)
    hits = [hit for hit in found.hits if hit.kind is HitKind.PARCEL]
    if not hits:
        words, is_worded = " ".join(say_note(note) for note in found.notes), bool(found.notes)
        raise NotFound(
            words or "No parcel has this key.",
            field="key",
            value=key,
            cure="Search by address, or touch the map.",
            is_worded=is_worded,
        )
    return _answer_parcels([hit.key for hit in hits], hits[0], Subject.PARCEL, key, on, at)


def ask_permit(number: str, on: date, at: time | None, *, city: str = "") -> PlaceAnswer:
    """The parcels that a permit names, else the place it is drawn at; the number as the search field reads it.

    NotFound: no such permit on that day. InputError: several go on differently after what was typed.
    """
    slugs = _cities(city)
    ids = dict(City.objects.filter(slug__in=slugs).values_list("id", "slug"))
    permits = list_permits_of(number, sorted(ids, key=lambda row: slugs.index(ids[row])), on)
    if not permits:
        raise _no_permit(number, on, slugs)
    found = permits[0]
    if any(other.number != found.number for other in permits):
        numbers = "; ".join(dict.fromkeys(permit.number for permit in permits[:4]))
        raise InputError("Several permits fit.", field="permit", value=numbers, cure="Type the whole number.")
    keys = {"cities": [ids[found.city_id]], "keys": list(found.parcel_keys), "on": on}
    parcels = fetch(_KEYS, keys)
    if parcels:
        asked = AskedPlace(Subject.PERMIT, found.number, parcels[0][1], parcels[0][2])
        return answer_parcels([row[0] for row in parcels], asked, on, at)
    if found.outline is None:
        cure = "Ask the office that issued it."
        raise NotFound("The register gives no place for this permit.", field="permit", value=number, cure=cure)
    point = shapely.from_wkb(found.outline).representative_point()
    return answer_point(
        point.x, point.y, on, at, accuracy_m=ADDRESS_ACCURACY_M, subject=Subject.PERMIT, text=found.number
    )


def _no_permit(number: str, on: date, cities: Sequence[str]) -> NotFound:
    first = find_first_day(cities, Register.PERMIT)
    if first is not None and on < first:
        words = say_note(SearchNote(NoteKind.BEFORE_DATA, {"day": first.isoformat()}))
        return NotFound(words, field="permit", value=number, cure="Choose a later day.", is_worded=True)
    cure = "Check the number; type a part of it into the search field to see those like it."
    return NotFound("No permit has this number on that day.", field="permit", value=number, cure=cure)


def ask_street(name: str, on: date, at: time | None, *, city: str = "") -> PlaceAnswer:
    """A street as an area: its roadway and sidewalks, or where its houses stand. NotFound: no such street."""
    plain = make_street_plain(name)
    rows = fetch(_STREET, {"cities": _cities(city), "plain": plain})
    if not rows:
        cure = "Type it into the search field: misspelt names are found there."
        raise NotFound("No street of this name is on record.", field="street", value=name, cure=cure)
    slug, shown = rows[0]
    shapes = fetch(_STREET_SHAPES, {"city": slug, "names": [shown, name], "plain": plain, "on": on})
    if not shapes:
        raise NotFound(
            "No place of this street is on record on that day.", field="street", value=name, cure="Choose a later day."
        )
    return _answer_area(_widen(shapes, slug), Subject.STREET, shown, on, at)


def ask_address(text: str, on: date, at: time | None, *, city: str = "") -> PlaceAnswer:
    """An address that is on record: its parcel or its point. NotFound says what is not; InputError lists those that fit alike."""
    found = search(text, on, city=city)
    hits = [hit for hit in found.hits if hit.kind is HitKind.ADDRESS and hit.why.value in ("exact", "spelling")]
    best = hits[0] if hits else None
    if best is None or best.lon is None or best.lat is None:
        words, is_worded = " ".join(say_note(note) for note in found.notes), bool(found.notes)
        cure = "Try the number without accents, or sheet and parcel."
        raise NotFound(
            words or "This address is not on record.", field="address", value=text, cure=cure, is_worded=is_worded
        )
    if len(hits) > 1 and hits[1].score == best.score:
        places = "; ".join(f"{hit.title}, {hit.unit}" for hit in hits[:4] if hit.score == best.score)
        raise InputError("Several addresses fit.", field="address", value=places, cure="Add the ward to the address.")
    return answer_address(best, on, at)


def answer_address(hit: SearchHit, on: date, at: time | None) -> PlaceAnswer:
    """The parcel that the register gives to an address; else its point, which may leave several parcels possible."""
    if hit.lon is None or hit.lat is None:
        raise NotFound("The register gives no place for this address.", field="address", value=hit.title)
    if hit.parcel_key:
        asked = AskedPlace(Subject.ADDRESS, hit.title, hit.lon, hit.lat)
        return answer_parcels([hit.parcel_key], asked, on, at)
    return answer_point(
        hit.lon, hit.lat, on, at, accuracy_m=ADDRESS_ACCURACY_M, subject=Subject.ADDRESS, text=hit.title
    )


def ask_area(raw: Any, on: date, at: time | None) -> PlaceAnswer:
    """An area drawn or uploaded as GeoJSON. InputError: no area, too large, too many points; PlaceError: in no city."""
    return _answer_area(parse_area(raw), Subject.AREA, "", on, at)


def _answer_area(area: DrawnArea, subject: Subject, text: str, on: date, at: time | None) -> PlaceAnswer:
    system = _system_at(area.lon, area.lat)
    metric = shapely.transform(area.outline, system.to_metric_array)
    area_m2 = float(metric.area)
    if area_m2 > MOST_AREA_M2:
        cure = f"Ask for at most {MOST_AREA_M2 / 1e6:.0f} km² here; the planner's query takes whole wards."
        raise InputError(
            "This area is too large for one answer.", field="area", value=f"{area_m2 / 1e6:.1f} km²", cure=cure
        )
    asked = AskedPlace(subject, text, area.lon, area.lat, None, area_m2, shapely.to_geojson(area.outline))
    return answer_area(area.wkb, asked, on, at)


def _answer_parcels(
    keys: Sequence[str], hit: SearchHit, subject: Subject, text: str, on: date, at: time | None
) -> PlaceAnswer:
    if hit.lon is None or hit.lat is None:
        raise NotFound("The register gives no place for this parcel.", field="key", value=text)
    return answer_parcels(keys, AskedPlace(subject, text, hit.lon, hit.lat), on, at)


def _widen(rows: Sequence[Row], slug: str) -> DrawnArea:
    """Lines by half their width, points by ten metres, all in one outline; measured in the city's metres."""
    first = shapely.from_wkb(bytes(rows[0][0])).representative_point()
    system = _system_at(first.x, first.y, slug)
    pieces = []
    is_drawn = any(row[2] > 0 for row in rows)  # houses stand for the street only where it is not drawn itself
    for wkb, width_m, dimension in rows:
        if is_drawn and dimension == 0:
            continue
        shape_m = shapely.transform(shapely.from_wkb(bytes(wkb)), system.to_metric_array)
        reach_m = {0: 10.0, 1: (width_m or 2 * STREET_HALF_M) / 2, 2: 0.0}[dimension]
        pieces.append(shape_m.buffer(reach_m) if reach_m else shape_m)
    outline = shapely.transform(shapely.union_all(pieces).simplify(0.05), system.to_lonlat_array)
    point = outline.representative_point()
    return DrawnArea(outline, float(point.x), float(point.y), int(shapely.get_num_coordinates(outline)))


def _system_at(lon: float, lat: float, slug: str = "") -> Any:
    for row in City.objects.only("slug", "bounds", "crs").order_by("id"):
        west, south, east, north = row.bounds
        if (not slug or row.slug == slug) and west <= lon <= east and south <= lat <= north:
            return choose_system([parse_system(raw) for raw in row.crs], lon, lat)
    raise PlaceError(
        "This area lies in no city we serve.", field="area", value=f"{lon:.5f}, {lat:.5f}", cure="Draw it elsewhere."
    )


def _cities(slug: str) -> list[str]:
    """One city's slug or all that are loaded, the default one first."""
    return [slug] if slug else list(City.objects.order_by("-is_default", "slug").values_list("slug", flat=True))
