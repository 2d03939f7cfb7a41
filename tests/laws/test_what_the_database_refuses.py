"""Evidence and history are added, never changed; the public gate lets out its columns and takes nothing in.

Raw SQL on a picture that has gone all the way, since that is what a careless script or a stolen password would use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.small_city import write_small_city

ADDED_ONLY = {
    "intake_mediafile", "intake_observation", "intake_geotag", "intake_cameracalibration", "intake_servicerequestevent",
    "detection_detectionrun", "detection_sighting", "rules_ordinanceset", "rules_flagevent", "cases_calendaredition",
    "cases_caseevent", "cases_inspectionevent", "cases_look", "cases_lateentry", "cases_escalation", "pipeline_stagerun",
    "cases_dayplanstop", "cases_fieldformedition", "cases_inspectionphoto", "cases_inspectionparty", "cases_noticeattempt",
    "detection_correction", "detection_trainingset", "detection_weightscomparison", "detection_weightsdecision",
    "intake_contactopening", "intake_contactopeningstep", "intake_relaymessage", "intake_requestrating",
    "intake_interimreply", "intake_questionedition",
    "cases_flagopinion", "cases_rolechange",
    "intake_custodyentry", "intake_custodylink", "intake_mediaerasure", "intake_evidencefault",
}  # fmt: skip
NEVER_REMOVED = ADDED_ONLY | {
    "cases_dayplan",
    "cases_inspectionsubmission",
    "cases_notice",
    "rules_flag",
    "cases_case",
    "cases_inspection",
}
FROZEN_OF_A_FLAG = ("verdict = 'compliant'", "reasons = '[]'", "facts = '{}'", "versions = '{}'", "citation = '{}'",
                    "missing = '[\"x\"]'", "seen_at = now()", "point = NULL", "rule_code = 'x'")  # fmt: skip
PUBLIC = {
    "public_case": ["code", "use", "state", "unit_code", "opened_on", "closed_on", "point", "before_id", "after_id",
                    "published_at", "city_id", "office", "office_en", "outcome", "checked_on", "is_recurrence",
                    "came_back_from", "came_back_as"],
    "public_ward_figure": ["city_id", "unit_code", "settled", "followed", "came_back", "checked", "checked_in_time"],
    "public_unit_count": ["city_id", "unit_code", "awaiting_review"],
}  # fmt: skip
Refused = Callable[[str], bool]


@pytest.fixture
def refused(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Refused]:
    """Whether the database refuses a statement; there is at least one row in every table of evidence."""
    from django.core.files.storage import FileSystemStorage, default_storage
    from django.db import DatabaseError, connection, transaction

    from detection.default_detector import use_detector

    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=tmp_path / "media"))
    go_all_the_way(write_small_city(tmp_path))

    def is_refused(statement: str) -> bool:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        except DatabaseError as error:
            return bool(re.search(r"pgtrigger|publication gate|cannot (insert|update|delete)", str(error)))
        return False

    yield is_refused
    use_detector(None)


def go_all_the_way(pack: Path) -> None:
    """A picture from its bytes to the public, with a look at the original on the way."""
    from cases.actions import ReviewDecision, open_original
    from detection.default_detector import use_detector
    from intake.models import MediaFile
    from pipeline import decisions, deliver
    from pipeline.city_loading import load_city
    from rules.models import Flag
    from tests import builders as b

    list(load_city(pack, with_tiles=False))
    staff = b.a_staff()
    use_detector(b.building_work())
    [observation] = b.a_report(contact="0909 123 456")
    b.run_to_rest(observation)
    decisions.review_flag(Flag.objects.get().pk, ReviewDecision.ACCEPT, by=staff.reviewer)
    open_original(MediaFile.objects.get(parent=None).pk, by=staff.inspector, reason="to read the site board")
    explain_lateness()
    plan_today(staff.inspector)
    teach(observation)
    protect_the_sender(staff)
    hand_in(staff.inspector)
    assert deliver.deliver_due() == 0  # no channel is set up: each notice was tried once, and waits
    lose_and_erase_a_file()
    disagree()
    appoint(staff)
    reply_in_the_interim()
    assert b.run_to_rest(observation).state == "finished"
    let_out(staff.leader)


def reply_in_the_interim() -> None:
    """The city asks something, and a sender hears that nobody has replied."""
    from django.utils import timezone

    from geo.models import City
    from intake.actions.questions import load_questions
    from intake.models import InterimReply, ServiceRequest

    options = [{"code": code, "name": {"vi": code}} for code in ("yes", "no")]
    asked = {"code": "board", "category": ["construction"], "text": {"vi": "Có bảng không?"}, "option": options}
    load_questions(City.objects.get(), {"question": [asked]})
    InterimReply.objects.create(service_request=ServiceRequest.objects.get(), at=timezone.now(), standing="received")


def hand_in(inspector: Any) -> None:
    """The inspector's phone sends a photo and its form, with a witness in it."""
    from hashlib import sha256

    from django.utils import timezone

    from cases.actions.photographing import receive_photo
    from cases.models import Inspection
    from intake.uploads import UploadedMedia
    from pipeline import decisions
    from tests.data.photos import a_photo

    visit, data = Inspection.objects.get(), a_photo()
    receive_photo(
        visit.pk, UploadedMedia("p.jpg", data), claimed_sha256=sha256(data).hexdigest(), role="overview", taken_at=None,
        by=inspector,
    )  # fmt: skip
    body = {
        "outcome": "no_violation", "done_at": timezone.now().isoformat(),
        "parties": [{"part": "witness", "identity": {"name": "An"}}],
    }  # fmt: skip
    assert decisions.submit_inspection(visit.pk, "phone-form-1", body, by=inspector).state == "applied"


