"""The generated ward fits together: what is measured on a map of it must not contradict itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Point
from shapely.ops import unary_union

from cities.hcmc.recipe import write
from cities.hcmc.recipe_parts.buildings import roomy_point
from cities.hcmc.recipe_parts.lines import plan_lines
from cities.hcmc.recipe_parts.sidewalk_uses import allowed_uses
from cities.hcmc.recipe_parts.sites import FORECOURT
from cities.hcmc.recipe_parts.ward import Ward, make_ward


@pytest.fixture(scope="module")
def ward() -> Ward:
    return make_ward()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("ward")
    write(out)
    return out / "generated"


def test_parcels_are_many_and_none_overlap(ward: Ward) -> None:
    shapes = [parcel.shape for parcel in ward.cadastre.parcels]
    assert 1_500 <= len(shapes) <= 4_000
    assert shapely.is_valid(shapes).all()
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    overlaps = [shapely.intersection(shapes[i], shapes[j]).area for i, j in pairs.T if i < j]
    assert max(overlaps) < 0.05


def test_parcels_keep_off_streets_sidewalks_and_alleys(ward: Ward) -> None:
    shapes = [parcel.shape for parcel in ward.cadastre.parcels]
    tree = shapely.STRtree(shapes)
    public = [
        ward.reserves.roadway,
        *(p.shape for p in ward.reserves.sidewalks),
        *(a.surface for a in ward.cadastre.alleys),
    ]
    for ground in public:
        touched = tree.query(ground, predicate="intersects")
        assert all(shapely.intersection(shapes[i], ground).area < 0.5 for i in touched)


def test_sidewalks_lie_between_roadway_and_parcels(ward: Ward) -> None:
    parcels = unary_union([parcel.shape for parcel in ward.cadastre.parcels])
    wide = [piece for piece in ward.reserves.sidewalks if piece.shape.area > 100]
    assert len(wide) > 200
    for piece in wide:
        assert 2.0 <= piece.width_m <= 13.0
        assert piece.shape.intersection(ward.reserves.roadway).area < 0.5
        assert piece.shape.distance(ward.reserves.roadway) < 0.2
        assert piece.shape.distance(parcels) < 1.0


def test_red_lines_run_along_the_fronts(ward: Ward) -> None:
    parcels = unary_union([parcel.shape for parcel in ward.cadastre.parcels])
    widened = {street.key for street in ward.streets if street.widened_m}
    lines = [line for line in plan_lines(ward.ground, ward.streets, ward.planned) if line.kind == "red_line"]
    assert len(lines) > 100
    for line in lines:
        street = line.key.split("-")[1]
        middle = line.shape.interpolate(0.5, normalized=True)
        if line.shape.length > 30 and street not in widened:
            assert parcels.boundary.distance(middle) < 2.5, line.key


def test_keys_are_of_the_city_and_used_once(ward: Ward) -> None:
    keys = [parcel.key for parcel in ward.cadastre.parcels]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"(27139|27148)\d{3}\d{4}", key) for key in keys)


def test_addresses_say_that_their_street_is_invented_and_are_used_once(ward: Ward) -> None:
    addresses = [parcel.address for parcel in ward.cadastre.parcels]
    assert len(addresses) == len(set(addresses))
    assert all("(tên minh hoạ)" in address for address in addresses)
    assert any(re.match(r"\d+/\d+/\d+/?\d* ", address) for address in addresses), "no nested alley"


def test_permits_of_every_standing_and_most_parcels_without(ward: Ward) -> None:
    standing = {permit.status for permit in ward.permits}
    assert standing == {"in_force", "expired", "revoked", "completed"}
    assert {permit.kind for permit in ward.permits} == {"new", "renovation", "limited_term"}
    assert 200 <= len(ward.permits) <= 600
    assert len(ward.permits) < len(ward.cadastre.parcels) / 3
    for permit in ward.permits:
        assert permit.expires_on is None or permit.issued_on < permit.expires_on
        assert permit.kind != "limited_term" or permit.storeys <= 3
        assert permit.building.parcel.shape.buffer(0.1).contains(permit.building.shape)


@pytest.mark.parametrize(("wanted", "permits"), [("no-permit", 0), ("with-permit", 1), ("market", 1)])
def test_wanted_lots_are_roomy_and_stand_as_wanted(ward: Ward, wanted: str, permits: int) -> None:
    parcel = next(p for p in ward.cadastre.parcels if p.wanted == wanted)
    assert sum(permit.building.parcel.key == parcel.key for permit in ward.permits) == permits
    assert roomy_point(parcel)[1] > 15.0


def test_the_forecourt_is_one_sidewalk_where_nobody_may_park(ward: Ward) -> None:
    found = [(i, p) for i, p in enumerate(ward.reserves.sidewalks) if p.is_forecourt]
    assert len(found) == 1
    assert found[0][1].shape.area > 0.9 * FORECOURT.difference(ward.reserves.roadway).area
    assert allowed_uses(found[0][1], found[0][0], ward.ground.system) == []


def test_painted_slots_lie_on_their_sidewalk(ward: Ward) -> None:
    slots = 0
    for index, piece in enumerate(ward.reserves.sidewalks):
        for use in allowed_uses(piece, index, ward.ground.system):
            if use["slot"]:
                raw = json.loads(str(use["slot"]))
                ring = [ward.ground.system.to_metric(lon, lat) for lon, lat in raw["coordinates"][0]]
                assert all(piece.shape.distance(Point(point)) < 0.05 for point in ring)
                slots += 1
    assert slots > 20


def test_writing_gives_marked_layers_the_same_each_time(written: Path, tmp_path: Path) -> None:
    write(tmp_path)
    pictures = sorted(path.name for path in written.iterdir() if path.suffix != ".geojson")
    assert pictures == ["ortho-2024.jpg", "ortho-2024.points", "ortho-2026.jpg", "ortho-2026.points"]
    for name in pictures:
        assert (written / name).read_bytes() == (tmp_path / "generated" / name).read_bytes()
    names = sorted(path.name for path in written.glob("*.geojson"))
    assert len(names) == 9
    for name in names:
        text = (written / name).read_text(encoding="utf-8")
        assert text == (tmp_path / "generated" / name).read_text(encoding="utf-8")
        features = json.loads(text)["features"]
        assert features
        assert all(feature["properties"]["is_generated"] for feature in features)


def test_every_outline_is_valid_as_written(written: Path) -> None:
    for path in written.glob("*.geojson"):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        assert shapely.is_valid(shapely.from_geojson([json.dumps(f["geometry"]) for f in features])).all(), path.name


@pytest.mark.parametrize("name", ["zoning_plan", "land_use_plan"])
def test_each_plan_covers_the_ward_without_overlap(written: Path, ward: Ward, name: str) -> None:
    features = json.loads((written / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    metric = [shapely.transform(shape, ward.ground.system.to_metric_array) for shape in shapes]
    total = sum(shape.area for shape in metric)
    assert total == pytest.approx(ward.ground.ward.area, rel=0.01)
    assert total - unary_union(metric).area < 200.0
