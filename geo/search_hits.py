"""What a search found: hits with the reason why, best first, and what the searcher should know. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

MOST_HITS = 20
LEAST_SCORE = 0.35  # below it only when nothing better was found


class HitKind(StrEnum):
    """What was found."""

    ADDRESS = "address"
    STREET = "street"
    PARCEL = "parcel"
    PERMIT = "permit"
    UNIT = "unit"
    PLACE = "place"


class Why(StrEnum):
    """Why a hit answers the text; ``detail`` of the hit says the rest."""

    EXACT = "exact"
    IN_ALLEY = "in_alley"  # the number typed is the beginning of this one
    SPELLING = "spelling"  # another way of writing
    NEAREST_NUMBER = "nearest_number"  # the number itself is not on record
    KEY = "key"
    SHEET_AND_NUMBER = "sheet_and_number"
    SUCCESSOR = "successor"  # the parcel asked for became this one
    NUMBER = "number"
    FORMER_NAME = "former_name"
    COORDINATES = "coordinates"


class NoteKind(StrEnum):
    """What the searcher should know besides."""

    READ_AS = "read_as"  # system, order
    TWO_READINGS = "two_readings"
    KEY_FORM = "key_form"  # form, example
    NO_WARD = "no_ward"  # ward_code
    NO_SHEET = "no_sheet"  # sheet, sheets
    NO_NUMBER = "no_number"  # sheet, number, numbers
    NO_PARCELS = "no_parcels"
    NO_UNIT = "no_unit"  # unit
    NO_HOUSE = "no_house"  # house, street
    NO_STREET = "no_street"  # street
    SPLIT_UNIT = "split_unit"  # name, units
    BEFORE_DATA = "before_data"  # day


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One find. ``title`` is what it is called, ``unit`` and ``former_unit`` its address in today's and the older form.

    ``key`` opens it: a parcel's key, a permit's number, a unit's code, an address's or street's name. Degrees, EPSG:4326;
    none where the register gives no place. ``parcel_key``: of an address, the parcel that the register gives it on the day.
    """

    kind: HitKind
    title: str
    key: str
    city: str
    why: Why
    score: float
    detail: str = ""
    unit: str = ""
    former_unit: str = ""
    lon: float | None = None
    lat: float | None = None
    area_m2: float | None = None
    share: float | None = None
    is_generated: bool = False
    parcel_key: str = ""


@dataclass(frozen=True, slots=True)
class SearchNote:
    """A remark with the values that its sentence holds."""

    kind: NoteKind
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchFindings:
    """Everything found for one text."""

    text: str
    hits: tuple[SearchHit, ...]
    notes: tuple[SearchNote, ...]


def rank(hits: Iterable[SearchHit], most: int = MOST_HITS) -> tuple[SearchHit, ...]:
    """Best first; the same thing found in two ways counts once."""
    best: dict[tuple[HitKind, str, str, str, str], SearchHit] = {}
    for hit in sorted(hits, key=lambda hit: -hit.score):
        place = "" if hit.lon is None or hit.lat is None else f"{hit.lon:.4f},{hit.lat:.4f}"
        best.setdefault((hit.kind, hit.city, hit.key, hit.title, place if hit.kind is HitKind.ADDRESS else ""), hit)
    ordered = sorted(best.values(), key=lambda hit: -hit.score)  # equal ones stay in the order of their finder
    good = [hit for hit in ordered if hit.score >= LEAST_SCORE]
    return tuple((good or ordered[:5])[:most])


def near_numbers(asked: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Numbers that one slip of the finger makes of the one asked for: '82' for '820', '28' for '82'."""
    asked = asked.lstrip("0")
    close = [(slips(asked, number), len(number), number) for number in known]
    return tuple(number for distance, _, number in sorted(close) if distance <= 1)[:most]


def slips(a: str, b: str) -> int:
    """Least number of letters added, lost, changed or swapped with their neighbour between two short texts."""
    rows = [list(range(len(b) + 1))]
    for i, left in enumerate(a, 1):
        row = [i]
        for j, right in enumerate(b, 1):
            cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
