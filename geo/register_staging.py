"""A register file -> its staging table, piece by piece, each piece committed; a run that was cut off goes on from there."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from geo import stage_table
from geo.coverage import find_city_area
from geo.importers.forms import RecordForm, Shape
from geo.importers.outlines import Ground, choose_reprojection, keep_degrees, refuse_wrong_system
from geo.importers.preparing import Preparation, prepare_rows, refuse_missing_columns
from geo.importers.reading import FileForm, RawRows, describe_file, read_rows
from geo.issue_records import save_issues
from geo.models import AdminUnit, AdminUnitSuccession, City, RegisterIssue, RegisterLoad
from geo.pack import Pack
from geo.progress import Progress, Step, Tell
from geo.record_forms import get_record_form
from geo.source_description import SourceDescription


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """A file with all that says how it is read."""

    path: Path
    form: FileForm
    source: SourceDescription
    record: RecordForm
    city: City
    pack: Pack


def open_register_file(source: SourceDescription, path: Path, city: City, pack: Pack) -> RegisterFile:
    """A file with its form, held against what the description asks for. InputError: it cannot be this source."""
    record = get_record_form(source.record)
    form = describe_file(path, source.reading)
    refuse_missing_columns(source, record, form)
    return RegisterFile(path, form, source, record, city, pack)


def stage_file(file: RegisterFile, load: RegisterLoad, tell: Tell | None) -> None:
    """Stage what is not staged yet. InputError: the coordinates are not in the system that the description says."""
    _begin_or_go_on(file, load)
    how = _prepare(file)
    with _rare_garbage_collection():
        for piece in read_rows(
            file.form, file.source.reading, file.source.columns_needed(), first_row=load.rows_read + 1
        ):
            if piece.first_row == 1:
                refuse_wrong_system(piece.outlines, how.to_lonlat, how.ground, how.record.shape)
            _stage_piece(piece, how, load)
            gc.collect()
            if tell:
                tell(Progress(Step.READING, load.rows_read, file.form.rows))
    with transaction.atomic():
        save_issues(
            load.pk, sorted(stage_table.settle_stage(load.stage_table, file.record), key=lambda fault: fault.row)
        )
        load.counts["staged"] = stage_table.count_stage(load.stage_table)
        load.save(update_fields=["counts"])


def _begin_or_go_on(file: RegisterFile, load: RegisterLoad) -> None:
    """Keep what an earlier try staged, if all of it is still there; else begin anew."""
    if load.rows_read and stage_table.count_stage(load.stage_table) == load.counts.get("staged"):
        return
    with transaction.atomic():
        RegisterIssue.objects.filter(load=load).delete()
        load.stage_table, load.rows_read, load.counts = stage_table.name_stage(load.pk), 0, {"staged": 0}
        stage_table.create_stage(load.stage_table, file.record)
        load.save(update_fields=["stage_table", "rows_read", "counts"])


def _stage_piece(piece: RawRows, how: Preparation, load: RegisterLoad) -> None:
    ready, faults = prepare_rows(piece, how)
    with transaction.atomic():
        stage_table.copy_rows(load.stage_table, how.record, ready)
        save_issues(load.pk, sorted(faults, key=lambda fault: fault.row))
        load.rows_read = piece.first_row - 1 + len(piece.outlines)
        load.counts["staged"] += len(ready)
        load.save(update_fields=["rows_read", "counts"])


def _prepare(file: RegisterFile) -> Preparation:
    has_outline = file.record.shape is not Shape.NONE
    pack, source = file.pack, file.source
    return Preparation(
        source=source,
        record=file.record,
        ground=Ground(pack.systems, pack.bounds, find_city_area(file.city)),
        to_lonlat=choose_reprojection(source.crs, file.form.crs, pack.systems) if has_outline else keep_degrees,
        parcel_key=pack.parcel_key,
        unit_codes=_list_unit_codes(file.city) if pack.parcel_key and file.record.name == "Parcel" else frozenset(),
    )


def _list_unit_codes(city: City) -> frozenset[str]:
    """Codes of all units that are or were."""
    units = AdminUnit.objects.filter(city=city).values_list("code", flat=True)
    former = AdminUnitSuccession.objects.filter(city=city).values_list("old_code", flat=True)
    return frozenset((*units, *former))


@contextmanager
def _rare_garbage_collection() -> Iterator[None]:
    """Once a piece is enough, and of what came with it: looking through a piece's rows while they are made costs a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()
