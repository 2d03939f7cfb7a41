"""The first day of which a city's registers can speak, so that a day before it is answered in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from geo.facts import Register
from geo.prepared import fetch

_FIRST = """
    SELECT min(s.valid_from) FROM geo_registersource s JOIN geo_city c ON c.id = s.city_id
    WHERE c.slug = ANY(%(cities)s) AND (%(register)s::text IS NULL OR s.register = %(register)s)
"""


def find_first_day(cities: Sequence[str], register: Register | None = None) -> date | None:
    """Of one register, or of all; by the cities' slugs. None: nothing is loaded."""
    values = {"cities": list(cities), "register": register.value if register else None}
    first: date | None = fetch(_FIRST, values)[0][0]
    return first
