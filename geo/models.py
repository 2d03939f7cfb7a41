"""What the city has on record: the city itself, its register sources and loads, and the dated records of each register.

Geometry is stored in EPSG:4326 and measured in the city's own system (``geo.crs``). A record holds at a day when
``valid_from <= day`` and ``valid_to`` is empty or later; a record is never edited, a newer vintage closes it.
"""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex
from django.db.models import F, Q

from geo.facts import Register


def _choices(*words: str) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class City(models.Model):
    """One jurisdiction, loaded from one pack of data. Exactly one city is the default of the pages."""

    slug = models.SlugField(max_length=40, unique=True)
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    timezone = models.CharField(max_length=60)
    country = models.CharField(max_length=2, blank=True)
    languages = models.JSONField(default=list)
    bounds = models.JSONField(help_text="[west, south, east, north] in degrees, EPSG:4326")
    center = models.JSONField(help_text="[lon, lat]")
    default_zoom = models.FloatField(default=15)
    crs = models.JSONField(default=list, help_text="list of geo.crs.CitySystem as JSON, first one first")
    settings = models.JSONField(default=dict, help_text="the other tables of pack.toml")
    pack_path = models.CharField(max_length=300, blank=True)
    is_default = models.BooleanField(default=False)
    geometry = models.MultiPolygonField(srid=4326, null=True, blank=True)

    class Meta:
        verbose_name_plural = "cities"
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_city")
        ]

    def __str__(self) -> str:
        return self.slug


class RegisterSource(models.Model):
    """One official list as one publisher gives it: what it is, since when, and which area it covers.

    ``coverage`` is the area this source was asked to describe: inside it an empty answer means "checked, nothing";
    outside it (or when it is empty) it means "no data".
    """

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="register_sources")
    register = models.CharField(max_length=16, choices=[(r.value, r.value) for r in Register])
    name = models.CharField(max_length=60)
    title_vi = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    decision = models.CharField(max_length=200, blank=True)
    scale = models.CharField(max_length=40, blank=True)
    source_on = models.DateField(null=True, help_text="date of the data, by the publisher")
    valid_from = models.DateField(help_text="first day this source can speak of")
    valid_to = models.DateField(null=True, blank=True, help_text="first day it no longer speaks of")
    is_generated = models.BooleanField(default=False)
    coverage = models.MultiPolygonField(srid=4326, null=True, blank=True)
    description = models.JSONField(default=dict, help_text="geo.importers.description as JSON: columns, key, crs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "name"], name="one_source_per_name")]
        indexes = [models.Index(fields=["city", "register"])]

    def __str__(self) -> str:
        return self.name


class RegisterLoad(models.Model):
    """One run of one file towards one source, with what it counted. A load is whole or not at all.

    ``received``: sent through the application, waits for a worker. ``staging``: being read, or cut off (the same file goes on
    where it stopped). ``preview``: only looked at. ``waiting``: it
    would withdraw much, a person decides. ``confirmed``: a person did, a worker applies it. ``done``, ``unchanged`` (nothing to
    do), ``refused`` (``message`` says why), ``discarded``. Runs that may still be applied keep their rows in ``stage_table``.
    """

    source = models.ForeignKey(RegisterSource, on_delete=models.PROTECT, related_name="loads")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    source_on = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=12,
        choices=_choices(
            "received", "staging", "preview", "waiting", "confirmed", "done", "unchanged", "refused", "discarded"
        ),
    )
    counts = models.JSONField(default=dict, help_text="rows, new, changed, withdrawn, unchanged, left_out, issues")
    message = models.TextField(blank=True)
    refusal = models.JSONField(null=True, help_text="message, cure, names, value: why it was refused, to be worded")
    fingerprint = models.CharField(max_length=64, blank=True, help_text="of the file and of how it is read")
    stage_table = models.CharField(max_length=63, blank=True)
    rows_read = models.PositiveIntegerField(default=0, help_text="rows of the file that are staged already")
    decided_by = models.CharField(max_length=150, blank=True, help_text="who confirmed or discarded it")
    sent_by = models.CharField(max_length=150, blank=True, help_text="who sent the file through the application")
    stored_file = models.CharField(
        max_length=300, blank=True, help_text="kept until it was read; below the data folder"
    )
    rows_in_file = models.PositiveIntegerField(default=0, help_text="for the progress; 0 while nobody knows")
    is_drawn = models.BooleanField(default=False, help_text="the tiles show what this run changed")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["source", "-id"])]


