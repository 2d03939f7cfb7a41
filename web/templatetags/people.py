"""How values are said to people: dates, figures, words of the closed sets, icons and the three verdict symbols."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from geo.facts import AllowedUse, ZoneShare
from web import label_words, state_words
from web.place_sketch import PLAIN_FILL
from web.tongues import split_tongues

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """One icon of the sprite that every page carries; it says nothing to a screen reader."""
    return format_html('<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.inclusion_tag("web/parts/verdict_symbol.html")
def verdict_symbol(verdict: str, size: int = 20) -> dict[str, object]:
    """Filled diamond, dashed circle or hollow square: told apart without colour."""
    return {"verdict": str(verdict), "size": size}


@register.filter
def moment(at: datetime | None) -> str:
    """Day and minute in the page's time zone, dd/mm/yyyy hh:mm; empty for none."""
    return timezone.localtime(at).strftime("%d/%m/%Y %H:%M") if at else ""


@register.filter
def day(on: date | datetime | None) -> str:
    """dd/mm/yyyy, of a moment in the page's time zone; empty for none."""
    if isinstance(on, datetime):
        on = timezone.localtime(on)
    return on.strftime("%d/%m/%Y") if on else ""


@register.filter
def hour(at: datetime | None) -> str:
    """hh:mm:ss in the page's time zone."""
    return timezone.localtime(at).strftime("%H:%M:%S") if at else ""


@register.filter
def figure(value: float | None, digits: int = 1) -> str:
    """A number with a fixed count of decimals: comma in Vietnamese, point in English; empty for none."""
    if value is None:
        return ""
    text = f"{float(value):,.{digits}f}"
    if translation.get_language() == "vi":
        text = text.replace(",", "\0").replace(".", ",").replace("\0", ".")
    return text


@register.filter
def plain(value: float, digits: int = 1) -> str:
    """A number for drawings, styles and links: always with a point."""
    return f"{float(value):.{digits}f}"


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """A share of 1 in hundredths, without the sign."""
    return figure(None if share is None else share * 100, digits)


@register.filter
def percent_plain(share: float) -> str:
    """A share of 1 in hundredths for drawings and styles."""
    return plain(share * 100, 2)


@register.filter
def span(seconds: float | None) -> str:
    """A length of time in its two largest units: "2 h 05 min", "14 min", "8 s"."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 60:
        return gettext("%(count)s s") % {"count": whole}
    minutes, hours = whole // 60, whole // 3600
    if hours < 1:
        return gettext("%(count)s min") % {"count": minutes}
    if hours < 48:
        return gettext("%(hours)s h %(minutes)02d min") % {"hours": hours, "minutes": minutes % 60}
    days = hours // 24
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


@register.filter
def ago(at: datetime | None) -> str:
    """How long ago a moment was, in its largest unit: "14 min", "5 h", "3 days"."""
    if at is None:
        return ""
    minutes = max(0, int((timezone.now() - at).total_seconds() // 60))
    if minutes < 60:
        return gettext("%(count)s min") % {"count": minutes}
    if minutes < 48 * 60:
        return gettext("%(count)s h") % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


@register.filter
def left(at: datetime | None) -> str:
    """How much time is left until a moment, in its largest unit; empty for none."""
    return ago(timezone.now() - (at - timezone.now())) if at else ""


@register.filter
def label_word(label: str) -> str:
    """A detector's label in the reader's language; an unknown label as it stands."""
    return label_words.say(label)


@register.filter
def word(code: str, kind: str) -> str:
    """A code of a closed set in the reader's language; ``kind`` is a table of ``web.state_words``."""
    return state_words.say(kind, str(code))


@register.filter
def tongues(text: str) -> SafeString:
    """A text whose Vietnamese parts are marked as such on a page in another language."""
    runs = split_tongues(str(text), translation.get_language() or "vi")
    return format_html_join(
        "",
        "{}",
        ((format_html('<span lang="vi">{}</span>', part) if is_foreign else part,) for part, is_foreign in runs),
    )


@register.filter
def cut_words(text: str) -> list[str]:
    """The words of a text, to go through."""
    return text.split()


@register.filter
def holds_on(use: AllowedUse, on: date) -> bool:
    """Whether an allowed use of a sidewalk holds on a day; its hours are told beside it."""
    return (use.from_on is None or use.from_on <= on) and (use.to_on is None or on <= use.to_on)


@register.filter
def zone_terms(zone: ZoneShare) -> str:
    """What a zone allows, in one line: density, storeys, floor-area ratio, setback, standing; only what is known."""
    terms = []
    if zone.max_density_pct is not None:
        terms.append(gettext("density ≤ %s %%") % figure(zone.max_density_pct, 0))
    if zone.max_storeys is not None:
        terms.append(gettext("at most %s storeys") % figure(zone.max_storeys, 0))
    if zone.max_floor_area_ratio is not None:
        terms.append(gettext("floor-area ratio %s") % figure(zone.max_floor_area_ratio))
    if zone.setback_m is not None:
        terms.append(gettext("setback %s m") % figure(zone.setback_m))
    if zone.status:
        terms.append(state_words.say("standing", zone.status))
    return " · ".join(terms)


@register.filter
def short_sha(digest: str) -> str:
    """First and last four signs of a hash, for reading aloud."""
    return f"{digest[:4]}…{digest[-4:]}" if digest else ""


@register.filter
def zone_fill(fills: dict[str, str], code: str) -> str:
    """The colour of a zone's code, by the code itself or the letters before its number."""
    return fills.get(code) or fills.get(code.split("-")[0]) or PLAIN_FILL


@register.filter
def attribute(value: object, name: str) -> object:
    """A property of a value that a filter made."""
    return getattr(value, name, "")


@register.filter
def doubled(value: float) -> float:
    """Twice a length of a drawing."""
    return value * 2


@register.filter
def halved(value: float) -> float:
    """Half a length of a drawing."""
    return value / 2
