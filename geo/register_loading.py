"""One load of one file into one source: staged, compared with what is on record, applied, its issues kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone

from errors import Conflict, InputError
from geo import vintage
from geo.coverage import find_city_area, save_city_area, save_coverage
from geo.facts import Register
from geo.importers.faults import RowFault
from geo.importers.forms import RecordForm, Shape
from geo.importers.outlines import Ground, choose_reprojection, keep_degrees
from geo.importers.preparing import Preparation, prepare_rows
from geo.importers.reading import FileForm, read_rows
from geo.models import City, RegisterIssue, RegisterLoad, RegisterSource
from geo.pack import Pack
from geo.source_description import SourceDescription

Tell = Callable[[int, int], None]  # rows done, rows in all
_ANALYZE_FROM_ROWS = 1000
_SHOWN_ISSUES = 200


@dataclass(frozen=True, slots=True)
class LoadSummary:
    """What one load did. ``state``: done, unchanged (nothing to do) or dry_run (nothing kept)."""

    source: str
    register: str
    state: str
    rows: int = 0
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    left_out: int = 0
    issues: int = 0
    faults: tuple[RowFault, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Counts for a log line; the faults themselves are told by ``faults_to_json``."""
        counts = asdict(self)
        counts.pop("faults")
        return counts

    def faults_to_json(self) -> list[dict[str, Any]]:
        """The first faults in the file's order, for a person at a terminal."""
        return [asdict(fault) for fault in self.faults[:_SHOWN_ISSUES]]


