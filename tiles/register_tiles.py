"""Builds one PMTiles archive per register layer after a load, and the base map of several. Old tiles are served meanwhile.

tippecanoe drops nothing from ``FULL_ZOOM`` on (``--no-feature-limit``, ``--no-tile-size-limit``); below that shapes are
simplified. The new file replaces the old in one rename.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path

import structlog

from errors import ConfigurationError
from tiles.archive_files import get_archive_path, get_folder
from tiles.layers import BASE_ARCHIVE, BASE_LAYERS, FULL_ZOOM, REGISTER_LAYERS, RegisterLayer
from tiles.register_feed import copy_lines, count_records

log = structlog.get_logger("tiles")
TILE_BUFFER_PX = 8
TIMEOUT_S = 1800
_STAMP = "built_as_of"


def are_built() -> bool:
    """Whether all layers were built before, so that unchanged registers need no new ones."""
    return (get_folder() / _STAMP).exists()


def build_all(on: date, *, as_of: date | None = None) -> dict[str, int]:
    """Build every layer as of ``on``; records per layer. An empty layer has no archive.

    ``as_of`` keeps them apart from today's, for readers who ask for that day.
    """
    counts = build_layers(REGISTER_LAYERS, on, as_of=as_of)
    (get_folder(as_of) / _STAMP).write_text(on.isoformat())
    return counts


def build_registers(registers: Collection[str], on: date) -> dict[str, int]:
    """Build the layers that loads of these registers changed; the others stay as they are."""
    return build_layers([layer for layer in REGISTER_LAYERS if layer.register in registers], on)


def build_layers(layers: Iterable[RegisterLayer], on: date, *, as_of: date | None = None) -> dict[str, int]:
    """Build these layers, then the base map if it holds one of them; records per layer."""
    chosen = tuple(layers)
    counts = {layer.name: build_layer(layer, on, as_of=as_of) for layer in chosen}
    if any(layer.base for layer in chosen):
        build_base(on, as_of=as_of)
    return counts


def build_layer(layer: RegisterLayer, on: date, *, as_of: date | None = None) -> int:
    """Build one layer as of a day and switch to it; how many records went in."""
    return _build(layer.name, (layer,), on, as_of)


def build_base(on: date, *, as_of: date | None = None) -> int:
    """Build the base map: the base layers in one archive; how many records went in."""
    return _build(BASE_ARCHIVE, BASE_LAYERS, on, as_of)


def _build(name: str, layers: Sequence[RegisterLayer], on: date, as_of: date | None) -> int:
    target = get_archive_path(name, as_of)
    target.parent.mkdir(parents=True, exist_ok=True)
    count = sum(count_records(layer, on) for layer in layers)
    if count == 0:
        target.unlink(missing_ok=True)
        return 0
    fresh = target.with_name(f".{name}.{os.getpid()}.pmtiles")
    try:
        _run_tippecanoe(name, layers, on, fresh)
        fresh.replace(target)
    finally:
        for left in target.parent.glob(f"{fresh.name}*"):
            left.unlink()
    log.info("tiles_built", layer=name, records=count, bytes=target.stat().st_size)
    return count


def _run_tippecanoe(name: str, layers: Sequence[RegisterLayer], on: date, target: Path) -> None:
    """Feed the layers' lines and wait; a tippecanoe that dies early is told by its exit code."""
    process = subprocess.Popen(_command(name, layers, target), stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        _feed(process, layers, on)
        _, told = process.communicate(timeout=TIMEOUT_S)
    finally:
        if process.poll() is None:
            process.kill()
    if process.returncode != 0:
        raise ConfigurationError(
            "tippecanoe failed.", field=name, value=told[-200:], cure="Free disk space; build again. Old tiles stay."
        )


def _feed(process: subprocess.Popen[bytes], layers: Sequence[RegisterLayer], on: date) -> None:
    stream, process.stdin = process.stdin, None
    if stream is None:
        raise ConfigurationError("tippecanoe has no input.", field="stdin")
    try:
        with stream:
            for layer in layers:
                for chunk in copy_lines(layer, on):
                    stream.write(chunk)
    except BrokenPipeError:
        log.warning("tippecanoe_hung_up", layers=[layer.name for layer in layers])


def _command(name: str, layers: Sequence[RegisterLayer], target: Path) -> list[str]:
    first, last = min(layer.min_zoom for layer in layers), max(layer.max_zoom for layer in layers)
    program = Path(sys.executable).with_name("tippecanoe")
    return [
        str(program), "-o", str(target), "-n", name, "-Z", str(first), "-z", str(last), "-r1", "--no-feature-limit",
        "--no-tile-size-limit", "--no-tiny-polygon-reduction", *_simplification(first), f"--buffer={TILE_BUFFER_PX}",
        "--no-tile-stats", "--read-parallel", "--force", "--quiet", "--no-progress-indicator",
    ]  # fmt: skip


def _simplification(first: int) -> tuple[str, ...]:
    """None from the full zoom on; below it, so that neighbours keep their common edge."""
    if first >= FULL_ZOOM:
        return ("--no-line-simplification",)
    return ("--simplify-only-low-zooms", "--no-simplification-of-shared-nodes")
