"""Live tiles: whole or clustered, never cut; cut to the reader's roles; asked again they cost nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from geo.link_area import write_link_area
from tests.integration.tiles.conftest import read_layer
from tests.integration.tiles.test_register_tiles import square_at
from tests.small_city import lonlat

if TYPE_CHECKING:
    from django.test import Client

    from geo.models import City

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def add_flags(count: int, **values: Any) -> list[Any]:
    """Flags side by side on parcel A, one metre apart in rows of 40."""
    from django.contrib.gis.geos import Point

    from geo.models import City
    from intake.models import Observation
    from rules.models import Flag
    from tests.builders import a_report

    observation = Observation.objects.get(id=a_report()[0])
    given = {
        "city": City.objects.get(), "observation": observation, "use": "trading", "verdict": "flagged", "reasons": [],
        "citation": {}, "facts": {}, "versions": {}, "unit_code": "00001", "seen_at": AT, "created_at": AT, "state": "new",
    } | values  # fmt: skip
    rules = f"{values.get('use', 'trading')}-{values.get('unit_code', '')}-{values.get('state', '')}-{values.get('verdict', '')}"
    return Flag.objects.bulk_create(
        Flag(**given, rule_code=f"{rules}-{n}"[:40], point=Point(*lonlat(30 + n % 40, 120 + n // 40), srid=4326))
        for n in range(count)
    )


def a_person(role: str, *, unit: str | None = None) -> Client:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from cases.models import RoleAssignment, Unit
    from geo.models import City

    user = get_user_model().objects.create(username=f"{role}-{unit}")
    office = Unit.objects.get(code=unit) if unit else None
    RoleAssignment.objects.create(
        user=user, unit=office, city=City.objects.get(), role=role, valid_from=date(2024, 1, 1)
    )
    client = Client()
    client.force_login(user)
    return client


def ask(
    client: Client, tmp_path: Path, layer: str = "flags", zoom: int = 16, query: str = ""
) -> tuple[Any, dict[str, list[Any]]]:
    """The answer for the tile over parcel A, and its columns as GDAL reads them."""
    z, x, y = square_at(zoom, 40, 125)
    answer = client.get(f"/tiles/{layer}/{z}/{x}/{y}.pbf{query}")
    if answer.status_code != 200:
        return answer, {}
    file = tmp_path / f"{z}-{x}-{y}.mvt"
    file.write_bytes(answer.content)
    name = f"{layer}_cluster" if answer["X-Tile-Clustered"] == "yes" else layer
    columns = read_layer(file, name, X=x, Y=y, Z=z)[1]
    return answer, {column: values for column, values in columns.items() if column != "mvt_id"}  # GDAL's own


def test_a_square_holds_every_flag(small_city: City, tmp_path: Path) -> None:
    flags = add_flags(700)
    answer, columns = ask(a_person("leader"), tmp_path)
    assert set(columns["id"]) == {str(flag.id) for flag in flags}
    assert (answer["X-Tile-Records"], answer["X-Tile-Clustered"]) == ("700", "no")
    own = {"id", "verdict", "use", "state", "rule_code", "priority"}
    assert own <= set(columns) <= own | {"seen_s", "accuracy_m", "ward"}  # what is unknown is left out


def test_it_is_narrowed_to_a_ward(small_city: City, tmp_path: Path) -> None:
    add_flags(3)
    (elsewhere,) = add_flags(1, unit_code="00009")
    _, columns = ask(a_person("leader"), tmp_path, query="?ward=00009")
    assert (columns["id"], columns["ward"]) == ([str(elsewhere.pk)], ["00009"])


def test_from_afar_it_says_that_they_are_clusters_which_add_up(small_city: City, tmp_path: Path) -> None:
    add_flags(290)
    add_flags(30, verdict="undetermined")
    answer, columns = ask(a_person("leader"), tmp_path, zoom=12)
    assert answer["X-Tile-Clustered"] == "yes"
    assert (sum(columns["count"]), sum(columns["flagged"]), sum(columns["undetermined"])) == (320, 290, 30)
    assert answer["X-Tile-Records"] == "320"
    near, _ = ask(a_person("leader", unit="police-00001"), tmp_path, zoom=14)
    assert near["X-Tile-Clustered"] == "no"


def test_clusters_of_neighbouring_squares_count_nothing_twice(
    small_city: City, tmp_path: Path, monkeypatch: Any
) -> None:
    from tiles import live_tiles
    from tiles.live_layers import LIVE_LAYERS
    from tiles.live_scope import Scope

    add_flags(700)
    for name in ("FAR_LIMIT", "CITY_LIMIT", "NEAR_LIMIT"):
        monkeypatch.setattr(live_tiles, name, 0)
    z, x, y = square_at(22, 30, 120)
    tiles = [
        live_tiles.cut_tile(LIVE_LAYERS["flags"], Scope(), z, x + dx, y + dy)
        for dx in range(-2, 9)
        for dy in range(-6, 3)
    ]
    assert sum(tile.count for tile in tiles) == 700


def test_a_square_that_was_crowded_is_drawn_one_by_one_for_whom_it_is_not(small_city: City, tmp_path: Path) -> None:
    add_flags(320)
    leader = a_person("leader")
    assert ask(leader, tmp_path, zoom=12)[0]["X-Tile-Clustered"] == "yes"
    assert ask(leader, tmp_path, zoom=12)[0]["X-Tile-Records"] == "320"
    fewer, columns = ask(leader, tmp_path, zoom=12, query="?verdict=undetermined")
    assert (fewer["X-Tile-Clustered"], columns) == ("no", {})


def test_everybody_sees_what_the_role_reaches(small_city: City, tmp_path: Path) -> None:
    from django.test import Client

    add_flags(1, unit_code="00001", use="trading")
    add_flags(1, unit_code="99999", use="trading")
    add_flags(1, unit_code="00001", use="construction")
    add_flags(1, unit_code="", use="trading")  # no certain place: everybody's in the city
    add_flags(1, unit_code="00001", use="trading", state="dismissed")
    assert len(ask(a_person("leader"), tmp_path)[1]["id"]) == 4
    assert len(ask(a_person("inspector", unit="police-00001"), tmp_path)[1]["id"]) == 2
    assert set(ask(a_person("inspector", unit="building-00001"), tmp_path)[1]["use"]) == {"construction"}
    for who in (a_person("operator"), Client()):
        answer, _ = ask(who, tmp_path)
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["value"] == "flags"


def test_the_scope_is_the_same_as_the_lists(small_city: City, tmp_path: Path) -> None:
    """What the tiles show and what ``scope_flags`` lists are one law in two forms."""
    from django.contrib.auth import get_user_model

    from cases.permissions import read_rights, scope_flags

    for unit_code in ("00001", "99999", ""):
        for use in ("trading", "construction", "parking"):
            add_flags(1, unit_code=unit_code, use=use)
    for role, unit in (("leader", None), ("reviewer", "police-00001"), ("auditor", "building-00001")):
        person = a_person(role, unit=unit)
        rights = read_rights(get_user_model().objects.get(username=f"{role}-{unit}"))
        listed = {str(flag.id) for flag in scope_flags(rights)}
        assert set(ask(person, tmp_path)[1]["id"]) == listed


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3), ("?verdict=flagged", 2), ("?verdict=flagged,undetermined", 3), ("?use=parking", 1),
        ("?since=2026-11-21", 1), ("?until=2026-11-20", 2), ("?since=2026-11-20&until=2026-11-20&verdict=flagged", 1),
        ("?use=' OR 1=1 --", 0),
    ],
)  # fmt: skip
def test_a_reader_may_ask_for_less(small_city: City, tmp_path: Path, query: str, count: int) -> None:
    add_flags(1)
    add_flags(1, verdict="undetermined")
    add_flags(1, use="parking", seen_at=AT + timedelta(days=2))
    answer, columns = ask(a_person("leader"), tmp_path, query=query)
    assert answer.status_code == (200 if count else 204)
    assert len(columns.get("id", [])) == count


def test_a_filter_that_is_no_date_is_said(small_city: City, tmp_path: Path) -> None:
    answer, _ = ask(a_person("leader"), tmp_path, query="?since=yesterday")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "since")


def area_of(*metres: tuple[float, float]) -> str:
    """A link's area whose corners lie so many metres east and north of the little city's origin."""
    return write_link_area(shapely.Polygon([lonlat(*one) for one in metres]))


FEW = area_of((44.5, 122.5), (47.5, 122.5), (47.5, 124.5), (44.5, 124.5))  # three columns and two rows of the flags
WIDE = area_of((-3000, -3000), (3000, -3000), (3000, 3000), (-3000, 3000))  # holds the whole square
BENT = area_of((29.5, 119.5), (69.6, 119.5), (69.6, 121.5), (35.5, 121.5), (35.5, 129.5), (29.5, 129.5))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (f"?area={FEW}&verdict=flagged", 6), (f"?area={BENT}&verdict=flagged", 128),
        (f"?area={FEW}&verdict=undetermined", 3), (f"?area={FEW}", 9), (f"?area={WIDE}", 560),
    ],
)  # fmt: skip
def test_signs_and_groups_are_narrowed_to_an_area(
    small_city: City, tmp_path: Path, monkeypatch: Any, query: str, count: int
) -> None:
    """One by one, and as groups whose counts add up to the same; the bend that the outline leaves out is left out."""
    from tiles import live_tiles

    add_flags(400)
    add_flags(160, verdict="undetermined")  # up to 123 north: one row of three columns
    leader = a_person("leader")
    answer, columns = ask(leader, tmp_path, query=query)
    assert (answer["X-Tile-Clustered"], len(columns["id"])) == ("no", count)
    for name in ("FAR_LIMIT", "CITY_LIMIT", "NEAR_LIMIT"):
        monkeypatch.setattr(live_tiles, name, 0)
    answer, columns = ask(leader, tmp_path, query=query)
    assert (answer["X-Tile-Clustered"], sum(columns["count"])) == ("yes", count)


def test_cases_are_narrowed_to_an_area_and_the_role_is_not_widened_by_it(small_city: City, tmp_path: Path) -> None:
    from django.contrib.gis.geos import Point
    from django.test import Client

    from cases.models import Case

    for code, east in (("VH-1", 45), ("VH-2", 60)):
        Case.objects.create(
            code=code, city=small_city, use="trading", unit_code="00001", opened_at=AT,
            point=Point(*lonlat(east, 123), srid=4326),
        )  # fmt: skip
    answer, columns = ask(a_person("leader"), tmp_path, layer="cases", query=f"?area={FEW}")
    assert columns["code"] == ["VH-1"]
    assert answer["Cache-Control"] == "private, no-cache" and "Cookie" in answer["Vary"]
    assert ask(Client(), tmp_path, layer="cases", query=f"?area={FEW}")[0].status_code == 403
    unseen, _ = ask(a_person("inspector", unit="building-00001"), tmp_path, layer="cases", query=f"?area={FEW}")
    assert unseen.status_code == 204


def test_an_area_has_its_own_etag_and_what_is_no_area_is_said(small_city: City, tmp_path: Path) -> None:
    add_flags(400)
    leader = a_person("leader")
    tags = {query: ask(leader, tmp_path, query=query)[0]["ETag"] for query in ("", f"?area={FEW}", f"?area={BENT}")}
    assert len(set(tags.values())) == 3
    z, x, y = square_at(16, 40, 125)
    again = leader.get(f"/tiles/flags/{z}/{x}/{y}.pbf?area={BENT}", headers={"If-None-Match": tags[f"?area={BENT}"]})
    assert again.status_code == 304
    bow = area_of((40, 120), (50, 130), (50, 120), (40, 130))
    for bad, said in ((bow, "crosses itself"), ("nonsense!", "cannot be read"), ("BF", "three corners")):
        answer, _ = ask(leader, tmp_path, query=f"?area={bad}")
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["field"]) == (400, "area")
        assert said in error["message"] and error["cure"]


def test_an_area_is_found_by_the_index_of_places(small_city: City) -> None:
    """The index holds the conditions of the square and of the area together: a small area reads few rows at any zoom."""
    from django.db import connection

    from tiles.live_layers import LIVE_LAYERS
    from tiles.live_scope import read_filters

    add_flags(6_000)
    layer = LIVE_LAYERS["flags"]
    scope = read_filters(layer, {"area": FEW}, "UTC")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE rules_flag")
        cursor.execute(
            f"EXPLAIN SELECT count(*) FROM {layer.table} r WHERE {layer.place} && ST_TileEnvelope(10, 815, 481)"
            f" AND {layer.where} AND {scope.sql}", scope.parameters,
        )  # fmt: skip
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "rules_flag_web_point" in plan and "Seq Scan" not in plan


def test_what_did_not_change_is_not_sent_again(small_city: City, tmp_path: Path) -> None:
    from rules.models import Flag

    add_flags(3)
    client = a_person("leader")
    z, x, y = square_at(16, 40, 125)
    url = f"/tiles/flags/{z}/{x}/{y}.pbf"
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    Flag.objects.filter(id=Flag.objects.first().id).update(state="in_review")  # type: ignore[union-attr]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


def test_cameras_and_what_they_see_are_shown_to_staff(small_city: City, tmp_path: Path) -> None:
    z, x, y = square_at(16, 205, 100)
    operator = a_person("operator")
    for layer in ("cameras", "camera_views"):
        answer = operator.get(f"/tiles/{layer}/{z}/{x}/{y}.pbf")
        assert answer.status_code == 200
        assert b"small-street" in answer.content


def test_the_public_sees_published_cases_only_where_the_gate_puts_them(small_city: City, tmp_path: Path) -> None:
    from django.contrib.gis.geos import Point
    from django.test import Client

    from cases.models import Case
    from tiles.models import Publication

    for code in ("VH-1", "VH-2"):
        Case.objects.create(
            code=code, city=small_city, use="trading", unit_code="00001", opened_at=AT,
            point=Point(*lonlat(40, 125), srid=4326),
        )  # fmt: skip
    Publication.objects.create(case=Case.objects.get(code="VH-1"), approved_by="x", published_at=AT)
    _, columns = ask(Client(), tmp_path, layer="public_cases")
    assert columns["code"] == ["VH-1"]
    assert set(columns) == {"code", "use", "state", "opened_on"}  # no more than the gate has
    assert set(ask(a_person("leader"), tmp_path, layer="cases")[1]["code"]) == {"VH-1", "VH-2"}


def test_tilejson_of_a_live_layer_names_its_clusters(small_city: City, client: Client) -> None:
    body = client.get("/tiles/flags.json").json()
    assert [layer["id"] for layer in body["vector_layers"]] == ["flags", "flags_cluster"]
    assert body["bounds"] == small_city.bounds
