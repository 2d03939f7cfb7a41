"""Recipe of an invented little city: a pack with one ward, one street, a sidewalk, parcels, permits and a camera.

Layout in metres east and north of the origin (the camera stands at x 205, y 90, 7 m up, and looks north):

    y 114..174   parcels: A (20..80, permit in force), B (100..160, no permit), ten small ones (250..300, 5 m each)
    y 110..114   sidewalk, with a painted slot for two-wheelers at x 200..210
    y 100..110   roadway
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from pyproj import Transformer

PROJ4 = "+proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +units=m +no_defs"
ORIGIN_M = (600_000.0, 1_190_000.0)
LAW = Path(__file__).resolve().parents[1] / "cities" / "hcmc" / "ordinances.toml"
_TO_LONLAT = Transformer.from_crs(PROJ4, "EPSG:4326", always_xy=True)

PACK = """
slug = "smallville"
country = "VN"
timezone = "Asia/Ho_Chi_Minh"
languages = ["vi", "en"]
is_default = true
bounds = [106.6, 10.7, 106.7, 10.8]
center = [106.666, 10.762]
default_zoom = 17.0
gps_default_accuracy_m = 8.0
[names]
vi = "Thị trấn Nhỏ"
en = "Smallville"
[[crs]]
name = "small"
srid = 990900
auth_name = "VIAHE"
proj4 = "{proj4}"
bounds = [106.0, 10.0, 108.0, 12.0]
surveyors_write = "north_east"
[parcel_key]
pattern = '^(?P<ward_code>\\d{{5}})(?P<sheet>\\d{{3}})(?P<number>\\d{{4}})$'
parts = ["ward_code", "sheet", "number"]
[declination_deg]
value = -0.6
year = 2026.9
source = "invented"
"""

SOURCE = """
[[source]]
name = "{name}"
register = "{register}"
title = {{ vi = "{name} (bịa)", en = "{name} (invented)" }}
file = "data/{name}.geojson"
crs = "EPSG:4326"
key = ["{key}"]
covers = {covers}
valid_from = 2024-01-01
source_on = 2026-11-01
publisher = "tests/small_city.py"
licence = "CC0-1.0"
is_generated = true
max_withdrawn_share = 0.5
[source.columns]
"""

OFFICES = """
[[unit]]
code = "police-00001"
name = { vi = "Công an phường Nhỏ", en = "Small ward police" }
admin_unit_codes = ["00001"]
uses = ["trading", "parking", "parking_service", "signboard", "material", "barrier", "event"]
valid_from = 2024-01-01
[[unit]]
code = "building-00001"
name = { vi = "Phòng Hạ tầng phường Nhỏ", en = "Small ward works" }
admin_unit_codes = ["00001"]
uses = ["construction", "other", "unstated"]
valid_from = 2024-01-01
"""

CAMERA_NAME = "small-street"
CAMERA_M = (205.0, 90.0, 7.0)
CAMERA_TILT_DEG = 20.0
FOCAL_PX = 675.0
FRAME_PX = (960, 540)
CAMERAS = """
[[camera]]
name = "{name}"
title = {{ vi = "Phố Nhỏ (bịa)", en = "Small street (invented)" }}
point = [{lon}, {lat}]
point_accuracy_m = 1.0
sample_period_s = 30.0
is_generated = true
calibration = "cameras/street.json"
valid_from = 2026-03-02
"""

LEGEND = """
[[entry]]
plan_kind = "zoning"
code = "NO"
name = { vi = "nhóm nhà ở", en = "housing" }
fill = "#F7EBC3"
"""


def lonlat(east_m: float, north_m: float) -> tuple[float, float]:
    """Metres from the origin to lon, lat."""
    lon, lat = _TO_LONLAT.transform(ORIGIN_M[0] + east_m, ORIGIN_M[1] + north_m)
    return round(lon, 9), round(lat, 9)


def rectangle(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """GeoJSON polygon of a rectangle in metres from the origin."""
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [[lonlat(*point) for point in ring]]}


def line(*points: tuple[float, float]) -> dict[str, Any]:
    """GeoJSON line through points in metres from the origin."""
    return {"type": "LineString", "coordinates": [lonlat(*point) for point in points]}


def to_frame(east_m: float, north_m: float, up_m: float = 0.0) -> tuple[float, float]:
    """Where the camera's frame shows a point: pixels (u, v) of an ideal lens."""
    tilt = math.radians(CAMERA_TILT_DEG)
    right, ahead, above = (at - origin for at, origin in zip((east_m, north_m, up_m), CAMERA_M, strict=True))
    depth = ahead * math.cos(tilt) - above * math.sin(tilt)
    below = -ahead * math.sin(tilt) - above * math.cos(tilt)
    return FRAME_PX[0] / 2 + FOCAL_PX * right / depth, FRAME_PX[1] / 2 + FOCAL_PX * below / depth


