"""The full answer about a place: one statement read, then put together. Who asks by words is led here by ``geo.asking``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from django.utils import timezone as clock
from django.utils.translation import get_language

from geo import answer_rows, parcel_zoning
from geo.allowed_uses import parse_allowed_uses
from geo.answer import AnswerParcel, AskedPlace, LineShare, PlaceAnswer, SidewalkAnswer, Subject
from geo.answer_parts import (
    Said,
    add_pieces,
    choose_of_point,
    judge_likelihoods,
    judge_registers,
    make_zone,
    of_kind,
    share_of,
)
from geo.facts import (
    Coverage,
    OverlayFact,
    PermitFact,
    Register,
    RegisterState,
    RoadFact,
    SourceRef,
    UnitFact,
    ZoneShare,
)  # fmt: skip
from geo.outside import describe_outside
from geo.parcel_match import search_radius_m
from geo.permit_standing import judge_standing
from geo.plan_line_sides import measure_beyond
from geo.position import Position, PositionMethod
from geo.prepared import fetch
from geo.use_hours import judge_uses

LEAST_RADIUS_M, MOST_RADIUS_M = 0.05, 60.0
MOST_LINES = 12
NOON = time(12)
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class _Read:
    """The row of the statement by column, with its sources made ready."""

    columns: Mapping[str, Any]
    sources: Mapping[int, SourceRef]
    on: date
    at: time

    def rows(self, name: str) -> list[Row]:
        found: list[Row] = self.columns.get(name, [])
        return found


_COLUMNS = (
    "slug", "timezone", "day", "parcels", "in_all", "parcel_zones", "zones", "sources", "units", "overlays", "lines", "outline",
    "roads", "walks", "permits",
)  # fmt: skip


def answer_point(
    lon: float,
    lat: float,
    on: date | None,
    at: time | None,
    *,
    accuracy_m: float = 1.0,
    lean: bool = False,
    subject: Subject = Subject.POINT,
    text: str = "",
) -> PlaceAnswer:
    """All that is on record about a point; ``lean``: only its parcels and plans. One statement.

    ``on`` none is today and ``at`` none is now (noon of another day), both of the city's clock. PlaceError outside every city.
    """
    position = Position(lon, lat, accuracy_m, PositionMethod.SENDER_PIN)
    radius_m = min(max(search_radius_m(position), LEAST_RADIUS_M), MOST_RADIUS_M)
    asked = AskedPlace(subject, text, lon, lat, accuracy_m)
    if not lean:
        return _answer("point", asked, on, at, {"radius_m": radius_m})
    rows = _require(parcel_zoning.read_rows(asked, on, radius_m), asked)
    return parcel_zoning.make_answer(asked, rows, at or _hour(rows[0][2], rows[0][1]))


def answer_parcels(keys: Sequence[str], asked: AskedPlace, on: date | None, at: time | None) -> PlaceAnswer:
    """All about parcels named by their keys; ``asked`` holds a point in them. One statement."""
    return _answer("parcels", asked, on, at, {"keys": list(keys)})


def answer_area(area_wkb: bytes, asked: AskedPlace, on: date | None, at: time | None) -> PlaceAnswer:
    """All about an area (degrees): shares of the area itself and of each of its first parcels. One statement."""
    return _answer("area", asked, on, at, {"area": area_wkb})


def _answer(kind: str, asked: AskedPlace, on: date | None, at: time | None, values: dict[str, Any]) -> PlaceAnswer:
    rows = _require(fetch(answer_rows.FULL[kind], {"lon": asked.lon, "lat": asked.lat, "on": on, **values}), asked)
    columns = dict(zip(_COLUMNS, rows[0], strict=True))
    day = columns["day"]
    read = _Read(columns, _refer(columns["sources"]), day, at or _hour(day, columns["timezone"]))
    return _make(kind, asked, read)


def _require(rows: list[tuple[Any, ...]], asked: AskedPlace) -> list[tuple[Any, ...]]:
    if not rows:
        raise describe_outside(asked.lon, asked.lat)
    return rows


def _hour(day: date, zone: str) -> time:
    now = clock.now().astimezone(ZoneInfo(zone))
    return time(now.hour, now.minute) if now.date() == day else NOON


def _refer(rows: Sequence[Row]) -> dict[int, SourceRef]:
    in_vietnamese = (get_language() or "vi").startswith("vi")
    return {
        row[0]: SourceRef(row[2], (row[3] if in_vietnamese else row[4]) or row[3], _day(row[5]), row[6], row[7], row[8], row[9])
        for row in rows
    }  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _make(kind: str, asked: AskedPlace, read: _Read) -> PlaceAnswer:
    parcels = _parcels(kind, asked, read)
    chosen = _choose(kind, parcels)
    lines = _lines(read)
    if not chosen and kind != "area":
        lines = tuple(replace(line, affected_m2=None) for line in lines)
    else:
        parcels = tuple(_with_lines(parcel, lines) if parcel.key == chosen else parcel for parcel in parcels)
    area_m2 = asked.area_m2
    zones = _zones(read.rows("zones"), area_m2, read)
    facts = PlaceAnswer(
        asked=asked, on=read.on, at=read.at, city=read.columns["slug"], chosen=chosen, parcels_in_all=read.columns["in_all"],
        units=tuple(_unit(row, read) for row in read.rows("units")),
        parcels=parcels, zoning=of_kind(zones, "zoning"), land_use=of_kind(zones, "land_use"),
        overlays=tuple(_overlay(row, read) for row in read.rows("overlays")), plan_lines=lines, roads=_roads(read),
        sidewalks=_sidewalks(read), permits=_permits(read), registers=(),
    )  # fmt: skip
    return _with_registers(facts, read)


def _unit(row: Row, read: _Read) -> UnitFact:
    source, code, name, level, former = row
    return UnitFact(code, name, level, read.sources[source], tuple(dict.fromkeys(former.values())))


def _parcels(kind: str, asked: AskedPlace, read: _Read) -> tuple[AnswerParcel, ...]:
    rows = read.rows("parcels")
    likelihoods = judge_likelihoods(asked, [row[-1] for row in rows]) if kind == "point" else [1.0] * len(rows)
    zones: dict[str, list[Row]] = {}
    for row in read.rows("parcel_zones"):
        zones.setdefault(row[0], []).append(row)
    former = {code: name for row in read.rows("units") for code, name in row[4].items()}
    found = []
    for row, likelihood in zip(rows, likelihoods, strict=True):
        if likelihood <= 0:
            continue
        source, key, sheet, number, ward, stated, measured, use, address, begins, ends, distance_m, geometry, _ = row
        shares = _zones(zones.get(key, []), measured, read)
        found.append(
            AnswerParcel(
                key, sheet, number, ward, stated, measured, use, address, date.fromisoformat(begins), _day(ends),
                distance_m if kind == "point" else 0.0, likelihood, of_kind(shares, "zoning"),
                of_kind(shares, "land_use"), (), geometry, read.sources[source],
                former.get(ward, ""),
            )
        )  # fmt: skip
    return tuple(found)


def _choose(kind: str, parcels: Sequence[AnswerParcel]) -> str:
    """The one parcel meant: the only one named, or the one that surely holds the point."""
    if kind == "parcels":
        return parcels[0].key if len(parcels) == 1 else ""
    return choose_of_point(parcels) if kind == "point" else ""


def _zones(rows: Sequence[Row], whole_m2: float | None, read: _Read) -> list[ZoneShare]:
    pieces = add_pieces((_said(row), row[-1]) for row in rows)
    return [make_zone(said, m2, share_of(m2, whole_m2), read.sources) for said, m2 in pieces.items()]


def _said(row: Row) -> Said:
    return (*row[1:9], _day(row[9]), *row[10:14], tuple(map(str, row[14])))


def _overlay(row: Row, read: _Read) -> OverlayFact:
    source, name, kind, decision = row
    told = read.sources[source]
    return OverlayFact(name, kind, SourceRef(told.name, told.title, told.source_on, decision or told.decision, told.scale,
                                             told.licence, told.is_generated))  # fmt: skip


def _lines(read: _Read) -> tuple[LineShare, ...]:
    """Nearest first. A street's line is stored in stretches: the nearest of a name stands for all, and they cut together."""
    stretches: dict[tuple[str, str], list[Row]] = {}
    for row in read.rows("lines"):
        kind, name = row[1], row[2]
        stretches.setdefault((kind, name or f"#{len(stretches)}"), []).append(row)
    return tuple(_line(rows, read) for rows in [*stretches.values()][:MOST_LINES])


