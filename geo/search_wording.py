"""What a search found, in the reader's language: the kind of a hit, why it answers, and the remarks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from geo.search_hits import HitKind, NoteKind, SearchHit, SearchNote, Why

_KINDS: Mapping[HitKind, str] = {
    HitKind.ADDRESS: gettext_noop("address"),
    HitKind.STREET: gettext_noop("street"),
    HitKind.PARCEL: gettext_noop("parcel"),
    HitKind.PERMIT: gettext_noop("permit"),
    HitKind.UNIT: gettext_noop("administrative unit"),
    HitKind.PLACE: gettext_noop("place"),
}
_WHY: Mapping[Why, str] = {
    Why.EXACT: gettext_noop("as typed"),
    Why.IN_ALLEY: gettext_noop("in the alley of this number"),
    Why.SPELLING: gettext_noop("nearly as typed"),
    Why.NEAREST_NUMBER: gettext_noop("nearest number on record"),
    Why.KEY: gettext_noop("by its key"),
    Why.SHEET_AND_NUMBER: gettext_noop("by sheet and number"),
    Why.SUCCESSOR: gettext_noop("took over parcel %(detail)s"),
    Why.NUMBER: gettext_noop("by its number"),
    Why.FORMER_NAME: gettext_noop("formerly %(detail)s"),
    Why.COORDINATES: gettext_noop("the coordinates typed"),
}
_ORDERS: Mapping[str, Callable[[], str]] = {
    "lat_lon": lambda: _("latitude first"),
    "lon_lat": lambda: _("longitude first"),
    "north_east": lambda: _("north first"),
    "east_north": lambda: _("east first"),
}
_NOTES: Mapping[NoteKind, str] = {
    NoteKind.READ_AS: gettext_noop("Read as %(system)s, %(order)s."),
    NoteKind.TWO_READINGS: gettext_noop("Both orders lie in the city; the surveyors' one was taken."),
    NoteKind.KEY_FORM: gettext_noop("A parcel key has another form: %(form)s, such as %(example)s. This has %(count)s digits."),
    NoteKind.NO_WARD: gettext_noop("No parcel on record bears the ward code %(ward_code)s."),
    NoteKind.NO_SHEET: gettext_noop("There is no sheet %(sheet)s; there is %(sheets)s."),
    NoteKind.NO_NUMBER: gettext_noop("Sheet %(sheet)s has no parcel %(number)s; there is %(numbers)s."),
    NoteKind.NO_PARCELS: gettext_noop("The register holds no parcels of this ward."),
    NoteKind.NO_UNIT: gettext_noop("No unit called “%(unit)s” is on record."),
    NoteKind.NO_HOUSE: gettext_noop("Number %(house)s of %(street)s is not on record; what is near it is shown."),
    NoteKind.NO_STREET: gettext_noop("No street called “%(street)s” is on record."),
    NoteKind.SPLIT_UNIT: gettext_noop("%(name)s was split: it now lies in %(units)s. An exact place tells which."),
    NoteKind.BEFORE_DATA: gettext_noop("There are no data before %(day)s. Choose a later day."),
}  # fmt: skip


def say_kind(kind: HitKind) -> str:
    """The kind of a hit."""
    return _(_KINDS[kind])


def say_why(hit: SearchHit) -> str:
    """Why it answers what was typed."""
    return _(_WHY[hit.why]) % {"detail": hit.detail}


def say_title(hit: SearchHit) -> str:
    """What the hit is called; a parcel by sheet and number."""
    sheet, slash, number = hit.title.partition(" / ")
    if hit.kind is HitKind.PARCEL and slash:
        return _("Parcel %(number)s, sheet %(sheet)s") % {"number": number, "sheet": sheet}
    return hit.title


def say_note(note: SearchNote) -> str:
    """A remark as a sentence."""
    values = dict(note.values)
    if "order" in values:
        values["order"] = _ORDERS[values["order"]]()
    if "day" in values:
        year, month, day = values["day"].split("-")
        values["day"] = f"{day}/{month}/{year}"
    return _(_NOTES[note.kind]) % values
