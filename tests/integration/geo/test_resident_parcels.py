"""The parcels held in memory say the same as the database, and a load renews them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from geo.load_summary import LoadSummary
from geo.models import City
from geo.parcel_checks import list_holding_parcels
from geo.resident_parcels import check_points, hold_parcels
from tests.integration.geo.files import edit
from tests.small_city import lonlat

TODAY, LATER = date(2026, 11, 25), date(2026, 12, 1)
pytestmark = pytest.mark.usefixtures("loaded")
_TRUTH = (
    "SELECT p.n - 1, r.key FROM unnest(%s::float[], %s::float[]) WITH ORDINALITY AS p (lon, lat, n) JOIN geo_parcel r"
    " ON ST_Intersects(r.geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326))"
    " AND r.valid_from <= %s AND (r.valid_to IS NULL OR r.valid_to > %s)"
)


def test_postgis_says_the_same() -> None:
    random = np.random.default_rng(1)
    west, south = lonlat(0, 100)
    east, north = lonlat(310, 180)
    points = random.uniform((west, south), (east, north), (5000, 2))
    # and some exactly on corners, where roundings would show
    city = City.objects.get().pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_X(d.geom), ST_Y(d.geom) FROM geo_parcel, ST_DumpPoints(geom) d")
        points = np.vstack([points, np.array(cursor.fetchall())])
        cursor.execute(_TRUTH, [points[:, 0].tolist(), points[:, 1].tolist(), TODAY, TODAY])
        truth = {(int(n), key) for n, key in cursor.fetchall()}
    checked = check_points(city, points, TODAY)
    assert {(n, key) for n, keys in enumerate(checked.keys) for key in keys} == truth
    assert checked.parcels_on_record == 12
    assert len(truth) > 1000


def test_a_load_renews_it(load: Callable[..., LoadSummary], pack_path: Path) -> None:
    city = City.objects.get().pk
    first = hold_parcels(city, LATER)
    assert hold_parcels(city, LATER) is first
    inside = np.array([lonlat(50, 140)])
    assert check_points(city, inside, LATER).keys == (("000010010001",),)
    load("parcels", edit(pack_path / "data/parcels.geojson", lambda f: f[1:]), source_on=LATER)
    assert check_points(city, inside, LATER).keys == ((),)
    assert check_points(city, inside, TODAY).keys == (("000010010001",),)


def run(path: Path, *words: str) -> str:
    told = StringIO()
    call_command("cross_check", str(path), "--city", "smallville", *words, stdout=told, stderr=StringIO())
    return told.getvalue()


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    rows = [("lon", "lat"), lonlat(50, 140), lonlat(50, 10)]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows))
    said = run(path, "--on", "2026-11-25").splitlines()
    assert [line.rsplit(",", 1)[1] for line in said[1:]] == ["000010010001", ""]


@pytest.mark.parametrize(
    ("content", "city", "words"),
    [("<html>", "smallville", "cannot be read"), (json.dumps({}), "nowhere", "No city nowhere")],
)
def test_words_for_what_cannot_be(tmp_path: Path, content: str, city: str, words: str) -> None:
    path = tmp_path / "x.geojson"
    path.write_text(content)
    with pytest.raises(CommandError, match=words):
        call_command("cross_check", str(path), "--city", city, stdout=StringIO())


def test_few_points_and_many_give_the_same_answer() -> None:
    random = np.random.default_rng(2)
    west, south = lonlat(0, 100)
    east, north = lonlat(310, 180)
    points = random.uniform((west, south), (east, north), (400, 2))
    city = City.objects.get().pk
    in_database = list_holding_parcels(city, points, TODAY)
    in_memory = list_holding_parcels(city, points, TODAY, resident_from=1)
    assert in_database == in_memory
    assert 50 < sum(map(bool, in_database)) < 400
