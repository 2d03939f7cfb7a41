"""The plan sketch of a flag: drawn by ``tiles`` from the facts that were frozen with the flag."""

from __future__ import annotations

from errors import InputError
from geo.crs import choose_system, parse_system
from rules.models import Flag
from rules.serialise import from_json
from rules.site_facts import SiteFacts
from tiles.plan_sketch import SketchedThing, draw_place
from web.label_words import say


def read_site(flag: Flag) -> SiteFacts | None:
    """What the rule read; None for a record that an older version wrote and this one cannot read."""
    try:
        return from_json(SiteFacts, flag.facts)
    except InputError:
        return None


def draw_plan(flag: Flag, site: SiteFacts | None) -> str:
    """The sketch as SVG text; empty where no place is known."""
    if site is None or site.place is None or flag.city is None:
        return ""
    thing = site.sighting
    things = [SketchedThing(thing.footprint, say(thing.label), site.ground)] if thing is not None else []
    position = site.place.position
    systems = [parse_system(raw) for raw in flag.city.crs]
    return draw_place(site.place, things, choose_system(systems, position.lon, position.lat), verdict=flag.verdict)
