"""Which views and pages there are: read from the application's own list and the server's own addresses, never from memory.

The axe test and the screenshots ask here, so that a new view or page cannot be forgotten by either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ops.application import APP

LISTED = APP / "src" / "shell" / "views.ts"
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
    """The names of all pages for people that ``web/urls.py`` knows, the application's own addresses among them."""
    from web.urls import pages

    return {str(page.name) for page in pages}
