"""What is wrong with a row, as sentences with blanks: English here, Vietnamese in ``locale/vi``; issues keep the two apart.

A detail that is no sentence of this list is a value of the file and is told as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from geo.fault_wording import gettext_noop

DETAILS: tuple[str, ...] = (
    gettext_noop("the same row again"),
    gettext_noop("another row of this key, kept as #{number}"),
    gettext_noop("{field}: cut"),
    gettext_noop("{field} is empty"),
    gettext_noop("{field}: {value}"),
    gettext_noop("expected as {example}"),
    gettext_noop("no unit on record has the code {code}"),
    gettext_noop("the key says {field} {key}, the row says {row}"),
    gettext_noop("expires {expires} before it was issued {issued}: both days emptied"),
    gettext_noop("ends {ends} before it begins"),
    gettext_noop("no outline"),
    gettext_noop("empty outline"),
    gettext_noop("the outline has no area"),
    gettext_noop("north was written before east"),
    gettext_noop("{said} puts it outside the city, {fits} inside"),
    gettext_noop("pages in {systems}"),
    gettext_noop("{page}: {fault}"),
    gettext_noop("between {before} and {after}"),
    gettext_noop("{held} of {matched} rows are here"),
    gettext_noop("{page} says that more rows follow"),
    gettext_noop("empty"),
    gettext_noop("HTML instead of data"),
    gettext_noop("broken off or no GML"),
    gettext_noop("no feature collection"),
    # Words of GEOS on outlines, and kinds of shapes
    gettext_noop("Self-intersection"),
    gettext_noop("Ring Self-intersection"),
    gettext_noop("Nested shells"),
    gettext_noop("Nested holes"),
    gettext_noop("Duplicate Rings"),
    gettext_noop("Hole lies outside shell"),
    gettext_noop("Interior is disconnected"),
    gettext_noop("Too few points in geometry component"),
    gettext_noop("Point"),
    gettext_noop("LineString"),
    gettext_noop("MultiPoint"),
    gettext_noop("MultiLineString"),
    gettext_noop("GeometryCollection"),
)
_SENTENCES = frozenset(DETAILS)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def say_detail(detail: str, names: Mapping[str, str] | None, translate: Callable[[str], str]) -> str:
    """A detail in the language of ``translate``; names that are sentences themselves are translated too."""
    if names is None:
        return detail
    words = {name: translate(value) if value in _SENTENCES else value for name, value in names.items()}
    return translate(detail).format_map(words) if detail else ""


def say_sentence(sentence: str, names: Mapping[str, str] | None, translate: Callable[[str], str]) -> str:
    """A sentence of an error in the language of ``translate``: a template with names, or one whose numbers are ``{n}``."""
    if not sentence:
        return ""
    if names is not None:
        return translate(sentence).format_map(names)
    numbers = iter(_NUMBER.findall(sentence))
    said = translate(_NUMBER.sub("{n}", sentence))
    return re.sub(r"\{n\}", lambda _: next(numbers, ""), said)
