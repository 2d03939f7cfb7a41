"""What register sources say of themselves, kept in the process by id and row version: a changed row is read again.

A version is PostgreSQL's ``xmin``, which every write of a row changes.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from geo.facts import SourceRef
from geo.prepared import fetch

MOST = 4096
_READ = """
    SELECT r.id, r.register, r.name, r.title_vi, r.title_en, r.source_on, r.decision, r.scale, r.licence, r.is_generated
    FROM geo_registersource r WHERE r.id = ANY(%(ids)s)
"""
_kept: dict[tuple[int, int, bool], tuple[str, SourceRef]] = {}


def find_sources(versions: Mapping[int, int]) -> tuple[dict[int, str], dict[int, SourceRef]]:
    """Registers and sources by id, titled in the reader's language; ``versions`` by id."""
    in_vietnamese = (get_language() or "vi").startswith("vi")
    if any((number, version, in_vietnamese) not in _kept for number, version in versions.items()):
        _read(versions)
    found = {number: _kept[number, version, in_vietnamese] for number, version in versions.items()}
    return {number: register for number, (register, _) in found.items()}, {
        n: source for n, (_, source) in found.items()
    }


def _read(versions: Mapping[int, int]) -> None:
    if len(_kept) > MOST:
        _kept.clear()
    for number, register, name, title_vi, title_en, *said in fetch(_READ, {"ids": list(versions)}):
        for in_vietnamese, title in ((True, title_vi), (False, title_en or title_vi)):
            _kept[number, versions[number], in_vietnamese] = (register, SourceRef(name, title, *said))
