"""Parcels and plans asked for alone: field by field what the full answer says of them, at every kind of place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from itertools import product
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from errors import PlaceError
from geo.answer import PlaceAnswer
from geo.answers import answer_point
from geo.facts import Coverage, Register, ZoneShare
from geo.models import RegisterSource, ZoningDistrict
from geo.parcel_zoning import cut_to_parts
from tests.small_city import lonlat

pytestmark = pytest.mark.usefixtures("loaded")
ON, NINE = date(2026, 11, 22), time(9)
PLACES = [(50, 140), (265, 120), (240, 130), (205, 112), (390, 390), (50, 300), (110, 140), (20, 111)]


def close(answer: PlaceAnswer) -> PlaceAnswer:
    """Measures rounded: two statements may add the same pieces in another order."""

    def zones(listed: tuple[ZoneShare, ...]) -> tuple[ZoneShare, ...]:
        return tuple(replace(z, area_m2=round(z.area_m2, 6), share_pct=round(z.share_pct, 6)) for z in listed)

    parcels = tuple(replace(p, zoning=zones(p.zoning), land_use=zones(p.land_use)) for p in answer.parcels)
    return replace(answer, parcels=parcels, zoning=zones(answer.zoning), land_use=zones(answer.land_use))


def test_both_say_the_same() -> None:
    days, accuracies_m = (ON, date(2024, 6, 1), date(1990, 1, 1)), (0.1, 1.0, 6.0, 40.0)
    for place, accuracy_m, on, language in product(PLACES, accuracies_m, days, ("vi", "en")):
        with translation.override(language):
            full = answer_point(*lonlat(*place), on, NINE, accuracy_m=accuracy_m)
            lean = answer_point(*lonlat(*place), on, NINE, accuracy_m=accuracy_m, lean=True)
        assert close(lean) == close(cut_to_parts(full)), (place, accuracy_m, on)


def test_one_statement_once_the_sources_are_known() -> None:
    answer_point(*lonlat(50, 140), ON, NINE, lean=True)
    with CaptureQueriesContext(connection) as asked:
        answer_point(*lonlat(265, 120), ON, NINE, lean=True)
    assert len(asked) == 1


def test_the_statement_is_kept_prepared() -> None:
    for _ in range(2):
        answer_point(*lonlat(50, 140), ON, NINE, lean=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%geo_zoningdistrict%%'")
        assert cursor.fetchone()[0] >= 1


def test_a_changed_source_is_said_at_once() -> None:
    def titles() -> set[str]:
        answer = answer_point(*lonlat(50, 140), ON, NINE, lean=True)
        return {source.title for state in answer.registers for source in state.sources}

    assert "Khác" not in titles()
    RegisterSource.objects.filter(register="parcel").update(title_vi="Khác", title_en="Khác")
    assert "Khác" in titles()


def test_only_the_registers_asked_are_spoken_of() -> None:
    answer = answer_point(*lonlat(50, 300), ON, NINE, lean=True)
    assert {state.register for state in answer.registers} == {Register.PARCEL, Register.ZONING}
    assert answer.parcels == () and answer.registers[0].coverage is Coverage.CHECKED


def test_pieces_count_together_only_where_the_same_is_said_of_them() -> None:
    """Two districts of one code that allow different heights stay two."""
    row = ZoningDistrict.objects.get(code="NO-01")
    whole = row.geom
    west, south, east, north = whole.extent
    middle = (west + east) / 2
    left = whole.intersection(type(whole.envelope).from_bbox((west, south, middle, north)))
    right = whole.intersection(type(whole.envelope).from_bbox((middle, south, east, north)))
    for geom, changes in ((left, {}), (right, {"max_storeys": 99.0})):
        row.pk, row.key = None, f"piece {len(changes)}"
        for name, value in changes.items():
            setattr(row, name, value)
        row.geom = geom if geom.geom_type == "MultiPolygon" else type(whole)(geom)
        row.save(force_insert=True)
    ZoningDistrict.objects.filter(code="NO-01").exclude(key__startswith="piece").delete()
    x = (middle, (south + north) / 2)
    full = answer_point(*x, ON, NINE)
    lean = answer_point(*x, ON, NINE, lean=True)
    assert close(lean) == close(cut_to_parts(full))


def test_outside_every_city() -> None:
    with pytest.raises(PlaceError):
        answer_point(0.5, 0.5, ON, NINE, lean=True)


def test_a_district_older_than_its_source_on_record(pack_path: Path) -> None:
    """Its source is told also on a day before the source's first data."""
    RegisterSource.objects.filter(register="zoning").update(valid_from=date(2026, 1, 1))
    on = date(2025, 6, 1)
    full = answer_point(*lonlat(50, 140), on, NINE)
    assert close(answer_point(*lonlat(50, 140), on, NINE, lean=True)) == close(cut_to_parts(full))
