"""A city pack into the database, room by room from below: registers, cameras, offices, law, and last the map's tiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.actions import load_offices
from geo.actions import load_registers
from geo.models import City
from geo.pack import read_pack
from geo.register_drawing import list_undrawn, mark_drawn
from geo.today import today_in
from intake.actions.questions import QUESTIONS, load_questions
from intake.camera_loading import load_cameras
from rules.actions import load_law
from tiles.imagery_loading import load_imagery
from tiles.register_tiles import are_built, build_all, build_registers


@dataclass(frozen=True, slots=True)
class LoadedPart:
    """One part of a pack and what it counted."""

    name: str
    counts: dict[str, Any]


def load_city(path: Path, *, with_tiles: bool = True) -> Iterator[LoadedPart]:
    """Load a pack part by part, telling each; twice changes nothing. ConfigurationError or InputError names a fault."""
    pack = read_pack(path)
    for summary in load_registers(pack):
        yield LoadedPart(f"register {summary.source}", summary.to_json())
    city = City.objects.get(slug=pack.slug)
    yield LoadedPart("cameras", load_cameras(city, pack))
    yield LoadedPart("offices", load_offices(city, pack))
    yield LoadedPart("questions", {"state": load_questions(city, pack.read_table(QUESTIONS))})
    yield LoadedPart("law", load_law(city, pack))
    yield LoadedPart("imagery", load_imagery(city, pack))
    if not with_tiles:
        return
    ids, registers = list_undrawn()
    if not are_built():
        yield LoadedPart("tiles", build_all(today_in(city.timezone)))
    elif registers:
        yield LoadedPart("tiles", build_registers(registers, today_in(city.timezone)))
    mark_drawn(ids)
