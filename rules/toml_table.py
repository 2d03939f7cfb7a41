"""One table of a TOML file that complains with its place in the file, the value and the cure. Pure; used by ordinances."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from errors import ConfigurationError

Kind = TypeVar("Kind", bound=StrEnum)


class TomlTable:
    """One TOML table that complains with its place in the file."""

    def __init__(self, file: str, place: str, raw: object) -> None:
        self._file, self._place = file, place
        if not isinstance(raw, Mapping):
            raise ConfigurationError("A table is needed here.", field=f"{file} {place}", value=raw, cure="See docs.")
        self.raw: Mapping[str, Any] = raw

    def wrong(self, key: str, cure: str) -> ConfigurationError:
        place = f"{self._file} {self._place}.{key}"
        return ConfigurationError("The law cannot be read.", field=place, value=self.raw.get(key, "missing"), cure=cure)

    def text(self, key: str) -> str:
        value = self.raw.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "A text is needed.")
        return value

    def table(self, key: str) -> TomlTable:
        if key not in self.raw:
            raise self.wrong(key, "A table is needed.")
        return TomlTable(self._file, f"{self._place}.{key}", self.raw[key])

    def day(self, key: str) -> date:
        found = self.find_day(key)
        if found is None:
            raise self.wrong(key, "A date is needed, without quotes: 2026-07-01.")
        return found

    def find_day(self, key: str) -> date | None:
        value = self.raw.get(key)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(key, "A date is needed, without quotes: 2026-07-01.")
        return value

    def whole(self, key: str) -> int:
        value = self.raw.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(key, "A whole number is needed.")
        return value

    def flag(self, key: str) -> bool:
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false is needed.")
        return value

    def choice(self, key: str, kinds: type[Kind]) -> Kind:
        value = self.text(key)
        if value not in [kind.value for kind in kinds]:
            raise self.wrong(key, f"One of {', '.join(kinds)} is needed.")
        return kinds(value)
