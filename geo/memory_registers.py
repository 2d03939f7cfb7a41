"""A city pack's registers held in memory: the same answers as the database gives, without one. For notebooks and tests.

Files are read by the importers, so faults are treated alike; succession of units and parcels is not followed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from shapely import Geometry, STRtree

from geo.crs import Bounds, choose_system
from geo.facts import PlaceFacts
from geo.importers.forms import Shape
from geo.importers.outlines import Ground, choose_reprojection, keep_degrees
from geo.importers.preparing import Preparation, computed_columns, prepare_rows
from geo.importers.reading import describe_file, read_rows
from geo.pack import Pack
from geo.place_rows import Asked, Row
from geo.position import Position
from geo.queries import gather_from
from geo.recipes import locate_file
from geo.record_forms import get_record_form
from geo.source_description import SourceDescription
from geo.surroundings import Here

NO_CITY_ID = 0


@dataclass(frozen=True, slots=True)
class _Record:
    """One row of one register. ``values`` by field name."""

    source: int
    key: str
    begins_on: date
    ends_on: date | None
    values: Mapping[str, Any]
    outline: Geometry | None

    def holds(self, on: date) -> bool:
        return self.begins_on <= on and (self.ends_on is None or on < self.ends_on)


class MemoryRegisters:
    """All registers of one pack. ``gather_facts`` answers like ``geo.queries.gather_facts`` inside this city."""

    def __init__(self, pack: Pack, var_dir: Path) -> None:
        self._pack = pack
        self._records: dict[str, list[_Record]] = {}
        for number, source in enumerate(pack.sources):
            records = list(_read(pack, source, number, var_dir))
            self._records.setdefault(source.record, []).extend(records)
        self._areas = [self._area_of(number, source) for number, source in enumerate(pack.sources)]
        self._trees = {
            name: STRtree([record.outline or shapely.Point() for record in records])
            for name, records in self._records.items()
        }

    def gather_facts(self, position: Position, at: datetime) -> PlaceFacts:
        """All that the pack says of a position on the city's local day; empty outside the pack's bounds."""
        on = at.astimezone(ZoneInfo(self._pack.timezone)).date()
        west, south, east, north = self._pack.bounds
        if not (west <= position.lon <= east and south <= position.lat <= north):
            return PlaceFacts(position=position, on=on, city="")
        here = Here(position, choose_system(self._pack.systems, position.lon, position.lat))
        return gather_from(self, Asked(NO_CITY_ID, on, position.lon, position.lat), here, self._pack.slug)

    def list_sources(self, asked: Asked) -> list[Row]:
        """As ``geo.place_rows.list_sources``."""
        point = shapely.Point(asked.lon, asked.lat)
        return [
            (
                number, source.register.value, source.name, source.title_vi, source.title_en, source.source_on,
                source.decision, source.scale, source.licence, source.is_generated,
                source.register.value != "admin_unit" and area is not None and area.covers(point),
            )
            for number, (source, area) in enumerate(zip(self._pack.sources, self._areas, strict=True))
            if source.valid_from <= asked.on and (source.valid_to is None or asked.on < source.valid_to)
        ]  # fmt: skip

    def list_units(self, asked: Asked) -> list[Row]:
        """As ``geo.place_rows.list_units``; former names are not followed."""
        found = sorted(self._at_point("AdminUnit", asked), key=lambda r: (r.values["level"], r.values["code"]))
        return [(r.source, r.values["code"], r.values["name"], r.values["level"], []) for r in found]

    def list_parcels(self, asked: Asked, box: Bounds) -> list[Row]:
        """As ``geo.place_rows.list_parcels``."""
        fields = ("sheet", "number", "stated_area_m2", "measured_area_m2", "use_code", "address")
        return [(r.source, r.key, *_pick(r, fields), _geojson(r), _wkb(r)) for r in self._in_box("Parcel", asked, box)]

    def list_districts(self, asked: Asked, box: Bounds) -> list[Row]:
        """As ``geo.place_rows.list_districts``, whole."""
        fields = (
            "plan_kind", "plan", "code", "name", "status", "decision", "scale", "max_storeys", "max_density_pct",
            "max_floor_area_ratio", "setback_m", "allowed_uses",
        )  # fmt: skip
        return [(r.source, *_pick(r, fields), _wkb(r)) for r in self._in_box("ZoningDistrict", asked, box)]

    def list_overlays(self, asked: Asked) -> list[Row]:
        """As ``geo.place_rows.list_overlays``."""
        return [(r.source, *_pick(r, ("name", "kind", "decision"))) for r in self._at_point("OverlayDistrict", asked)]

    def list_plan_lines(self, asked: Asked, box: Bounds) -> list[Row]:
        """As ``geo.place_rows.list_plan_lines``, whole."""
        found = self._in_box("PlanLine", asked, box)
        return [(r.source, *_pick(r, ("kind", "name", "width_m")), _wkb(r)) for r in found]

    def list_roads(self, asked: Asked, box: Bounds) -> list[Row]:
        """As ``geo.place_rows.list_roads``, whole."""
        found = self._in_box("RoadSegment", asked, box)
        return [(r.source, *_pick(r, ("name", "road_class", "width_m")), _wkb(r)) for r in found]

    def list_sidewalks(self, asked: Asked, box: Bounds) -> list[Row]:
        """As ``geo.place_rows.list_sidewalks``."""
        found = self._in_box("SidewalkSegment", asked, box)
        fields = ("street", "width_m", "allowed_uses")
        return [(r.source, r.key, *_pick(r, fields), _geojson(r), _wkb(r)) for r in found]

    def list_permits(self, asked: Asked, box: Bounds, parcel_keys: Sequence[str]) -> list[Row]:
        """As ``geo.place_rows.list_permits``; former parcel keys are not followed."""
        near = {id(record) for record in self._in_box("Permit", asked, box)}
        wanted = set(parcel_keys)
        fields = ("number", "kind", "status", "issued_on", "expires_on", "parcel_keys", "storeys", "floor_area_m2",
                  "conditions")  # fmt: skip
        return [
            (r.source, *_pick(r, fields), _wkb(r), [])
            for r in self._records.get("Permit", [])
            if r.holds(asked.on) and (id(r) in near or wanted & set(json.loads(r.values["parcel_keys"])))
        ]

    def _in_box(self, record: str, asked: Asked, box: Bounds) -> list[_Record]:
        if record not in self._trees:
            return []
        found = sorted(self._trees[record].query(shapely.box(*box)))
        return [r for r in (self._records[record][i] for i in found) if r.holds(asked.on)]

    def _at_point(self, record: str, asked: Asked) -> list[_Record]:
        box = (asked.lon, asked.lat, asked.lon, asked.lat)
        point = shapely.Point(asked.lon, asked.lat)
        return [r for r in self._in_box(record, asked, box) if r.outline is not None and r.outline.covers(point)]

    def _area_of(self, number: int, source: SourceDescription) -> Geometry | None:
        """What a source was asked to describe: the units it names, else the hull of what it holds."""
        if source.covers:
            units = self._records.get("AdminUnit", [])
            return shapely.union_all([u.outline for u in units if u.values["code"] in source.covers])
        own = [r.outline for r in self._records[source.record] if r.source == number and r.outline is not None]
        return shapely.convex_hull(shapely.union_all([shapely.envelope(o) for o in own])) if own else None


def _read(pack: Pack, source: SourceDescription, number: int, var_dir: Path) -> Iterator[_Record]:
    path = locate_file(pack, source.file, var_dir)
    record, form = get_record_form(source.record), describe_file(path, source.reading)
    has_outline = record.shape is not Shape.NONE
    how = Preparation(
        source=source,
        record=record,
        ground=Ground(pack.systems, pack.bounds, None),
        to_lonlat=choose_reprojection(source.crs, form.crs, pack.systems) if has_outline else keep_degrees,
        parcel_key=pack.parcel_key,
    )
    names = (*record.field_names(), *computed_columns(record))
    for piece in read_rows(form, source.reading, source.columns_needed()):
        ready, _ = prepare_rows(piece, how)
        for row in ready:
            yield _Record(
                source=number,
                key=row.key,
                begins_on=row.declared_from or source.valid_from,
                ends_on=row.declared_to or source.valid_to,
                values=dict(zip(names, row.values, strict=True)),
                outline=shapely.from_wkb(row.outline) if row.outline else None,
            )


def _pick(record: _Record, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(record.values[name] for name in names)


def _wkb(record: _Record) -> bytes | None:
    return shapely.to_wkb(record.outline) if record.outline is not None else None


def _geojson(record: _Record) -> str:
    return shapely.to_geojson(record.outline) if record.outline is not None else ""
