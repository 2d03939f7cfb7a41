"""Exports trained weights (.pt) to OpenVINO, 8-bit integers where calibration photographs are given: a door to the
training libraries. Called by ``manage.py export_weights``.

The network keeps a free input size, so that the detector compiles it for the shape of the pictures it meets.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.letterbox import Pixels, fit_pixels, plan_letterbox
from detection.quiet_ultralytics import load_ultralytics
from errors import ConfigurationError, InputError

_CALIBRATION_PHOTOS = 300


@dataclass(frozen=True, slots=True)
class Exported:
    """The two files of the OpenVINO form, its labels in order, and what it was calibrated with."""

    xml: Path
    bin: Path
    labels: tuple[str, ...]
    calibration_photos: int


def export_openvino(
    weights_pt: Path, folder: Path, *, name: str, calibration: Path | None, input_px: int = 640, threads: int = 0
) -> Exported:
    """Write ``name``.xml and .bin into ``folder``: int8 calibrated on the photographs below ``calibration``, else fp16."""
    if not weights_pt.is_file():
        raise ConfigurationError("The weights to export are missing.", field="from", value=weights_pt)
    photos = [] if calibration is None else list_photos(calibration)
    ultralytics = load_ultralytics(threads=threads or None)
    import openvino

    with tempfile.TemporaryDirectory() as work:
        copied = Path(work) / "network.pt"  # ultralytics writes beside the file it reads
        shutil.copyfile(weights_pt, copied)
        network = ultralytics.YOLO(str(copied))
        labels = tuple(network.names[number] for number in range(len(network.names)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch warns of the tracing that ultralytics exports by
            written = network.export(format="openvino", dynamic=True, imgsz=input_px, batch=1)
        exported = openvino.Core().read_model(next(Path(written).glob("*.xml")))
        if photos:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exported = _quantise(exported, photos, input_px)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{name}.xml"
        openvino.save_model(exported, target, compress_to_fp16=True)
    return Exported(target, target.with_suffix(".bin"), labels, len(photos))


def list_photos(folder: Path) -> list[Path]:
    """Up to 300 photographs below a folder, spread evenly over their sorted names."""
    found = sorted(path for suffix in ("jpg", "jpeg", "png") for path in folder.rglob(f"*.{suffix}"))
    if not found:
        raise InputError("The calibration folder holds no photographs.", field="calibration", value=folder)
    step = max(1, len(found) // _CALIBRATION_PHOTOS)
    return found[::step][:_CALIBRATION_PHOTOS]


def _quantise(network: Any, photos: list[Path], input_px: int) -> Any:
    import nncf

    prepared = nncf.Dataset(list(range(len(photos))), lambda number: _prepare(photos[number], input_px))
    return nncf.quantize(
        network,
        prepared,
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(photos),
        ignored_scope=nncf.IgnoredScope(names=list(_decoding_operations(network))),
    )


def _decoding_operations(network: Any) -> Iterator[str]:
    """Operations that turn the last layer's numbers into pixels: too coarse in 8 bits, and nearly free."""
    operations = network.get_ordered_ops()
    last = [operation.get_friendly_name() for operation in operations if operation.get_type_name() == "Sigmoid"][-1]
    head = last.split("/", 1)[0]
    for operation in operations:
        name = operation.get_friendly_name()
        if operation.get_type_name() == "Sigmoid" or name.startswith((f"{head}/", f"{head}.dfl")):
            yield name


def _prepare(path: Path, input_px: int) -> NDArray[np.float32]:
    found = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if found is None:
        raise InputError("A calibration photograph cannot be read.", field="calibration", value=path)
    rgb: Pixels = np.asarray(found[:, :, ::-1], np.uint8)
    box = plan_letterbox(rgb.shape[1], rgb.shape[0], input_px, input_px)
    return np.asarray(fit_pixels(rgb, box).transpose(2, 0, 1)[None] / 255, np.float32)
