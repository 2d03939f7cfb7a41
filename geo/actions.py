"""Writing the registers: the city itself, and one dated load of one source at a time, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from errors import Conflict, InputError
from geo.importers.preparing import refuse_missing_columns
from geo.importers.reading import describe_file
from geo.models import City, RegisterLoad, RegisterSource
from geo.pack import Pack, read_pack
from geo.recipes import GENERATED, locate_file
from geo.record_forms import get_record_form
from geo.register_loading import LoadSummary, RegisterLoading, Tell, hash_file
from geo.source_description import SourceDescription


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
    """Every source of the pack in its order (units first: others lie in them), one transaction each."""
    city = save_city(pack)
    for source in pack.sources:
        path = locate_file(pack, source.file, settings.ENV.storage.var_dir)
        # What our own recipe made is whole; a changed recipe may well drop every row it made before.
        yield load_source(source, path, city, pack, allow_withdrawals=source.file.startswith(GENERATED), tell=tell)


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
    """Bring one file into one source as its newest vintage, atomically.

    ``source_on`` is the date of the data (the description's otherwise, today at last). InputError: the file cannot be
    this source (columns, coordinate system, layer) or is older than what is loaded. Conflict: it would withdraw more
    than the source's share. In both cases nothing has changed.
    """
    on = source_on or source.source_on or timezone.localdate()
    try:
        return _load(source, path, city, pack, on, allow_withdrawals=allow_withdrawals, dry_run=dry_run, tell=tell)
    except (InputError, Conflict) as error:
        if not dry_run:
            _record_refusal(source, path, city, on, str(error))
        raise


def _load(
    source: SourceDescription,
    path: Path,
    city: City,
    pack: Pack,
    on: date,
    *,
    allow_withdrawals: bool,
    dry_run: bool,
    tell: Tell | None,
) -> LoadSummary:
    record = get_record_form(source.record)
    form = describe_file(path, source.layer)
    refuse_missing_columns(source, record, form)
    loading = RegisterLoading(source, path, city, pack, record, form, on, tell)
    with transaction.atomic():
        summary = loading.run(allow_withdrawals=allow_withdrawals)
        if dry_run:
            transaction.set_rollback(True)
            return replace(summary, state="dry_run")
    return summary


def _record_refusal(source: SourceDescription, path: Path, city: City, on: date, message: str) -> None:
    """A refused file leaves a trace on a source that is on record; nothing else of it stays."""
    row = RegisterSource.objects.filter(city=city, name=source.name).first()
    if row is None or not path.exists():
        return
    now = timezone.now()
    RegisterLoad.objects.create(
        source=row,
        file_name=path.name[:200],
        file_sha256=hash_file(path),
        source_on=on,
        started_at=now,
        finished_at=now,
        state="refused",
        message=message,
    )