class RegisterIssue(models.Model):
    """A fault of one row of one load: where, what, and what was done about it."""

    load = models.ForeignKey(RegisterLoad, on_delete=models.CASCADE, related_name="issues")
    row_ref = models.CharField(max_length=40, help_text="row of the file, counted from 1")
    key = models.CharField(max_length=80, blank=True)
    fault = models.CharField(max_length=24)
    detail = models.CharField(max_length=500, blank=True, help_text="a sentence of geo.fault_details, or a value")
    names = models.JSONField(null=True, help_text="what its blanks stand for; none: the detail is told as it is")
    action = models.CharField(max_length=16, choices=_choices("repaired", "left_out", "kept"))
    point = models.PointField(srid=4326, null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["load", "fault"])]


class DatedRecord(models.Model):
    """A row of a register with the days it holds. ``is_listed``: the newest load of its source still lists it.

    City, source and load are the same for a million rows: an index on one of them finds nothing and slows every load.
    """

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.ForeignKey(RegisterSource, on_delete=models.PROTECT, related_name="+", db_index=False)
    load = models.ForeignKey(RegisterLoad, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    is_listed = models.BooleanField(default=True)
    row_sha256 = models.CharField(max_length=64, help_text="of the mapped values and geometry: tells changed rows")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["source", "key"], condition=Q(is_listed=True), name="%(class)s_one_listed_row_per_key"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="%(class)s_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["city", "key"])]

    def __str__(self) -> str:
        return self.key


class AdminUnit(DatedRecord):
    """An administrative unit in its period; ended units whose outline is not to be had keep an empty geometry."""

    code = models.CharField(max_length=20)
    level = models.CharField(max_length=20, help_text="ward, district, province, neighbourhood ...")
    name = models.CharField(max_length=200)
    name_plain = models.CharField(max_length=200, db_index=True, help_text="lower case without accents")
    kind = models.CharField(max_length=60, blank=True, help_text="phường, xã, đặc khu ... as the law calls it")
    geom = models.MultiPolygonField(srid=4326, null=True)


class AdminUnitSuccession(DatedRecord):
    """An old unit became (part of) a new one on ``valid_from``; a split unit has several rows."""

    old_code = models.CharField(max_length=20, db_index=True)
    old_name = models.CharField(max_length=200)
    old_name_plain = models.CharField(max_length=200, db_index=True)
    new_code = models.CharField(max_length=20, db_index=True)
    kind = models.CharField(max_length=20, choices=_choices("whole", "split", "merged"), default="whole")
    share = models.FloatField(null=True, help_text="part of the old unit's area, 0 to 1; empty when not known")


class Parcel(DatedRecord):
    """A unit of land in the cadastre. Areas in m2; the measured one is of the geometry in the city's system."""

    ward_code = models.CharField(max_length=20, blank=True)
    sheet = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=20, blank=True)
    stated_area_m2 = models.FloatField(null=True)
    measured_area_m2 = models.FloatField()
    use_code = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=300, blank=True)
    geom = models.MultiPolygonField(srid=4326)

    class Meta(DatedRecord.Meta):
        indexes = [
            *DatedRecord.Meta.indexes,
            models.Index(fields=["city", "sheet", "number"], name="parcel_of_sheet"),
        ]


class ParcelSuccession(DatedRecord):
    """A parcel was split, merged or renumbered into another on ``valid_from``."""

    old_key = models.CharField(max_length=80, db_index=True)
    new_key = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=20, choices=_choices("split", "merged", "renumbered"))


class ZoningDistrict(DatedRecord):
    """A district of one plan. ``zoning`` (urban planning law) and ``land_use`` (land law) are never mixed."""

    plan_kind = models.CharField(max_length=10, choices=_choices("zoning", "land_use"))
    plan = models.CharField(max_length=300)
    decision = models.CharField(max_length=200, blank=True)
    decision_on = models.DateField(null=True)
    status = models.CharField(max_length=40, blank=True)
    scale = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=300, blank=True)
    allowed_uses = models.JSONField(default=list)
    max_storeys = models.FloatField(null=True)
    max_density_pct = models.FloatField(null=True)
    max_floor_area_ratio = models.FloatField(null=True)
    setback_m = models.FloatField(null=True)
    geom = models.MultiPolygonField(srid=4326)


class OverlayDistrict(DatedRecord):
    """Further rules on top of the zoning: a historic district, a flood area, a height limit."""

    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=80, blank=True)
    decision = models.CharField(max_length=200, blank=True)
    geom = models.MultiPolygonField(srid=4326)


class PlanLine(DatedRecord):
    """A line or corridor of a plan: red line, building line, corner cut, river corridor; ``width_m`` is what it reserves."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    width_m = models.FloatField(null=True)
    geom = models.GeometryField(srid=4326)


class RoadSegment(DatedRecord):
    """A road by its centre line or by its surface; ``width_m`` is the carriageway's."""

    name = models.CharField(max_length=200, blank=True)
    road_class = models.CharField(max_length=40, blank=True)
    lanes = models.PositiveSmallIntegerField(null=True)
    width_m = models.FloatField(null=True)
    geom = models.GeometryField(srid=4326)


