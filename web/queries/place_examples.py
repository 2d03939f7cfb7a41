"""Examples for the empty look-up page, read from the registers of the city shown: each of them finds something."""

from __future__ import annotations

from django.utils.translation import gettext as _

from geo.models import Address, City, Parcel


def list_examples(slug: str) -> list[str]:
    """An address, a sheet with a parcel, and coordinates in the city; fewer where a register is empty."""
    city = City.objects.filter(slug=slug).only("id", "center").first()
    if city is None:
        return []
    address = (
        Address.objects.filter(city=city, is_listed=True, house_number_plain__contains="/").order_by("key").first()
    )
    address = address or Address.objects.filter(city=city, is_listed=True).order_by("key").first()
    parcel = Parcel.objects.filter(city=city, is_listed=True).exclude(sheet="").order_by("-key").first()
    examples = [f"{address.house_number} {address.street}"] if address else []
    if parcel:
        examples.append(_("sheet %(sheet)s parcel %(number)s") % {"sheet": parcel.sheet, "number": parcel.number})
    lon, lat = city.center
    return [*examples, f"{lat:.5f}, {lon:.5f}"]
