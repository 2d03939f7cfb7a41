"""Registers over HTTP: who may look, a file sent and previewed, a run that waits and is decided, faults and their files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.roles import Role
from geo.actions import apply_confirmed, load_source
from geo.load_summary import LoadSummary
from geo.models import City, Parcel, RegisterLoad
from geo.pack import read_pack
from pipeline import sweeps
from tests.builders import a_staff, another
from tests.pipeline.conftest import _kept_city, media_folder, pack, small_city  # noqa: F401 - fixtures

LATER = date(2026, 12, 1)
Features = list[dict[str, Any]]


@pytest.fixture
def changed_file(small_city: Any, tmp_path: Path) -> Callable[..., Path]:  # noqa: F811 - the fixture imported above
    """The parcels' file of the little city with changed rows."""
    source_pack = read_pack(Path(City.objects.get(slug="smallville").pack_path))

    def write(change: Callable[[Features], Features]) -> Path:
        told = json.loads((source_pack.path / source_pack.get_source("parcels").file).read_text())
        path = tmp_path / "parcels.geojson"
        path.write_text(json.dumps({**told, "features": change(told["features"])}))
        return path

    return write


@pytest.fixture
def load(changed_file: Callable[..., Path]) -> Callable[..., LoadSummary]:
    """Load changed parcels as the command does."""
    city = City.objects.get(slug="smallville")
    city_pack = read_pack(Path(city.pack_path))

    def load_changed(change: Callable[[Features], Features], **options: Any) -> LoadSummary:
        source = replace(city_pack.get_source("parcels"), max_withdrawn_share=0.2)
        return load_source(source, changed_file(change), city, city_pack, source_on=LATER, **options)

    return load_changed


@pytest.fixture
def operator(small_city: Any, as_person: Any) -> Any:  # noqa: F811
    """Signed in as an operator."""
    return as_person(another(Role.OPERATOR))


@pytest.fixture
def planner(small_city: Any, as_person: Any) -> Any:  # noqa: F811
    """Signed in as a planner."""
    return as_person(another(Role.PLANNER))


@pytest.fixture
def send(operator: Any) -> Callable[..., Any]:
    """Sends a file of parcels."""

    def post(content: bytes, name: str = "parcels.geojson", client: Any = operator, **fields: str) -> Any:
        body = {"file": SimpleUploadedFile(name, content), "source_on": LATER.isoformat(), **fields}
        return client.post("/api/v1/registers/parcels/files?lang=vi", body, format="multipart")

    return post


def faulty(features: Features) -> Features:
    """One row without an outline, one whose key is a formula of a spreadsheet."""
    lost = {**features[0], "geometry": None, "properties": {**features[0]["properties"], "key": "000010090001"}}
    odd = {**features[0], "properties": {**features[0]["properties"], "key": "=cmd()"}}
    return [*features, lost, odd]


def revised(features: Features) -> Features:
    """One row says another address, one is gone, one is new."""
    first = {**features[0], "properties": {**features[0]["properties"], "address": "1A Phố Mới"}}
    new = {**features[-1], "properties": {**features[-1]["properties"], "key": "000010020099"}}
    return [first, *features[2:], new]


@pytest.mark.parametrize("path", ["registers", "registers/parcels/loads", "register-issues", "register-issues/counts"])
def test_who_may_look(planner: Any, operator: Any, as_person: Any, path: str) -> None:
    assert as_person(None).get(f"/api/v1/{path}").status_code == 401
    assert as_person(a_staff().inspector).get(f"/api/v1/{path}").status_code == 403
    assert planner.get(f"/api/v1/{path}").status_code == operator.get(f"/api/v1/{path}").status_code == 200


