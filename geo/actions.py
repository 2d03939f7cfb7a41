"""Writing the registers: the city itself, and one dated load of one source at a time, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from errors import Conflict, InputError, NotFound, ProjectError
from geo import stage_table
from geo.importers.faults import RefusedFile
from geo.issue_records import save_issues
from geo.load_summary import LoadSummary
from geo.models import City, RegisterLoad
from geo.pack import Pack, read_pack
from geo.progress import Tell
from geo.recipes import GENERATED, locate_file
from geo.record_forms import get_record_form
from geo.register_applying import Applying
from geo.register_loading import (
    RegisterLoading,
    RunAtWork,
    describe_refusal,
    find_or_add_source,
    give_up,
    hash_file,
    only_run_of,
)
from geo.register_staging import open_register_file
from geo.source_description import SourceDescription
from geo.today import today_in

CONFIRMABLE = ("preview", "waiting", "confirmed")


def save_city(pack: Pack) -> City:
    """The city's record as its pack describes it, and its coordinate systems in PostGIS. Twice changes nothing."""
    with transaction.atomic():
        _save_systems(pack)
        if pack.is_default:
            City.objects.filter(is_default=True).exclude(slug=pack.slug).update(is_default=False)
        city, _ = City.objects.update_or_create(
            slug=pack.slug,
            defaults={
                "name_vi": pack.name_vi,
                "name_en": pack.name_en,
                "timezone": pack.timezone,
                "country": pack.country,
                "languages": list(pack.languages),
                "bounds": list(pack.bounds),
                "center": list(pack.center),
                "default_zoom": pack.default_zoom,
                "crs": _to_json(pack.crs_tables),
                "settings": _to_json(pack.settings),
                "pack_path": str(pack.path),
                "is_default": pack.is_default,
            },
        )
    return city


def _to_json(tables: Any) -> Any:
    """TOML as plain JSON: its days become texts."""
    return json.loads(json.dumps(tables, default=str))


def _save_systems(pack: Pack) -> None:
    """Custom systems (their auth_name is not EPSG) into spatial_ref_sys, with the shift spelt out."""
    with connection.cursor() as cursor:
        for system, table in zip(pack.systems, pack.crs_tables, strict=True):
            if str(table.get("auth_name", "EPSG")) == "EPSG":
                continue
            cursor.execute(
                "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) VALUES (%s, %s, %s, '', %s)"
                " ON CONFLICT (srid) DO UPDATE SET proj4text = EXCLUDED.proj4text"
                " WHERE spatial_ref_sys.proj4text <> EXCLUDED.proj4text",
                [system.srid, table["auth_name"], system.srid, system.pinned_proj4],
            )


def load_city(pack_path: Path) -> list[LoadSummary]:
    """The city and all its registers from a pack's folder. ConfigurationError or InputError names what is wrong."""
    return list(load_registers(read_pack(pack_path)))


def load_registers(pack: Pack, *, tell: Tell | None = None) -> Iterator[LoadSummary]:
    """Every source of the pack in its order (units first: others lie in them). Conflict when one would withdraw much."""
    city = save_city(pack)
    for source in pack.sources:
        path = locate_file(pack, source.file, settings.ENV.storage.var_dir)
        # What our own recipe made is whole; a changed recipe may well drop every row it made before.
        is_ours = source.file.startswith(GENERATED)
        summary = load_source(source, path, city, pack, allow_withdrawals=is_ours, tell=tell)
        if summary.state == "waiting":
            raise Conflict(
                summary.message,
                field="max_withdrawn_share",
                value=source.name,
                cure="Check that the file is whole, confirm the run, then load the city again.",
            )
        yield summary


