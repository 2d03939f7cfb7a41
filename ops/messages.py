"""Translations: compiles every ``django.po`` to the ``django.mo`` that Django reads, where that is out of date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ops.folders import ROOT
from ops.words import Stop, say


def list_catalogues() -> Iterator[Path]:
    """Every translation file of every room."""
    yield from sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_messages(*, talk: bool = False) -> int:
    """Compile what changed since last time; how many files. ``talk`` prints what is still untranslated."""
    compiled = 0
    for source in list_catalogues():
        target = source.with_suffix(".mo")
        fresh = target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns
        if fresh and not talk:
            continue
        compiled += _compile(source, target, talk=talk)
    return compiled


def _compile(source: Path, target: Path, *, talk: bool) -> int:
    import polib

    try:
        catalogue = polib.pofile(str(source))
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"Translation file {source.relative_to(ROOT)} cannot be read: {error}") from error
    fresh = target.with_suffix(".mo.new")
    catalogue.save_as_mofile(str(fresh))
    fresh.replace(target)
    if talk:
        waiting = [entry.msgid for entry in catalogue.untranslated_entries() + catalogue.fuzzy_entries()]
        say(f"{source.relative_to(ROOT)}: {len(catalogue.translated_entries())} translated, {len(waiting)} not")
        for text in waiting:
            say(f"    {text[:100]}")
    return 1
