"""What people confirmed of a law since its text came in: ``[[confirmed]]`` blocks at the end of the same text. Pure.

    [[confirmed]]  item, print (of the value as it stood), source, by, at; withdrawn = true takes the one before back

A block belongs to an item and to its value: when a later text gives the item another value, it waits for its confirmation anew.
So the law stays one text with one hash, and whatever was decided by it can be replayed.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from errors import InputError

BLOCKS = "confirmed"
_NO_VALUE = frozenset({"is_confirmed", "source", "parameters", "title"})


class ItemKind(StrEnum):
    """What of a law can be confirmed."""

    INSTRUMENT = "instrument"
    RULE = "rule"
    FIGURE = "figure"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One word of a person on one item: by which paper, and whether it took an earlier one back."""

    item: str
    value_print: str
    source: str
    by: str
    at: datetime
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class LawItem:
    """One item with its period and where it stands. ``confirmed`` is the word in force; ``is_outdated``: it was confirmed for
    another value. ``value`` is the figure, the range, or the uses as the text writes them."""

    key: str
    kind: ItemKind
    code: str
    name: str
    title: str
    title_vi: str
    article: str
    value: str
    source: str
    from_on: date | None
    to_on: date | None
    value_print: str
    is_confirmed: bool
    confirmed: Confirmation | None
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """An item's table inside the parsed text, with the table that gives its period."""

    key: str
    kind: ItemKind
    name: str
    table: dict[str, Any]
    period: Mapping[str, Any]


def apply_confirmations(raw: dict[str, Any]) -> dict[str, Any]:
    """The parsed text with every confirmed item marked so; changes and returns it."""
    newest = {word.item: word for word in _read_blocks(raw)}
    for place in _places(raw) if newest else ():
        word = newest.get(place.key)
        if word is not None and not word.is_withdrawn and word.value_print == _print(place):
            place.table["is_confirmed"] = True
    return raw


def list_items(text: str) -> tuple[LawItem, ...]:
    """Everything in a law that can be confirmed, in the order of the text."""
    raw = tomllib.loads(text)
    newest = {word.item: word for word in _read_blocks(raw)}
    return tuple(_item(place, newest.get(place.key)) for place in _places(raw))


def list_confirmations(text: str) -> tuple[Confirmation, ...]:
    """Every word in the text, oldest first."""
    return tuple(_read_blocks(tomllib.loads(text)))


def write_confirmation(text: str, word: Confirmation) -> str:
    """The text with one more block. InputError when it has no such item, or the item has another value by now."""
    found = next((item for item in list_items(text) if item.key == word.item), None)
    if found is None:
        raise InputError("The law has no such item.", field="item", value=word.item, cure="Load the page again.")
    if found.value_print != word.value_print:
        raise InputError("This item has another value by now.", field="item", value=word.item, cure="Look at it again.")
    if word.is_withdrawn and found.confirmed is None:
        raise InputError(
            "Nobody has confirmed this here.", field="item", value=word.item, cure="Nothing is to be done."
        )
    return f"{text.rstrip()}\n\n{_block(word)}"


def carry_over(new_text: str, old_text: str) -> str:
    """A newly loaded text with the words that people had given on the one before."""
    given = list_confirmations(old_text)
    if not given or BLOCKS in tomllib.loads(new_text):
        return new_text
    return "\n\n".join([new_text.rstrip(), *(_block(word).rstrip() for word in given)]) + "\n"


def _block(word: Confirmation) -> str:
    texts = {"item": word.item, "print": word.value_print, "source": word.source, "by": word.by}
    lines = [f"{name} = {_quote(value)}" for name, value in texts.items()]
    lines.append(f"at = {word.at.isoformat()}")
    if word.is_withdrawn:
        lines.append("withdrawn = true")
    return "\n".join([f"[[{BLOCKS}]]", *lines, ""])


def _quote(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's too, once control characters are gone."""
    return json.dumps("".join(c for c in text if c.isprintable()), ensure_ascii=False)


def _read_blocks(raw: Mapping[str, Any]) -> Iterator[Confirmation]:
    for block in _tables(raw, BLOCKS):
        yield Confirmation(
            item=str(block.get("item", "")), value_print=str(block.get("print", "")), source=str(block.get("source", "")),
            by=str(block.get("by", "")), at=block["at"], is_withdrawn=bool(block.get("withdrawn", False)),
        )  # fmt: skip


def _places(raw: Mapping[str, Any]) -> Iterator[_Place]:
    for table in _tables(raw, "instrument"):
        yield _Place(f"instrument:{table.get('id', '')}", ItemKind.INSTRUMENT, "", table, table)
    for table in _tables(raw, "rule"):
        of = f"{table.get('code', '')}:{table.get('from', '')}"
        yield _Place(f"rule:{of}", ItemKind.RULE, "", table, table)
        for name, figure in table.get("parameters", {}).items():
            yield _Place(f"figure:{of}:{name}", ItemKind.FIGURE, name, figure, table)
    for table in _tables(raw, "fine"):
        of = f"{table.get('code', '')}:{table.get('group', '')}:{table.get('from', '')}"
        yield _Place(f"fine:{of}", ItemKind.FINE, str(table.get("group", "")), table, table)


def _tables(raw: Mapping[str, Any], name: str) -> Sequence[dict[str, Any]]:
    found = raw.get(name, [])
    return [table for table in found if isinstance(table, dict)] if isinstance(found, list) else []


def _print(place: _Place) -> str:
    """What is confirmed is the value: its hash without sources, titles and marks."""
    value = {name: value for name, value in place.table.items() if name not in _NO_VALUE}
    return sha256(json.dumps(value, default=str, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _item(place: _Place, word: Confirmation | None) -> LawItem:
    table, period, mark = place.table, place.period, _print(place)
    title = period.get("title", {})
    given = word if word is not None and not word.is_withdrawn else None
    holds = given is not None and given.value_print == mark
    return LawItem(
        key=place.key, kind=place.kind, code=str(period.get("code", period.get("number", ""))), name=place.name,
        title=str(title.get("en", "")), title_vi=str(title.get("vi", "")), article=str(period.get("article", "")),
        value=_value(place), source=str(table.get("source", "")), from_on=period.get("from", period.get("in_force_from")),
        to_on=period.get("to", period.get("in_force_to")), value_print=mark,
        is_confirmed=holds or bool(table.get("is_confirmed", False)), confirmed=given if holds else None,
        is_outdated=given is not None and not holds,
    )  # fmt: skip


def _value(place: _Place) -> str:
    table = place.table
    if place.kind is ItemKind.FIGURE:
        value = table.get("value")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return str(value).lower() if isinstance(value, bool) else str(value)
    if place.kind is ItemKind.FINE:
        return f"{table.get('least')}-{table.get('most')}"
    if place.kind is ItemKind.RULE:
        return ", ".join(f"{use}: {regime}" for use, regime in table.get("uses", {}).items())
    return ""
