"""Which views and pages there are: read from the application's own list and the server's own addresses, never from memory.

The axe test and the screenshots ask here, so that a new view or page cannot be forgotten by either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ops.application import APP

if TYPE_CHECKING:
    from playwright.sync_api import Page

LISTED = APP / "src" / "shell" / "views.ts"
PARTS = "main nav a[href^='/app/']"
OTHERS = "main a[href^='/app/']"
FEW = 3
IS_DRAWN = """() => document.querySelector('h1, h2, [data-state=idle], form, .notfound')
  && ![...document.querySelectorAll('#app p.waiting, [aria-busy=true], [data-state=loading]')].some((one) => one.offsetParent)"""
ENTRY = re.compile(r'\{\s*name: "(?P<name>\w+)",(?P<rest>.*?)\s*\},?\n', re.S)


@dataclass(frozen=True, slots=True)
class ListedView:
    """One way of the application's menu: a view of its own (``/app/NAME``) or a page of the server."""

    name: str
    path: str
    roles: tuple[str, ...]


def list_views(source: str = "") -> list[ListedView]:
    """Every view and page that the menu may offer, with the roles that it is for, in the menu's order."""
    found = []
    for entry in ENTRY.finditer(source or LISTED.read_text()):
        rest = entry["rest"]
        if "roles:" not in rest:
            continue
        href = re.search(r'href: "([^"]+)"', rest)
        roles = tuple(re.findall(r'"(\w+)"', rest.split("roles:")[1].split("]")[0]))
        found.append(ListedView(entry["name"], href[1] if href else f"/app/{entry['name']}", roles))
    return found


def list_page_names() -> set[str]:
    """The names of all pages for people that ``web/urls.py`` knows but those that only lead elsewhere."""
    from django.views.generic import RedirectView

    from web.urls import pages, urlpatterns

    listed = [*pages, *(one for one in urlpatterns if getattr(one, "name", None))]
    return {str(one.name) for one in listed if getattr(one.callback, "view_class", None) is not RedirectView}


def list_ways_in(page: Page) -> Iterator[str]:
    """What an open view leads to within the application: all of its parts, and of each other depth a few, without queries."""
    taken: dict[tuple[str, int], int] = {}
    for kind in (PARTS, OTHERS):
        for link in page.query_selector_all(kind):
            path = urlsplit(str(link.get_attribute("href"))).path.rstrip("/")
            view, *rest = path.removeprefix("/app/").split("/")
            key = (view, len(rest))
            taken[key] = taken.get(key, 0) + 1
            if kind == PARTS or taken[key] <= FEW:
                yield path
