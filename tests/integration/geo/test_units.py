"""Units by a point and by a name on a day: from outlines where they are on record, else from what led to what; over HTTP too."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from geo.actions import load_registers
from geo.models import AdminUnit, AdminUnitSuccession, City
from geo.pack import read_pack
from geo.unit_queries import find_units_at, resolve_units
from tests.small_city import lonlat, rectangle

TODAY, BEFORE, REFORM = date(2026, 11, 25), date(2024, 6, 1), date(2025, 7, 1)
PACKS = Path(__file__).resolve().parents[3] / "cities"


@pytest.fixture
def split(loaded: Any) -> City:
    """The little city's one ward was made of two on 1 July 2025; the western one was also cut: a third of it went elsewhere."""
    from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

    now = AdminUnit.objects.get()
    shared = {"city": now.city, "source": now.source, "load": now.load, "row_sha256": "x"}

    def unit(code: str, name: str, box: tuple[float, ...], begins: date, ends: date | None) -> None:
        shape = MultiPolygon(
            GEOSGeometry(str(rectangle(*box)).replace("'", '"').replace("(", "[").replace(")", "]"), srid=4326)
        )
        AdminUnit.objects.create(
            **shared, key=f"{code}-{begins}", code=code, name=name, name_plain=name.lower(), level="ward", valid_from=begins,
            valid_to=ends, is_listed=ends is None, geom=shape,
        )  # fmt: skip

    AdminUnit.objects.update(valid_from=REFORM)
    unit("00010", "Phường 1, Quận Đồng", (-300, 0, 300, 400), date(2000, 1, 1), REFORM)
    unit("00002", "Phường Tây", (-300, 0, 0, 400), REFORM, None)
    for old, old_name, new, share in (
        ("00010", "Phường 1, Quận Đồng", "00001", None),
        ("00010", "Phường 1, Quận Đồng", "00002", None),
        ("00011", "Phường 2, Quận Đồng", "00001", 0.4),
        ("00011", "Phường 2, Quận Đồng", "00002", 0.6),
    ):
        AdminUnitSuccession.objects.create(
            **shared, key=f"{old}-{new}", valid_from=REFORM, old_code=old, old_name=old_name, old_name_plain="", new_code=new,
            share=share, kind="split",
        )  # fmt: skip
    return now.city


def test_shares_are_measured_where_both_outlines_are_on_record(split: City) -> None:
    found = resolve_units(split, "P1 Q. Đồng", TODAY)
    told = [(c.name, c.by_former.share, c.by_former.share_from) for c in found if c.by_former]
    assert told == [("Phường Nhỏ", 0.5, "outlines"), ("Phường Tây", 0.5, "outlines")]


def test_shares_of_the_register_come_first(split: City) -> None:
    found = resolve_units(split, "phường 2", TODAY)
    assert [(c.name, c.by_former.share, c.by_former.share_from) for c in found if c.by_former] == [
        ("Phường Tây", 0.6, "register"),
        ("Phường Nhỏ", 0.4, "register"),
    ]


def test_a_point_on_a_day(split: City) -> None:
    today = find_units_at(split, *lonlat(50, 50), TODAY)
    assert ([c.name for c in today.candidates], today.is_certain) == (["Phường Nhỏ"], True)
    before = find_units_at(split, *lonlat(50, 50), BEFORE)
    assert ([c.name for c in before.candidates], before.is_certain) == (["Phường 1, Quận Đồng"], True)


def test_a_point_where_the_old_outline_is_not_on_record(split: City) -> None:
    AdminUnit.objects.filter(code="00010").delete()
    before = find_units_at(split, *lonlat(50, 50), BEFORE)
    assert [c.code for c in before.candidates] == ["00010", "00011"]
    assert not before.is_certain
    assert find_units_at(split, 0.0, 0.0, TODAY).candidates == ()


def test_over_http(split: City) -> None:
    told = Client().get("/api/v1/units", {"name": "P.1, Q.Đồng", "on": "2026-11-25", "lang": "vi"}).json()
    assert (told["is_certain"], len(told["units"])) == (False, 2)
    assert told["units"][0]["printed"] == "Phường 1, Quận Đồng (cũ), nay Phường Nhỏ"
    lon, lat = lonlat(50, 50)
    told = Client().get("/api/v1/units", {"lon": lon, "lat": lat, "on": "2024-06-01", "lang": "en"}).json()
    assert (told["words"], told["units"][0]["code"]) == ("One unit fits.", "00010")
    assert told["units"][0]["became"] == ["Phường Nhỏ", "Phường Tây"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [({}, 400), ({"name": "x" * 400}, 400), ({"lon": "1"}, 400), ({"name": "a", "on": "soon"}, 400),
     ({"name": "a", "city": "nowhere"}, 404), ({"name": "Phường 77"}, 200)],
)  # fmt: skip
def test_bad_input_over_http(split: City, asked: dict[str, str], status: int) -> None:
    assert Client().get("/api/v1/units", asked).status_code == status


@pytest.mark.django_db
def test_the_second_city_has_neighbourhoods_without_a_reform() -> None:
    pack = read_pack(PACKS / "cambridge")
    for summary in load_registers(pack):
        if summary.register == "admin_unit":
            break
    city = City.objects.get(slug="cambridge")
    unit = AdminUnit.objects.filter(city=city).first()
    assert unit is not None
    middle = unit.geom.point_on_surface
    assert unit.code in {c.code for c in find_units_at(city, middle.x, middle.y, TODAY).candidates}
