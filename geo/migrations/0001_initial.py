"""The register tables. PostGIS is made available first; nothing here belongs to one city."""

from __future__ import annotations

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateExtension("postgis"),
        migrations.CreateModel(
            name="City",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name_vi", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
                ("timezone", models.CharField(max_length=60)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("languages", models.JSONField(default=list)),
                ("bounds", models.JSONField(help_text="[west, south, east, north] in degrees, EPSG:4326")),
                ("center", models.JSONField(help_text="[lon, lat]")),
                ("default_zoom", models.FloatField(default=15)),
                (
                    "crs",
                    models.JSONField(default=list, help_text="list of geo.crs.CitySystem as JSON, first one first"),
                ),
                ("settings", models.JSONField(default=dict, help_text="the other tables of pack.toml")),
                ("pack_path", models.CharField(blank=True, max_length=300)),
                ("is_default", models.BooleanField(default=False)),
                ("geometry", django.contrib.gis.db.models.fields.MultiPolygonField(blank=True, null=True, srid=4326)),
            ],
            options={
                "verbose_name_plural": "cities",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)), fields=("is_default",), name="one_default_city"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Imagery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("satellite", "satellite"),
                            ("aerial", "aerial"),
                            ("uav", "uav"),
                            ("plan", "plan"),
                            ("elevation", "elevation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("taken_on", models.DateField(null=True)),
                ("resolution_m", models.FloatField()),
                (
                    "path",
                    models.CharField(
                        help_text="cloud-optimised GeoTIFF, relative to the storage folder", max_length=300
                    ),
                ),
                ("source", models.CharField(max_length=300)),
                ("licence", models.CharField(blank=True, max_length=200)),
                ("is_generated", models.BooleanField(default=False)),
                ("coverage", django.contrib.gis.db.models.fields.MultiPolygonField(srid=4326)),
                ("style", models.JSONField(default=dict, help_text="bands, rescale and colour map for the tiles")),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="imagery", to="geo.city"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RegisterSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "register",
                    models.CharField(
                        choices=[
                            ("admin_unit", "admin_unit"),
                            ("parcel", "parcel"),
                            ("zoning", "zoning"),
                            ("overlay", "overlay"),
                            ("plan_line", "plan_line"),
                            ("road", "road"),
                            ("sidewalk", "sidewalk"),
                            ("permit", "permit"),
                            ("building", "building"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("title_vi", models.CharField(max_length=300)),
                ("title_en", models.CharField(blank=True, max_length=300)),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("licence", models.CharField(blank=True, max_length=200)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("decision", models.CharField(blank=True, max_length=200)),
                ("scale", models.CharField(blank=True, max_length=40)),
                ("source_on", models.DateField(help_text="date of the data, by the publisher", null=True)),
                ("valid_from", models.DateField(help_text="first day this source can speak of")),
                ("valid_to", models.DateField(blank=True, help_text="first day it no longer speaks of", null=True)),
                ("is_generated", models.BooleanField(default=False)),
                ("coverage", django.contrib.gis.db.models.fields.MultiPolygonField(blank=True, null=True, srid=4326)),
                (
                    "description",
                    models.JSONField(default=dict, help_text="geo.importers.description as JSON: columns, key, crs"),
                ),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="register_sources", to="geo.city"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RegisterLoad",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200)),
                ("file_sha256", models.CharField(max_length=64)),
                ("source_on", models.DateField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("done", "done"), ("unchanged", "unchanged"), ("refused", "refused")], max_length=12
                    ),
                ),
                (
                    "counts",
                    models.JSONField(
                        default=dict, help_text="rows, new, changed, withdrawn, unchanged, left_out, issues"
                    ),
                ),
                ("message", models.TextField(blank=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="loads", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PlanLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                (
                    "row_sha256",
                    models.CharField(help_text="of the mapped values and geometry: tells changed rows", max_length=64),
                ),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("width_m", models.FloatField(null=True)),
                ("geom", django.contrib.gis.db.models.fields.GeometryField(srid=4326)),
                (
                    "city",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.city"),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registerload"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Permit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                (
                    "row_sha256",
                    models.CharField(help_text="of the mapped values and geometry: tells changed rows", max_length=64),
                ),
                ("number", models.CharField(max_length=80)),
                ("kind", models.CharField(blank=True, max_length=80)),
                ("status", models.CharField(blank=True, max_length=60)),
                ("issued_on", models.DateField(null=True)),
                ("expires_on", models.DateField(null=True)),
                ("storeys", models.FloatField(null=True)),
                ("floor_area_m2", models.FloatField(null=True)),
                ("conditions", models.TextField(blank=True)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("parcel_keys", models.JSONField(default=list)),
                ("geom", django.contrib.gis.db.models.fields.GeometryField(null=True, srid=4326)),
                (
                    "city",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.city"),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registerload"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ParcelSuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                (
                    "row_sha256",
                    models.CharField(help_text="of the mapped values and geometry: tells changed rows", max_length=64),
                ),
                ("old_key", models.CharField(db_index=True, max_length=80)),
                ("new_key", models.CharField(db_index=True, max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[("split", "split"), ("merged", "merged"), ("renumbered", "renumbered")], max_length=20
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.city"),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registerload"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                (
                    "row_sha256",
                    models.CharField(help_text="of the mapped values and geometry: tells changed rows", max_length=64),
                ),
                ("ward_code", models.CharField(blank=True, max_length=20)),
                ("sheet", models.CharField(blank=True, max_length=20)),
                ("number", models.CharField(blank=True, max_length=20)),
                ("stated_area_m2", models.FloatField(null=True)),
                ("measured_area_m2", models.FloatField()),
                ("use_code", models.CharField(blank=True, max_length=60)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("geom", django.contrib.gis.db.models.fields.MultiPolygonField(srid=4326)),
                (
                    "city",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.city"),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registerload"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OverlayDistrict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                (
                    "row_sha256",
                    models.CharField(help_text="of the mapped values and geometry: tells changed rows", max_length=64),
                ),
                ("name", models.CharField(max_length=300)),
                ("kind", models.CharField(blank=True, max_length=80)),
                ("decision", models.CharField(blank=True, max_length=200)),
                ("geom", django.contrib.gis.db.models.fields.MultiPolygonField(srid=4326)),
                (
                    "city",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.city"),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registerload"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BuildingFootprint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                (
                    "row_sha256",
                    models.CharField(help_text="of the mapped values and geometry: tells changed rows", max_length=64),
                ),
                ("storeys", models.FloatField(null=True)),
                ("height_m", models.FloatField(null=True)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("geom", django.contrib.gis.db.models.fields.MultiPolygonField(srid=4326)),
                (
                    "city",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.city"),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registerload"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AdminUnitSuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                (
                    "row_sha256",
                    models.CharField(help_text="of the mapped values and geometry: tells changed rows", max_length=64),
                ),
                ("old_code", models.CharField(db_index=True, max_length=20)),
                ("old_name", models.CharField(max_length=200)),
                ("old_name_plain", models.CharField(db_index=True, max_length=200)),
                ("new_code", models.CharField(db_index=True, max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[("whole", "whole"), ("split", "split"), ("merged", "merged")],
                        default="whole",
                        max_length=20,
                    ),
                ),
                (
                    "share",
                    models.FloatField(help_text="part of the old unit's area, 0 to 1; empty when not known", null=True),
                ),
                (
                    "city",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.city"),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registerload"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AdminUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                (
                    "row_sha256",
                    models.CharField(help_text="of the mapped values and geometry: tells changed rows", max_length=64),
                ),
                ("code", models.CharField(max_length=20)),
                ("level", models.CharField(help_text="ward, district, province, neighbourhood ...", max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("name_plain", models.CharField(db_index=True, help_text="lower case without accents", max_length=200)),
                (
                    "kind",
                    models.CharField(
                        blank=True, help_text="phường, xã, đặc khu ... as the law calls it", max_length=60
                    ),
                ),
                ("geom", django.contrib.gis.db.models.fields.MultiPolygonField(null=True, srid=4326)),
                (
                    "city",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.city"),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registerload"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RoadSegment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                (
                    "row_sha256",
                    models.CharField(help_text="of the mapped values and geometry: tells changed rows", max_length=64),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("road_class", models.CharField(blank=True, max_length=40)),
                ("lanes", models.PositiveSmallIntegerField(null=True)),
                ("width_m", models.FloatField(null=True)),
                ("geom", django.contrib.gis.db.models.fields.GeometryField(srid=4326)),
                (
                    "city",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.city"),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registerload"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SidewalkSegment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                (
                    "row_sha256",
                    models.CharField(help_text="of the mapped values and geometry: tells changed rows", max_length=64),
                ),
                ("street", models.CharField(blank=True, max_length=200)),
                ("width_m", models.FloatField(null=True)),
                ("allowed_uses", models.JSONField(default=list)),
                ("geom", django.contrib.gis.db.models.fields.MultiPolygonField(srid=4326)),
                (
                    "city",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.city"),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registerload"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ZoningDistrict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                (
                    "row_sha256",
                    models.CharField(help_text="of the mapped values and geometry: tells changed rows", max_length=64),
                ),
                (
                    "plan_kind",
                    models.CharField(choices=[("zoning", "zoning"), ("land_use", "land_use")], max_length=10),
                ),
                ("plan", models.CharField(max_length=300)),
                ("decision", models.CharField(blank=True, max_length=200)),
                ("decision_on", models.DateField(null=True)),
                ("status", models.CharField(blank=True, max_length=40)),
                ("scale", models.CharField(blank=True, max_length=40)),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=300)),
                ("allowed_uses", models.JSONField(default=list)),
                ("max_storeys", models.FloatField(null=True)),
                ("max_density_pct", models.FloatField(null=True)),
                ("max_floor_area_ratio", models.FloatField(null=True)),
                ("setback_m", models.FloatField(null=True)),
                ("geom", django.contrib.gis.db.models.fields.MultiPolygonField(srid=4326)),
                (
                    "city",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.city"),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registerload"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="geo.registersource"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RegisterIssue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row_ref", models.CharField(help_text="row of the file, counted from 1", max_length=40)),
                ("key", models.CharField(blank=True, max_length=80)),
                ("fault", models.CharField(max_length=24)),
                ("detail", models.CharField(blank=True, max_length=500)),
                (
                    "action",
                    models.CharField(
                        choices=[("repaired", "repaired"), ("left_out", "left_out"), ("kept", "kept")], max_length=16
                    ),
                ),
                ("point", django.contrib.gis.db.models.fields.PointField(null=True, srid=4326)),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="issues", to="geo.registerload"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["load", "fault"], name="geo_registe_load_id_e31a07_idx")],
            },
        ),
        migrations.AddIndex(
            model_name="registersource",
            index=models.Index(fields=["city", "register"], name="geo_registe_city_id_a05417_idx"),
        ),
        migrations.AddConstraint(
            model_name="registersource",
            constraint=models.UniqueConstraint(fields=("city", "name"), name="one_source_per_name"),
        ),
        migrations.AddIndex(
            model_name="registerload",
            index=models.Index(fields=["source", "-id"], name="geo_registe_source__ad83b5_idx"),
        ),
        migrations.AddIndex(
            model_name="planline",
            index=models.Index(fields=["city", "key"], name="geo_planlin_city_id_502fce_idx"),
        ),
        migrations.AddConstraint(
            model_name="planline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_listed", True)),
                fields=("source", "key"),
                name="planline_one_listed_row_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="planline",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="planline_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="permit",
            index=models.Index(fields=["city", "key"], name="geo_permit_city_id_ae50ad_idx"),
        ),
        migrations.AddConstraint(
            model_name="permit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_listed", True)), fields=("source", "key"), name="permit_one_listed_row_per_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="permit",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="permit_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="parcelsuccession",
            index=models.Index(fields=["city", "key"], name="geo_parcels_city_id_91bfae_idx"),
        ),
        migrations.AddConstraint(
            model_name="parcelsuccession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_listed", True)),
                fields=("source", "key"),
                name="parcelsuccession_one_listed_row_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcelsuccession",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="parcelsuccession_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(fields=["city", "key"], name="geo_parcel_city_id_f412ce_idx"),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_listed", True)), fields=("source", "key"), name="parcel_one_listed_row_per_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="parcel_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="overlaydistrict",
            index=models.Index(fields=["city", "key"], name="geo_overlay_city_id_518d24_idx"),
        ),
        migrations.AddConstraint(
            model_name="overlaydistrict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_listed", True)),
                fields=("source", "key"),
                name="overlaydistrict_one_listed_row_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="overlaydistrict",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="overlaydistrict_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="buildingfootprint",
            index=models.Index(fields=["city", "key"], name="geo_buildin_city_id_93fcc2_idx"),
        ),
        migrations.AddConstraint(
            model_name="buildingfootprint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_listed", True)),
                fields=("source", "key"),
                name="buildingfootprint_one_listed_row_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="buildingfootprint",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="buildingfootprint_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="adminunitsuccession",
            index=models.Index(fields=["city", "key"], name="geo_adminun_city_id_0df1d5_idx"),
        ),
        migrations.AddConstraint(
            model_name="adminunitsuccession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_listed", True)),
                fields=("source", "key"),
                name="adminunitsuccession_one_listed_row_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="adminunitsuccession",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="adminunitsuccession_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="adminunit",
            index=models.Index(fields=["city", "key"], name="geo_adminun_city_id_f055e5_idx"),
        ),
        migrations.AddConstraint(
            model_name="adminunit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_listed", True)),
                fields=("source", "key"),
                name="adminunit_one_listed_row_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="adminunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="adminunit_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="roadsegment",
            index=models.Index(fields=["city", "key"], name="geo_roadseg_city_id_b45b69_idx"),
        ),
        migrations.AddConstraint(
            model_name="roadsegment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_listed", True)),
                fields=("source", "key"),
                name="roadsegment_one_listed_row_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="roadsegment",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="roadsegment_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="sidewalksegment",
            index=models.Index(fields=["city", "key"], name="geo_sidewal_city_id_ae9f2f_idx"),
        ),
        migrations.AddConstraint(
            model_name="sidewalksegment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_listed", True)),
                fields=("source", "key"),
                name="sidewalksegment_one_listed_row_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="sidewalksegment",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="sidewalksegment_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="zoningdistrict",
            index=models.Index(fields=["city", "key"], name="geo_zoningd_city_id_0c6737_idx"),
        ),
        migrations.AddConstraint(
            model_name="zoningdistrict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_listed", True)),
                fields=("source", "key"),
                name="zoningdistrict_one_listed_row_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="zoningdistrict",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="zoningdistrict_ends_after_it_begins",
            ),
        ),
    ]
