"""Dated law as data: the text of a city pack's ``ordinances.toml`` -> ``Law`` -> the law in force on one day. Pure.

The code knows no figure of the law. Every threshold has a source and says whether the city's lawyers confirmed it;
``docs/rules/ordinances.md`` describes the file. Errors are ConfigurationError with the place in the file, the value
and the cure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from typing import Any

from errors import ConfigurationError
from intake.kinds import Category
from rules.confirming import apply_confirmations
from rules.finding import Citation
from rules.parameters import PARAMETERS, Parameter, Value
from rules.toml_table import TomlTable


class Regime(StrEnum):
    """How the law of a day stands to one use of public ground."""

    FORBIDDEN = "forbidden"
    FREE = "free"  # allowed without leave
    LISTED = "listed"  # only where a licence, a painted slot or a paid place is on the register
    PERSON_FIRST = "person_first"  # an allowed purpose a picture cannot tell: a person looks before anything is done


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure (or list of words) of the law on one day, where it stands and who confirmed it."""

    name: str
    value: Value
    unit: str
    source: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class RuleLaw:
    """What one rule needs of the law in one period ``from_on`` <= day < ``to_on``."""

    code: str
    from_on: date
    to_on: date | None
    citation: Citation
    uses: tuple[tuple[str, Regime], ...]
    thresholds: tuple[Threshold, ...]

    def regime(self, use: str) -> Regime | None:
        """How the law stands to a use; None when it does not speak of it."""
        return dict(self.uses).get(use)

    def threshold(self, name: str) -> Threshold | None:
        """A figure with its source, or None where this period has none."""
        return next((t for t in self.thresholds if t.name == name), None)

    def number(self, name: str) -> float:
        """A required figure. ConfigurationError when the law does not give it."""
        found = self.find_number(name)
        if found is None:
            raise ConfigurationError("The law has no such figure.", field=f"{self.code}.{name}", cure="Add it.")
        return found

    def find_number(self, name: str) -> float | None:
        """A figure, or None where this period has none."""
        found = self.threshold(name)
        return float(found.value) if found is not None and not isinstance(found.value, tuple) else None

    def is_set(self, name: str) -> bool:
        """A yes-or-no of the law; no when not given."""
        found = self.threshold(name)
        return found is not None and found.value is True

    def words(self, name: str) -> tuple[str, ...]:
        """A list of the law; empty when not given."""
        found = self.threshold(name)
        return found.value if found is not None and isinstance(found.value, tuple) else ()


@dataclass(frozen=True, slots=True)
class Fine:
    """A range of one clause for organisations, in the currency's unit; an individual pays ``individual_share`` of it."""

    code: str
    group: str
    from_on: date
    to_on: date | None
    least: int
    most: int
    individual_share: float
    citation: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class LawInForce:
    """The law of one day. ``version`` is the hash of the text it was read from."""

    on: date
    version: str
    rules: tuple[RuleLaw, ...]
    fines: tuple[Fine, ...] = ()

    def rule(self, code: str) -> RuleLaw | None:
        """The law for one rule, or None: then the rule can only answer undetermined (``law_at_date``)."""
        return next((rule for rule in self.rules if rule.code == code), None)


@dataclass(frozen=True, slots=True)
class Law:
    """All periods of a city's law."""

    version: str
    rules: tuple[RuleLaw, ...]
    fines: tuple[Fine, ...] = ()

    def at(self, on: date) -> LawInForce:
        """The law in force on a local date, the date of the act."""
        return LawInForce(
            on=on,
            version=self.version,
            rules=tuple(rule for rule in self.rules if _holds(rule.from_on, rule.to_on, on)),
            fines=tuple(fine for fine in self.fines if _holds(fine.from_on, fine.to_on, on)),
        )


def _holds(from_on: date, to_on: date | None, on: date) -> bool:
    return from_on <= on and (to_on is None or on < to_on)


def read_law(toml_text: str, *, file: str = "ordinances.toml") -> Law:
    """Parse and check the whole file; ConfigurationError for the first thing that does not hold."""
    try:
        raw = apply_confirmations(tomllib.loads(toml_text))
    except tomllib.TOMLDecodeError as broken:
        raise ConfigurationError("Not a TOML file.", field=file, value=broken, cure="Correct the line.") from broken
    instruments = {
        str(i.get("id", "")): TomlTable(file, f"instrument[{n}]", i) for n, i in enumerate(_list(raw, "instrument"))
    }
    rules = tuple(
        _read_rule(TomlTable(file, f"rule[{n}]", table), instruments) for n, table in enumerate(_list(raw, "rule"))
    )
    fines = tuple(
        _read_fine(TomlTable(file, f"fine[{n}]", table), instruments) for n, table in enumerate(_list(raw, "fine"))
    )
    _refuse_overlaps(file, rules)
    return Law(version=sha256(toml_text.encode()).hexdigest(), rules=rules, fines=fines)


