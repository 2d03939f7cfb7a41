"""One file towards one source: refused, nothing to do, looked at, stopped to ask, or loaded. The story of a run.

Reading (``geo.register_staging``) commits piece by piece into a table of its own; the register itself is changed in one
transaction (``geo.register_applying``), so that readers see the old vintage or the new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from errors import Conflict, InputError
from geo import stage_table
from geo.load_summary import LoadSummary
from geo.models import City, RegisterLoad, RegisterSource
from geo.progress import Tell
from geo.register_applying import Applying, describe_source, summarise
from geo.register_staging import RegisterFile, stage_file
from geo.source_description import SourceDescription

OPEN_STATES = ("staging", "preview", "waiting", "confirmed")
_LOCK = 7_340_033  # of pg_advisory locks: one run a source at a time


class RunAtWork(Conflict):
    """Another run of the same source is being read or applied."""


@dataclass(frozen=True, slots=True)
class RegisterLoading:
    """One run under way."""

    file: RegisterFile
    source_on: date
    tell: Tell | None = None

    def run(self, *, allow_withdrawals: bool, is_preview: bool, received: RegisterLoad | None = None) -> LoadSummary:
        """The whole run. InputError: older than what is loaded, or coordinates in another system than said.

        ``received`` is the run of a file that was sent; it goes on under its own number.
        """
        row = find_or_add_source(self.file.city, self.file.source)
        with only_run_of(row):
            if received is not None:
                received.refresh_from_db()
            before = RegisterLoad.objects.filter(source=row, state="done").first()
            self._refuse_older(before)
            file_sha256 = hash_file(self.file.path)
            fingerprint = self._fingerprint(file_sha256)
            if before and before.fingerprint == fingerprint:
                return self._note_unchanged(row, before, received, is_preview=is_preview)
            if received is not None:
                received.file_sha256, received.fingerprint = file_sha256, fingerprint
                received.state, received.rows_in_file = "staging", self.file.form.rows
                received.save()
            load = self._take_up_or_begin(row, file_sha256, fingerprint)
            stage_file(self.file, load, self.tell)
            applying = Applying(load, self.file.source, self.file.record, is_preview, allow_withdrawals, self.tell)
            return applying.run()

    def _refuse_older(self, before: RegisterLoad | None) -> None:
        if before and self.source_on < before.source_on:
            raise InputError(
                f"{self.file.source.name} already holds newer data, of {before.source_on}.",
                field="source_on",
                value=self.source_on,
                cure="Load vintages from the oldest to the newest.",
            )

    def _take_up_or_begin(self, row: RegisterSource, file_sha256: str, fingerprint: str) -> RegisterLoad:
        """A run of the same file that was cut off, looked at or stopped goes on; any other open one is given up."""
        taken_up = None
        for load in RegisterLoad.objects.filter(source=row, state__in=OPEN_STATES):
            if taken_up is None and load.fingerprint == fingerprint:
                taken_up = load
            else:
                give_up(load, "Another file was loaded instead.")
        if taken_up is not None:
            return taken_up
        return RegisterLoad.objects.create(
            source=row,
            file_name=self.file.path.name[:200],
            file_sha256=file_sha256,
            source_on=self.source_on,
            started_at=timezone.now(),
            state="staging",
            fingerprint=fingerprint,
            rows_in_file=self.file.form.rows,
        )

    def _note_unchanged(
        self, row: RegisterSource, before: RegisterLoad, received: RegisterLoad | None, *, is_preview: bool
    ) -> LoadSummary:
        listed = sum(before.counts.get(word, 0) for word in ("new", "changed", "unchanged"))
        left_out = before.counts.get("left_out", 0)
        now = timezone.now()
        load = RegisterLoad(
            pk=received.pk if received else None,
            sent_by=received.sent_by if received else "",
            is_drawn=True,
            source=row,
            file_name=self.file.path.name[:200],
            file_sha256=before.file_sha256,
            source_on=self.source_on,
            started_at=now,
            finished_at=now,
            state="unchanged",
            fingerprint=before.fingerprint,
            counts={"rows": self.file.form.rows, "unchanged": listed, "left_out": left_out},
        )
        if received or not is_preview:
            load.save()
        return summarise(load)

    def _fingerprint(self, file_sha256: str) -> str:
        """Of the file and of how it is read: the same one again can change nothing."""
        pack = self.file.pack
        told = repr((file_sha256, self.source_on, self.file.source, pack.bounds, pack.crs_tables, pack.parcel_key))
        return hashlib.sha256(told.encode()).hexdigest()


def find_or_add_source(city: City, source: SourceDescription) -> RegisterSource:
    """The source's record; a new one says nothing of a date before its first load."""
    row = RegisterSource.objects.filter(city=city, name=source.name).first()
    if row is None:
        row = RegisterSource(city=city, name=source.name)
        describe_source(row, source)
    return row


def describe_refusal(error: InputError) -> dict[str, Any]:
    """An error kept as data, so that every reader is told in their own language."""
    message, cure = error.templates
    return {"message": message, "cure": cure, "names": dict(error.names) if error.names else None, "value": error.value}


def give_up(load: RegisterLoad, why: str) -> None:
    """A run that will not be applied: its staged rows go, its counts and issues stay."""
    if load.stage_table:
        stage_table.drop_stage(load.stage_table)
    load.state, load.stage_table, load.message, load.finished_at = "discarded", "", why, timezone.now()
    load.save()


@contextmanager
def only_run_of(row: RegisterSource) -> Iterator[None]:
    """RunAtWork while another run of this source is. The lock goes with the process that held it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, row.pk])
        if not cursor.fetchone()[0]:
            raise RunAtWork(
                f"{row.name} is being loaded already.", field="source", value=row.name, cure="Wait until that run ends."
            )
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, row.pk])


def hash_file(path: Path) -> str:
    """SHA-256 of a file with those that belong to it (.dbf beside .shp), or of all files of a folder that is one data set."""
    digest = hashlib.sha256()
    for file in _files_of(path):
        with file.open("rb") as stream:
            digest.update(file.name.encode())
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _files_of(path: Path) -> list[Path]:
    if path.is_dir():
        return [file for file in sorted(path.rglob("*")) if file.is_file()]
    if path.suffix.lower() == ".shp":
        return sorted(file for file in path.parent.glob(f"{path.stem}.*") if file.is_file())
    return [path]
