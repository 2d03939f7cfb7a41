"""Which loads the tiles do not show yet: left by every load that changed something, taken up by a worker within seconds."""

from __future__ import annotations

from collections.abc import Collection

from geo.facts import Register
from geo.models import RegisterLoad


def list_undrawn(city_id: int | None = None) -> tuple[list[int], set[str]]:
    """Loads that changed a register since its tiles were built, and those registers."""
    rows = RegisterLoad.objects.filter(state="done", is_drawn=False)
    if city_id is not None:
        rows = rows.filter(source__city_id=city_id)
    found = list(rows.values_list("pk", "source__register"))
    return [pk for pk, _ in found], {register for _, register in found}


def list_cities_with_new_parcels() -> list[int]:
    """Cities whose parcels were changed by loads that are not drawn yet."""
    rows = RegisterLoad.objects.filter(state="done", is_drawn=False, source__register=Register.PARCEL.value)
    return sorted(set(rows.values_list("source__city_id", flat=True)))


def mark_drawn(load_ids: Collection[int]) -> None:
    """The tiles show what these loads brought."""
    RegisterLoad.objects.filter(pk__in=load_ids).update(is_drawn=True)
