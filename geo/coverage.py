"""Which area a register source describes, and the outline of the city itself: the union of its units."""

from __future__ import annotations

import shapely
from django.contrib.gis.db.models.aggregates import Union
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection
from psycopg.sql import SQL, Identifier

from errors import InputError
from geo.facts import Register
from geo.importers.forms import Shape
from geo.models import AdminUnit, City, RegisterSource
from geo.record_forms import get_record_form
from geo.source_description import SourceDescription


def find_city_area(city: City) -> shapely.Geometry | None:
    """The city's outline in degrees, none before its units are loaded."""
    city.refresh_from_db(fields=["geometry"])
    return shapely.from_wkb(bytes(city.geometry.wkb)) if city.geometry else None


def save_city_area(city: City) -> None:
    """The city's outline is what its sources of units cover."""
    sources = RegisterSource.objects.filter(city=city, register=Register.ADMIN_UNIT.value, coverage__isnull=False)
    City.objects.filter(pk=city.pk).update(geometry=_as_multipolygon(sources.aggregate(area=Union("coverage"))["area"]))


def save_coverage(row: RegisterSource, source: SourceDescription) -> None:
    """The area a source was asked to describe: the units it names, else the hull of what it holds."""
    if source.covers:
        units = AdminUnit.objects.filter(city=row.city, code__in=source.covers, geom__isnull=False)
        missing = set(source.covers) - set(units.values_list("code", flat=True))
        if missing:
            raise InputError(
                f"Source {source.name} covers units that are not loaded.",
                field="covers",
                value=", ".join(sorted(missing)),
                cure="Load the administrative units first.",
            )
        area = units.aggregate(area=Union("geom"))["area"]
    else:
        area = _hull(source, row)
    RegisterSource.objects.filter(pk=row.pk).update(coverage=_as_multipolygon(area))


def _hull(source: SourceDescription, row: RegisterSource) -> GEOSGeometry | None:
    """Units cover exactly themselves; other records the convex hull of all of them."""
    form = get_record_form(source.record)
    if form.shape is Shape.NONE:
        return None
    if source.register is Register.ADMIN_UNIT:
        units = AdminUnit.objects.filter(source=row, is_listed=True, geom__isnull=False)
        area: GEOSGeometry | None = units.aggregate(area=Union("geom"))["area"]
        return area
    statement = SQL(
        "SELECT ST_AsEWKB(ST_ConvexHull(ST_Collect(ST_Envelope(geom)))) FROM {} WHERE source_id = %s AND is_listed"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.format(Identifier(form.table)), [row.pk])
        found = cursor.fetchone()[0]
    return GEOSGeometry(memoryview(found)) if found else None


def _as_multipolygon(area: GEOSGeometry | None) -> MultiPolygon | None:
    if area is None or area.empty or area.dims < 2:
        return None
    return area if isinstance(area, MultiPolygon) else MultiPolygon(area, srid=area.srid)
