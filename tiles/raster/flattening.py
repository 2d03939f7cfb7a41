"""Any raster's pixels -> a plain file: 8-bit grey or red-green-blue with alpha, or 32-bit numbers where not a number means none.

Palettes are looked up, bands are chosen (printing colours come as red-green-blue from the library); what was assumed is
said in ``notes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.io import DatasetReader
from rasterio.windows import Window

from errors import InputError
from tiles.raster.placing import Placement

STRIP = 2048
_COLOURS = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a raster will be flattened: which bands (counted from 1), and in which way."""

    way: str  # grey | colours | palette | numbers
    bands: tuple[int, ...]
    nodata: float | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def is_nearest(self) -> bool:
        """Whether values must not be mixed with their neighbours."""
        return self.way == "palette"


def choose_plan(dataset: DatasetReader, bands: Sequence[int] = (), nodata: float | None = None) -> Plan:
    """The way for this file; InputError when a band asked for is not there."""
    missing = [band for band in bands if not 1 <= band <= dataset.count]
    if missing or (bands and len(bands) not in (1, 3)):
        raise InputError(
            "These bands cannot be drawn.", field="bands", value=",".join(map(str, bands)),
            cure=f"Give one or three of the bands 1 to {dataset.count}.",
        )  # fmt: skip
    interpretation = dataset.colorinterp
    is_bytes = dataset.dtypes[0] == "uint8"
    none = nodata if nodata is not None else dataset.nodata
    if interpretation[0] is ColorInterp.palette and is_bytes and not bands:
        return Plan("palette", (1,), none, ["the palette was looked up"])
    chosen, notes = (tuple(bands), []) if bands else _choose_bands(dataset)
    if not is_bytes:
        return Plan("numbers", chosen, none, notes)
    return Plan("colours" if len(chosen) == 3 else "grey", chosen, none, notes)


def _choose_bands(dataset: DatasetReader) -> tuple[tuple[int, ...], list[str]]:
    """Red, green, blue where the file names them; else the first three; one band alone is grey."""
    interpretation = list(dataset.colorinterp)
    if all(colour in interpretation for colour in _COLOURS):
        is_printed = dataset.tags(ns="IMAGE_STRUCTURE").get("SOURCE_COLOR_SPACE") == "CMYK"  # the library turns them
        notes = ["printing colours (CMYK) were turned into red, green, blue"] if is_printed else []
        return tuple(interpretation.index(colour) + 1 for colour in _COLOURS), notes
    shown = [band for band, colour in enumerate(interpretation, start=1) if colour is not ColorInterp.alpha]
    if len(shown) >= 3:
        note = f"the file does not say which bands are red, green, blue: 1, 2, 3 of {dataset.count} were taken"
        return (shown[0], shown[1], shown[2]), [note]
    left = f"band {shown[0]} of {dataset.count} is shown as grey"
    return (shown[0],), [left] if len(shown) > 1 else []


def flatten(dataset: DatasetReader, plan: Plan, placement: Placement, target: Path) -> None:
    """Write the plain file, strip by strip; reading to the end shows a file that was cut short."""
    is_numbers = plan.way == "numbers"
    count = len(plan.bands) if is_numbers else (1 if plan.way == "grey" else 3) + 1
    profile = {
        "driver": "GTiff", "width": dataset.width, "height": dataset.height, "count": count, "tiled": True,
        "dtype": "float32" if is_numbers else "uint8", "blockxsize": 256, "blockysize": 256, "bigtiff": "if_safer",
        "nodata": np.nan if is_numbers else None,
        "photometric": "RGB" if count >= 3 and not is_numbers else "MINISBLACK",
    }  # fmt: skip
    profile |= {"crs": placement.crs, "transform": placement.transform}
    with rasterio.open(target, "w", **profile) as plain:
        if not is_numbers:
            plain.colorinterp = [ColorInterp.gray, ColorInterp.alpha] if count == 2 else [*_COLOURS, ColorInterp.alpha]
        for top in range(0, dataset.height, STRIP):
            for left in range(0, dataset.width, STRIP):
                window = Window(left, top, min(STRIP, dataset.width - left), min(STRIP, dataset.height - top))
                plain.write(
                    _numbers(dataset, plan, window) if is_numbers else _bytes(dataset, plan, window), window=window
                )


def _numbers(dataset: DatasetReader, plan: Plan, window: Window) -> NDArray[np.float32]:
    values: NDArray[np.float32] = dataset.read(plan.bands, window=window).astype(np.float32)
    values[:, _is_nothing(dataset, plan, window)] = np.nan
    return values


def _bytes(dataset: DatasetReader, plan: Plan, window: Window) -> NDArray[np.uint8]:
    values = dataset.read(plan.bands, window=window)
    alpha = np.where(_is_nothing(dataset, plan, window), 0, 255).astype(np.uint8)
    if plan.way == "palette":
        looked_up = _palette(dataset)[values[0]]
        values, alpha = np.moveaxis(looked_up[..., :3], -1, 0), np.minimum(alpha, looked_up[..., 3])
    return np.concatenate([values, alpha[None]])


def _is_nothing(dataset: DatasetReader, plan: Plan, window: Window) -> NDArray[np.bool_]:
    """Where the file has no picture: by its mask or alpha, by the value that means none, or not a number."""
    values = dataset.read(plan.bands, window=window)
    nothing = np.zeros(values.shape[1:], dtype=bool)
    if np.issubdtype(values.dtype, np.floating):
        nothing |= ~np.isfinite(values).all(axis=0)
    if plan.nodata is not None and not np.isnan(plan.nodata):
        nothing |= (values == plan.nodata).all(axis=0)
    flags = {flag for flags in dataset.mask_flag_enums for flag in flags}
    if MaskFlags.per_dataset in flags or MaskFlags.alpha in flags:
        nothing |= dataset.dataset_mask(window=window) == 0
    return nothing


def _palette(dataset: DatasetReader) -> NDArray[np.uint8]:
    table: dict[int, Any] = dataset.colormap(1)
    palette = np.zeros((256, 4), dtype=np.uint8)
    for value, colour in table.items():
        palette[value] = colour
    return palette