def test_a_sent_file_is_read_as_a_preview_looked_at_and_applied(
    send: Callable[..., Any], operator: Any, planner: Any, changed_file: Callable[..., Path], monkeypatch: Any
) -> None:
    drawn: list[set[str]] = []
    monkeypatch.setattr(sweeps, "build_registers", lambda registers, on: drawn.append(set(registers)) or {})
    answer = send(changed_file(revised).read_bytes())
    run = answer.json()
    assert (answer.status_code, run["state"], run["sent_by"]) == (201, "received", "another-operator")
    again = send(changed_file(revised).read_bytes())
    assert (again.status_code, again.json()["errors"][0]["field"]) == (409, "file")
    assert sweeps.read_register_files() == 1
    path = f"/api/v1/register-loads/{run['id']}"
    seen = operator.get(path).json()
    assert (seen["state"], seen["may_decide"], seen["rows_read"], seen["rows_in_file"]) == ("preview", True, 12, 12)
    assert (seen["counts"]["new"], seen["counts"]["changed"], seen["counts"]["withdrawn"]) == (1, 1, 1)
    rows = planner.get(f"{path}/changes").json()
    assert {(row["change"], row["key"]) for row in rows} == {
        ("new", "000010020099"), ("changed", "000010010001"), ("withdrawn", "000010010002"),
    }  # fmt: skip
    assert all(row["outline"]["type"] == "MultiPolygon" for row in rows)
    (changed,) = planner.get(f"{path}/changes?change=changed").json()
    assert [(one["field"], one["after"]) for one in changed["fields"]] == [("address", "1A Phố Mới")]
    assert Parcel.objects.filter(is_listed=True, key="000010020099").count() == 0
    assert planner.post(f"{path}/decision", {"do": "apply"}, format="json").status_code == 403
    assert operator.post(f"{path}/decision", {"do": "apply"}, format="json").json()["state"] == "confirmed"
    assert sweeps.apply_register_runs() == 1
    assert operator.get(path).json()["is_drawn"] is False
    assert sweeps.draw_new_vintages() >= 1 and "parcel" in drawn[0]
    done = operator.get(path).json()
    assert (done["state"], done["is_drawn"], done["decided_by"]) == ("done", True, "another-operator")
    assert sweeps.draw_new_vintages() == 0
    assert operator.get(f"{path}/changes").status_code == 404
    assert not RegisterLoad.objects.exclude(stored_file="").exists()


def test_the_same_file_again_changes_nothing(send: Callable[..., Any], changed_file: Callable[..., Path]) -> None:
    city = City.objects.get(slug="smallville")
    city_pack = read_pack(Path(city.pack_path))
    path = changed_file(revised)
    load_source(city_pack.get_source("parcels"), path, city, city_pack, source_on=LATER, allow_withdrawals=True)
    run = send(path.read_bytes()).json()
    sweeps.read_register_files()
    assert RegisterLoad.objects.get(pk=run["id"]).state == "unchanged"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("parcels.geojson", b"<!doctype html><p>no</p>", "Không đọc được tệp này"),
        ("parcels.geojson", b'{"type": "FeatureCollection", "features": []}', ""),
    ],
)
def test_a_file_that_cannot_be_this_register_is_refused_in_words(
    send: Callable[..., Any], operator: Any, name: str, content: bytes, said: str
) -> None:
    before = Parcel.objects.filter(is_listed=True).count()
    run = send(content, name).json()
    sweeps.read_register_files()
    told = operator.get(f"/api/v1/register-loads/{run['id']}?lang=vi").json()
    assert told["state"] == "refused" and said in told["message"]
    assert Parcel.objects.filter(is_listed=True).count() == before


@pytest.mark.parametrize(("name", "content", "status"), [("a.dwg", b"AC", 400), ("a.csv", b"", 400)])
def test_what_is_not_even_kept(send: Callable[..., Any], name: str, content: bytes, status: int) -> None:
    assert send(content, name).status_code == status
    assert not RegisterLoad.objects.filter(file_name=name).exists()


def test_only_operators_send(send: Callable[..., Any], planner: Any) -> None:
    assert send(b"{}", client=planner).status_code == 403


