"""A register file that an operator sends through the application: kept, read by a worker as a preview, then gone.

Nothing is applied by this: the run waits as a preview until a person applies or discards it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from errors import Conflict, InputError, NotFound
from geo.importers.faults import RefusedFile
from geo.issue_records import save_issues
from geo.load_summary import LoadSummary
from geo.models import City, RegisterLoad
from geo.pack import read_pack
from geo.register_applying import summarise
from geo.register_loading import RegisterLoading, RunAtWork, describe_refusal, find_or_add_source, give_up
from geo.register_staging import open_register_file
from geo.today import today_in

ENDINGS = (".gpkg", ".geojson", ".json", ".zip", ".csv", ".xlsx", ".kml", ".dxf", ".gml")
MOST_BYTES = 4_000_000_000
FOLDER = "register-files"
_NAMES = {"names": ", ".join(ENDINGS)}


def receive_file(
    source_name: str, city_slug: str, file_name: str, pieces: Iterable[bytes], *, source_on: date | None, by: str
) -> RegisterLoad:
    """Keep a file for a worker. NotFound: no such city or source; InputError: form or size; Conflict: one is being read."""
    city = City.objects.filter(slug=city_slug).first() if city_slug else City.objects.order_by("-is_default").first()
    if city is None:
        raise NotFound("No such city is loaded.", field="city", value=city_slug, cure="Choose a city of the list.")
    source = read_pack(Path(city.pack_path)).get_source(source_name)
    name = Path(file_name).name[:180]
    if Path(name).suffix.lower() not in ENDINGS:
        raise InputError(
            "This form of file is not read as a register.", field="file", value=name, cure="Send one of: {names}.", names=_NAMES
        )  # fmt: skip
    row = find_or_add_source(city, source)
    if RegisterLoad.objects.filter(_being_read(), source=row).exists():
        cure = "Wait until it is read, then send this one."
        raise Conflict("Another file of this register is being read.", field="file", value=row.name, cure=cure)
    load = RegisterLoad.objects.create(
        source=row, file_name=name, file_sha256="", source_on=source_on or source.source_on or today_in(city.timezone),
        started_at=timezone.now(), state="discarded", sent_by=by,
    )  # fmt: skip
    load.stored_file = f"{FOLDER}/{load.pk}/{name}"
    try:
        _keep(load, pieces)
    except InputError:
        load.delete()
        raise
    load.state = "received"
    load.save(update_fields=["state", "stored_file"])
    return load


def read_received_files() -> list[LoadSummary]:
    """Read what was sent, or was cut off while it was read, each as a preview; one that another worker reads is left to it."""
    done = []
    for load in RegisterLoad.objects.select_related("source__city").filter(_being_read()).order_by("id"):
        try:
            done.append(_read(load))
        except RunAtWork:
            continue
    return done


def _being_read() -> Q:
    return Q(state="received") | Q(state="staging") & ~Q(stored_file="")


def _read(load: RegisterLoad) -> LoadSummary:
    city, path = load.source.city, _locate(load)
    try:
        pack = read_pack(Path(city.pack_path))
        file = open_register_file(pack.get_source(load.source.name), path, city, pack)
        summary = RegisterLoading(file, load.source_on).run(allow_withdrawals=False, is_preview=True, received=load)
    except InputError as error:
        summary = _refuse(load, error)
    shutil.rmtree(path.parent, ignore_errors=True)
    RegisterLoad.objects.filter(pk=load.pk).update(stored_file="")
    return summary


def _refuse(load: RegisterLoad, error: InputError) -> LoadSummary:
    """The register stays as it is; the run says why, with the faults where there are any."""
    faults = error.faults if isinstance(error, RefusedFile) else ()
    load.refresh_from_db()
    give_up(load, str(error))
    load.state, load.refusal = "refused", describe_refusal(error)
    load.counts = load.counts | {"issues": load.issues.count() + save_issues(load.pk, faults)}
    load.save()
    return summarise(load)


def _keep(load: RegisterLoad, pieces: Iterable[bytes]) -> None:
    """Whole on disk before anybody is told of it."""
    path = _locate(load)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with path.open("wb") as stream:
        for piece in pieces:
            written += len(piece)
            if written > MOST_BYTES:
                break
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())
    if not 0 < written <= MOST_BYTES:
        shutil.rmtree(path.parent)
        cure = "Send the file again." if not written else "Load it with manage.py load_register."
        said = "This file is empty." if not written else "This file is too large to be sent."
        raise InputError(said, field="file", value=f"{written} bytes", cure=cure)


def _locate(load: RegisterLoad) -> Path:
    return Path(settings.ENV.storage.var_dir) / load.stored_file
