"""Reads tiles out of one PMTiles v3 archive: mapped once, directories parsed once, then a bisection and a slice a tile.

Specification: github.com/protomaps/PMTiles, version 3. The ``pmtiles`` package parses; it re-reads both directories for
every tile, so the parsed ones are kept here.
"""

from __future__ import annotations

import gzip
import json
import mmap
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pmtiles.tile import Compression, deserialize_directory, deserialize_header, find_tile, zxy_to_tileid

MAX_DEPTH = 4


class Archive:
    """One open archive. Tiles come out as stored (gzip); None where the archive has none."""

    def __init__(self, path: Path, version: str = "") -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._version = version
        self.header: Mapping[str, Any] = dict(deserialize_header(self._bytes[:127]))
        self._directory = lru_cache(maxsize=4096)(self._parse_directory)

    def _parse_directory(self, offset: int, length: int) -> Any:
        return deserialize_directory(self._bytes[offset : offset + length])

    @cached_property
    def metadata(self) -> Mapping[str, Any]:
        """The archive's JSON metadata: its vector layers with their fields, its attribution."""
        offset, length = self.header["metadata_offset"], self.header["metadata_length"]
        raw = self._bytes[offset : offset + length]
        if self.header["internal_compression"] == Compression.GZIP:
            raw = gzip.decompress(raw)
        return dict(json.loads(raw or b"{}"))

    def get(self, z: int, x: int, y: int) -> bytes | None:
        """The gzipped tile at z/x/y (XYZ scheme)."""
        return self.get_with_etag(z, x, y)[0]

    def get_with_etag(self, z: int, x: int, y: int) -> tuple[bytes | None, str]:
        """The tile and its ETag. Where a tile lies in one version of the file says what it holds, so nothing is hashed."""
        entry = self._find(z, x, y)
        if entry is None:
            return None, f'"{self._version}-none"'
        begin = self.header["tile_data_offset"] + entry.offset
        return self._bytes[begin : begin + entry.length], f'"{self._version}-{entry.offset:x}"'

    def _find(self, z: int, x: int, y: int) -> Any:
        """The directory entry of a tile, or None."""
        if not (self.header["min_zoom"] <= z <= self.header["max_zoom"] and 0 <= x < 2**z and 0 <= y < 2**z):
            return None
        tile_id = zxy_to_tileid(z, x, y)
        offset, length = self.header["root_offset"], self.header["root_length"]
        for _ in range(MAX_DEPTH):
            entry = find_tile(self._directory(offset, length), tile_id)
            if entry is None:
                return None
            if entry.run_length:
                return entry
            offset, length = self.header["leaf_directory_offset"] + entry.offset, entry.length
        return None


@lru_cache(maxsize=64)
def open_archive(path: Path, version: tuple[int, int]) -> Archive:
    """An archive kept open while the file stays the same (``version``: inode and modification time)."""
    return Archive(path, f"{version[0]:x}-{version[1]:x}")


def find_archive(path: Path) -> Archive | None:
    """The archive at ``path``, or None before its first build. A replaced file is noticed at the next tile."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return open_archive(path, (stat.st_ino, stat.st_mtime_ns))
