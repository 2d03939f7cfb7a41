"""Turns a template and its values into a page: time zone of the city, who may see which way in the head, fault pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from errors import ProjectError
from web.fault_words import say_fault
from web.queries.people import read_reader
from web.queries.towns import find_default_town

_ZONE_LIFE_S = 60


@dataclass(frozen=True, slots=True)
class Navigation:
    """What the head of a page offers to this reader, and where the reader is."""

    here: str
    is_staff: bool
    may_review: bool
    may_read_cases: bool
    may_lead: bool
    may_operate: bool
    may_see_registers: bool
    waiting: int | None


def answer_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    here: str = "",
    status: int = 200,
    zone: str = "",
) -> HttpResponse:
    """The page, with moments in the time zone of the city it speaks of (the default city's when none is given)."""
    reader = read_reader(request.user)
    navigation = Navigation(
        here,
        reader.is_staff,
        reader.may_review,
        reader.may_read_cases,
        reader.may_lead,
        reader.may_operate,
        reader.may_see_registers,
        reader.waiting,
    )
    with timezone.override(ZoneInfo(zone or _default_zone(int(monotonic() // _ZONE_LIFE_S)))):
        return render(request, template, {"nav": navigation, **context}, status=status)


def answer_fault(request: HttpRequest, status: int, error: ProjectError | None = None) -> HttpResponse:
    """A fault page that asks the database nothing: it may be the thing that failed."""
    words = say_fault(error) if error is not None else None
    return render(request, f"{status}.html" if status in _PAGES else "400.html", {"words": words}, status=status)


_PAGES = frozenset({400, 403, 404, 413, 500, 503})


@lru_cache(maxsize=2)
def _default_zone(_minute: int) -> str:
    town = find_default_town()
    return town.timezone if town else "UTC"