def _list(raw: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = raw.get(name, [])
    return found if isinstance(found, list) else [found]


def _read_rule(table: TomlTable, instruments: Mapping[str, TomlTable]) -> RuleLaw:
    code = table.text("code")
    if code not in PARAMETERS:
        raise table.wrong("code", f"Rules are: {', '.join(PARAMETERS)}.")
    instrument = _instrument(table, instruments)
    title = table.table("title")
    return RuleLaw(
        code=code,
        from_on=table.day("from"),
        to_on=table.find_day("to"),
        citation=Citation(
            instrument=instrument.text("number"),
            article=table.text("article"),
            title=title.text("en"),
            in_force_from=instrument.day("in_force_from"),
            in_force_to=instrument.find_day("in_force_to"),
            source=instrument.text("source"),
            is_confirmed=instrument.flag("is_confirmed") and table.flag("is_confirmed"),
            title_vi=title.text("vi"),
        ),
        uses=_read_uses(table),
        thresholds=_read_thresholds(table, PARAMETERS[code]),
    )


def _instrument(table: TomlTable, instruments: Mapping[str, TomlTable]) -> TomlTable:
    name = table.text("instrument")
    if name not in instruments:
        raise table.wrong("instrument", f"Instruments are: {', '.join(instruments) or 'none'}.")
    return instruments[name]


def _read_uses(table: TomlTable) -> tuple[tuple[str, Regime], ...]:
    uses = table.table("uses") if "uses" in table.raw else None
    if uses is None:
        return ()
    known = {category.value for category in Category}
    read = []
    for use in uses.raw:
        if use not in known:
            raise uses.wrong(use, f"Uses are: {', '.join(sorted(known))}.")
        read.append((use, uses.choice(use, Regime)))
    return tuple(read)


def _read_thresholds(table: TomlTable, parameters: Sequence[Parameter]) -> tuple[Threshold, ...]:
    given = table.table("parameters")
    by_name = {parameter.name: parameter for parameter in parameters}
    for name in given.raw:
        if name not in by_name:
            raise given.wrong(name, f"Parameters of this rule are: {', '.join(by_name)}.")
    missing = [p.name for p in parameters if p.is_required and p.name not in given.raw]
    if missing:
        raise given.wrong(missing[0], "The rule needs this figure.")
    return tuple(_read_threshold(given.table(name), by_name[name]) for name in given.raw)


def _read_threshold(table: TomlTable, parameter: Parameter) -> Threshold:
    raw = table.raw.get("value")
    readers = {"number": _read_number, "flag": _read_flag, "words": _read_words}
    return Threshold(
        name=parameter.name,
        value=readers[parameter.kind](table, parameter, raw),
        unit=parameter.unit,
        source=table.text("source"),
        is_confirmed=table.flag("is_confirmed"),
    )


def _read_number(table: TomlTable, parameter: Parameter, raw: object) -> Value:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise table.wrong("value", f"A number is needed ({parameter.meaning}).")
    if not parameter.least <= raw <= parameter.most:
        raise table.wrong("value", f"It lies from {parameter.least:g} to {parameter.most:g} {parameter.unit}.")
    return float(raw)


def _read_flag(table: TomlTable, parameter: Parameter, raw: object) -> Value:
    if not isinstance(raw, bool):
        raise table.wrong("value", f"true or false is needed ({parameter.meaning}).")
    return raw


def _read_words(table: TomlTable, parameter: Parameter, raw: object) -> Value:
    if not isinstance(raw, list) or not all(isinstance(word, str) for word in raw):
        raise table.wrong("value", f"A list of words is needed ({parameter.meaning}).")
    return tuple(raw)


def _read_fine(table: TomlTable, instruments: Mapping[str, TomlTable]) -> Fine:
    instrument = _instrument(table, instruments)
    fine = Fine(
        code=table.text("code"),
        group=table.text("group"),
        from_on=table.day("from"),
        to_on=table.find_day("to"),
        least=table.whole("least"),
        most=table.whole("most"),
        individual_share=float(table.raw.get("individual_share", 1.0)),
        citation=f"{instrument.text('number')}, {table.text('article')}",
        is_confirmed=table.flag("is_confirmed"),
    )
    if not 0 < fine.least <= fine.most:
        raise table.wrong("least", "A range goes from a smaller to a larger amount above 0.")
    if not 0 < fine.individual_share <= 1:
        raise table.wrong("individual_share", "A share lies above 0 and is at most 1.")
    return fine


def _refuse_overlaps(file: str, rules: Sequence[RuleLaw]) -> None:
    """Two periods of one rule on one day would make the verdict depend on the order of the file."""
    for code in PARAMETERS:
        periods = sorted((r for r in rules if r.code == code), key=lambda r: r.from_on)
        for rule in periods:
            if rule.to_on is not None and rule.to_on <= rule.from_on:
                raise _overlap(file, rule, "A period ends after it begins.")
        for before, after in pairwise(periods):
            if before.to_on is None or before.to_on > after.from_on:
                raise _overlap(file, after, f"The period before runs until {before.to_on or 'further notice'}.")


def _overlap(file: str, rule: RuleLaw, message: str) -> ConfigurationError:
    return ConfigurationError(message, field=f"{file} {rule.code}.from", value=rule.from_on, cure="Set `to`.")
