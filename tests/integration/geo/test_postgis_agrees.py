"""PostGIS measures what Python measures: the legal shift, to a centimetre."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.unit.geo.grids import EAST, LAMBERT, WEST

POINTS = [(106.7009, 10.7769), (106.4, 11.4), (107.0, 10.4), (107.55, 10.3), (106.6, 8.7)]


@pytest.mark.parametrize("system", [WEST, EAST], ids=lambda system: system.name)
@pytest.mark.parametrize("place", POINTS, ids=str)
@pytest.mark.django_db
def test_metres_agree(system: object, place: tuple[float, float]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) VALUES (%s, 'VIAHE', %s, '', %s)"
            " ON CONFLICT (srid) DO UPDATE SET proj4text = EXCLUDED.proj4text",
            [system.srid, system.srid, system.pinned_proj4],
        )
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), 4326), %s) AS p) t",
            [*place, system.srid],
        )
        assert cursor.fetchone() == pytest.approx(system.to_metric(*place), abs=0.001)


@pytest.mark.django_db
def test_the_vector_of_the_design_in_postgis(loaded_systems: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(106.7009, 10.7769), 4326), %s) AS p) t",
            [WEST.srid],
        )
        assert cursor.fetchone() == pytest.approx((603797.261, 1191942.305), abs=0.01)


@pytest.mark.django_db
def test_an_official_grid_agrees() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(-71.1, 42.37), 4326), 26986) AS p) t"
        )
        assert cursor.fetchone() == pytest.approx(LAMBERT.to_metric(-71.1, 42.37), abs=0.01)


@pytest.fixture
def loaded_systems(db: None) -> None:
    """The committed pack's systems in PostGIS, put there by the same action that loads a city."""
    from pathlib import Path

    from geo.actions import save_city
    from geo.pack import read_pack

    pack = read_pack(Path(__file__).parents[3] / "cities" / "hcmc")
    save_city(pack)
    assert pack.systems[0].srid == WEST.srid
