"""The full answer in the order people read it: parcel or candidates, plans kept apart, lines, sidewalk, permits, gaps. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geo.answer import AnswerParcel, LineShare, PlaceAnswer, SidewalkAnswer, Subject
from geo.facts import Coverage, RegisterState, RoadFact, SourceRef, ZoneShare

MOST_SIDEWALKS = 2


@dataclass(frozen=True, slots=True)
class PlanBlock:
    """One plan with its zones on the parcel, in the area, or at the point. The two kinds of plan never share a block."""

    kind: str
    plan: str
    source: SourceRef
    shares: tuple[ZoneShare, ...]


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What the page and the print show. ``parcel`` only when it is the one; else ``candidates`` and none is chosen."""

    answer: PlaceAnswer
    parcel: AnswerParcel | None
    candidates: tuple[AnswerParcel, ...]
    plans: tuple[PlanBlock, ...]
    has_shares: bool
    lines: tuple[LineShare, ...]
    sidewalks: tuple[SidewalkAnswer, ...]
    roads: tuple[RoadFact, ...]
    checked: tuple[RegisterState, ...]
    no_data: tuple[RegisterState, ...]
    sources: tuple[SourceRef, ...]

    @property
    def is_area(self) -> bool:
        """Whether an area or a street was asked about."""
        return self.answer.asked.subject in (Subject.AREA, Subject.STREET)


def lay_out(answer: PlaceAnswer) -> PlacePage:
    """The answer, sorted for reading."""
    parcel = answer.parcel
    of = parcel or answer
    shares = (*of.zoning, *of.land_use) or (*answer.zoning, *answer.land_use)
    return PlacePage(
        answer=answer, parcel=parcel, candidates=() if parcel else answer.parcels, plans=group_by_plan(shares),
        has_shares=bool(parcel and (parcel.zoning or parcel.land_use)) or answer.asked.area_m2 is not None,
        lines=answer.plan_lines, sidewalks=_first_of_each_street(answer.sidewalks), roads=_first_of_each_name(answer.roads),
        checked=tuple(state for state in answer.registers if state.coverage is Coverage.CHECKED),
        no_data=tuple(state for state in answer.registers if state.coverage is Coverage.NO_DATA),
        sources=_unique_sources(answer),
    )  # fmt: skip


def group_by_plan(shares: Iterable[ZoneShare]) -> tuple[PlanBlock, ...]:
    """Zones by plan, zoning plan before land-use plan, the largest share first."""
    groups: dict[tuple[str, str], list[ZoneShare]] = {}
    for share in shares:
        groups.setdefault((share.plan_kind, share.plan), []).append(share)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0] != "zoning", item[0][1]))
    return tuple(
        PlanBlock(kind, plan, found[0].source, tuple(sorted(found, key=lambda share: -share.share_pct)))
        for (kind, plan), found in ordered
    )


def _unique_sources(answer: PlaceAnswer) -> tuple[SourceRef, ...]:
    seen: dict[str, SourceRef] = {}
    for state in answer.registers:
        for source in state.sources:
            seen.setdefault(source.name, source)
    return tuple(seen.values())


def _first_of_each_street(walks: Iterable[SidewalkAnswer]) -> tuple[SidewalkAnswer, ...]:
    """The nearest of each street; segments without a street stand for themselves, the nearest two are told."""
    nearest: dict[str, SidewalkAnswer] = {}
    for walk in walks:
        nearest.setdefault(walk.street or walk.key, walk)
    return tuple(nearest.values())[:MOST_SIDEWALKS]


def _first_of_each_name(roads: Iterable[RoadFact]) -> tuple[RoadFact, ...]:
    nearest: dict[str, RoadFact] = {}
    for road in roads:
        if road.name:
            nearest.setdefault(road.name, road)
    return tuple(nearest.values())[:3]
