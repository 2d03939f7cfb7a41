"""Parcels and plans at a point by themselves: what the full answer says of them, read by a statement of their own.

Most questions are for these two, so that they cost little more than the statement: its rows become facts without a detour.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from functools import lru_cache
from itertools import groupby

from geo.answer import AnswerParcel, AskedPlace, PlaceAnswer
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
from geo.facts import Register, SourceRef, ZoneShare
from geo.parcel_zoning_rows import DISTRICT_AT, PARCEL_AT, STATEMENT
from geo.prepared import Row, fetch
from geo.source_shelf import find_sources

PARTS = (Register.PARCEL, Register.ZONING)


def read_rows(asked: AskedPlace, on: date | None, radius_m: float) -> list[Row]:
    """The rows of the statement; none where no city holds the place."""
    values = {"lon": asked.lon, "lat": asked.lat, "on": on, "radius_m": radius_m}
    return fetch(STATEMENT, values, binary=True)


def make_answer(asked: AskedPlace, rows: Sequence[Row], at: time) -> PlaceAnswer:
    """The rows put together; the registers that were not asked are not spoken of."""
    slug, _, day, told = rows[0][:PARCEL_AT]
    registers, sources = find_sources(dict(zip(told[::3], told[1::3], strict=True)))
    covering = [number for number, covers in zip(told[::3], told[2::3], strict=True) if covers]
    parcels = _make_parcels(asked, rows, sources)
    zones = _zones_at_point(rows, sources)
    zoning, land_use = of_kind(zones, "zoning"), of_kind(zones, "land_use")
    facts = {
        Register.PARCEL: parcels,
        Register.ZONING: (*zoning, *land_use, *(z for p in parcels for z in (*p.zoning, *p.land_use))),
    }
    covered = {part: [sources[n] for n in covering if registers[n] == part.value] for part in PARTS}
    return PlaceAnswer(
        asked=asked, on=day, at=at, city=slug, chosen=choose_of_point(parcels),
        parcels_in_all=rows[0][DISTRICT_AT - 3] or 0, units=(), parcels=parcels, zoning=zoning, land_use=land_use, overlays=(),
        plan_lines=(), roads=(), sidewalks=(), permits=(), parts=PARTS,
        registers=judge_registers(facts, covered, sources.values()),
    )  # fmt: skip


def cut_to_parts(answer: PlaceAnswer) -> PlaceAnswer:
    """The same of a full answer, for places that are named otherwise than by a point."""
    return replace(
        answer, units=(), overlays=(), plan_lines=(), roads=(), sidewalks=(), permits=(), data_from=None, parts=PARTS,
        parcels=tuple(replace(parcel, plan_lines=(), former_unit="") for parcel in answer.parcels),
        registers=tuple(state for state in answer.registers if state.register in PARTS),
    )  # fmt: skip


def _make_parcels(asked: AskedPlace, rows: Sequence[Row], sources: Mapping[int, SourceRef]) -> tuple[AnswerParcel, ...]:
    found = [
        list(of_parcel) for key, of_parcel in groupby(rows, lambda row: row[PARCEL_AT + 1]) if key is not None
    ]  # fmt: skip
    likelihoods = judge_likelihoods(asked, [of_parcel[0][DISTRICT_AT - 1] for of_parcel in found])
    return tuple(
        _make_parcel(of_parcel, likelihood, sources)
        for of_parcel, likelihood in zip(found, likelihoods, strict=True) if likelihood > 0
    )  # fmt: skip


def _make_parcel(rows: Sequence[Row], likelihood: float, sources: Mapping[int, SourceRef]) -> AnswerParcel:
    (source, key, sheet, number, ward, stated, measured, use, address, begins, ends, distance_m, _, geometry,
     _) = rows[0][PARCEL_AT:DISTRICT_AT]  # fmt: skip
    pieces = add_pieces((_said(row), row[-1]) for row in rows if row[DISTRICT_AT] is not None)
    zones = [make_zone(said, m2, share_of(m2, measured), sources) for said, m2 in pieces.items()]
    return AnswerParcel(
        key, sheet, number, ward, stated, measured, use, address, begins, ends, distance_m, likelihood,
        of_kind(zones, "zoning"), of_kind(zones, "land_use"), (), geometry, sources[source],
    )  # fmt: skip


def _zones_at_point(rows: Sequence[Row], sources: Mapping[int, SourceRef]) -> list[ZoneShare]:
    holding = dict.fromkeys(_said(row) for row in rows if row[DISTRICT_AT + 1])
    return [make_zone(said, 0.0, 100.0, sources) for said in holding]


def _said(row: Row) -> Said:
    return (*row[DISTRICT_AT + 2 : -2], _parse_uses(row[-2]))


@lru_cache(maxsize=1024)
def _parse_uses(text: str) -> tuple[str, ...]:
    return tuple(map(str, json.loads(text)))
