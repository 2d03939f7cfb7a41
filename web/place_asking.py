"""What the look-up page was asked, read from its address: words, a point, a key; a day and an hour. No look-up is made here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlencode

from django.http import QueryDict

from errors import InputError
from geo.position import Position, PositionMethod
from geo.typed_coordinates import refuse_swapped

POINT_ACCURACY_M = 1.0
SUBJECTS = ("parcel", "permit", "street", "address")


@dataclass(frozen=True, slots=True)
class Asked:
    """The page's question. Empty texts and none where nothing was said."""

    words: str
    point: tuple[float, float] | None
    subject: str
    name: str
    city: str
    on: date | None
    at: time | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked yet."""
        return not self.words and self.point is None and not self.subject

    def link(self, on: date | None, at: time | None) -> str:
        """The same question with day and hour fixed, to be shared; none: whoever opens it asks for now."""
        fixed = ({"on": on.isoformat()} if on else {}) | ({"at": at.strftime("%H:%M")} if at else {})
        if self.point is not None:
            return urlencode({"lon": f"{self.point[0]:.7f}", "lat": f"{self.point[1]:.7f}", **fixed})
        named = {self.subject: self.name} if self.subject else {"q": self.words}
        return urlencode({**named, **({"city": self.city} if self.city else {}), **fixed})


def read_asked(query: QueryDict) -> Asked:
    """The question; InputError beside the field that cannot be read."""
    said = {name: query.get(name, "").strip() for name in ("q", "lon", "lat", "city", "on", "at", *SUBJECTS)}
    subject = next((name for name in SUBJECTS if said[name]), "")
    return Asked(
        words=said["q"], point=_read_point(said["lon"], said["lat"]), subject=subject, name=said[subject] if subject else "",
        city=said["city"], on=_read_day(said["on"]), at=_read_hour(said["at"]),
    )  # fmt: skip


def _read_point(lon: str, lat: str) -> tuple[float, float] | None:
    if not lon and not lat:
        return None
    try:
        point = float(lon.replace(",", ".")), float(lat.replace(",", "."))
    except ValueError as error:
        cure = "Write degrees, for example 106.6897 and 10.7834."
        raise InputError("This is not a number.", field="q", value=lon or lat, cure=cure) from error
    refuse_swapped(*point)
    Position(*point, POINT_ACCURACY_M, PositionMethod.SENDER_PIN)
    return point


def _read_day(text: str) -> date | None:
    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    cure = "Write day, month, year, for example 22/11/2026."
    raise InputError("This is not a date.", field="on", value=text, cure=cure)


def _read_hour(text: str) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise InputError("This is no hour.", field="at", value=text, cure="Write 09:30.") from error
