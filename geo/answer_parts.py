"""What an answer about a place is put together from: which parcel is meant, shares of districts, states of registers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely

from geo.answer import AnswerParcel, AskedPlace
from geo.facts import Coverage, Register, RegisterState, SourceRef, ZoneShare
from geo.parcel_match import error_covariance_m2, match_parcels
from geo.position import Position, PositionMethod

LEAST_SHARE_M2 = 0.1  # smaller overlaps come from two drawings of one line
SURE = 0.95
# What a district says: source's id, kind of plan, plan, code, name, status, decision, scale, day of the decision, storeys,
# density, floor area ratio, setback, allowed uses.
Said = tuple[Any, ...]


def judge_likelihoods(asked: AskedPlace, outlines: Sequence[str | bytes | None]) -> list[float]:
    """Of the candidate parcels of a point (WKB in metres, the point at 0, 0), by its error; a single one is meant."""
    if len(outlines) < 2:
        return [1.0] * len(outlines)
    position = Position(asked.lon, asked.lat, asked.accuracy_m or 1.0, PositionMethod.SENDER_PIN)
    return match_parcels(list(shapely.from_wkb(outlines)), error_covariance_m2(position))


def choose_of_point(parcels: Sequence[AnswerParcel]) -> str:
    """The key of the parcel that surely holds the point; of several none is chosen."""
    sure = [parcel for parcel in parcels if parcel.likelihood >= SURE and parcel.distance_m == 0]
    return sure[0].key if len(sure) == 1 else ""


def add_pieces(rows: Iterable[tuple[Said, float]]) -> dict[Said, float]:
    """m2 by what is said of a district: several pieces of which the same is said count together."""
    merged: dict[Said, float] = {}
    for said, m2 in rows:
        merged[said] = merged.get(said, 0.0) + m2
    return merged


def share_of(m2: float, whole_m2: float | None) -> float:
    """Percent of the whole, at most 100; a point lies in a district with all of itself."""
    return min(100.0, 100 * m2 / whole_m2) if whole_m2 else 100.0


def make_zone(said: Said, m2: float, share_pct: float, sources: Mapping[int, SourceRef]) -> ZoneShare:
    """A share in a district, with the district's own decision and scale where it names them."""
    number, kind, plan, code, name, status, decision, scale, decided, storeys, density, ratio, setback, uses = said
    told = sources[number]
    shown = SourceRef(
        told.name, told.title, told.source_on, decision or told.decision, scale or told.scale, told.licence,
        told.is_generated, decided,
    )  # fmt: skip
    return ZoneShare(kind, plan, code, name, m2, share_pct, status, shown, storeys, density, ratio, setback, uses)


def of_kind(zones: Sequence[ZoneShare], kind: str) -> tuple[ZoneShare, ...]:
    """One plan's kind alone, the largest share first; slivers of two drawings of one line are left out."""
    found = [z for z in zones if z.plan_kind == kind and (z.area_m2 >= LEAST_SHARE_M2 or z.share_pct == 100.0)]
    return tuple(sorted(found, key=lambda zone: (zone.plan, -zone.area_m2, zone.code)))


def judge_registers(
    facts: Mapping[Register, Sequence[Any]],
    covering: Mapping[Register, Sequence[SourceRef]],
    sources: Iterable[SourceRef],
) -> tuple[RegisterState, ...]:
    """Found, checked (its area holds the place) or no data, with the sources that speak; each source as it speaks of itself."""
    known = {source.name: source for source in sources}
    states = []
    for register, found in facts.items():
        here = covering.get(register, ())
        named = dict.fromkeys((*(source.name for source in here), *(fact.source.name for fact in found)))
        state = Coverage.FOUND if found else Coverage.CHECKED if here else Coverage.NO_DATA
        states.append(RegisterState(register, state, tuple(known[name] for name in named)))
    return tuple(states)
