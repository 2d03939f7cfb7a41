"""Originals, copies, looks and exports in one chain; an altered file is found, shown, and never handed out."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from cases.actions import keeping, open_or_join_case, open_original
from cases.actions.keeping import erase_what_is_over, hold_evidence, release_evidence
from cases.evidence_pdf import render_evidence
from cases.models import Case
from cases.permissions import read_rights
from cases.queries.custody import list_faults, list_looks
from cases.queries.evidence import read_case_evidence
from cases.queries.evidence_sheet import get_evidence_sheet
from cases.retention import DEFAULT_RULES, RetentionClass, RetentionRule
from errors import Conflict, InputError, NotAllowed, NotFound
from intake.actions import UploadedMedia, store_copy, store_original
from intake.actions.custody import link_entries, read_verified, verify_all
from intake.kinds import Derivation
from intake.models import CustodyEntry, EvidenceFault, MediaErasure, MediaFile
from intake.pack_check import check_pack
from pipeline.evidence_pack import build_pack
from tests.data.photos import a_photo, a_scene
from tests.integration.cases import builders as b

REASON = "for the court, file 12/2026"


@pytest.fixture(autouse=True)
def media_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from django.core.files.storage import FileSystemStorage, default_storage

    folder = tmp_path / "media"
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=folder))
    return folder


@pytest.fixture
def case(town: Any) -> Case:
    """A citizen's case with a real photo and its redacted copy."""
    request = b.a_request(town.city)
    stored = store_original(UploadedMedia("1.jpg", a_photo(pixels=a_scene(seed=7))))
    media = MediaFile.objects.get(pk=stored.media_id)
    observation = b.Observation.objects.create(
        source="citizen", service_request=request, media=media, category="trading", received_at=timezone.now(),
        pin_point=b.Point(b.LON, b.LAT, srid=4326), pin_accuracy_m=5.0,
    )  # fmt: skip
    b.Geotag.objects.create(observation=observation, no_position_reason="no_gps")
    store_copy(media.pk, Derivation.REDACTED, a_photo(pixels=a_scene(seed=8)), content_type="image/jpeg")
    open_or_join_case(observation.pk)
    return Case.objects.get()


def the_original() -> MediaFile:
    return MediaFile.objects.get(parent=None)


def alter(folder: Path, media: MediaFile) -> None:
    path = folder / media.storage_name
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def test_everything_that_happens_is_in_the_chain(town: Any, case: Case) -> None:
    open_original(the_original().pk, by=town.leader, reason="to read the board")
    assert link_entries() == 3
    kinds = list(CustodyEntry.objects.order_by("link__number").values_list("kind", flat=True))
    assert kinds == ["original", "copy", "look"]
    found = verify_all()
    assert (found.files, found.links, found.altered) == (2, 3, ())
    assert [row.user for row in list_looks(read_rights(town.leader), limit=10)] == ["lea"]
    assert list_looks(read_rights(town.stranger), limit=10) == ()


def test_what_came_from_a_sender_tells_the_day_alone(town: Any, case: Case) -> None:
    for content in CustodyEntry.objects.values_list("content", flat=True):
        assert "at" not in content
        assert len(content["on"]) == 10


def test_an_altered_file_is_found_shown_and_not_handed_out(town: Any, case: Case, media_folder: Path) -> None:
    media = the_original()
    alter(media_folder, media)
    with pytest.raises(Conflict, match="altered"):
        open_original(media.pk, by=town.leader, reason="to read the board")
    [row] = list_faults(read_rights(town.leader))
    assert (row.kind, row.cases) == ("altered", (case.code,))
    assert list_faults(read_rights(town.stranger)) == ()
    out = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify_evidence", stdout=out)
    assert left.value.code == 1
    assert f"ALTERED  {media.storage_name} (altered)" in out.getvalue()
    with pytest.raises(Conflict):
        build_pack(case.pk, by=town.leader, reason=REASON)
    assert EvidenceFault.objects.count() == 1


