"""What is on record at a place on a day, asked of PostGIS in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from errors import PlaceError
from geo.facts import Coverage, PlaceFacts, Register
from geo.load_summary import LoadSummary
from geo.models import AdminUnit, AdminUnitSuccession, ParcelSuccession, Permit
from geo.position import Position, PositionMethod
from geo.queries import (
    find_city,
    gather_facts,
    get_metric_system,
    read_typed_place,
)
from tests.integration.geo.files import edit
from tests.small_city import lonlat, rectangle

pytestmark = pytest.mark.usefixtures("loaded")
AT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
STATEMENTS = 10


def facts_at(east_m: float, north_m: float, accuracy_m: float = 2.0, at: datetime = AT) -> PlaceFacts:
    return gather_facts(Position(*lonlat(east_m, north_m), accuracy_m, PositionMethod.SENDER_PIN), at)


def test_inside_a_parcel_with_a_permit() -> None:
    facts = facts_at(50, 140)
    (parcel,) = facts.parcels
    assert (parcel.key, parcel.distance_m, parcel.likelihood) == ("000010010001", 0, 1)
    assert [(zone.plan_kind, zone.code, round(zone.share_pct)) for zone in parcel.zones] == [("zoning", "NO-01", 100)]
    assert parcel.zones[0].area_m2 == pytest.approx(3600, abs=0.5)
    (permit,) = facts.permits
    assert (permit.number, permit.standing, permit.distance_m) == ("GP-1", "in_force", 0)
    assert [unit.name for unit in facts.units] == ["Phường Nhỏ"]
    assert facts.parcels[0].source.is_generated


def test_on_the_sidewalk() -> None:
    facts = facts_at(205, 112)
    (walk,) = facts.sidewalks
    assert (walk.key, walk.distance_m, walk.allowed_uses[0].use) == ("w1", 0, "parking")
    assert facts.roads[0].distance_m == pytest.approx(2, abs=0.01)
    assert facts.plan_lines[0].distance_m == pytest.approx(2, abs=0.01)
    assert facts.zones == ()


def test_between_small_parcels_all_are_candidates() -> None:
    facts = facts_at(265, 120, accuracy_m=6)
    assert len(facts.parcels) == 4
    assert sum(parcel.likelihood for parcel in facts.parcels) == pytest.approx(1)
    assert [parcel.distance_m for parcel in facts.parcels] == sorted(parcel.distance_m for parcel in facts.parcels)


def test_registers_tell_nothing_here_from_no_data() -> None:
    facts = facts_at(50, 300)
    assert facts.coverage(Register.PARCEL) is Coverage.CHECKED
    assert facts.coverage(Register.ZONING) is Coverage.FOUND
    assert facts.coverage(Register.OVERLAY) is Coverage.NO_DATA
    assert facts.coverage(Register.ADMIN_UNIT) is Coverage.FOUND


def test_a_day_before_all_data_has_none() -> None:
    facts = facts_at(50, 140, at=datetime(2020, 1, 1, tzinfo=UTC))
    assert facts.city == "smallville"
    assert facts.parcels == facts.units == facts.permits == ()
    assert {state.coverage for state in facts.registers} == {Coverage.NO_DATA}


def test_the_day_is_that_of_the_city() -> None:
    assert facts_at(50, 140, at=datetime(2026, 5, 31, 18, 0, tzinfo=UTC)).on == date(2026, 6, 1)
    assert facts_at(50, 140, at=datetime(2026, 5, 31, 16, 0, tzinfo=UTC)).permits[0].standing == "not_yet"


def test_outside_every_city() -> None:
    facts = gather_facts(Position(2.35, 48.85, 5, PositionMethod.EXIF_GPS), AT)
    assert (facts.city, facts.registers, facts.coverage(Register.PARCEL)) == ("", (), Coverage.NO_DATA)
    assert find_city(*lonlat(-50, 50)) is None
    with pytest.raises(PlaceError, match="No loaded city"):
        get_metric_system(2.35, 48.85)


@pytest.mark.parametrize("place", [(50, 140), (265, 120), (205, 112), (390, 390)])
def test_the_number_of_statements_is_fixed(place: tuple[float, float]) -> None:
    facts_at(*place)
    with CaptureQueriesContext(connection) as asked:
        facts_at(*place, accuracy_m=10)
    assert len(asked) == STATEMENTS


def test_a_place_as_of_a_day(load: Callable[..., LoadSummary], pack_path: Path) -> None:
    path = edit(
        pack_path / "data/zoning.geojson", lambda features: features[0]["properties"].update(code="CX", name="park")
    )
    load("zoning", path, source_on=date(2026, 12, 1))
    before, after = facts_at(50, 140), facts_at(50, 140, at=datetime(2026, 12, 2, tzinfo=UTC))
    assert [zone.code for zone in before.parcels[0].zones] == ["NO-01"]
    assert [zone.code for zone in after.parcels[0].zones] == ["CX"]


def test_two_kinds_of_plan_are_never_mixed(load: Callable[..., LoadSummary], pack_path: Path) -> None:
    def add(features: list[dict]) -> list[dict]:
        other = {**features[0], "geometry": rectangle(0, 114, 50, 400)}
        return [*features, {**other, "properties": {**features[0]["properties"], "key": "z2", "code": "ODT"}}]

    file = pack_path / "registers.toml"
    text = file.read_text().replace(
        '{ value = "zoning" }', '{ column = "code", map = { ODT = "land_use" }, default = "zoning" }'
    )
    file.write_text(text)
    load("zoning", edit(pack_path / "data/zoning.geojson", add))
    told = [(zone.plan_kind, zone.code, round(zone.share_pct)) for zone in facts_at(50, 140).parcels[0].zones]
    assert told == [("land_use", "ODT", 50), ("zoning", "NO-01", 100)]


def test_a_permit_under_a_former_parcel_key() -> None:
    permit = Permit.objects.get()
    Permit.objects.filter(pk=permit.pk).update(parcel_keys=["old-key"], geom=None)
    assert facts_at(50, 140).permits == ()
    ParcelSuccession.objects.create(
        city=permit.city, source=permit.source, load=permit.load, key="m1", row_sha256="x", valid_from=date(2024, 1, 1),
        old_key="old-key", new_key="000010010001", kind="renumbered",
    )  # fmt: skip
    assert facts_at(50, 140).permits[0].parcel_keys == ("old-key", "000010010001")


def test_former_names_stand_beside_a_unit() -> None:
    unit = AdminUnit.objects.get()
    for number in (1, 2):
        AdminUnitSuccession.objects.create(
            city=unit.city, source=unit.source, load=unit.load, key=str(number), row_sha256="x", valid_from=date(2025, 7, 1),
            old_code=f"0{number}", old_name=f"Phường Đồng {number}", old_name_plain=f"phuong dong {number}", new_code="00001",
        )  # fmt: skip
    assert facts_at(50, 50).units[0].former_names == ("Phường Đồng 1", "Phường Đồng 2")


def test_titles_are_in_the_readers_language() -> None:
    with translation.override("en"):
        assert facts_at(50, 140).parcels[0].source.title == "parcels (invented)"
    with translation.override("vi"):
        assert facts_at(50, 140).parcels[0].source.title == "parcels (bịa)"


def test_typed_coordinates_of_the_city() -> None:
    place = read_typed_place("1190140, 600050", "smallville")
    assert (place.lon, place.lat) == pytest.approx(lonlat(50, 140), abs=1e-7)
    assert place.order == "north_east"