def appoint(staff: Any) -> None:
    """An operator gives the reviewer one role more."""
    from datetime import date

    from cases.actions.appointing import give_role
    from cases.permissions import read_rights
    from cases.roles import Role
    from geo.models import City
    from tests import builders as b

    give_role(
        read_rights(b.another(Role.OPERATOR)), username=staff.reviewer.get_username(), city=City.objects.get(), unit_code="",
        role=Role.PLANNER, valid_from=date(2026, 1, 1), valid_to=None, reason="QĐ 1/2026",
    )  # fmt: skip


def plan_today(inspector: Any) -> None:
    """The visit stands in somebody's day."""
    from datetime import timedelta

    from django.utils import timezone

    from cases.actions import plan_unit_day
    from cases.models import Case, Shift

    now, unit = timezone.now(), Case.objects.get().unit
    assert unit is not None
    day = now.astimezone(ZoneInfo(unit.city.timezone)).date()
    Shift.objects.create(inspector=inspector, unit=unit, starts_at=now, ends_at=now + timedelta(hours=8))
    assert plan_unit_day(unit.pk, day, by=None, budget_s=0.5).stops == 1


def teach(observation: UUID) -> None:
    """Somebody corrects the detector; a set is built of it, weights are compared, and refused."""
    from detection.actions import record_comparison, record_corrections, record_training_set, refuse_weights
    from detection.corrections import Correction, CorrectionKind
    from detection.weights_record import read_record

    record_corrections(observation, [Correction(CorrectionKind.WRONG, 0)], by="lea")
    record_training_set("city", sha256="0" * 64, folder="city/v1", counts={}, by="op")
    old, new = read_record("building-site-int8"), read_record("plate-yolov8n")
    record_comparison(old, new, figures={}, by="op")
    refuse_weights(new.name, by="op", why="It knows plates only.")


def explain_lateness() -> None:
    """People are told of a late clock, and its cause is given."""
    from datetime import timedelta

    from django.utils import timezone

    from cases.actions import escalate
    from cases.actions.timekeeping import write_late_cause
    from cases.late_causes import LateCause
    from cases.models import CaseClock

    escalate(timezone.now() + timedelta(days=30))
    clock = CaseClock.objects.select_related("case").get(code="visit")
    write_late_cause(clock.case, clock, LateCause.NOT_VISITED, note="", actor="lea")


