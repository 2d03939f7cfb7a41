"""What a phone hands in of one visit, read and checked: figures by tape, answers, acts, people, signatures, clock. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from math import isfinite
from typing import Any, TypeVar
from uuid import UUID

from cases.outcome import CONFIRMS_VIOLATION, NOTE_MAX, InspectionOutcome, InspectionRecord
from errors import InputError

Choice = TypeVar("Choice", bound=StrEnum)
KEY_MAX = 80
CLOCK_TOLERANCE = timedelta(minutes=2)
_MEASURES_MAX, _PARTIES_MAX, _TEXT_MAX = 50, 10, 300
_PERSON = ("name", "born_on", "id_number", "address", "tax_code", "represented_by", "kind")


class MeasureKind(StrEnum):
    """What was measured; metres, but ``area`` in m2 and ``storeys`` counted."""

    FREE_WIDTH = "free_width"
    LENGTH = "length"
    WIDTH = "width"
    HEIGHT = "height"
    SETBACK = "setback"
    AREA = "area"
    STOREYS = "storeys"


class MeasureTool(StrEnum):
    """With what."""

    TAPE = "tape"
    LASER = "laser"
    COUNTED = "counted"


class PartyPart(StrEnum):
    """Why somebody stands in the record."""

    VIOLATOR = "violator"
    WITNESS = "witness"
    HARMED = "harmed"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of the visit."""

    kind: MeasureKind
    value: float
    tool: MeasureTool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in the record; signed by a picture of the signature, or with the reason why not."""

    part: PartyPart
    identity: Mapping[str, str]
    statement: str = ""
    signature: UUID | None = None
    unsigned_reason: str = ""


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """A whole form. ``done_at`` and ``sent_at`` are by the phone's clock."""

    key: str
    outcome: InspectionOutcome
    reason: str
    note: str
    measures: tuple[Measure, ...]
    answers: Mapping[str, Any]
    acts: tuple[str, ...]
    photo_ids: tuple[UUID, ...]
    parties: tuple[Party, ...]
    permit_found: Mapping[str, str] | None
    done_at: datetime
    sent_at: datetime | None
    version: int | None
    sha256: str
    content: Mapping[str, Any]

    @property
    def free_width_m(self) -> float | None:
        """The narrowest way by tape or laser; the only width that enters the record."""
        widths = [m.value for m in self.measures if m.kind is MeasureKind.FREE_WIDTH]
        return min(widths, default=None)

    @property
    def names_acts(self) -> bool:
        """Whether the outcome needs an act of the law."""
        return self.outcome in {InspectionOutcome.VIOLATION, InspectionOutcome.FINED_ON_SPOT}

    def as_outcome(self) -> InspectionRecord:
        """The part that moves the case."""
        return InspectionRecord(self.outcome, self.reason, self.free_width_m, self.note, self.photo_ids)

    def clock_error(self, received_at: datetime) -> timedelta | None:
        """How far the phone was ahead of the server when it sent; None when it did not say, zero within two minutes."""
        if self.sent_at is None:
            return None
        error = self.sent_at - received_at
        return timedelta() if abs(error) <= CLOCK_TOLERANCE else error

    def done(self, received_at: datetime) -> datetime:
        """The moment of the visit, the clock's error taken off, and never after its receipt."""
        error = self.clock_error(received_at) or timedelta()
        return min(self.done_at - error, received_at)


def read_field_record(key: str, body: Any) -> FieldRecord:
    """The form in a JSON body; InputError names the field."""
    if not 8 <= len(key) <= KEY_MAX:
        raise InputError(
            "A form needs its key.", field="Idempotency-Key", value=key, cure="Send the key that the phone made for it."
        )
    if not isinstance(body, Mapping):
        raise InputError("The body is a JSON object.", field="", value=type(body).__name__, cure="Send {...}.")
    outcome = _choice(body, "outcome", InspectionOutcome)
    parties = tuple(_party(row, f"parties.{i}") for i, row in enumerate(_list(body, "parties", _PARTIES_MAX)))
    # a form sent again after a lost answer carries another moment of sending, and is the same form
    same = {name: value for name, value in body.items() if name != "sent_at"}
    text = json.dumps(same, sort_keys=True, ensure_ascii=False, default=str)
    return FieldRecord(
        key=key, outcome=outcome, reason=_text(body, "reason"), note=_text(body, "note", longest=NOTE_MAX),
        measures=tuple(_measure(row, f"measures.{i}") for i, row in enumerate(_list(body, "measures", _MEASURES_MAX))),
        answers=_mapping(body, "checklist"), acts=tuple(str(code) for code in _list(body, "acts", 10)),
        photo_ids=tuple(_uuid(value, "photos") for value in _list(body, "photos", 60)), parties=parties,
        permit_found=_permit(body), done_at=_need_moment(body),
        sent_at=_moment(body, "sent_at"), version=_version(body), sha256=sha256(text.encode()).hexdigest(),
        content={name: value for name, value in body.items() if name != "parties"},
    )  # fmt: skip