class SidewalkSegment(DatedRecord):
    """A stretch of sidewalk. ``allowed_uses``: list of {use, from_on, to_on, from_time, to_time, slot (GeoJSON text)}."""

    street = models.CharField(max_length=200, blank=True)
    width_m = models.FloatField(null=True)
    allowed_uses = models.JSONField(default=list)
    geom = models.MultiPolygonField(srid=4326)


class Permit(DatedRecord):
    """The city's written leave for certain work, on the parcels named by ``parcel_keys`` or at ``geom``."""

    number = models.CharField(max_length=80)
    number_plain = models.CharField(max_length=160, help_text="as geo.permit_number compares it")
    kind = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    storeys = models.FloatField(null=True)
    floor_area_m2 = models.FloatField(null=True)
    conditions = models.TextField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    parcel_keys = models.JSONField(default=list)
    geom = models.GeometryField(srid=4326, null=True)

    class Meta(DatedRecord.Meta):
        indexes = [
            *DatedRecord.Meta.indexes,
            GinIndex(fields=["number_plain"], opclasses=["gin_trgm_ops"], name="permit_by_spelling"),
            GinIndex(fields=["parcel_keys"], name="permit_of_parcel"),
        ]


class BuildingFootprint(DatedRecord):
    """Outline of a structure at the ground."""

    storeys = models.FloatField(null=True)
    height_m = models.FloatField(null=True)
    address = models.CharField(max_length=300, blank=True)
    geom = models.MultiPolygonField(srid=4326)


class Address(DatedRecord):
    """A house with its number and street. ``former_unit`` is the unit in the form that older papers use.

    The plain columns are what people's spelling is compared with: no accents, no case, no word for "street".
    """

    house_number = models.CharField(max_length=60)
    house_number_plain = models.CharField(max_length=60)
    street = models.CharField(max_length=200)
    street_plain = models.CharField(max_length=200)
    former_unit = models.CharField(max_length=200, blank=True)
    parcel_key = models.CharField(max_length=80, blank=True)
    geom = models.PointField(srid=4326)

    class Meta(DatedRecord.Meta):
        indexes = [
            *DatedRecord.Meta.indexes,
            models.Index(
                fields=["city", "street_plain", "house_number_plain"],
                opclasses=["int8_ops", "varchar_pattern_ops", "varchar_pattern_ops"],
                name="address_of_street",
            ),
        ]


class NamedPlace(DatedRecord):
    """A place people know by its name: a school, a market, a shop. ``kind`` is the publisher's word for it."""

    name = models.CharField(max_length=200)
    name_plain = models.CharField(max_length=200)
    kind = models.CharField(max_length=60, blank=True, db_index=True)
    geom = models.PointField(srid=4326)

    class Meta(DatedRecord.Meta):
        indexes = [
            *DatedRecord.Meta.indexes,
            GinIndex(fields=["name_plain"], opclasses=["gin_trgm_ops"], name="named_place_by_spelling"),
        ]


class StreetName(models.Model):
    """A street of today by its name, drawn from roads, sidewalks and addresses at each load: what spelling is held against."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    name_plain = models.CharField(max_length=200)
    addresses = models.PositiveIntegerField()
    point = models.PointField(srid=4326)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "name_plain"], name="one_street_per_name")]
        indexes = [GinIndex(fields=["name_plain"], opclasses=["gin_trgm_ops"], name="street_by_spelling")]

    def __str__(self) -> str:
        return self.name


class Imagery(models.Model):
    """A raster picture of the ground at a date, kept as a cloud-optimised GeoTIFF below the storage folder."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="imagery")
    name = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=_choices("satellite", "aerial", "uav", "plan", "elevation"))
    taken_on = models.DateField(null=True)
    resolution_m = models.FloatField()
    path = models.CharField(max_length=300, help_text="cloud-optimised GeoTIFF, relative to the storage folder")
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=200, blank=True)
    is_generated = models.BooleanField(default=False)
    coverage = models.MultiPolygonField(srid=4326)
    decision = models.CharField(max_length=200, blank=True, help_text="of the drawing, where it is one")
    staff_only = models.BooleanField(default=False, help_text="people or yards can be made out: not for everybody")
    file_sha256 = models.CharField(max_length=64, blank=True, help_text="of the file as given")
    notes = models.JSONField(default=list, help_text="what was assumed when it was taken in, in words")
    style = models.JSONField(default=dict, help_text="how tiles are drawn: rescale, zooms, nearest")

    class Meta:
        verbose_name_plural = "imagery"
        indexes = [models.Index(fields=["city", "taken_on"])]

    def __str__(self) -> str:
        return self.name