@dataclass(slots=True)
class RegisterLoading:
    """One load under way; ``run`` is called inside its transaction by ``geo.actions.load_source``."""

    source: SourceDescription
    path: Path
    city: City
    pack: Pack
    record: RecordForm
    form: FileForm
    source_on: date
    tell: Tell | None

    def run(self, *, allow_withdrawals: bool) -> LoadSummary:
        started_at = timezone.now()
        file_sha256 = hash_file(self.path)
        row = self._save_source()
        before = RegisterLoad.objects.filter(source=row, state="done").first()
        self._refuse_older(before)
        load = RegisterLoad(
            source=row,
            file_name=self.path.name[:200],
            file_sha256=file_sha256,
            source_on=self.source_on,
            started_at=started_at,
        )
        if before and before.counts.get("fingerprint") == self._fingerprint(file_sha256):
            return self._finish_unchanged(load, before)
        load.state = "done"
        load.save()
        faults = self._stage()
        counts = vintage.count_changes(self.record, row.pk)
        if counts.withdrawn_share > self.source.max_withdrawn_share and not allow_withdrawals:
            raise Conflict(
                f"This file would withdraw {counts.withdrawn} of {counts.listed} rows of {self.source.name}.",
                field="max_withdrawn_share",
                value=f"{counts.withdrawn_share:.3f} > {self.source.max_withdrawn_share}",
                cure="Check that the file is whole; load it with --allow-withdrawals if it is right.",
            )
        vintage.apply_changes(self.record, self._vintage(row, load, before))
        return self._finish(load, counts, faults, file_sha256)

    def _save_source(self) -> RegisterSource:
        """The source's record; the row is locked, so that two loads of one source follow each other."""
        source = self.source
        row, _ = RegisterSource.objects.update_or_create(
            city=self.city,
            name=source.name,
            defaults={
                "register": source.register.value,
                "title_vi": source.title_vi,
                "title_en": source.title_en,
                "publisher": source.publisher,
                "licence": source.licence,
                "url": source.url,
                "decision": source.decision,
                "scale": source.scale,
                "source_on": self.source_on,
                "valid_from": source.valid_from,
                "valid_to": source.valid_to,
                "is_generated": source.is_generated,
                "description": {"key": list(source.key), "crs": source.crs, "columns": sorted(source.columns)},
            },
        )
        return RegisterSource.objects.select_for_update().get(pk=row.pk)

    def _refuse_older(self, before: RegisterLoad | None) -> None:
        if before and self.source_on < before.source_on:
            raise InputError(
                f"{self.source.name} already holds newer data, of {before.source_on}.",
                field="source_on",
                value=self.source_on,
                cure="Load vintages from the oldest to the newest.",
            )

    def _stage(self) -> list[RowFault]:
        has_outline = self.record.shape is not Shape.NONE
        how = Preparation(
            source=self.source,
            record=self.record,
            ground=Ground(self.pack.systems, self.pack.bounds, find_city_area(self.city)),
            to_lonlat=choose_reprojection(self.source.crs, self.form.crs, self.pack.systems)
            if has_outline
            else keep_degrees,
            parcel_key=self.pack.parcel_key,
        )
        vintage.create_stage(self.record)
        faults: list[RowFault] = []
        for piece in read_rows(self.path, self.form, self.source.layer, self.source.columns_needed()):
            ready, found = prepare_rows(piece, how)
            vintage.copy_rows(self.record, ready)
            faults += found
            if self.tell:
                self.tell(piece.first_row - 1 + len(piece.outlines), self.form.rows)
        return sorted([*faults, *vintage.settle_stage(self.record)], key=lambda fault: fault.row)

    def _vintage(self, row: RegisterSource, load: RegisterLoad, before: RegisterLoad | None) -> vintage.Vintage:
        days = set(RegisterLoad.objects.filter(source=row, state="done").values_list("source_on", flat=True))
        if before is None:
            kind = vintage.VintageKind.FIRST
        elif before.source_on == self.source_on:
            kind = vintage.VintageKind.CORRECTION
        else:
            kind = vintage.VintageKind.LATER
        return vintage.Vintage(
            city_id=self.city.pk,
            source_id=row.pk,
            load_id=load.pk,
            source_on=self.source_on,
            kind=kind,
            begins_on=self.source.valid_from if len(days) == 1 else self.source_on,
            valid_to=self.source.valid_to,
        )

    def _finish(
        self, load: RegisterLoad, counts: vintage.VintageCounts, faults: list[RowFault], file_sha256: str
    ) -> LoadSummary:
        _save_issues(load, faults)
        if counts.new + counts.changed >= _ANALYZE_FROM_ROWS:
            vintage.analyze(self.record)
        save_coverage(load.source, self.source)
        if self.source.register is Register.ADMIN_UNIT:
            save_city_area(self.city)
        summary = LoadSummary(
            source=self.source.name,
            register=self.source.register.value,
            state="done",
            rows=self.form.rows,
            new=counts.new,
            changed=counts.changed,
            withdrawn=counts.withdrawn,
            unchanged=counts.unchanged,
            left_out=sum(fault.remedy == "left_out" for fault in faults),
            issues=len(faults),
            faults=tuple(faults),
        )
        load.finished_at = timezone.now()
        load.counts = {**summary.to_json(), "fingerprint": self._fingerprint(file_sha256)}
        load.save()
        return summary

    def _finish_unchanged(self, load: RegisterLoad, before: RegisterLoad) -> LoadSummary:
        listed = sum(before.counts.get(word, 0) for word in ("new", "changed", "unchanged"))
        summary = LoadSummary(
            source=self.source.name,
            register=self.source.register.value,
            state="unchanged",
            rows=self.form.rows,
            unchanged=listed,
            left_out=before.counts.get("left_out", 0),
        )
        load.state, load.finished_at, load.counts = "unchanged", timezone.now(), summary.to_json()
        load.save()
        return summary

    def _fingerprint(self, file_sha256: str) -> str:
        """Of the file and of how it is read: the same one again can change nothing."""
        pack = self.pack
        told = repr((file_sha256, self.source_on, self.source, pack.bounds, pack.crs_tables, pack.parcel_key))
        return hashlib.sha256(told.encode()).hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file, or of all files of a folder that is one data set."""
    digest = hashlib.sha256()
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in files:
        if file.is_file():
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _save_issues(load: RegisterLoad, faults: list[RowFault]) -> None:
    RegisterIssue.objects.bulk_create(
        (
            RegisterIssue(
                load=load,
                row_ref=str(fault.row),
                key=fault.key[:80],
                fault=fault.fault.value,
                detail=fault.detail[:500],
                action=fault.remedy.value,
                point=Point(*fault.place, srid=4326) if fault.place else None,
            )
            for fault in faults
        ),
        batch_size=2000,
    )
