"""Why a clock may stand still: the city's reasons, which clocks they hold for, and how often. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from errors import ConfigurationError, InputError

DOCUMENT_MAX = 200


@dataclass(frozen=True, slots=True)
class PauseReason:
    """A reason of the city's calendar.toml. Empty ``clocks`` hold for all pausable ones; ``most`` 0 is any number."""

    code: str
    name: str = ""
    name_en: str = ""
    clocks: frozenset[str] = frozenset()
    most: int = 0


# Practice of the former districts (domain 5.3), where the pack names no reasons.
DEFAULT_REASONS: tuple[PauseReason, ...] = (
    PauseReason("awaiting_sender", "Chờ người phản ánh bổ sung", "Waiting for the sender", frozenset({"triage"})),
    PauseReason("storm_or_flood", "Bão, ngập (lãnh đạo quyết định)", "Storm or flood", frozenset({"visit"})),
    PauseReason("no_access", "Không tiếp cận được", "No access", frozenset({"visit"}), most=2),
    PauseReason("suspended", "Tạm đình chỉ thi hành (khiếu nại)", "Suspended by a complaint", frozenset({"comply"})),
)


def parse_pause_reasons(pack: Mapping[str, Any]) -> tuple[PauseReason, ...]:
    """The pack's reasons, else the defaults; ConfigurationError names the faulty entry."""
    rows = pack.get("pause_reason")
    if rows is None:
        return DEFAULT_REASONS
    if not isinstance(rows, list):
        raise _fault("pause_reason", rows, "Write [[pause_reason]] tables.")
    return tuple(_parse(row) for row in rows)


def choose_reason(reasons: Sequence[PauseReason], code: str, *, clock: str, used: int) -> PauseReason:
    """The reason of that code for a clock; InputError where there is none, or it was used often enough."""
    fitting = [reason for reason in reasons if not reason.clocks or clock in reason.clocks]
    found = next((reason for reason in fitting if reason.code == code.strip()), None)
    if found is None:
        known = ", ".join(reason.code for reason in fitting) or "none: this clock never stands still"
        raise InputError("A pause needs a reason of this clock.", field="reason", value=code, cure=f"One of: {known}.")
    if found.most and used >= found.most:
        raise InputError(
            f"This reason was used {used} times already, which is the most.", field="reason", value=code,
            cure="Let the clock run, and give the cause if it gets late.",
        )  # fmt: skip
    return found


def _parse(row: Mapping[str, Any]) -> PauseReason:
    code, name, clocks = str(row.get("code", "")).strip(), row.get("name", ""), row.get("clocks", [])
    if not code:
        raise _fault("pause_reason.code", dict(row), "Every reason needs its code.")
    if not isinstance(clocks, list):
        raise _fault(f"{code}.clocks", clocks, "Write a list of clocks.")
    names = name if isinstance(name, Mapping) else {"vi": str(name)}
    most = row.get("most", 0)
    if not isinstance(most, int) or most < 0:
        raise _fault(f"{code}.most", most, "Write how often the reason may be used; 0 for any number.")
    return PauseReason(code, str(names.get("vi", "")), str(names.get("en", "")), frozenset(map(str, clocks)), most)


def _fault(name: str, value: object, cure: str) -> ConfigurationError:
    return ConfigurationError("calendar.toml cannot be read.", field=name, value=value, cure=cure)
