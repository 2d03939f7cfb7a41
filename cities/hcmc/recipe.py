"""Makes the demonstration registers of one ward, around its real main streets: ``write(folder)``, always the same.

Called when the pack is loaded; ``python -m cities.hcmc.recipe FOLDER`` does it by hand. All rows say ``is_generated``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from cities.hcmc.recipe_parts import plans
from cities.hcmc.recipe_parts.ground import write_features
from cities.hcmc.recipe_parts.lines import canal_corridor, plan_lines
from cities.hcmc.recipe_parts.ortho import write_pictures
from cities.hcmc.recipe_parts.sidewalk_uses import allowed_uses
from cities.hcmc.recipe_parts.ward import Ward, make_ward

Row = tuple[BaseGeometry, dict[str, object]]


def write(out: Path) -> None:
    """Write all layers into ``out/generated``, which is made if need be."""
    ward = make_ward()
    folder = out / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    layers = {
        "roadways": _roadways(ward), "sidewalks": _sidewalks(ward), "zoning_plan": _zoning(ward),
        "land_use_plan": _land_use(ward), "plan_lines": _plan_lines(ward), "permits": _permits(ward),
        "buildings": _buildings(ward), "addresses": _addresses(ward),
    }  # fmt: skip
    for name, rows in layers.items():
        write_features(folder / f"{name}.geojson", rows, ward.ground.system)
    write_features(folder / "parcels.geojson", _parcels(ward), None)
    write_pictures(ward, folder)


def _roadways(ward: Ward) -> Iterator[Row]:
    """Centre lines with the roadway's width, so that names run along them."""
    near = ward.ground.ward.buffer(10.0)
    for street in ward.streets:
        yield street.line.intersection(near), {
            "key": street.key, "name": street.name, "road_class": street.road_class, "lanes": street.lanes,
            "width_m": street.roadway_m,
        }  # fmt: skip
    for alley in ward.cadastre.alleys:
        yield alley.line, {
            "key": f"HEM-{alley.block:02d}-{alley.number:02d}", "name": f"Hẻm {alley.name}", "road_class": "alley",
            "lanes": 1, "width_m": alley.width_m,
        }  # fmt: skip


def _sidewalks(ward: Ward) -> Iterator[Row]:
    for index, piece in enumerate(ward.reserves.sidewalks):
        yield piece.shape, {
            "key": f"VH-{piece.street.key}-{index:03d}", "street": piece.street.name, "width_m": piece.width_m,
            "allowed_uses": json.dumps(allowed_uses(piece, index, ward.ground.system), ensure_ascii=False),
        }  # fmt: skip


def _parcels(ward: Ward) -> Iterator[Row]:
    for parcel in ward.cadastre.parcels:
        yield parcel.shape, {
            "ma_thua_dat": parcel.key, "ma_xa": parcel.ward_code, "so_to": str(parcel.sheet),
            "so_thua": str(parcel.number), "dien_tich_m2": round(parcel.shape.area, 1), "loai_dat": parcel.land_use,
            "dia_chi": parcel.address,
        }  # fmt: skip


def _addresses(ward: Ward) -> Iterator[Row]:
    """House number and street apart, with the former unit, at a point in the parcel."""
    for parcel in ward.cadastre.parcels:
        house, _, former = parcel.address.partition(", phường Xuân Hoà (cũ: ")
        number, _, street = house.partition(" ")
        former = former.rstrip(")").replace("phường", "Phường").replace("quận", "Quận")
        yield parcel.shape.representative_point(), {
            "key": parcel.key, "house_number": number, "street": street, "former_unit": former,
            "parcel_key": parcel.key,
        }  # fmt: skip


def _zoning(ward: Ward) -> Iterator[Row]:
    for district in plans.zoning_districts(ward.reserves, ward.cadastre, ward.streets, ward.planned):
        row = plans.zoning_properties(district)
        yield district.shape, row | {"allowed_uses": json.dumps(row["allowed_uses"], ensure_ascii=False)}


def _land_use(ward: Ward) -> Iterator[Row]:
    canal = canal_corridor(ward.ground)
    for district in plans.land_use_districts(ward.ground, ward.reserves, ward.cadastre, ward.planned, canal):
        yield district.shape, plans.land_use_properties(district) | {"allowed_uses": "[]"}


def _plan_lines(ward: Ward) -> Iterator[Row]:
    for line in plan_lines(ward.ground, ward.streets, ward.planned):
        yield line.shape, {"key": line.key, "kind": line.kind, "name": line.name, "width_m": line.width_m}


def _permits(ward: Ward) -> Iterator[Row]:
    for permit in ward.permits:
        parcel = permit.building.parcel
        yield permit.building.shape, {
            "number": permit.number, "kind": permit.kind, "status": permit.status,
            "issued_on": permit.issued_on.isoformat(),
            "expires_on": permit.expires_on.isoformat() if permit.expires_on else None, "storeys": permit.storeys,
            "floor_area_m2": permit.floor_area_m2, "conditions": permit.conditions, "address": parcel.address,
            "parcel_keys": json.dumps([parcel.key]),
        }  # fmt: skip


def _buildings(ward: Ward) -> Iterator[Row]:
    for building in ward.buildings:
        yield building.shape, {
            "key": f"N-{building.parcel.key}", "storeys": building.storeys,
            "height_m": round(building.storeys * 3.4 + 1.0, 1), "address": building.parcel.address,
        }  # fmt: skip


if __name__ == "__main__":
    write(Path(sys.argv[1]))
