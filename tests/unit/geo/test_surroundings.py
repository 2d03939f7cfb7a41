"""Rows around a place as facts: shares, distances, standing, states of the registers."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
import shapely
from shapely import Geometry, LineString, box

from geo.facts import ASKED_BY_NAME, Coverage, PlaceFacts, Register, SourceRef
from geo.position import Position, PositionMethod
from geo.surroundings import (
    Here,
    add_zones,
    make_overlays,
    make_parcels,
    make_permits,
    make_plan_lines,
    make_roads,
    make_sidewalks,
    make_units,
    with_registers,
)
from tests.unit.geo.grids import WEST

SOURCE = SourceRef("s", "Source", date(2026, 1, 1), decision="D1")
SOURCES = {1: SOURCE}
EAST_M, NORTH_M = WEST.to_metric(106.7009, 10.7769)
HERE = Here(Position(106.7009, 10.7769, 3.0, PositionMethod.SENDER_PIN), WEST)
ON = date(2026, 6, 1)


def wkb(shape: Geometry) -> bytes:
    """A shape in metres from the position, as PostGIS gives it."""
    return shapely.to_wkb(shapely.transform(shape, lambda xy: WEST.to_lonlat_array(xy + np.array([EAST_M, NORTH_M]))))


def a_parcel(key: str, shape: Geometry) -> tuple[object, ...]:
    return (1, key, "1", "2", None, shape.area, "ODT", "", "{}", wkb(shape))


def a_district(kind: str, code: str, shape: Geometry, decision: str = "") -> tuple[object, ...]:
    return (1, kind, f"plan of {kind}", code, code, "in_force", decision, "", 5.0, None, None, None, "[]", wkb(shape))


def test_shares_of_a_parcel_by_plan_and_code() -> None:
    parcels, outlines = make_parcels([a_parcel("A", box(-5, -5, 15, 5))], HERE, SOURCES, 10)
    rows = [
        a_district("zoning", "R", box(-50, -50, 7, 50)),
        a_district("zoning", "G", box(7, 0, 50, 50)),
        a_district("zoning", "G", box(7, -50, 50, 0)),
        a_district("land_use", "ODT", box(-50, -50, 50, 50), decision="D2"),
        a_district("zoning", "X", box(15, -50, 50, 50)),
    ]
    (parcel,), here = add_zones(parcels, outlines, rows, HERE, SOURCES)
    told = [(zone.plan_kind, zone.code, round(zone.area_m2, 2), round(zone.share_pct, 1)) for zone in parcel.zones]
    assert told == [("land_use", "ODT", 200.0, 100.0), ("zoning", "R", 120.0, 60.0), ("zoning", "G", 80.0, 40.0)]
    assert [zone.source.decision for zone in parcel.zones] == ["D2", "D1", "D1"]
    assert [(zone.plan_kind, zone.code, zone.share_pct) for zone in here] == [
        ("land_use", "ODT", 100.0),
        ("zoning", "R", 100.0),
    ]


def test_candidates_are_nearest_first_and_far_ones_none() -> None:
    rows = [
        a_parcel("far", box(40, 0, 60, 20)),
        a_parcel("next", box(1, -20, 21, 20)),
        a_parcel("here", box(-20, -20, 1, 20)),
    ]
    facts, outlines = make_parcels(rows, HERE, SOURCES, 30)
    assert [fact.key for fact in facts] == ["here", "next"]
    assert facts[0].distance_m == 0
    assert facts[1].distance_m == pytest.approx(1, abs=1e-3)
    assert sum(fact.likelihood for fact in facts) == pytest.approx(1)
    assert len(outlines) == 2
    assert make_parcels([], HERE, SOURCES, 30) == ([], [])


def test_roads_count_from_the_edge_where_the_width_is_known() -> None:
    line = LineString([(-50, 10), (50, 10)])
    rows = [
        (1, "line", "", 6.0, wkb(line)),
        (1, "no width", "", None, wkb(line)),
        (1, "area", "", None, wkb(box(-5, 2, 5, 9))),
    ]
    roads = make_roads(rows, HERE, SOURCES, 40)
    assert [(road.name, round(road.distance_m, 2)) for road in roads] == [
        ("area", 2.0),
        ("line", 7.0),
        ("no width", 10.0),
    ]


def test_sidewalks_and_lines_within_their_radius() -> None:
    uses = json.dumps([{"use": "parking"}])
    walks = make_sidewalks(
        [
            (1, "W1", "Main", 3.0, uses, "{}", wkb(box(-5, 4, 5, 7))),
            (1, "W2", "Far", 3.0, "[]", "{}", wkb(box(90, 4, 99, 7))),
        ],
        HERE,
        SOURCES,
        20,
    )
    assert [(walk.key, round(walk.distance_m, 2), walk.allowed_uses[0].use) for walk in walks] == [
        ("W1", 4.0, "parking")
    ]
    lines = make_plan_lines([(1, "red_line", "", 16.0, wkb(LineString([(-9, 3), (9, 3)])))], HERE, SOURCES, 40)
    assert (lines[0].kind, round(lines[0].distance_m, 2)) == ("red_line", 3.0)


def a_permit(
    number: str, keys: list[str], shape: Geometry | None = None, current: tuple[str, ...] = ()
) -> tuple[object, ...]:
    outline = None if shape is None else wkb(shape)
    return (
        1,
        number,
        "new",
        "in_force",
        date(2026, 1, 1),
        None,
        json.dumps(keys),
        3.0,
        90.0,
        "",
        outline,
        list(current),
    )


def test_permits_by_parcel_by_place_and_by_former_key() -> None:
    parcels, _ = make_parcels([a_parcel("A", box(2, -5, 15, 5))], HERE, SOURCES, 10)
    rows = [
        a_permit("by key", ["A"]),
        a_permit("by place", [], shapely.Point(0, 12)),
        a_permit("former", ["old-A"], current=("A",)),
        a_permit("elsewhere", ["Z"]),
        a_permit("too far", [], shapely.Point(0, 80)),
    ]
    permits = make_permits(rows, HERE, SOURCES, 30, parcels, ON)
    assert [(permit.number, round(permit.distance_m, 1)) for permit in permits] == [
        ("by key", 2.0),
        ("former", 2.0),
        ("by place", 12.0),
    ]
    assert permits[1].parcel_keys == ("old-A", "A")
    assert {permit.standing for permit in permits} == {"in_force"}


def test_a_register_is_found_checked_or_without_data() -> None:
    facts = PlaceFacts(
        position=HERE.position,
        on=ON,
        city="smallville",
        units=make_units([(1, "1", "Ward", "ward", ["Old"])], SOURCES),
        overlays=make_overlays([(1, "Historic", "historic", "D9")], SOURCES),
    )
    covering = {register: [SOURCE] if register is Register.PERMIT else [] for register in Register}
    told = with_registers(facts, covering)
    assert told.coverage(Register.ADMIN_UNIT) is Coverage.FOUND
    assert told.coverage(Register.OVERLAY) is Coverage.FOUND
    assert told.coverage(Register.PERMIT) is Coverage.CHECKED
    assert told.coverage(Register.PARCEL) is Coverage.NO_DATA
    assert {state.register for state in told.registers} == set(Register) - ASKED_BY_NAME
    assert facts.units[0].former_names == ("Old",)
    assert facts.overlays[0].source.decision == "D9"


def test_boxes_hold_the_radius() -> None:
    west, south, east, north = HERE.box(30)
    assert WEST.to_metric(west, south) == pytest.approx((EAST_M - 30, NORTH_M - 30), abs=0.5)
    assert WEST.to_metric(east, north) == pytest.approx((EAST_M + 30, NORTH_M + 30), abs=0.5)
    wide = HERE.box_around([box(0, 0, 100, 10)])
    assert WEST.to_metric(wide[2], wide[3])[0] > EAST_M + 100
