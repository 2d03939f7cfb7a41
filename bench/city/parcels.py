"""Parcels of the generated city, in pieces: outline in metres and seven attributes as the land office would give them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from bench.city.layout import (
    BLOCK_M,
    OLD_WARD,
    PARCELS_A_BLOCK,
    PARCELS_A_ROW,
    PITCH_M,
    STREET_M,
    CityPlan,
    Floats,
    Ints,
)
from bench.city.names import house_numbers, old_ward_name, old_ward_of, street_name, street_of
from bench.city.outlines import Wkb, polygons_wkb

FIRST_OLD_WARD = 30_000  # ward codes above every real one of the city
_USES = np.array(["ODT", "ODT", "ODT", "ODT", "ODT", "TMD", "SKC", "CLN", "DGD", "DKV"])
_PIECE_BLOCKS = 5_000
Columns = dict[str, np.ndarray[Any, Any]]


def parcel_names(plan: CityPlan) -> tuple[Ints, Ints, Ints]:
    """Old ward, sheet and number of every parcel: 24 sheets a ward, 100 parcels a sheet."""
    index = np.arange(plan.parcels)
    block = index // PARCELS_A_BLOCK
    column, row = block % plan.columns, block // plan.columns
    ward = old_ward_of(column, row, plan)
    in_ward = ((row % OLD_WARD[1]) * OLD_WARD[0] + column % OLD_WARD[0]) * PARCELS_A_BLOCK + index % PARCELS_A_BLOCK
    return ward, in_ward // 100 + 1, in_ward % 100 + 1


def parcel_keys(plan: CityPlan) -> list[str]:
    """The key of every parcel, in the file's order."""
    named = zip(*(part.tolist() for part in parcel_names(plan)), strict=True)
    return [f"{FIRST_OLD_WARD + ward}{sheet:03d}{number:04d}" for ward, sheet, number in named]


def parcel_rings(plan: CityPlan) -> Floats:
    """Outlines along the grid (n, 6, 2): tube houses of unequal width, the back corner of some cut off."""
    random = plan.random("parcels")
    cuts = np.cumsum(random.uniform(0.7, 1.3, (plan.blocks, 2, PARCELS_A_ROW)), axis=2)
    cuts = np.concatenate([np.zeros((plan.blocks, 2, 1)), cuts / cuts[..., -1:]], axis=2) * BLOCK_M[0]
    column, row = plan.block_corners()
    west = column[:, None, None] * PITCH_M[0] + STREET_M / 2
    south = (row * PITCH_M[1] + STREET_M / 2)[:, None, None] + np.array([0.0, BLOCK_M[1]])[None, :, None]
    x0, x1 = (west + cuts[..., :-1]).reshape(-1), (west + cuts[..., 1:]).reshape(-1)
    front = np.broadcast_to(south, (plan.blocks, 2, PARCELS_A_ROW)).reshape(-1)
    inward = np.tile(np.repeat([1.0, -1.0], PARCELS_A_ROW), plan.blocks)
    back = front + inward * BLOCK_M[1] / 2
    cut = np.where(random.random(len(x0)) < 0.25, random.uniform(0.5, 2.0, len(x0)), 0.3)
    x = np.stack([x0, x1, x1, x1 - cut, x0, x0], axis=-1)
    y = np.stack([front, front, back - inward * cut, back, back, front], axis=-1)
    return np.stack([x, y], axis=-1)[: plan.parcels]


def middles(rings: Floats) -> Floats:
    """A point inside each parcel."""
    return np.asarray(rings[:, [0, 1, 4], :].mean(axis=1))


def addresses(plan: CityPlan, wanted: int) -> list[str]:
    """House, street and old ward of ``wanted`` parcels, spread evenly; the others have none on record."""
    index = np.arange(plan.parcels)
    block = index // PARCELS_A_BLOCK
    column, row = block % plan.columns, block // plan.columns
    street = street_of(column, row + (index % PARCELS_A_BLOCK >= PARCELS_A_ROW), plan)
    ward = old_ward_of(column, row, plan)
    streets = {number: street_name(number) for number in set(street.tolist())}
    wards = {number: ", ".join(old_ward_name(number)) for number in set(ward.tolist())}
    has = np.diff(np.floor(np.arange(plan.parcels + 1) * (min(wanted, plan.parcels) / plan.parcels))) > 0
    houses = house_numbers(plan, plan.parcels)
    return [
        f"{house} {streets[s]}, {wards[w]}" if h else ""
        for house, s, w, h in zip(houses, street.tolist(), ward.tolist(), has.tolist(), strict=True)
    ]


def parcel_pieces(plan: CityPlan, address_count: int) -> Iterator[tuple[Wkb, Columns]]:
    """Outlines and columns, some hundred thousand rows at a time."""
    rings, keys, (ward, sheet, number) = parcel_rings(plan), parcel_keys(plan), parcel_names(plan)
    texts = addresses(plan, address_count)
    random = plan.random("attributes")
    error, use = random.normal(1.0, 0.01, plan.parcels), random.integers(0, len(_USES), plan.parcels)
    step = _PIECE_BLOCKS * PARCELS_A_BLOCK
    for start in range(0, plan.parcels, step):
        part = slice(start, min(start + step, plan.parcels))
        wide = rings[part, 1, 0] - rings[part, 0, 0]
        yield (
            polygons_wkb(rings[part], plan, in_metres=True),
            {
                "ma_thua_dat": np.array(keys[part], dtype=object),
                "ma_xa": np.array([str(FIRST_OLD_WARD + w) for w in ward[part].tolist()], dtype=object),
                "so_to": np.array([f"{s:03d}" for s in sheet[part].tolist()], dtype=object),
                "so_thua": np.array([f"{n:04d}" for n in number[part].tolist()], dtype=object),
                "dien_tich_m2": np.round(wide * BLOCK_M[1] / 2 * error[part], 1),
                "loai_dat": _USES[use[part]].astype(object),
                "dia_chi": np.array(texts[part], dtype=object),
            },
        )