def test_a_run_that_would_withdraw_much_waits_for_an_operator(
    planner: Any, operator: Any, load: Callable[..., LoadSummary]
) -> None:
    asked = load(lambda features: features[:3])
    path = f"/api/v1/register-loads/{asked.load_id}"
    told = planner.get(f"{path}?lang=vi").json()
    assert (told["state"], told["message"]) == (
        "waiting", "Tệp này sẽ rút 9 trong 12 dòng đang có. Chưa có gì thay đổi.",
    )  # fmt: skip
    assert operator.post(f"{path}/decision", {"do": "something"}, format="json").status_code == 400
    assert operator.post(f"{path}/decision", {"do": "apply"}, format="json").status_code == 200
    assert Parcel.objects.filter(is_listed=True).count() == 12
    assert sweeps.apply_register_runs() == 1
    assert Parcel.objects.filter(is_listed=True).count() == 3
    run = RegisterLoad.objects.get(pk=asked.load_id)
    assert (run.state, run.decided_by) == ("done", "another-operator")
    assert operator.post(f"{path}/decision", {"do": "apply"}, format="json").status_code == 409


def test_a_preview_is_discarded(operator: Any, load: Callable[..., LoadSummary]) -> None:
    seen = load(lambda features: features[:11], dry_run=True)
    path = f"/api/v1/register-loads/{seen.load_id}/decision"
    assert operator.post(path, {"do": "discard"}, format="json").json()["state"] == "discarded"
    assert apply_confirmed() == []


def test_a_confirmed_run_that_cannot_be_applied_says_why(operator: Any, load: Callable[..., LoadSummary]) -> None:
    from django.db import connection

    asked = load(lambda features: features[:3])
    operator.post(f"/api/v1/register-loads/{asked.load_id}/decision", {"do": "apply"}, format="json")
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE geo_stage_{asked.load_id}")
    assert apply_confirmed() == []
    run = RegisterLoad.objects.get(pk=asked.load_id)
    assert run.state == "discarded"
    assert "cannot be applied" in run.message


def test_faults_by_filter_in_both_languages_and_as_files(operator: Any, load: Callable[..., LoadSummary]) -> None:
    load(faulty)
    page = operator.get("/api/v1/register-issues?fault=no_geometry&action=left_out&lang=vi").json()
    (feature,) = page["features"]
    assert (feature["properties"]["key"], feature["properties"]["detail"]) == ("000010090001", "không có ranh")
    english = operator.get("/api/v1/register-issues?fault=no_geometry&lang=en").json()
    assert english["features"][0]["properties"]["detail"] == "no outline"
    odd = operator.get("/api/v1/register-issues?fault=key_form&lang=vi").json()["features"]
    said = sorted(one["properties"]["detail"].split()[0] for one in odd)
    assert said == ["mã", "phải"]  # the key and the row differ; not the form of a key
    counts = operator.get("/api/v1/register-issues/counts").json()
    assert counts["sources"] == ["parcels"]
    assert {(one["fault"], one["action"], one["rows"]) for one in counts["faults"]} == {
        ("no_geometry", "left_out", 1), ("key_form", "kept", 2),
    }  # fmt: skip
    text = b"".join(operator.get("/api/v1/register-issues/file?form=csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["fault"] for row in rows} == {"no_geometry", "key_form"}
    assert "'=cmd()" in {row["key"] for row in rows}
    file = operator.get("/api/v1/register-issues/file?form=geojson&fault=key_form")
    told = json.loads(b"".join(file.streaming_content))
    assert [feature["properties"]["fault"] for feature in told["features"]] == ["key_form", "key_form"]
    assert operator.get("/api/v1/register-issues/file?form=exe").status_code == 400


def test_the_lists_for_machines(planner: Any, load: Callable[..., LoadSummary]) -> None:
    load(faulty)
    (parcels,) = [row for row in planner.get("/api/v1/registers").json() if row["name"] == "parcels"]
    assert (parcels["source_on"], parcels["rows_listed"], parcels["issues"]) == ("2026-12-01", 13, 3)
    runs = planner.get("/api/v1/registers/parcels/loads").json()
    assert runs[0]["counts"]["left_out"] == 1
    page = planner.get("/api/v1/register-issues", {"limit": 1}).json()
    assert (page["numberReturned"], page["next"] is not None) == (1, True)
    second = planner.get(page["next"]).json()
    assert second["features"][0]["id"] < page["features"][0]["id"]
    assert planner.get("/api/v1/registers/lakes/loads").status_code == 404