def load_source(
    source: SourceDescription,
    path: Path,
    city: City,
    pack: Pack,
    *,
    source_on: date | None = None,
    allow_withdrawals: bool = False,
    dry_run: bool = False,
    tell: Tell | None = None,
) -> LoadSummary:
    """Bring one file into one source as its newest vintage, atomically; with ``dry_run`` only say what it would change.

    ``source_on`` is the date of the data (the description's otherwise, today at last). A file that would withdraw more
    than the source's share stops in state "waiting" until ``confirm_load``. InputError: the file cannot be this source
    (columns, coordinate system, layer, pages) or is older than what is loaded; the refusal is on record, nothing else has
    changed. Conflict: another run of the source is at work. A run that was cut off goes on when the same file is loaded.
    """
    on = source_on or source.source_on or today_in(city.timezone)
    try:
        file = open_register_file(source, path, city, pack)
        loading = RegisterLoading(file, on, tell)
        return loading.run(allow_withdrawals=allow_withdrawals, is_preview=dry_run)
    except InputError as error:
        _record_refusal(source, path, city, on, error)
        raise


def confirm_load(load_id: int, *, by: str) -> LoadSummary:
    """Apply a run that was looked at or stopped to ask, as the person who confirms it saw it.

    NotFound: no such run. Conflict: it is not open any more, or the register has changed since.
    """
    load = get_open_load(load_id)
    city = load.source.city
    source = read_pack(Path(city.pack_path)).get_source(load.source.name)
    with only_run_of(load.source):
        load.refresh_from_db()
        since = RegisterLoad.objects.filter(source=load.source, state="done", finished_at__gt=load.finished_at)
        if load.state not in CONFIRMABLE or since.exists():
            raise Conflict(
                "The register has changed since this run was looked at.",
                field="load",
                value=load_id,
                cure="Load the file again and look at the new counts.",
            )
        load.decided_by = by
        return Applying(load, source, get_record_form(source.record), may_withdraw=True).run()


def ask_to_apply(load_id: int, *, by: str) -> None:
    """Note that a person confirmed a run; ``apply_confirmed`` applies it. NotFound, Conflict as for ``confirm_load``."""
    load = get_open_load(load_id)
    load.state, load.decided_by = "confirmed", by
    load.save(update_fields=["state", "decided_by"])


def apply_confirmed() -> list[LoadSummary]:
    """Apply every run that a person confirmed; one that cannot be applied any more is discarded with the reason."""
    done = []
    for load in RegisterLoad.objects.select_related("source").filter(state="confirmed").order_by("id"):
        try:
            done.append(confirm_load(load.pk, by=load.decided_by))
        except RunAtWork:
            continue  # another worker applies it, or reads a newer file: the next look tells
        except ProjectError as error:
            give_up(load, str(error))
    return done


def discard_load(load_id: int, *, by: str) -> None:
    """Give a run up: its staged rows go, its counts and issues stay. NotFound, Conflict as for ``confirm_load``."""
    load = get_open_load(load_id)
    with only_run_of(load.source):
        load.decided_by = by
        give_up(load, load.message)


def get_open_load(load_id: int) -> RegisterLoad:
    """A run that a person may still decide about."""
    load = RegisterLoad.objects.select_related("source__city").filter(pk=load_id).first()
    if load is None:
        raise NotFound("No such run.", field="load", value=load_id)
    if load.state not in CONFIRMABLE or stage_table.count_stage(load.stage_table) != load.counts.get("staged"):
        raise Conflict(
            "This run cannot be applied any more.", field="load", value=load.state, cure="Load the file again."
        )
    return load


def _record_refusal(source: SourceDescription, path: Path, city: City, on: date, error: InputError) -> None:
    """A refused file leaves a trace with its faults; nothing else of it stays."""
    if not path.exists():
        return
    now = timezone.now()
    row = find_or_add_source(city, source)
    faults = error.faults if isinstance(error, RefusedFile) else ()
    for cut_off in RegisterLoad.objects.filter(source=row, state="staging"):
        give_up(cut_off, str(error))
    load = RegisterLoad.objects.create(
        source=row,
        file_name=path.name[:200],
        file_sha256=hash_file(path),
        source_on=on,
        started_at=now,
        finished_at=now,
        state="refused",
        message=str(error),
        refusal=describe_refusal(error),
        counts={"issues": len(faults)},
    )
    save_issues(load.pk, faults)
