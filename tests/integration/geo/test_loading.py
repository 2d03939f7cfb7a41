"""Loads of registers: dated, whole or not at all, with every faulty row told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from errors import Conflict, InputError
from geo.actions import confirm_load, discard_load, load_city
from geo.importers import reading
from geo.load_summary import LoadSummary
from geo.models import City, Parcel, Permit, RegisterIssue, RegisterLoad, RegisterSource
from geo.progress import Progress, Step
from tests.integration.geo.files import Feature, edit
from tests.small_city import rectangle

Load = Callable[..., LoadSummary]
FIRST, LATER = date(2024, 1, 1), date(2026, 12, 1)


def parcels_file(pack_path: Path) -> Path:
    return pack_path / "data" / "parcels.geojson"


def counts(summary: LoadSummary) -> tuple[int, int, int, int]:
    return summary.new, summary.changed, summary.withdrawn, summary.unchanged


def test_a_whole_pack(loaded: dict[str, LoadSummary]) -> None:
    assert counts(loaded["parcels"]) == (12, 0, 0, 0)
    assert {summary.issues for summary in loaded.values()} == {0}
    parcel = Parcel.objects.get(key="000010010001")
    assert parcel.measured_area_m2 == pytest.approx(3600, abs=0.01)
    assert (parcel.valid_from, parcel.valid_to) == (FIRST, None)
    assert City.objects.get().geometry.area > 0
    assert RegisterSource.objects.get(name="parcels").coverage is not None
    assert Permit.objects.get().parcel_keys == ["000010010001"]


def test_a_pack_twice_changes_nothing(loaded: dict[str, LoadSummary], pack_path: Path) -> None:
    before = list(Parcel.objects.order_by("id").values())
    again = load_city(pack_path)
    assert {summary.state for summary in again} == {"unchanged"}
    assert list(Parcel.objects.order_by("id").values()) == before


def test_a_later_vintage(loaded: dict[str, LoadSummary], load: Load, pack_path: Path) -> None:
    def change(features: list[Feature]) -> list[Feature]:
        features[0]["properties"]["address"] = "1 Main Street"
        new = {**features[1], "properties": {**features[1]["properties"], "key": "000010010099"}}
        return [features[0], *features[2:], new]

    path = edit(parcels_file(pack_path), change)
    assert counts(load("parcels", path, source_on=LATER)) == (1, 1, 1, 10)
    old, new = Parcel.objects.filter(key="000010010001").order_by("id")
    assert (old.valid_from, old.valid_to, old.is_listed) == (FIRST, LATER, False)
    assert (new.valid_from, new.valid_to, new.address) == (LATER, None, "1 Main Street")
    gone = Parcel.objects.get(key="000010010002")
    assert (gone.valid_to, gone.is_listed) == (LATER, False)
    assert Parcel.objects.get(key="000010010099").valid_from == LATER


def test_a_correction_of_the_same_day_replaces_what_was_said(
    loaded: dict[str, LoadSummary], load: Load, pack_path: Path
) -> None:
    path = edit(parcels_file(pack_path), lambda features: features[0]["properties"].update(address="9 Main Street"))
    assert counts(load("parcels", path)) == (0, 1, 0, 11)
    old, new = Parcel.objects.filter(key="000010010001").order_by("id")
    assert old.valid_to == old.valid_from == FIRST
    assert (new.valid_from, new.valid_to) == (FIRST, None)


def test_an_older_file_is_refused(loaded: dict[str, LoadSummary], load: Load) -> None:
    with pytest.raises(InputError, match="newer data"):
        load("parcels", source_on=date(2020, 1, 1))


def test_a_file_that_drops_much_stops_and_asks(loaded: dict[str, LoadSummary], load: Load, pack_path: Path) -> None:
    path = edit(parcels_file(pack_path), lambda features: features[:3])
    asked = load("parcels", path, source_on=LATER)
    assert (asked.state, counts(asked)) == ("waiting", (0, 0, 9, 3))
    assert "withdraw 9 of 12" in asked.message
    assert Parcel.objects.filter(is_listed=True).count() == 12
    assert RegisterSource.objects.get(name="parcels").source_on != LATER
    done = load("parcels", path, source_on=LATER, allow_withdrawals=True)
    assert (done.state, done.load_id, counts(done)) == ("done", asked.load_id, (0, 0, 9, 3))


def test_a_stopped_load_is_confirmed_by_a_person(loaded: dict[str, LoadSummary], load: Load, pack_path: Path) -> None:
    asked = load("parcels", edit(parcels_file(pack_path), lambda features: features[:3]), source_on=LATER)
    done = confirm_load(asked.load_id, by="operator")
    assert (done.state, counts(done)) == ("done", (0, 0, 9, 3))
    assert Parcel.objects.filter(is_listed=True).count() == 3
    assert RegisterLoad.objects.get(pk=asked.load_id).decided_by == "operator"
    with pytest.raises(Conflict, match="cannot be applied"):
        confirm_load(asked.load_id, by="operator")


def test_a_stopped_load_is_discarded(loaded: dict[str, LoadSummary], load: Load, pack_path: Path) -> None:
    asked = load("parcels", edit(parcels_file(pack_path), lambda features: features[:3]), source_on=LATER)
    discard_load(asked.load_id, by="operator")
    assert RegisterLoad.objects.get(pk=asked.load_id).state == "discarded"
    assert not stage_tables()
    with pytest.raises(Conflict):
        confirm_load(asked.load_id, by="operator")


def test_a_preview_is_not_applied_once_the_register_has_moved_on(
    loaded: dict[str, LoadSummary], load: Load, pack_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edit(parcels_file(pack_path), lambda features: features[:11])
    seen = load("parcels", path, source_on=LATER, dry_run=True)
    newer = RegisterLoad.objects.filter(source__name="parcels", state="done")
    newer.update(finished_at=timezone.now() + timedelta(minutes=1))
    with pytest.raises(Conflict, match="has changed since"):
        confirm_load(seen.load_id, by="operator")


def test_a_dry_run_changes_nothing_and_is_kept_as_a_run(
    loaded: dict[str, LoadSummary], load: Load, pack_path: Path
) -> None:
    before = list(Parcel.objects.order_by("id").values())
    path = edit(parcels_file(pack_path), lambda features: features[:10])
    summary = load("parcels", path, source_on=LATER, dry_run=True)
    assert (summary.state, summary.withdrawn) == ("preview", 2)
    assert list(Parcel.objects.order_by("id").values()) == before
    assert RegisterLoad.objects.get(pk=summary.load_id).counts["withdrawn"] == 2
    assert confirm_load(summary.load_id, by="operator").withdrawn == 2
    assert not stage_tables()


def test_another_file_takes_the_place_of_an_open_run(
    loaded: dict[str, LoadSummary], load: Load, pack_path: Path
) -> None:
    seen = load("parcels", edit(parcels_file(pack_path), lambda features: features[:10]), source_on=LATER, dry_run=True)
    load("parcels", edit(parcels_file(pack_path), lambda features: features[:9]), source_on=LATER)
    assert RegisterLoad.objects.get(pk=seen.load_id).state == "discarded"


def test_a_load_that_was_cut_off_goes_on(
    loaded: dict[str, LoadSummary], load: Load, pack_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WHOLE_ROWS", 5)

    def add(features: list[Feature]) -> list[Feature]:
        return [*features, {**features[0], "properties": {**features[0]["properties"], "key": "bad key"}}]

    path = edit(parcels_file(pack_path), add)

    def cut_off(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load("parcels", path, source_on=LATER, tell=cut_off)
    left = RegisterLoad.objects.get(state="staging")
    assert (left.rows_read, left.counts["staged"]) == (5, 5)
    assert Parcel.objects.filter(is_listed=True).count() == 12
    seen: list[Progress] = []
    done = load("parcels", path, source_on=LATER, tell=seen.append)
    assert [progress.done for progress in seen if progress.step is Step.READING] == [10, 13]
    assert (done.load_id, done.state, done.new, done.issues) == (left.pk, "done", 1, 1)
    assert not stage_tables()


def test_a_stage_that_the_database_lost_is_read_anew(
    loaded: dict[str, LoadSummary], load: Load, pack_path: Path
) -> None:
    path = edit(parcels_file(pack_path), lambda features: features[:10])
    seen = load("parcels", path, source_on=LATER, dry_run=True)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE geo_stage_{seen.load_id}")  # as after a crash: unlogged tables are emptied
    assert counts(load("parcels", path, source_on=LATER)) == (0, 0, 2, 10)


def test_two_runs_of_one_source_do_not_meet(loaded: dict[str, LoadSummary], load: Load, pack_path: Path) -> None:
    source = RegisterSource.objects.get(name="parcels")
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7340033, %s)", [source.pk])
        try:
            with pytest.raises(Conflict, match="loaded already"):
                load("parcels", edit(parcels_file(pack_path), lambda features: features[:11]), source_on=LATER)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(7340033, %s)", [source.pk])
    other.close()


def stage_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE 'geo\\_stage\\_%' AND relkind = 'r'")
        return [row[0] for row in cursor.fetchall()]


def test_faulty_rows_become_register_issues(loaded: dict[str, LoadSummary], load: Load, pack_path: Path) -> None:
    bowtie = rectangle(20, 200, 80, 260)
    ring = bowtie["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    swapped = rectangle(20, 300, 30, 310)
    swapped["coordinates"][0] = [point[::-1] for point in swapped["coordinates"][0]]

    def add(features: list[Feature]) -> list[Feature]:
        def row(key: str | None, shape: dict | None) -> Feature:
            named = {"key": key, "sheet": key and key[5:8], "number": key and key[8:]}
            return {"type": "Feature", "geometry": shape, "properties": {**features[0]["properties"], **named}}

        far = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
        return [
            *features, row("000010030001", bowtie), row("000010030002", swapped), row("000010030003", far),
            row("000010030004", None), row(None, rectangle(1, 1, 5, 5)), features[1], row("000010010001", rectangle(1, 1, 5, 5)),
        ]  # fmt: skip

    summary = load("parcels", edit(parcels_file(pack_path), add), source_on=LATER)
    told = RegisterIssue.objects.filter(load__source_on=LATER).values_list("row_ref", "fault", "action")
    assert list(told) == [
        ("13", "self_crossing", "repaired"),
        ("14", "swapped_axes", "repaired"),
        ("15", "outside_city", "left_out"),
        ("16", "no_geometry", "left_out"),
        ("17", "no_key", "left_out"),
        ("18", "duplicate_key", "left_out"),
        ("19", "duplicate_key", "kept"),
    ]
    assert (summary.new, summary.left_out, summary.issues) == (3, 4, 7)
    without_place = RegisterIssue.objects.filter(point=None).values_list("fault", flat=True)
    assert list(without_place) == ["no_geometry"]
    assert Parcel.objects.filter(key="000010010001#2", is_listed=True).exists()
    assert Parcel.objects.get(key="000010030001").geom.valid


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param('{"type": "FeatureCollection", "features": []}', "lacks columns", id="no columns"),
        pytest.param("<html>not found</html>", "cannot be read", id="HTML"),
        pytest.param("", "cannot be read", id="empty"),
    ],
)
def test_a_file_that_is_not_this_register(
    loaded: dict[str, LoadSummary], load: Load, pack_path: Path, content: str, words: str
) -> None:
    parcels_file(pack_path).write_text(content)
    with pytest.raises(InputError, match=words):
        load("parcels")
    assert Parcel.objects.filter(is_listed=True).count() == 12


def test_an_unknown_coordinate_system_loads_nothing(
    loaded: dict[str, LoadSummary], load: Load, pack_path: Path
) -> None:
    file = pack_path / "registers.toml"
    file.write_text(file.read_text().replace('crs = "EPSG:4326"', 'crs = "EPSG:987654"'))
    with pytest.raises(InputError, match="Unknown coordinate system"):
        load("parcels", source_on=LATER)
    assert Parcel.objects.filter(is_listed=True).count() == 12


def test_a_source_that_covers_an_unknown_unit(loaded: dict[str, LoadSummary], load: Load, pack_path: Path) -> None:
    file = pack_path / "registers.toml"
    file.write_text(file.read_text().replace('covers = ["00001"]', 'covers = ["00002"]'))
    with pytest.raises(InputError, match="covers units"):
        load("parcels", edit(parcels_file(pack_path), lambda f: f[:11]), source_on=LATER)
    assert Parcel.objects.filter(is_listed=True).count() == 12


def test_the_default_city_is_one(loaded: dict[str, LoadSummary], pack_path: Path) -> None:
    City.objects.create(slug="other", name_vi="x", name_en="x", timezone="UTC", bounds=[0, 0, 1, 1], center=[0, 0])
    load_city(pack_path)
    assert [city.slug for city in City.objects.filter(is_default=True)] == ["smallville"]


def test_a_source_without_named_units_covers_the_hull_of_its_rows(
    loaded: dict[str, LoadSummary], load: Load, pack_path: Path
) -> None:
    file = pack_path / "registers.toml"
    file.write_text(file.read_text().replace('covers = ["00001"]', "covers = []"))
    load("permits", edit(pack_path / "data/permits.geojson", lambda f: f[0]["properties"].update(storeys=5)))
    coverage = RegisterSource.objects.get(name="permits").coverage
    assert coverage.contains(Permit.objects.get(is_listed=True).geom.centroid)
    assert json.loads(coverage.geojson)["type"] == "MultiPolygon"