def _line(rows: Sequence[Row], read: _Read) -> LineShare:
    source, kind, name, width_m, distance_m, *_ = rows[0]
    return LineShare(kind, name, width_m, distance_m, _affected(rows, read), read.sources[source])


def _affected(rows: Sequence[Row], read: _Read) -> float | None:
    """m2. A corridor counts by its overlap, lines that cross by the part on the road's side."""
    outline = read.columns.get("outline")
    overlaps = [row[5] for row in rows if row[5] is not None]
    crossing = [shapely.from_wkb(row[7]) for row in rows if row[6]]
    if not crossing or not outline:
        return sum(overlaps) if overlaps else (0.0 if outline else None)
    roads = [shapely.from_wkb(row[-1]) for row in read.rows("roads")]
    beyond = measure_beyond(shapely.from_wkb(outline), shapely.line_merge(shapely.union_all(crossing)), roads)
    return beyond if not overlaps else sum(overlaps) + (beyond or 0.0)


def _with_lines(parcel: AnswerParcel, lines: tuple[LineShare, ...]) -> AnswerParcel:
    return replace(parcel, plan_lines=tuple(line for line in lines if line.affected_m2))


def _roads(read: _Read) -> tuple[RoadFact, ...]:
    roads = []
    for source, name, road_class, width_m, is_line, distance_m, _ in read.rows("roads"):
        to_edge = max(0.0, distance_m - width_m / 2) if is_line and width_m else distance_m
        roads.append(RoadFact(name, road_class, width_m, to_edge, read.sources[source]))
    return tuple(sorted(roads, key=lambda road: road.distance_m))


