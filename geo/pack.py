"""A city pack on disk (``cities/<slug>/``) -> a checked value. Read by the rooms' loaders and by ``manage.py load_city``.

A fault in a pack is the operator's: ConfigurationError names file, field and cure. Nothing is written here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from errors import ConfigurationError
from geo.crs import Bounds, CitySystem, parse_system
from geo.source_description import SourceDescription, parse_source

_CITY_WORDS = frozenset(
    ("slug", "names", "timezone", "languages", "bounds", "center", "default_zoom", "country", "is_default", "crs")
)
_CHECK_TOLERANCE_M = 0.01


@dataclass(frozen=True, slots=True)
class ParcelKeyForm:
    """How a parcel key of this city is written, with named parts (ward_code, sheet, number)."""

    pattern: re.Pattern[str]
    parts: tuple[str, ...]
    example: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parts that the pattern tells apart."""
        return tuple(self.pattern.groupindex)

    def parse(self, key: str) -> dict[str, str] | None:
        """The named parts of a key, or None when it is not of this form."""
        found = self.pattern.match(key)
        return found.groupdict() if found else None


@dataclass(frozen=True, slots=True)
class Pack:
    """One city as its pack describes it. ``settings`` holds pack.toml's further tables, kept on the city's record."""

    path: Path
    slug: str
    name_vi: str
    name_en: str
    timezone: str
    country: str
    languages: tuple[str, ...]
    bounds: Bounds
    center: tuple[float, float]
    default_zoom: float
    is_default: bool
    systems: tuple[CitySystem, ...]
    crs_tables: tuple[Mapping[str, Any], ...]
    settings: Mapping[str, Any]
    sources: tuple[SourceDescription, ...]
    parcel_key: ParcelKeyForm | None = None

    def get_source(self, name: str) -> SourceDescription:
        """A register source by name; ConfigurationError lists the names there are."""
        for source in self.sources:
            if source.name == name:
                return source
        names = ", ".join(source.name for source in self.sources)
        raise ConfigurationError("The pack has no such source.", field="source", value=name, cure=f"It has: {names}.")

    def read_table(self, name: str) -> Mapping[str, Any]:
        """Another TOML file of the pack, empty when there is none; ConfigurationError when it cannot be read."""
        file = self.path / name
        return _read_toml(file) if file.exists() else {}


def read_pack(path: Path) -> Pack:
    """The pack in a folder; ConfigurationError names what is missing or wrong in it."""
    path = Path(path).resolve()
    raw = _read_toml(path / "pack.toml")
    missing = sorted(_CITY_WORDS - {"country", "is_default", "default_zoom"} - set(raw))
    if missing:
        raise ConfigurationError("pack.toml is not complete.", field="pack.toml", value=", ".join(missing))
    tables = tuple(raw["crs"])
    systems = tuple(parse_system(table) for table in tables)
    _check_vectors(systems, tables)
    return Pack(
        path=path,
        slug=str(raw["slug"]),
        name_vi=str(raw["names"].get("vi", raw["slug"])),
        name_en=str(raw["names"].get("en", raw["slug"])),
        timezone=_parse_timezone(str(raw["timezone"])),
        country=str(raw.get("country", "")),
        languages=tuple(raw["languages"]),
        bounds=_parse_bounds(raw["bounds"]),
        center=(float(raw["center"][0]), float(raw["center"][1])),
        default_zoom=float(raw.get("default_zoom", 15)),
        is_default=bool(raw.get("is_default", False)),
        systems=systems,
        crs_tables=tables,
        settings={word: value for word, value in raw.items() if word not in _CITY_WORDS},
        sources=_read_sources(path),
        parcel_key=parse_parcel_key(raw.get("parcel_key")),
    )


def parse_parcel_key(raw: Mapping[str, Any] | None) -> ParcelKeyForm | None:
    """The ``[parcel_key]`` table; ConfigurationError when its pattern is none."""
    if not raw:
        return None
    try:
        pattern = re.compile(str(raw["pattern"]))
    except (KeyError, re.error) as error:
        raise ConfigurationError("parcel_key needs a pattern.", field="parcel_key", value=raw) from error
    return ParcelKeyForm(pattern, tuple(raw.get("parts", ())), str(raw.get("example", "")))


def _read_sources(path: Path) -> tuple[SourceDescription, ...]:
    file = path / "registers.toml"
    sources = tuple(parse_source(raw) for raw in _read_toml(file).get("source", ())) if file.exists() else ()
    names = [source.name for source in sources]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ConfigurationError("Two sources have one name.", field="registers.toml", value=", ".join(doubled))
    return sources


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError("A file of the city pack is missing.", field="file", value=file) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"This is not TOML: {error}.", field="file", value=file) from error


def _parse_bounds(raw: Any) -> Bounds:
    west, south, east, north = (float(number) for number in raw)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ConfigurationError("Bounds are west, south, east, north in degrees.", field="bounds", value=raw)
    return west, south, east, north


def _parse_timezone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError("No such time zone.", field="timezone", value=name) from error


def _check_vectors(systems: tuple[CitySystem, ...], tables: tuple[Mapping[str, Any], ...]) -> None:
    """A pack may state where a known place falls (``check = [lon, lat, east_m, north_m]``); we must agree to 1 cm."""
    for system, table in zip(systems, tables, strict=True):
        if "check" not in table:
            continue
        lon, lat, east_m, north_m = table["check"]
        east, north = system.to_metric(lon, lat)
        if max(abs(east - east_m), abs(north - north_m)) > _CHECK_TOLERANCE_M:
            raise ConfigurationError(
                f"{system.name} misses its check point.", field="crs.check", value=f"{east:.3f}, {north:.3f}"
            )
