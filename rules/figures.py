"""Figures as people read them: decimal comma in Vietnamese, units, percent, dates, spans of time. Pure.

The name of a figure says its unit (``width_m``, ``dwell_s``, ``share``), so one table formats every reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from rules.finding import Figure

Translate = Callable[[str], str]

_SHARES = frozenset({"share", "least", "most", "limit", "likelihood", "score"})
_DATES = frozenset({"on", "issued_on", "expires_on", "ended_on", "source_on"})
_FINE_LENGTHS = frozenset({"width_m", "sigma_m", "error_m", "limit_m", "displacement_m"})
_WORDS = frozenset({"register", "passage", "kind", "label", "thing", "why"})
_MINUTE_S, _HOUR_S = 60, 3600


def format_number(value: float, digits: int, language: str) -> str:
    """A number with a fixed count of decimals, never "-0"; thousands are not grouped."""
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace(".", ",") if language == "vi" else text


def format_percent(share: float, language: str) -> str:
    """A share of 0 to 1 in whole percent; 99.6 % is not called 100 %."""
    percent = share * 100
    rounded = round(percent)
    digits = 1 if rounded in (0, 100) and abs(percent - rounded) > 0.05 else 0
    return f"{format_number(percent, digits, language)} %"


def format_date(iso: str) -> str:
    """dd/mm/yyyy in every language, as all screens write days; a text that is no date stays as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return day.strftime("%d/%m/%Y")


def format_span(seconds: float, language: str, translate: Translate) -> str:
    """Seconds below two minutes, else whole minutes, hours with one decimal from three hours on."""
    if seconds < 2 * _MINUTE_S:
        return f"{seconds:.0f} {translate('s')}"
    if seconds < 3 * _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} {translate('min')}"
    return f"{format_number(seconds / _HOUR_S, 1, language)} {translate('h')}"


def format_figure(name: str, value: Figure, language: str, translate: Translate) -> str:
    """One named figure of a reason; what is not known reads "?" and never 0."""
    if value is None:
        return "?"
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if isinstance(value, str):
        return _format_text(name, value, language, translate)
    return _format_measure(name, float(value), language, translate)


def _format_text(name: str, value: str, language: str, translate: Translate) -> str:
    if name in _DATES:
        return format_date(value)
    if name == "kinds":
        return ", ".join(translate(kind) for kind in value.split(", ")) if value else translate("none")
    if name == "use":
        return translate(f"use:{value}")
    return translate(value) if name in _WORDS and value else value


def _format_measure(name: str, value: float, language: str, translate: Translate) -> str:
    if name in _SHARES:
        return format_percent(value, language)
    if name.endswith("_m2"):
        return f"{format_number(value, 1, language)} m²"
    if name.endswith("_m"):
        return f"{format_number(value, 2 if name in _FINE_LENGTHS else 1, language)} m"
    if name.endswith("_s"):
        return format_span(value, language, translate)
    return format_number(value, 0 if value == round(value) else 1, language)
