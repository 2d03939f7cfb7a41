"""The generated city is the same each time, and its parts fit together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from bench.city import districts, permits, streets, units
from bench.city.layout import CityPlan
from bench.city.pack import write_pack
from bench.city.parcels import addresses, parcel_keys, parcel_rings
from errors import InputError
from geo.pack import read_pack

PLAN = CityPlan(60_000)


def test_parcels_have_keys_of_their_own_and_do_not_overlap() -> None:
    keys = parcel_keys(PLAN)
    assert len(set(keys)) == PLAN.parcels
    assert {len(key) for key in keys} == {12}
    shapes = shapely.polygons(parcel_rings(PLAN)[:2000])
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(shapely.area(shapes).sum())


def test_the_same_numbers_give_the_same_city() -> None:
    again = CityPlan(60_000)
    assert np.array_equal(parcel_rings(PLAN), parcel_rings(again))
    assert addresses(PLAN, 500) == addresses(again, 500)
    assert not np.array_equal(parcel_rings(PLAN), parcel_rings(CityPlan(60_000, seed=2)))


def test_as_many_addresses_as_asked() -> None:
    assert sum(map(bool, addresses(PLAN, 5000))) == 5000


@pytest.mark.parametrize("make", [districts.zoning, districts.land_use])
def test_a_plan_covers_the_city_without_gap_or_overlap(make) -> None:  # noqa: ANN001
    rings, columns = make(PLAN)
    width, depth = PLAN.size_m
    shapes = shapely.polygons(rings)
    assert shapely.area(shapes).sum() == pytest.approx(width * depth)
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(width * depth)
    assert len(columns["code"]) == len(rings)


def test_shares_of_old_wards_sum_to_one_and_some_are_split() -> None:
    found = units.successions(PLAN)
    by_old: dict[str, float] = {}
    for code, share in zip(found["old_code"], found["share"], strict=True):
        by_old[code] = by_old.get(code, 0.0) + share
    assert set(by_old) == set(units.old_wards(PLAN)[1]["code"])
    assert list(by_old.values()) == pytest.approx([1.0] * len(by_old))
    assert "split" in set(found["kind"])


def test_every_layer_has_as_many_values_as_outlines() -> None:
    for make in (streets.roads, streets.sidewalks, streets.plan_lines, streets.canals, districts.overlays):
        outlines, columns = make(PLAN)
        assert {len(values) for values in columns.values()} == {len(outlines)}
    assert len(permits.permits(PLAN, 100)[0]) == PLAN.parcels // permits.ONE_IN


def test_the_pack_can_be_read_and_is_written_once(tmp_path: Path) -> None:
    pack = write_pack(CityPlan(400), tmp_path, address_count=100)
    assert read_pack(pack).get_source("bench-parcels").is_generated
    written = (pack / "pack.toml").stat().st_mtime_ns
    assert write_pack(CityPlan(400), tmp_path, address_count=100) == pack
    assert (pack / "pack.toml").stat().st_mtime_ns == written
    with pytest.raises(InputError, match="parcels"):
        write_pack(CityPlan(3), tmp_path, address_count=1)
