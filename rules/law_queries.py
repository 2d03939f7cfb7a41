"""The law of a city as its operator keeps it: every item with its period and whether somebody confirmed it, and the versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from errors import NotFound
from geo.models import City
from rules.confirming import Confirmation, LawItem, list_confirmations, list_items
from rules.models import OrdinanceSet

VERSIONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class LawVersion:
    """One stored text: when it came in, how many words of people stand in it, and the last of them where it added one."""

    version: str
    loaded_at: datetime
    confirmations: int
    added: Confirmation | None


@dataclass(frozen=True, slots=True)
class LawTable:
    """The law in use. ``waiting`` counts what nobody has confirmed yet."""

    city: str
    version: str
    loaded_at: datetime
    waiting: int
    items: tuple[LawItem, ...]
    history: tuple[LawVersion, ...]


def get_law_table(city: City) -> LawTable:
    """The newest law of a city with its history, newest first; NotFound where none was loaded."""
    rows = list(OrdinanceSet.objects.filter(city=city).order_by("-id")[:VERSIONS_SHOWN])
    if not rows:
        raise NotFound("No law is loaded for this city.", field="city", value=city.slug, cure="Load the city's pack.")
    items = list_items(rows[0].text)
    return LawTable(
        city=city.slug, version=rows[0].sha256, loaded_at=rows[0].loaded_at,
        waiting=sum(not item.is_confirmed for item in items), items=items, history=tuple(map(_version, rows)),
    )  # fmt: skip


def _version(row: OrdinanceSet) -> LawVersion:
    given = list_confirmations(row.text)
    added = given[-1] if given and given[-1].at == row.loaded_at else None
    return LawVersion(row.sha256, row.loaded_at, len(given), added)