def test_a_missing_file_is_named(town: Any, case: Case, media_folder: Path) -> None:
    (media_folder / the_original().storage_name).unlink()
    assert verify_all().altered == (f"{the_original().storage_name} (missing)",)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE intake_custodyentry SET content = content || '{{\"actor\": \"x\"}}' WHERE kind = 'look'", "entry"),
        ("UPDATE intake_custodylink SET previous = repeat('0', 64) WHERE number = 2", "link 2"),
        ("UPDATE intake_mediafile SET sha256 = repeat('0', 64) WHERE parent_id IS NULL", "(record)"),
    ],
)
def test_a_changed_row_is_found_even_without_its_guard(town: Any, case: Case, statement: str, named: str) -> None:
    open_original(the_original().pk, by=town.leader, reason="to read the board")
    link_entries()
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement.replace("{{", "{").replace("}}", "}"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as a database's master could
        cursor.execute(statement.replace("{{", "{").replace("}}", "}"))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert any(named in name for name in verify_all().altered)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_of_a_pack_is_in_words_and_in_the_citys_time(town: Any, case: Case, language: str) -> None:
    evidence, now = read_case_evidence(case.pk), timezone.now()
    names = {file.id: f"originals/{file.id}" for file in evidence.files}
    with translation.override(language):
        sheet = get_evidence_sheet(case.pk, evidence, now=now)
        said = render_evidence(sheet, {}, names)
    local = now.astimezone(ZoneInfo(town.city.timezone))
    expected = {
        "vi": ("Chứng cứ của vụ", "Diễn biến", "Vụ việc được mở bởi", "Trạng thái"),
        "en": ("Evidence of case", "History of the case", "The case was opened by", "State"),
    }[language]
    for words in (*expected, case.code, f"{local:%H:%M %d/%m/%Y}", evidence.files[0].sha256):
        assert words in said, words
    assert not re.search(r"\d{4}-\d{2}-\d{2}T\d{2}:", said), "no moment as machines write it"
    assert "flag_joined" not in said and "undetermined" not in said, "no code in place of words"


def test_a_pack_is_checked_offline_by_a_third_party(town: Any, case: Case, tmp_path: Path) -> None:
    pack = tmp_path / "pack.zip"
    pack.write_bytes(build_pack(case.pk, by=town.leader, reason=REASON))
    assert check_pack(pack) == []
    call_command("verify_evidence", pack=str(pack), stdout=io.StringIO())
    with zipfile.ZipFile(pack) as opened:
        names = opened.namelist()
        opened.extractall(tmp_path / "out")
    assert {name.split("/")[0] for name in names} == {
        "originals", "derived", "metadata.json", "report.pdf", "manifest.json", "chain.json", "check.py", "README.txt",
    }  # fmt: skip
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")
    checker = [sys.executable, "-I", "-S", str(tmp_path / "out" / "check.py"), str(pack)]
    done = subprocess.run(checker, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "Nothing was altered.")
    request = b.ServiceRequest.objects.get()
    said = (tmp_path / "out" / "metadata.json").read_text() + (tmp_path / "out" / "chain.json").read_text()
    assert request.code not in said


@pytest.mark.parametrize("what", ["originals", "manifest.json", "chain.json", "metadata.json", "taken_out", "put_in"])
def test_a_pack_that_was_touched_is_named(town: Any, case: Case, tmp_path: Path, what: str) -> None:
    whole = zipfile.ZipFile(io.BytesIO(build_pack(case.pk, by=town.leader, reason=REASON)))
    touched = tmp_path / "touched.zip"
    with zipfile.ZipFile(touched, "w") as pack:
        for name in whole.namelist():
            data = whole.read(name)
            if what == "taken_out" and name.startswith("originals/"):
                continue
            if name.startswith(what):
                data = _touch(name, data)
            pack.writestr(name, data)
        if what == "put_in":
            pack.writestr("originals/new.jpg", b"x")
    assert check_pack(touched)
    with pytest.raises(SystemExit) as left:
        call_command("verify_evidence", pack=str(touched), stdout=io.StringIO())
    assert left.value.code == 1


def _touch(name: str, data: bytes) -> bytes:
    """A change that whoever forges would make: in the words of a document, in a byte of a picture."""
    if name == "manifest.json":
        return json.dumps(json.loads(data) | {"exported_by": "somebody"}).encode()
    if name == "chain.json":
        chain = json.loads(data)
        chain["links"][0]["content"]["sha256"] = "f" * 64
        return json.dumps(chain).encode()
    return data[:-1] + bytes([data[-1] ^ 1])


def test_what_is_no_pack_is_said(tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(b"no zip")
    with pytest.raises(SystemExit) as left:
        call_command("verify_evidence", pack=str(other), stderr=io.StringIO())
    assert left.value.code == 2


def test_only_leaders_and_auditors_take_evidence_out_and_say_why(town: Any, case: Case) -> None:
    for who in (town.inspector, town.reviewer, town.planner, town.operator, town.stranger):
        with pytest.raises(NotAllowed):
            build_pack(case.pk, by=who, reason=REASON)
    with pytest.raises(InputError):
        build_pack(case.pk, by=town.leader, reason=" ")


def an_idle_frame(town: Any, *, days_ago: float) -> MediaFile:
    """A camera's picture on which nothing rests."""
    camera = b.a_camera(town.city, f"camera-{next(b._numbers)}")
    then = timezone.now() - timedelta(days=days_ago)
    stored = store_original(UploadedMedia("1.jpg", a_photo(pixels=a_scene(seed=next(b._numbers)))), now=then)
    media = MediaFile.objects.get(pk=stored.media_id)
    b.Observation.objects.create(source="camera", camera=camera, media=media, category="unstated", received_at=then)
    return media


def test_evidence_is_erased_by_class_and_age_and_the_chain_says_so(town: Any, media_folder: Path) -> None:
    old, young, flagged = (
        an_idle_frame(town, days_ago=40),
        an_idle_frame(town, days_ago=5),
        an_idle_frame(town, days_ago=40),
    )
    b.a_flag(flagged.observations.get(), town.city, state="accepted")
    assert erase_what_is_over(timezone.now())["camera_idle"] == 1
    assert list(MediaErasure.objects.values_list("media", "retention_class")) == [(old.pk, "camera_idle")]
    with pytest.raises(NotFound):
        read_verified(old.pk)
    assert read_verified(young.pk)
    assert verify_all().is_whole
    assert CustodyEntry.objects.filter(media=old, kind="erasure").count() == 1
    assert erase_what_is_over(timezone.now())["camera_idle"] == 0


def test_a_cameras_own_period_counts_where_it_is_shorter_and_a_rule_from_its_day_on(
    town: Any, media_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = an_idle_frame(town, days_ago=5)
    b.Camera.objects.filter(observations__media=frame).update(retention_days=7)
    assert erase_what_is_over(timezone.now())["camera_idle"] == 0
    assert erase_what_is_over(timezone.now() + timedelta(days=3))["camera_idle"] == 1
    other = an_idle_frame(town, days_ago=5)
    shorter = RetentionRule(RetentionClass.CAMERA_IDLE, 1, valid_from=timezone.localdate() + timedelta(days=2))
    calendar = keeping.get_calendar(town.city)
    pack = dataclasses.replace(calendar.pack, retention=(*DEFAULT_RULES, shorter))
    monkeypatch.setattr(keeping, "get_calendar", lambda _city: SimpleNamespace(pack=pack))
    assert erase_what_is_over(timezone.now())["camera_idle"] == 0
    assert erase_what_is_over(timezone.now() + timedelta(days=3))["camera_idle"] == 1
    assert MediaErasure.objects.filter(media=other).exists()


def test_a_hold_keeps_what_is_past_its_time(town: Any, case: Case) -> None:
    years = timezone.now() + timedelta(days=4 * 365)
    assert sum(erase_what_is_over(years).values()) == 0, "an open case keeps its evidence"
    from cases.actions import move_case

    move_case(case.pk, "dismissed", by=town.leader, reason="permitted", version=case.version)
    hold_evidence(case.pk, reason="complaint 4/2026", by=town.leader)
    assert sum(erase_what_is_over(years).values()) == 0
    release_evidence(case.pk, by=town.leader)
    with pytest.raises(Conflict):
        release_evidence(case.pk, by=town.leader)
    assert sum(erase_what_is_over(years).values()) == 1