def _sidewalks(read: _Read) -> tuple[SidewalkAnswer, ...]:
    speaking = {row[0] for row in read.rows("sources") if row[11]}
    walks = []
    for source, key, street, width_m, uses, distance_m, geometry in read.rows("walks"):
        told = source in speaking or bool(uses)
        answers = judge_uses(parse_allowed_uses(uses), read.on, read.at, are_told=told)
        walks.append(SidewalkAnswer(key, street, width_m, distance_m, answers, geometry, read.sources[source]))
    return tuple(walks)


def _permits(read: _Read) -> tuple[PermitFact, ...]:
    permits = []
    for row in read.rows("permits"):
        source, number, kind, status, issued, expires, keys, storeys, floor_m2, conditions, distance_m, current = row
        issued_on, expires_on = _day(issued), _day(expires)
        standing = judge_standing(status, issued_on, expires_on, read.on).value
        named = tuple(dict.fromkeys([*map(str, keys), *current]))
        permits.append(
            PermitFact(number, kind, status, standing, issued_on, expires_on, named, storeys, floor_m2, distance_m,
                       read.sources[source], conditions)
        )  # fmt: skip
    return tuple(permits)


def _with_registers(answer: PlaceAnswer, read: _Read) -> PlaceAnswer:
    """The state of every register: found, checked (its area holds the place) or no data."""
    found: dict[Register, Sequence[Any]] = {
        Register.ADMIN_UNIT: answer.units, Register.PARCEL: answer.parcels,
        Register.ZONING: (*answer.zoning, *answer.land_use, *(z for p in answer.parcels for z in (*p.zoning, *p.land_use))),
        Register.OVERLAY: answer.overlays, Register.PLAN_LINE: answer.plan_lines, Register.ROAD: answer.roads,
        Register.SIDEWALK: answer.sidewalks, Register.PERMIT: answer.permits,
    }  # fmt: skip
    covering: dict[Register, list[SourceRef]] = {}
    for row in read.rows("sources"):
        if row[10]:
            covering.setdefault(Register(row[1]), []).append(read.sources[row[0]])
    states = judge_registers(found, covering, read.sources.values())
    return replace(answer, registers=states, data_from=_find_first_day(answer, states))


def _find_first_day(answer: PlaceAnswer, states: Sequence[RegisterState]) -> date | None:
    """Asked only where no register has a word about the day: one more statement."""
    if any(state.coverage is not Coverage.NO_DATA for state in states):
        return None
    values = {"city": answer.city, "lon": answer.asked.lon, "lat": answer.asked.lat}
    first: date | None = fetch(answer_rows.FIRST_DAY, values)[0][0]
    return first if first and first > answer.on else None
