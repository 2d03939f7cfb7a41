"""Builds one PMTiles archive per register layer after a load, and says where it lies. Old tiles are served meanwhile.

tippecanoe drops nothing from the first zoom at which a layer is shown in full (``--no-feature-limit``,
``--no-tile-size-limit``); below that shapes are simplified. The new file replaces the old in one rename.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import structlog
from django.conf import settings
from django.db import connection

from errors import ConfigurationError
from tiles.layers import REGISTER_LAYERS, RegisterLayer

log = structlog.get_logger("tiles")
ROWS_AT_ONCE = 5000
TILE_BUFFER_PX = 8
TIMEOUT_S = 1800


def get_archive_path(layer_name: str) -> Path:
    """Where a layer's archive lies, built or not."""
    return settings.ENV.storage.var_dir / "tiles" / f"{layer_name}.pmtiles"


def are_built() -> bool:
    """Whether all layers were built before, so that unchanged registers need no new ones."""
    return _stamp().exists()


def build_all(on: date) -> dict[str, int]:
    """Build every layer as of ``on``; records per layer. An empty layer has no archive."""
    counts = {layer.name: build_layer(layer, on) for layer in REGISTER_LAYERS}
    _stamp().write_text(on.isoformat())
    return counts


def _stamp() -> Path:
    """The file that says as of which day the layers were built last."""
    return settings.ENV.storage.var_dir / "tiles" / "built_as_of"


def build_layer(layer: RegisterLayer, on: date) -> int:
    """Build one layer as of a day and switch to it; how many records went in."""
    target = get_archive_path(layer.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{layer.name}.{os.getpid()}.pmtiles")
    process = subprocess.Popen(_command(layer, fresh), stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        count = _feed(process, layer, on)
        _, told = process.communicate(timeout=TIMEOUT_S)
        if count == 0:
            target.unlink(missing_ok=True)
            return 0
        if process.returncode != 0:
            raise ConfigurationError(
                "tippecanoe failed.", field=layer.name, value=told[-200:], cure="Free disk space; build again."
            )
        fresh.replace(target)
    finally:
        if process.poll() is None:
            process.kill()
        fresh.unlink(missing_ok=True)
    log.info("tiles_built", layer=layer.name, records=count, bytes=target.stat().st_size)
    return count


def _command(layer: RegisterLayer, target: Path) -> list[str]:
    program = Path(sys.executable).with_name("tippecanoe")
    return [
        str(program), "-o", str(target), "-l", layer.name, "-n", layer.name, "-Z", str(layer.min_zoom), "-z",
        str(layer.max_zoom), "-r1", "--no-feature-limit", "--no-tile-size-limit", "--no-tiny-polygon-reduction",
        "--simplify-only-low-zooms", "--no-simplification-of-shared-nodes",
        f"--buffer={TILE_BUFFER_PX}", "--force", "--quiet", "--no-progress-indicator",
    ]  # fmt: skip


def _feed(process: subprocess.Popen[bytes], layer: RegisterLayer, on: date) -> int:
    """Write the layer's records as GeoJSON lines; a tippecanoe that dies early is told by its exit code."""
    if process.stdin is None:
        raise ConfigurationError("tippecanoe has no input.", field=layer.name)
    count = 0
    try:
        count = _write_lines(process.stdin, layer, on)
        process.stdin.close()
    except BrokenPipeError:
        log.warning("tippecanoe_hung_up", layer=layer.name)
    process.stdin = None
    return count


def _write_lines(stream: IO[bytes], layer: RegisterLayer, on: date) -> int:
    count = 0
    for geometry, properties in _read_records(layer, on):
        line = f'{{"type":"Feature","geometry":{geometry},"properties":{properties}}}\n'
        stream.write(line.encode())
        count += 1
    return count


def _read_records(layer: RegisterLayer, on: date) -> Iterator[tuple[str, str]]:
    """GeoJSON geometry text and properties text of every record in force on the day."""
    columns = ", ".join(expression for _, expression in layer.select)
    names = [name for name, _ in layer.select]
    sql = (
        f"SELECT ST_AsGeoJSON(r.geom, 7), {columns} FROM {layer.table} r JOIN geo_registersource s ON s.id = r.source_id"  # noqa: S608
        f" WHERE r.geom IS NOT NULL AND {layer.where} AND r.is_listed"
        " AND r.valid_from <= %s AND (r.valid_to IS NULL OR r.valid_to > %s) ORDER BY r.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [on, on])
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for geometry, *values in rows:
                yield geometry, json.dumps(dict(zip(names, map(_plain, values), strict=True)), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime | timedelta):
        return str(value)
    return value
