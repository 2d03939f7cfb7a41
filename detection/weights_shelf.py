"""Where weights lie: those committed with the code, and those made in this installation (``VAR_DIR/weights``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from detection.weights_record import WEIGHTS_FOLDER, WeightsRecord, list_weights, read_record
from errors import ConfigurationError


def local_folder() -> Path:
    """The folder of weights that were fine-tuned here; never in the repository, kept with the evidence."""
    from django.conf import settings

    folder: Path = settings.ENV.storage.var_dir / "weights"
    return folder


def list_all_weights() -> tuple[str, ...]:
    """Names of all weights on record, committed ones first."""
    committed, local = list_weights(), list_weights(local_folder())
    return (*committed, *(name for name in local if name not in committed))


def find_record(name: str) -> WeightsRecord:
    """The record of a name, committed or made here; ConfigurationError names all that are known."""
    for folder in _folders():
        if name and (folder / name / "record.toml").is_file():
            return read_record(name, folder)
    raise ConfigurationError(
        "There are no weights of this name.",
        field="weights",
        value=name,
        cure=f"Known: {', '.join(list_all_weights()) or 'none'}.",
    )


def _folders() -> Iterator[Path]:
    """One after the other: committed weights are found where there are no settings that name the local folder."""
    yield WEIGHTS_FOLDER
    yield local_folder()
