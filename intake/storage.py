"""Bytes on the default storage: an original is written once under its own hash, whole or not at all.

A local folder gets a temporary file that is checked and then renamed, so that no reader ever meets half a file; any
other storage is read back after writing. Network faults become ``TemporaryError``, which stages try again.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage

from errors import TemporaryError

BLOCK_BYTES = 1 << 20


def name_original(digest: str) -> str:
    """Where an original lies, by the hash of its bytes."""
    return f"originals/{digest[:2]}/{digest}"


def name_copy(media_id: uuid.UUID) -> str:
    """Where a derived copy lies."""
    return f"derived/{media_id.hex[:2]}/{media_id}"


def store(name: str, blocks: Iterable[bytes], digest: str) -> None:
    """Write bytes under a name and make sure that they hash to ``digest``; a name that holds them already is left."""
    with _faults_are_temporary(name):
        if default_storage.exists(name) and _digest_of(name) == digest:
            return
        path = find_local_path(name)
        if path is not None:
            _write_local(path, blocks, digest, name)
        else:
            _write_remote(name, blocks, digest)


def read(name: str) -> bytes:
    """All bytes under a name; ``TemporaryError`` when the store does not give them."""
    with _faults_are_temporary(name), default_storage.open(name, "rb") as file:
        data: bytes = file.read()
        return data


def find_local_path(name: str) -> Path | None:
    """The path of a stored file, none where the storage is not a local folder."""
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        return None


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    """A path at which the bytes can be read for a while: the file itself, or a temporary copy of it."""
    path = find_local_path(name)
    if path is not None:
        with _faults_are_temporary(name):
            path.stat()
        yield path
        return
    with NamedTemporaryFile() as target:
        with _faults_are_temporary(name), default_storage.open(name, "rb") as source:
            for block in iter(lambda: source.read(BLOCK_BYTES), b""):
                target.write(block)
        target.flush()
        yield Path(target.name)


def remove(name: str) -> None:
    """Delete the bytes under a name; nothing happens when there are none."""
    with _faults_are_temporary(name):
        default_storage.delete(name)


def list_originals(*, older_than: datetime) -> Iterator[str]:
    """Names of stored originals last written before a moment."""
    with _faults_are_temporary("originals"):
        if not default_storage.exists("originals"):
            return
        for folder in default_storage.listdir("originals")[0]:
            for file in default_storage.listdir(f"originals/{folder}")[1]:
                name = f"originals/{folder}/{file}"
                if default_storage.get_modified_time(name) < older_than:
                    yield name


def _write_local(path: Path, blocks: Iterable[bytes], digest: str, name: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    seen = sha256()
    try:
        with temporary.open("xb") as file:
            for block in blocks:
                seen.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        if seen.hexdigest() != digest:
            raise TemporaryError("The bytes changed while they were written.", field="storage", value=name)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_remote(name: str, blocks: Iterable[bytes], digest: str) -> None:
    storage: Storage = default_storage
    if storage.exists(name):
        storage.delete(name)
    saved = storage.save(name, ContentFile(b"".join(blocks)))
    if saved != name or _digest_of(saved) != digest:
        storage.delete(saved)
        raise TemporaryError("The bytes changed while they were written.", field="storage", value=name)


def _digest_of(name: str) -> str:
    seen = sha256()
    with default_storage.open(name, "rb") as file:
        for block in iter(lambda: file.read(BLOCK_BYTES), b""):
            seen.update(block)
    return seen.hexdigest()


@contextmanager
def _faults_are_temporary(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, TimeoutError, ConnectionError) as error:
        raise TemporaryError(
            "The media store does not answer.", field="storage", value=name, cure="Try again in a minute."
        ) from error