def check_acts(record: FieldRecord, known: Sequence[str]) -> None:
    """A violation names its acts, among those of the use; anything else names none."""
    if record.names_acts and known and not record.acts:
        raise InputError("This outcome names its act.", field="acts", value="", cure=f"One of: {', '.join(known)}.")
    for code in record.acts:
        if code not in known:
            raise InputError("No such act for this use.", field="acts", value=code, cure=f"One of: {', '.join(known)}.")
    if record.acts and record.outcome not in CONFIRMS_VIOLATION:
        raise InputError("This outcome names no act.", field="acts", value=record.acts[0], cure="Leave the acts out.")


def _measure(row: Any, field: str) -> Measure:
    if not isinstance(row, Mapping):
        raise InputError("A measure is an object.", field=field, value=row, cure='Write {"kind", "value", "tool"}.')
    value = row.get("value")
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not isfinite(value)
        or not 0 <= value <= 100_000
    ):
        raise InputError(
            "A figure is a number of 0 or more.", field=f"{field}.value", value=value, cure="For example 1.05."
        )
    kind, tool = _choice(row, "kind", MeasureKind, field), _choice(row, "tool", MeasureTool, field)
    return Measure(kind, float(value), tool, _text(row, "note"))


def _party(row: Any, field: str) -> Party:
    if not isinstance(row, Mapping):
        raise InputError("A party is an object.", field=field, value=row, cure='Write {"part", "identity"}.')
    identity = {
        name: str(value)[:_TEXT_MAX] for name, value in _mapping(row, "identity").items() if name in _PERSON and value
    }
    signature = _uuid(row["signature"], f"{field}.signature") if row.get("signature") else None
    reason = _text(row, "unsigned_reason")
    part = _choice(row, "part", PartyPart, field)
    if part is PartyPart.VIOLATOR and signature is None and not reason:
        raise InputError(
            "Who did not sign: the record says why.", field=f"{field}.unsigned_reason", value="",
            cure="Send the signature's picture, or the reason.",
        )  # fmt: skip
    return Party(part, identity, _text(row, "statement", longest=2000), signature, reason)


def _permit(body: Mapping[str, Any]) -> Mapping[str, str] | None:
    found = body.get("permit_found")
    if not found:
        return None
    if not isinstance(found, Mapping) or not str(found.get("number", "")).strip():
        raise InputError(
            "A permit found on site has its number.", field="permit_found.number", value="", cure="Write it."
        )
    return {name: str(value)[:_TEXT_MAX] for name, value in found.items() if name in ("number", "issued_on", "note")}


def _choice(row: Mapping[str, Any], name: str, kind: type[Choice], field: str = "") -> Choice:
    try:
        return kind(str(row.get(name, "")))
    except ValueError as error:
        where = f"{field}.{name}" if field else name
        raise InputError(
            "This is not one of the choices.", field=where, value=row.get(name), cure=f"One of: {', '.join(kind)}."
        ) from error


def _list(row: Mapping[str, Any], name: str, most: int) -> Sequence[Any]:
    value = row.get(name) or []
    if not isinstance(value, list) or len(value) > most:
        raise InputError(
            "This field is a list.", field=name, value=type(value).__name__, cure=f"At most {most} entries."
        )
    return value


def _mapping(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = row.get(name) or {}
    if not isinstance(value, Mapping):
        raise InputError("This field is an object.", field=name, value=type(value).__name__, cure="Write {...}.")
    return value


def _text(row: Mapping[str, Any], name: str, *, longest: int = _TEXT_MAX) -> str:
    value = row.get(name) or ""
    if not isinstance(value, str) or len(value) > longest:
        raise InputError(
            "The text is too long.", field=name, value=str(value)[:40], cure=f"Shorten it to {longest} characters."
        )
    return value.replace("\x00", "").strip()


def _uuid(value: Any, field: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise InputError(
            "This is no id.", field=field, value=value, cure="Use an id as it was given to you."
        ) from error


def _moment(row: Mapping[str, Any], name: str) -> datetime | None:
    value = row.get(name)
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise InputError("This is no moment.", field=name, value=value, cure="Write ISO 8601 with its zone.") from error
    if moment.tzinfo is None:
        raise InputError("A moment needs its zone.", field=name, value=value, cure="Write +07:00 behind it.")
    return moment


def _need_moment(row: Mapping[str, Any]) -> datetime:
    moment = _moment(row, "done_at")
    if moment is None:
        raise InputError("A visit has its moment.", field="done_at", value="", cure="Send the phone's time on site.")
    return moment


def _version(row: Mapping[str, Any]) -> int | None:
    value = row.get("version")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError("This field is a whole number.", field="version", value=value, cure="Write it without quotes.")
    return value
