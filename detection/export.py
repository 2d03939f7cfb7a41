"""Exports trained weights (.pt) to OpenVINO: 8-bit integers where a labelled set shows that they cost little, else 16-bit floats.

A door to the training libraries, called by ``manage.py export_weights``. Several ways to quantise are tried, from the quickest
network to the most careful one; the first that loses at most ``most_loss`` of mean average precision is kept. The network keeps a
free input size, so that the detector compiles it for the shape of the pictures it meets.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.letterbox import Pixels, fit_pixels, plan_letterbox
from detection.quiet_ultralytics import load_ultralytics
from errors import ConfigurationError, InputError

MOST_LOSS = 0.01  # of mAP50-95 on the labelled set
_CALIBRATION_PHOTOS = 300
_FIRST_LAYERS = ("__module.model.0.", "__module.model.1.")

Measure = Callable[[Path, tuple[str, ...]], float]


@dataclass(frozen=True, slots=True)
class Exported:
    """The two files of the OpenVINO form, its labels in order, and how it was made, in words for the record."""

    xml: Path
    bin: Path
    labels: tuple[str, ...]
    is_int8: bool
    notes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Int8:
    """What 8 bits need: photographs to see usual values on, and a measure of the network on labelled photographs."""

    calibration: Path
    measure: Measure
    most_loss: float = MOST_LOSS


def export_openvino(
    weights_pt: Path,
    folder: Path,
    *,
    name: str,
    int8: Int8 | None = None,
    input_px: int = 640,
    threads: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> Exported:
    """Write ``name``.xml and .bin into ``folder``; what was tried and what each way lost is told, and stands in the notes."""
    if not weights_pt.is_file():
        raise ConfigurationError("The weights to export are missing.", field="from", value=weights_pt)
    photos = [] if int8 is None else list_photos(int8.calibration)
    with tempfile.TemporaryDirectory() as work:
        network, labels = _convert(weights_pt, Path(work), input_px, threads)
        notes = {"form": "16-bit floats"}
        if int8 is not None:
            chosen, notes = _try_ways(network, labels, int8, photos, Path(work), input_px, tell)
            network = chosen or network
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{name}.xml"
        _save(network, target)
    return Exported(target, target.with_suffix(".bin"), labels, notes["form"] != "16-bit floats", notes)


def list_photos(folder: Path) -> list[Path]:
    """Up to 300 photographs below a folder, spread evenly over their sorted names."""
    found = sorted(path for suffix in ("jpg", "jpeg", "png") for path in folder.rglob(f"*.{suffix}"))
    if not found:
        raise InputError("The calibration folder holds no photographs.", field="calibration", value=folder)
    step = max(1, len(found) // _CALIBRATION_PHOTOS)
    return found[::step][:_CALIBRATION_PHOTOS]


def _convert(weights_pt: Path, work: Path, input_px: int, threads: int) -> tuple[Any, tuple[str, ...]]:
    ultralytics = load_ultralytics(threads=threads or None)
    import openvino

    copied = work / "network.pt"  # ultralytics writes beside the file it reads
    shutil.copyfile(weights_pt, copied)
    loaded = ultralytics.YOLO(str(copied))
    labels = tuple(loaded.names[number] for number in range(len(loaded.names)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of the tracing that ultralytics exports by
        written = loaded.export(format="openvino", dynamic=True, imgsz=input_px, batch=1)
    return openvino.Core().read_model(next(Path(written).glob("*.xml"))), labels


def _try_ways(
    network: Any,
    labels: tuple[str, ...],
    int8: Int8,
    photos: list[Path],
    work: Path,
    input_px: int,
    tell: Callable[[str], None],
) -> tuple[Any | None, dict[str, str]]:
    """The first quantised network that loses little enough (None: none does), and the story of it."""
    plain = work / "plain" / "plain.xml"
    _save(network, plain)
    before = int8.measure(plain, labels)
    told = []
    for number, (words, kept) in enumerate(_ways(network)):
        quantised = _quantise(network, photos, input_px, kept)
        tried = work / f"way-{number}" / f"way-{number}.xml"
        _save(quantised, tried)
        loss = before - int8.measure(tried, labels)
        told.append(f"{words}: {loss:+.4f}")
        tell(f"8 bits, {words}: mAP50-95 {before:.4f} -> {before - loss:.4f}")
        if loss <= int8.most_loss:
            notes = {
                "form": f"8-bit integers, {words}",
                "loss_of_map50_95": "; ".join(told),
                "photographs": str(len(photos)),
            }
            return quantised, notes
    tell(f"No way of 8 bits loses at most {int8.most_loss}: the network stays in 16-bit floats.")
    return None, {"form": "16-bit floats", "loss_of_map50_95": "; ".join(told) + f"; more than {int8.most_loss} each"}


def _ways(network: Any) -> Iterator[tuple[str, frozenset[str]]]:
    """Ways to quantise: in words, and the operations that stay in floats."""
    head = _head_of(network)
    names = [operation.get_friendly_name() for operation in network.get_ordered_ops()]
    decoding = frozenset(_decoding_operations(network, head))
    whole_head = decoding | {name for name in names if name.startswith((f"{head}/", f"{head}."))}
    early = whole_head | {name for name in names if name.startswith(_FIRST_LAYERS)}
    yield "decoding in floats", decoding
    yield "head in floats", frozenset(whole_head)
    yield "head and first layers in floats", frozenset(early)


def _head_of(network: Any) -> str:
    """Name of the module that holds the last sigmoid: the detecting head."""
    sigmoids = [one.get_friendly_name() for one in network.get_ordered_ops() if one.get_type_name() == "Sigmoid"]
    return str(sigmoids[-1].split("/", 1)[0])


def _decoding_operations(network: Any, head: str) -> Iterator[str]:
    """Operations that turn the last layer's numbers into pixels: too coarse in 8 bits, and nearly free."""
    for operation in network.get_ordered_ops():
        name = operation.get_friendly_name()
        if operation.get_type_name() == "Sigmoid" or name.startswith((f"{head}/", f"{head}.dfl")):
            yield name


def _quantise(network: Any, photos: list[Path], input_px: int, kept_in_floats: frozenset[str]) -> Any:
    import nncf

    known = {
        one.get_friendly_name()
        for one in network.get_ordered_ops()
        if one.get_type_name() not in ("Constant", "Result")
    }
    prepared = nncf.Dataset(list(range(len(photos))), lambda number: _prepare(photos[number], input_px))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nncf.quantize(
            network,
            prepared,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(photos),
            ignored_scope=nncf.IgnoredScope(names=sorted(kept_in_floats & known), validate=False),
        )


def _save(network: Any, target: Path) -> None:
    import openvino

    target.parent.mkdir(parents=True, exist_ok=True)
    openvino.save_model(network, target, compress_to_fp16=True)


def _prepare(path: Path, input_px: int) -> NDArray[np.float32]:
    found = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if found is None:
        raise InputError("A calibration photograph cannot be read.", field="calibration", value=path)
    rgb: Pixels = np.asarray(found[:, :, ::-1], np.uint8)
    box = plan_letterbox(rgb.shape[1], rgb.shape[0], input_px, input_px)
    return np.asarray(fit_pixels(rgb, box).transpose(2, 0, 1)[None] / 255, np.float32)
