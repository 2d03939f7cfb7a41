"""A staged run -> the register: compared with what is on record, stopped where it would withdraw much, or applied, whole."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from geo import stage_table, vintage
from geo.coverage import save_city_area, save_coverage
from geo.facts import Register
from geo.importers.forms import RecordForm
from geo.issue_records import read_first_faults
from geo.load_summary import LoadSummary
from geo.models import RegisterIssue, RegisterLoad, RegisterSource
from geo.progress import Progress, Step, Tell
from geo.source_description import SourceDescription
from geo.street_names import NAMING_STREETS, rebuild_street_names

_ANALYZE_FROM_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Applying:
    """One staged run. ``is_preview``: compare only. ``may_withdraw``: a person has seen how much goes."""

    load: RegisterLoad
    source: SourceDescription
    record: RecordForm
    is_preview: bool = False
    may_withdraw: bool = False
    tell: Tell | None = None

    def run(self) -> LoadSummary:
        """Compare, then apply or say why not; one transaction."""
        load = self.load
        with transaction.atomic():
            RegisterSource.objects.select_for_update().get(pk=load.source_id)
            self._say(Step.COMPARING)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL work_mem = '128MB'")
            counts = vintage.count_changes(load.stage_table, self.record, load.source_id)
            load.counts = load.counts | self._count(counts)
            load.finished_at, load.message = timezone.now(), ""
            if self.is_preview:
                load.state = "preview"
            elif counts.withdrawn_share > self.source.max_withdrawn_share and not self.may_withdraw:
                load.state, load.message = "waiting", self._ask(counts)
            else:
                self._apply(counts)
            load.save()
        return summarise(load)

    def _apply(self, counts: vintage.VintageCounts) -> None:
        load = self.load
        self._say(Step.WRITING)
        describe_source(load.source, self.source, load)
        vintage.apply_changes(load.stage_table, self.record, self._vintage())
        stage_table.drop_stage(load.stage_table)
        load.state, load.stage_table = "done", ""
        load.is_drawn = not (counts.new or counts.changed or counts.withdrawn)
        if counts.new + counts.changed >= _ANALYZE_FROM_ROWS:
            vintage.analyze(self.record)
        save_coverage(load.source, self.source)
        if self.source.register is Register.ADMIN_UNIT:
            save_city_area(load.source.city)
        if self.source.register in NAMING_STREETS:
            rebuild_street_names(load.source.city_id)

    def _vintage(self) -> vintage.Vintage:
        load = self.load
        done = RegisterLoad.objects.filter(source=load.source_id, state="done")
        before = done.first()
        days = {*done.values_list("source_on", flat=True), load.source_on}
        if before is None:
            kind = vintage.VintageKind.FIRST
        elif before.source_on == load.source_on:
            kind = vintage.VintageKind.CORRECTION
        else:
            kind = vintage.VintageKind.LATER
        return vintage.Vintage(
            city_id=load.source.city_id,
            source_id=load.source_id,
            load_id=load.pk,
            source_on=load.source_on,
            kind=kind,
            begins_on=self.source.valid_from if len(days) == 1 else load.source_on,
            valid_to=self.source.valid_to,
        )

    def _count(self, counts: vintage.VintageCounts) -> dict[str, int]:
        issues = RegisterIssue.objects.filter(load=self.load)
        return {
            "rows": self.load.rows_read,
            "listed": counts.listed,
            "new": counts.new,
            "changed": counts.changed,
            "withdrawn": counts.withdrawn,
            "unchanged": counts.unchanged,
            "left_out": issues.filter(action="left_out").count(),
            "issues": issues.count(),
        }

    def _ask(self, counts: vintage.VintageCounts) -> str:
        return (
            f"This file would withdraw {counts.withdrawn} of {counts.listed} rows of {self.source.name}"
            f" ({counts.withdrawn_share:.1%}; {self.source.max_withdrawn_share:.0%} pass unasked). Nothing has changed."
        )

    def _say(self, step: Step) -> None:
        if self.tell:
            self.tell(Progress(step, 0, self.load.rows_read))


def describe_source(row: RegisterSource, source: SourceDescription, load: RegisterLoad | None = None) -> None:
    """The source's record as its description says; the date of the data only with the load that brings them."""
    said = {
        "register": source.register.value,
        "title_vi": source.title_vi,
        "title_en": source.title_en,
        "publisher": source.publisher,
        "licence": source.licence,
        "url": source.url,
        "decision": source.decision,
        "scale": source.scale,
        "valid_from": source.valid_from,
        "valid_to": source.valid_to,
        "is_generated": source.is_generated,
        "description": {"key": list(source.key), "crs": source.crs, "columns": sorted(source.columns)},
    }
    if load is not None:
        said["source_on"] = load.source_on
    for name, value in said.items():
        setattr(row, name, value)
    row.save()


def summarise(load: RegisterLoad) -> LoadSummary:
    """A run as it stands on record."""
    words = ("rows", "new", "changed", "withdrawn", "unchanged", "left_out", "issues")
    return LoadSummary(
        source=load.source.name,
        register=load.source.register,
        state=load.state,
        load_id=load.pk,
        message=load.message,
        faults=read_first_faults(load.pk) if load.counts.get("issues") else (),
        **{word: int(load.counts.get(word, 0)) for word in words},
    )