def write_small_city(folder: Path, *, without: Collection[str] = ()) -> Path:
    """Write the pack into an empty folder; its path. ``without`` names registers that have no data here."""
    pack = folder / "smallville"
    (pack / "data").mkdir(parents=True)
    (pack / "pack.toml").write_text(PACK.format(proj4=PROJ4))
    (pack / "offices.toml").write_text(OFFICES)
    (pack / "legend.toml").write_text(LEGEND)
    shutil.copy(LAW, pack / "ordinances.toml")
    tables = [_write_layer(pack, *layer) for layer in _layers() if layer[1] not in without]
    (pack / "registers.toml").write_text("".join(tables))
    _write_camera(pack)
    return pack


def _write_camera(pack: Path) -> None:
    """The camera with twelve point pairs on the roadway and the sidewalk, counted from its foot."""
    lon, lat = lonlat(*CAMERA_M[:2])
    (pack / "cameras.toml").write_text(CAMERAS.format(name=CAMERA_NAME, lon=lon, lat=lat))
    places = [(east, north) for north in (101.0, 106.0, 110.0, 114.0) for east in (199.0, 205.0, 211.0)]
    pairs = [[*to_frame(east, north), east - CAMERA_M[0], north - CAMERA_M[1]] for east, north in places]
    width, height = FRAME_PX
    region = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]
    record = {"pairs": pairs, "anchor": [lon, lat], "region_px": region, "source": "tests/small_city.py"}
    (pack / "cameras").mkdir()
    (pack / "cameras" / "street.json").write_text(json.dumps(record))


def _layers() -> Iterable[tuple[str, str, str, dict[str, str], list[dict[str, Any]]]]:
    """(name, register, key column, columns, features) of each register, units first."""
    slot = json.dumps(rectangle(200, 110, 210, 113))
    uses = [{"use": "parking", "slot": slot, "from_time": "06:00", "to_time": "22:00"}]
    small = [(f"000010020{i:03d}", rectangle(250 + 5 * i, 114, 255 + 5 * i, 134), 100.0) for i in range(10)]
    parcels = [
        ("000010010001", rectangle(20, 114, 80, 174), 3600.0),
        ("000010010002", rectangle(100, 114, 160, 174), 3600.0),
        *small,
    ]
    yield (
        "units", "admin_unit", "code", {"code": '"code"', "level": '{ value = "ward" }', "name": '"name"'},
        [_feature(rectangle(0, 0, 400, 400), code="00001", name="Phường Nhỏ")],
    )  # fmt: skip
    yield (
        "parcels", "parcel", "key",
        {"ward_code": '"ward"', "sheet": '"sheet"', "number": '"number"', "stated_area_m2": '"area"',
         "use_code": '{ value = "ODT" }', "address": '"address"'},
        [
            _feature(shape, key=key, ward=key[:5], sheet=str(int(key[5:8])), number=str(int(key[8:])), area=area,
                     address=f"{int(key[8:])} Phố Nhỏ")
            for key, shape, area in parcels
        ],
    )  # fmt: skip
    yield (
        "zoning", "zoning", "key",
        {"plan_kind": '{ value = "zoning" }', "plan": '"plan"', "code": '"code"', "name": '"name"', "status": '"status"'},
        [_feature(rectangle(0, 114, 400, 400), key="z1", plan="Quy hoạch bịa", code="NO-01", name="nhóm nhà ở",
                  status="in_force")],
    )  # fmt: skip
    yield (
        "roads", "road", "key", {"name": '"name"', "road_class": '"kind"', "width_m": '"width"'},
        [_feature(line((0, 105), (400, 105)), key="r1", name="Phố Nhỏ", kind="residential", width=10.0)],
    )  # fmt: skip
    yield (
        "sidewalks", "sidewalk", "key", {"street": '"street"', "width_m": '"width"', "allowed_uses": '"uses"'},
        [_feature(rectangle(0, 110, 400, 114), key="w1", street="Phố Nhỏ", width=4.0, uses=json.dumps(uses))],
    )  # fmt: skip
    yield (
        "plan_lines", "plan_line", "key", {"kind": '{ value = "red_line" }', "width_m": '"width"'},
        [_feature(line((0, 114), (400, 114)), key="l1", width=18.0)],
    )  # fmt: skip
    yield (
        "permits", "permit", "number",
        {"number": '"number"', "kind": '{ value = "new" }', "status": '"status"', "issued_on": '"issued"',
         "expires_on": '"expires"', "storeys": '"storeys"', "parcel_keys": '{ column = "parcel", split = ";" }'},
        [_feature(rectangle(30, 120, 70, 160), number="GP-1", status="in_force", issued="2026-06-01",
                  expires="2027-06-01", storeys=4, parcel="000010010001")],
    )  # fmt: skip


def _feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _write_layer(
    pack: Path, name: str, register: str, key: str, columns: dict[str, str], features: list[dict[str, Any]]
) -> str:
    collection = {"type": "FeatureCollection", "features": features}
    (pack / "data" / f"{name}.geojson").write_text(json.dumps(collection, ensure_ascii=False))
    covers = "[]" if register == "admin_unit" else '["00001"]'
    table = SOURCE.format(name=name, register=register, key=key, covers=covers)
    return table + "".join(f"{field} = {rule}\n" for field, rule in columns.items())
