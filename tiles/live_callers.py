"""Who asks for live tiles: a map asks for many at once, so the rights of a session are remembered for some seconds.

Signing out, or a role that ends, is noticed after ``LIFE_S`` at the latest; everything else asks the database each time.
"""

from __future__ import annotations

from hashlib import blake2b
from time import monotonic

from django.conf import settings
from django.http import HttpRequest

from cases.permissions import Rights, read_rights

LIFE_S = 5.0
MOST = 512
_known: dict[bytes, tuple[float, Rights]] = {}


def rights_of_caller(request: HttpRequest) -> Rights:
    """The rights of who asks; a visitor's are empty and cost nothing."""
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not cookie:
        return read_rights(request.user)
    key, now = blake2b(cookie.encode(), digest_size=16).digest(), monotonic()
    found = _known.get(key)
    if found is not None and now - found[0] < LIFE_S:
        return found[1]
    if len(_known) >= MOST:
        _known.clear()
    rights = read_rights(request.user)
    _known[key] = (now, rights)
    return rights
