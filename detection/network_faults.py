"""What a runtime's failure means for the operator: weights that cannot be read, another label set, memory that ran out. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from errors import ConfigurationError, ProjectError, TemporaryError

_NO_MEMORY_WORDS = ("out of memory", "bad_alloc", "insufficient memory", "cannot allocate", "can't allocate memory")


def is_out_of_memory(fault: BaseException) -> bool:
    """Whether a runtime failed for want of memory, its own or the graphics card's."""
    words = str(fault).lower()
    return isinstance(fault, MemoryError) or any(word in words for word in _NO_MEMORY_WORDS)


def no_memory() -> TemporaryError:
    """The work is tried again later; the operator reads what would help."""
    return TemporaryError(
        "The detector ran out of memory, even for one picture alone.",
        field="memory",
        cure="Give the detection worker more memory, run fewer of them (DETECTOR_WORKERS), or lower DETECTION_THREADS.",
    )


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Whatever a runtime says about a file it cannot read, as words that name the file; want of memory stays itself."""
    try:
        yield
    except ProjectError:
        raise
    except Exception as broken:  # each runtime has errors of its own, which are no part of ours
        if is_out_of_memory(broken):
            raise no_memory() from broken
        raise ConfigurationError(
            f"The runtime cannot read the weights: {_first_line(broken)}.",
            field="weights",
            value=path,
            cure="Restore the file from the repository, or export it anew: manage.py export_weights.",
        ) from broken


def _first_line(fault: Exception) -> str:
    lines = str(fault).strip().splitlines()
    return lines[0][:120] if lines else type(fault).__name__


def check_label_count(found: int, expected: int, path: Path) -> None:
    """ConfigurationError when a network answers for another number of labels than its record names."""
    if found != expected:
        raise ConfigurationError(
            f"The weights answer for {found} labels, their record names {expected}.",
            field="weights",
            value=path,
            cure="The record is of another file: export the weights anew, or restore both from the repository.",
        )