def protect_the_sender(staff: Any) -> None:
    """The sender is asked through the relay and rates; the contact is asked for and refused."""
    from cases.actions import ask_opening, ask_sender, decide_opening
    from cases.models import Case
    from cases.roles import Role
    from intake.actions.protecting import rate_answer
    from intake.models import ServiceRequest
    from tests import builders as b

    case, request = Case.objects.get(), ServiceRequest.objects.get()
    ask_sender(case.pk, request.handle, "In the alley, or on the street?", by=staff.inspector)
    rate_answer(request.code, 2)
    opening = ask_opening(case.pk, request.handle, reason="somebody threatens the sender", by=staff.leader)
    decide_opening(opening, is_allowed=False, by=b.another(Role.LEADER), reason="the relay does")


def lose_and_erase_a_file() -> None:
    """A picture of nobody's is missing on the disk, which is found; its time is over. Everything is in the chain."""
    from intake import storage
    from intake.actions import UploadedMedia, store_original
    from intake.actions.custody import erase_media, verify_all
    from intake.models import MediaFile
    from tests.data.photos import a_photo, a_scene

    stored = store_original(UploadedMedia("1.jpg", a_photo(pixels=a_scene(seed=99))))
    storage.remove(MediaFile.objects.get(pk=stored.media_id).storage_name)
    assert len(verify_all().altered) == 1
    assert erase_media(stored.media_id, retention_class="camera_idle", by="system")


def disagree() -> None:
    """Another reviewer thinks otherwise."""
    from cases.actions.opining import give_opinion
    from cases.roles import Role
    from rules.models import Flag
    from tests import builders as b

    give_opinion(Flag.objects.get().pk, "dismissed", label="temporary", by=b.another(Role.REVIEWER))


def let_out(leader: Any) -> None:
    """A leader approves the case's page, so that the gate has a row that somebody might try to write."""
    from cases.models import Case
    from tiles.actions import approve_publication
    from tiles.queries import list_public_cases

    approve_publication(Case.objects.get().pk, by=leader)
    assert len(list_public_cases()) == 1


def key_of(table: str) -> str:
    """A column that every row has."""
    from django.apps import apps

    model = next(m for m in apps.get_models() if m._meta.db_table == table and not m._meta.proxy)
    return str(model._meta.pk.column)


def test_evidence_and_history_are_never_changed_or_removed(refused: Refused) -> None:
    changed = [
        table for table in sorted(ADDED_ONLY) if not refused(f"UPDATE {table} SET {key_of(table)} = {key_of(table)}")
    ]
    removed = [table for table in sorted(NEVER_REMOVED) if not refused(f"DELETE FROM {table}")]
    assert (changed, removed) == ([], [])


def test_of_a_flag_nothing_changes_but_its_life(refused: Refused) -> None:
    assert [change for change in FROZEN_OF_A_FLAG if not refused(f"UPDATE rules_flag SET {change}")] == []


def test_a_state_changes_only_by_the_table_of_moves(refused: Refused) -> None:
    moves = ("rules_flag SET state = 'new'", "cases_case SET state = 'opened'", "cases_inspection SET state = 'draft'",
             "intake_servicerequest SET status = 'submitted'")  # fmt: skip
    assert [move for move in moves if not refused(f"UPDATE {move}")] == []


def test_the_public_sees_these_columns_and_no_other(db: None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns"
            " WHERE table_name LIKE 'public\\_%' AND table_schema = current_schema() GROUP BY table_name"
        )
        assert dict(cursor.fetchall()) == PUBLIC


def test_nobody_writes_through_the_public_gate(refused: Refused) -> None:
    statements = [
        "INSERT INTO public_case (code) VALUES ('x')", "UPDATE public_case SET state = 'closed'",
        "DELETE FROM public_case", "INSERT INTO public_unit_count (unit_code) VALUES ('x')",
        "UPDATE public_unit_count SET unit_code = 'x'", "DELETE FROM public_unit_count",
        "INSERT INTO public_ward_figure (unit_code) VALUES ('x')", "UPDATE public_ward_figure SET settled = 1",
        "DELETE FROM public_ward_figure",
    ]  # fmt: skip
    assert [statement for statement in statements if not refused(statement)] == []


def test_whatever_is_said_to_be_added_only_is_guarded() -> None:
    from django.apps import apps

    said = re.compile(r"append-only|added, never changed", re.IGNORECASE)
    tables = {m._meta.db_table for m in apps.get_models() if said.search(m.__doc__ or "") and not m._meta.proxy}
    assert tables <= ADDED_ONLY
