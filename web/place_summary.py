"""The facts of a place in the order people read them: the parcel or its candidates, plans kept apart, what is missing. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from geo.facts import Coverage, ParcelFact, PlaceFacts, RegisterState, RoadFact, SidewalkFact, SourceRef, ZoneShare

T = TypeVar("T")

SURE = 0.95


@dataclass(frozen=True, slots=True)
class PlanShares:
    """The zones of one plan on the parcel (or at the point). Plans of different kinds are never in one list."""

    kind: str
    plan: str
    source: SourceRef
    shares: tuple[ZoneShare, ...]


@dataclass(frozen=True, slots=True)
class PlaceSummary:
    """``parcel`` only when it is the one; else ``candidates`` and none is chosen."""

    parcel: ParcelFact | None
    candidates: tuple[ParcelFact, ...]
    plans: tuple[PlanShares, ...]
    checked: tuple[RegisterState, ...]
    no_data: tuple[RegisterState, ...]
    sources: tuple[SourceRef, ...]
    sidewalks: tuple[SidewalkFact, ...]
    roads: tuple[RoadFact, ...]

    @property
    def is_generated(self) -> bool:
        """Whether any fact rests on data made for illustration."""
        return any(source.is_generated for source in self.sources)


def summarise(facts: PlaceFacts) -> PlaceSummary:
    """Choose the parcel when it is certain, group its zones by plan, and sort the registers by what they could say."""
    likely = sorted(facts.parcels, key=lambda parcel: -parcel.likelihood)
    parcel = likely[0] if likely and likely[0].likelihood >= SURE and likely[0].distance_m == 0 else None
    shares = parcel.zones if parcel and parcel.zones else facts.zones
    return PlaceSummary(
        parcel=parcel,
        candidates=() if parcel else tuple(likely),
        plans=group_by_plan(shares),
        checked=tuple(state for state in facts.registers if state.coverage is Coverage.CHECKED),
        no_data=tuple(state for state in facts.registers if state.coverage is Coverage.NO_DATA),
        sources=_unique_sources(facts),
        sidewalks=_nearest_of_each(facts.sidewalks, lambda walk: walk.street or walk.key),
        roads=_nearest_of_each(facts.roads, lambda road: road.name),
    )


def group_by_plan(shares: tuple[ZoneShare, ...]) -> tuple[PlanShares, ...]:
    """Zones by plan, zoning plan before land-use plan, the largest share first."""
    groups: dict[tuple[str, str], list[ZoneShare]] = {}
    for share in shares:
        groups.setdefault((share.plan_kind, share.plan), []).append(share)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0] != "zoning", item[0][1]))
    return tuple(
        PlanShares(kind, plan, found[0].source, tuple(sorted(found, key=lambda share: -share.share_pct)))
        for (kind, plan), found in ordered
    )


def _unique_sources(facts: PlaceFacts) -> tuple[SourceRef, ...]:
    seen: dict[str, SourceRef] = {}
    for state in facts.registers:
        for source in state.sources:
            seen.setdefault(source.name, source)
    return tuple(seen.values())


def _nearest_of_each(found: Iterable[T], name: Callable[[T], str]) -> tuple[T, ...]:
    """The first, which is the nearest, of each name; what has no name is left to the map."""
    nearest: dict[str, T] = {}
    for one in found:
        if name(one):
            nearest.setdefault(name(one), one)
    return tuple(nearest.values())
