"""News of an area by e-mail: nothing before the owner's yes, only what was let out, ended by one touch, the address forgotten."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cases.models import Case, Inspection, Notice
from errors import InputError
from geo.models import AdminUnit
from intake.area_alerts import CONFIRM_WITHIN, ask_alert, end_token, forget_unconfirmed, open_alert_address
from intake.models import AreaAlert
from pipeline import deliver
from tests.integration.cases import builders as b
from tiles.actions import approve_publication, withdraw_case

OWNER = "lan@example.org"


@pytest.fixture(autouse=True)
def mail_is_on(settings: Any, town: Any) -> None:
    notices = dataclasses.replace(
        settings.ENV.notices, public_url="https://viahe.example", mail_from="viahe@city.example"
    )
    settings.ENV = dataclasses.replace(settings.ENV, notices=notices)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def a_settled_case(town: Any, *, metres: float = 0.0) -> Case:
    case = b.an_assigned_case(town, metres=metres)
    for state in ("given", "taken", "on_site", "completed"):
        Inspection.objects.filter(case=case).update(state=state)
    Inspection.objects.filter(case=case).update(outcome="warned", completed_at=timezone.now())
    for state in ("verifying", "warned"):
        Case.objects.filter(pk=case.pk).update(state=state)
    case.refresh_from_db()
    return case


def deliver_all() -> list[Any]:
    """What leaves the house, quiet hours over."""
    mail.outbox.clear()
    Notice.objects.filter(state="queued").update(next_try_at=timezone.now())
    deliver.deliver_due()
    return list(mail.outbox)


def ask(client: Client, email: str = OWNER, ward: str = b.WARD) -> Any:
    return client.post("/alerts/", {"email": email, "ward": ward})


def link_in(message: Any, name: str) -> str:
    found = re.search(rf"https://viahe\.example(/alerts/{name}/\S+)", message.body)
    assert found is not None, message.body
    return found.group(1)


def test_nothing_is_sent_before_the_owner_says_yes(town: Any, client: Client) -> None:
    assert ask(client).status_code == 303
    [confirming] = deliver_all()
    assert confirming.to == [OWNER]
    approve_publication(a_settled_case(town).pk, by=town.leader)
    assert deliver_all() == []
    path = link_in(confirming, "confirm")
    assert client.get(path).status_code == 200
    assert AreaAlert.objects.get().confirmed_at is None  # a program that opens links says no yes
    assert client.post(path).status_code == 200
    assert AreaAlert.objects.get().confirmed_at is not None


def test_news_is_of_published_cases_of_the_ward_alone_and_ends_by_one_touch(town: Any, client: Client) -> None:
    ask(client)
    client.post(link_in(deliver_all()[0], "confirm"))
    case = a_settled_case(town)
    elsewhere = a_settled_case(town, metres=300)
    Case.objects.filter(pk=elsewhere.pk).update(unit_code="90002")
    assert deliver_all() == []  # settled is not published
    approve_publication(case.pk, by=town.leader)
    approve_publication(elsewhere.pk, by=town.stranger)
    [news] = deliver_all()
    assert case.code in news.subject
    assert f"https://viahe.example/cases/{case.code}/" in news.body
    assert elsewhere.code not in news.subject
    stop = link_in(news, "end")
    assert client.get(stop).status_code == 200
    assert AreaAlert.objects.get().ended_at is None
    assert client.post(stop).status_code == 200
    alert = AreaAlert.objects.get()
    assert (bytes(alert.ciphertext), alert.mark, open_alert_address(alert.pk)) == (b"", "", "")
    third = a_settled_case(town, metres=50)
    approve_publication(third.pk, by=town.leader)
    assert deliver_all() == []
    assert client.post(stop).status_code == 200  # twice is harmless


def test_what_is_taken_back_before_it_left_is_not_told(town: Any, client: Client) -> None:
    ask(client)
    client.post(link_in(deliver_all()[0], "confirm"))
    case = a_settled_case(town)
    approve_publication(case.pk, by=town.leader)
    withdraw_case(case.pk, by=town.leader, reason="nhầm ảnh")
    assert deliver_all() == []
    assert Notice.objects.get(kind="area_news").state == "skipped"


def test_the_address_is_sealed_and_stands_nowhere_else(town: Any, client: Client) -> None:
    ask(client)
    alert = AreaAlert.objects.get()
    assert OWNER.encode() not in bytes(alert.ciphertext)
    assert OWNER not in alert.mark
    assert not [row for row in Notice.objects.values() if OWNER in str(row)]
    assert open_alert_address(alert.pk) == OWNER


def test_the_same_wish_twice_is_one_and_one_mail_a_day(town: Any, client: Client) -> None:
    assert ask(client).content == ask(client, "LAN@example.org").content
    assert AreaAlert.objects.count() == 1
    assert len(deliver_all()) == 1


def test_an_area_that_was_drawn_and_the_whole_city(town: Any) -> None:
    west, south = b.LON - 0.0005, b.LAT - 0.0005
    near = ask_alert("a@example.org", city=town.city, bounds=(west, south, west + 0.001, south + 0.001))
    whole = ask_alert("b@example.org", city=town.city)
    far = ask_alert("c@example.org", city=town.city, bounds=(0.0, 0.0, 1.0, 1.0))
    AreaAlert.objects.update(confirmed_at=timezone.now())
    approve_publication(a_settled_case(town).pk, by=town.leader)
    told = set(Notice.objects.filter(kind="area_news").values_list("alert_id", flat=True))
    assert told == {near.pk, whole.pk}
    assert far.pk not in told


def test_the_page_itself_has_the_form_and_takes_a_place_without_script(town: Any, client: Client) -> None:
    page = client.get("/alerts/")
    assert page.status_code == 200
    assert 'name="around"' in page.content.decode()
    near, far = f"{b.LAT}, {b.LON}", f"{b.LAT + 0.01}, {b.LON}"
    for email, place in (("a@example.org", near), ("b@example.org", far)):
        sent = client.post("/alerts/", {"email": email, "around": place, "radius_m": "500", "ward": b.WARD})
        assert sent.status_code == 303, sent.content
    AreaAlert.objects.update(confirmed_at=timezone.now())
    approve_publication(a_settled_case(town).pk, by=town.leader)
    [told] = Notice.objects.filter(kind="area_news").values_list("alert_id", flat=True)
    area = AreaAlert.objects.get(pk=told).area
    west, south, east, north = area.extent
    assert (north - south) * 111_320 == pytest.approx(1000, rel=0.01)
    assert west < b.LON < east


@pytest.mark.parametrize(("around", "radius_m"), [("somewhere", "500"), ("0, 0", "500"), (f"{b.LAT}, {b.LON}", "9999")])
def test_a_place_that_is_none_is_told_and_stays(town: Any, client: Client, around: str, radius_m: str) -> None:
    answer = client.post("/alerts/", {"email": OWNER, "around": around, "radius_m": radius_m})
    assert answer.status_code in (400, 422)
    assert f'value="{around}"' in answer.content.decode()
    assert not AreaAlert.objects.exists()


def test_wishes_that_nobody_confirms_are_forgotten(town: Any, client: Client) -> None:
    ask(client)
    [confirming] = deliver_all()
    assert forget_unconfirmed(timezone.now()) == 0
    assert forget_unconfirmed(timezone.now() + CONFIRM_WITHIN + timedelta(minutes=1)) == 1
    assert bytes(AreaAlert.objects.get().ciphertext) == b""
    assert client.post(link_in(confirming, "confirm")).status_code == 404


@pytest.mark.parametrize("email", ["", "lan", "lan@", "a@b.vn, c@d.vn", "lan@example.org\nBcc: x@y.vn"])
def test_what_is_no_address_is_told_and_what_was_typed_stays(town: Any, client: Client, email: str) -> None:
    answer = ask(client, email)
    assert answer.status_code == 422
    assert "e-mail" in answer.content.decode()
    with pytest.raises(InputError):
        ask_alert(email, city=town.city)


def test_a_link_that_was_made_up_is_refused(town: Any, client: Client) -> None:
    alert = ask_alert(OWNER, city=town.city)
    assert client.post("/alerts/confirm/x.y.z/").status_code == 404
    assert client.post(f"/alerts/confirm/{end_token(alert.pk)}/").status_code == 404
    assert AdminUnit.objects.exists() and ask(client, ward="00000").status_code == 404
