"""Nothing is public before another leader's yes; what inspectors photographed is shown redacted only; feeds and figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

See = Callable[[Any], None]


@pytest.fixture
def settled(small_city: Any, see: See) -> Any:
    """A case that an inspector settled with a photo of afterwards."""
    from cases.actions import InspectionOutcome, InspectionRecord, ReviewDecision
    from cases.models import Case, Inspection
    from intake.actions import UploadedMedia, store_original
    from pipeline import decisions
    from rules.models import Flag
    from tests import builders as b

    staff = b.a_staff()
    see(b.building_work())
    [observation] = b.a_report()
    b.run_to_rest(observation)
    decisions.review_flag(Flag.objects.get().pk, ReviewDecision.ACCEPT, by=staff.reviewer)
    after = store_original(UploadedMedia("after.jpg", b.a_picture_at(*b.ON_PARCEL_B, seed=77)))
    record = InspectionRecord(InspectionOutcome.NO_VIOLATION, photo_ids=(after.media_id,))
    decisions.record_inspection(Inspection.objects.get().pk, record, by=staff.inspector)
    b.run_to_rest(observation)
    return Case.objects.get(), staff, after.media_id


def test_a_photo_of_the_visit_is_shown_redacted_after_a_leaders_yes(settled: Any) -> None:
    from errors import NotAllowed
    from intake.models import MediaFile
    from pipeline.public_copies import make_missing_copies
    from tiles.actions import approve_publication, withdraw_case
    from tiles.queries import find_public_case, is_published_media

    case, staff, after = settled
    assert find_public_case(case.code) is None
    assert make_missing_copies() == 1
    for who in (staff.inspector, staff.reviewer):
        with pytest.raises(NotAllowed):
            approve_publication(case.pk, by=who)
    approve_publication(case.pk, by=staff.leader)
    shown = find_public_case(case.code)
    assert shown is not None
    copy = MediaFile.objects.get(parent_id=after)
    assert (shown.after_id, shown.outcome, shown.office_en != "") == (copy.pk, "no_violation", True)
    assert is_published_media(copy.pk)
    assert not is_published_media(after)
    withdraw_case(case.pk, by=staff.leader, reason="a face was overlooked")
    assert find_public_case(case.code) is None
    approve_publication(case.pk, by=staff.leader)
    assert find_public_case(case.code) is not None


def test_the_feed_and_the_figures_tell_what_the_gate_lets_out(settled: Any, settings: Any) -> None:
    from django.test import Client

    from tiles.actions import approve_publication

    case, staff, _ = settled
    assert case.code not in Client().get("/feeds/cases.atom").content.decode()
    approve_publication(case.pk, by=staff.leader)
    feed = Client().get(f"/feeds/cases.atom?ward={case.unit_code}")
    assert (feed.status_code, feed["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    assert case.code in feed.content.decode()
    assert case.code not in Client().get("/feeds/cases.atom?ward=99999").content.decode()
    assert case.code not in Client().get("/feeds/cases.atom?bounds=0,0,1,1").content.decode()
    assert Client().get("/feeds/cases.atom?bounds=x").status_code == 422
    figures = Client().get("/api/v1/public/figures?lang=en").json()
    assert figures["wards"] == [], "fewer than five settled cases lead to persons"
    assert "30 days" in figures["method"]
