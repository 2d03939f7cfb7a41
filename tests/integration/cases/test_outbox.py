"""From an event to the provider's double: queued once, sent by each channel's own protocol, again after silence, once."""

from __future__ import annotations

import dataclasses
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from cases.actions import ReviewDecision, open_or_join_case, review_flag
from cases.actions.notifying import tell_receipt, tell_staff
from cases.actions.outbox import retry_notice, set_own_addresses
from cases.models import Case, ChannelToken, Notice, NoticeAttempt, StaffAddress
from cases.notices.kinds import NoticeKind
from cases.queries.outbox import list_channel_states, list_notices
from demo.doubles import KEYS, Doubles
from errors import Conflict, InputError
from intake.models import ReporterContact, ReporterPush
from intake.reaching import keep_push, list_channels, open_addresses
from intake.vault import seal_contact
from pipeline import deliver
from tests.integration.cases import builders as b


@pytest.fixture
def doubles(settings: Any) -> Iterator[Doubles]:
    """All providers on this machine, and settings that lead to them."""
    with Doubles() as found:
        notices = dataclasses.replace(
            settings.ENV.notices, public_url="https://viahe.example", mail_from="viahe@city.example",
            sms_url=f"{found.url}/sms", sms_token=KEYS["sms"], messenger_url=found.url, messenger_token=KEYS["messenger"],
            zalo_url=found.url, zalo_oauth_url=found.url, zalo_app_id=KEYS["zalo_app"],
            zalo_secret_key=KEYS["zalo_secret"], zalo_refresh_token="first-refresh",
            vapid_private_key=_vapid_key(), vapid_contact="mailto:ops@city.example",
        )  # fmt: skip
        settings.ENV = dataclasses.replace(settings.ENV, notices=notices)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.smtp_port
        yield found


def _vapid_key() -> str:
    from cryptography.hazmat.primitives.asymmetric import ec

    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def a_subscription(endpoint: str) -> tuple[dict[str, Any], Any]:
    """What a browser gives, and its private key."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {"p256dh": urlsafe_b64encode(public).decode(), "auth": urlsafe_b64encode(b"0123456789abcdef").decode()}
    return {"endpoint": endpoint, "keys": keys}, key


def a_request(town: Any, contact: str) -> Any:
    request = b.a_request(town.city)
    sealed = seal_contact(contact, _settings().security.vault_key)
    ReporterContact.objects.create(service_request=request, ciphertext=sealed, created_at=timezone.now())
    return request


def _settings() -> Any:
    from django.conf import settings

    return settings.ENV


def wake() -> None:
    """Time goes by: what waits is due."""
    Notice.objects.filter(state__in=["queued", "sending"]).update(next_try_at=timezone.now() - timedelta(seconds=1))


EVERY_WAY = "mai@mail.example, 0903 123 456, zalo:8123456789, messenger:5550001"


def test_a_receipt_goes_by_every_way_the_sender_left(town: Any, doubles: Doubles) -> None:
    request = a_request(town, EVERY_WAY)
    assert set(list_channels(request.pk)) == {"email", "sms", "zalo", "messenger"}
    assert tell_receipt(request.pk) == 4
    assert tell_receipt(request.pk) == 0
    assert deliver.deliver_due() == 4
    told = {message["channel"]: message for message in doubles.told.messages.values()}
    assert told["sms"]["to"] == "0903123456"
    assert told["email"]["to"] == "mai@mail.example"
    for message in told.values():
        assert request.code in message["text"]
        assert f"https://viahe.example/follow/{request.code}/?s=" in message["text"]
    assert "Đã nhận phản ánh" in told["zalo"]["text"]
    assert deliver.deliver_due() == 0
    assert max(doubles.told.requests.values()) == 1
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_the_outbox_holds_no_address_and_no_secret(town: Any, doubles: Doubles) -> None:
    request = a_request(town, EVERY_WAY)
    tell_receipt(request.pk)
    deliver.deliver_due()
    stored = json.dumps([list(Notice.objects.values_list()), list(NoticeAttempt.objects.values_list())], default=str)
    shown = str(list_notices()) + str(list_channel_states({"sms": "127.0.0.1:8090"}, now=timezone.now()))
    for secret in ("mai@mail", "0903", "8123456789", "5550001", "?s="):
        assert secret not in stored
        assert secret not in shown
    assert request.code not in shown


def test_zalo_tokens_are_refreshed_once_and_kept(town: Any, doubles: Doubles) -> None:
    for _ in range(2):
        tell_receipt(a_request(town, "zalo:8123456789").pk)
    assert deliver.deliver_due() == 2
    assert doubles.told.refreshed == 1
    doubles.told.access.clear()  # Zalo ended the token before its time
    tell_receipt(a_request(town, "zalo:8123456789").pk)
    assert deliver.deliver_due() == 1
    assert doubles.told.refreshed == 2
    kept = ChannelToken.objects.get()
    assert b"refresh" not in bytes(kept.ciphertext)
    ChannelToken.objects.update(expires_at=timezone.now())
    tell_receipt(a_request(town, "zalo:8123456789").pk)
    assert deliver.deliver_due() == 1
    assert doubles.told.refreshed == 3


def test_a_channel_that_is_down_for_a_day_loses_nothing_and_is_seen(town: Any, doubles: Doubles) -> None:
    doubles.told.down |= {"sms", "email", "zalo", "messenger"}
    request = a_request(town, EVERY_WAY)
    tell_receipt(request.pk)
    for _ in range(30):  # more tries than a day has
        wake()
        assert deliver.deliver_due() == 0
    assert set(Notice.objects.values_list("state", flat=True)) == {"queued"}
    assert Notice.objects.first().next_try_at > timezone.now() + timedelta(minutes=50)
    Notice.objects.update(next_try_at=timezone.now() - timedelta(hours=2))
    rows = {
        row.channel: row
        for row in list_channel_states({"sms": "127.0.0.1:8090", "email": "mail.example"}, now=timezone.now())
    }
    assert rows["sms"].is_late
    assert (rows["sms"].due, rows["sms"].is_on, rows["zalo"].is_on) == (1, True, False)
    assert "unreachable" in rows["sms"].last_error
    doubles.told.down.clear()
    wake()
    assert deliver.deliver_due() == 4
    assert len(doubles.told.messages) == 4


def test_what_is_not_worth_telling_any_more_is_given_up_and_can_be_sent_again(town: Any, doubles: Doubles) -> None:
    doubles.told.down.add("sms")
    tell_receipt(a_request(town, "0903123456").pk)
    Notice.objects.update(gives_up_at=timezone.now())
    deliver.deliver_due()
    notice = Notice.objects.get()
    assert (notice.state, notice.attempts) == ("failed", 1)
    doubles.told.down.clear()
    retry_notice(notice.pk)
    assert deliver.deliver_due() == 1
    with pytest.raises(Conflict):
        retry_notice(notice.pk)


def test_an_address_that_is_none_fails_at_once(town: Any, doubles: Doubles) -> None:
    for contact in ("gone@mail.example", "zalo:gone1234", "messenger:gone1234"):
        tell_receipt(a_request(town, contact).pk)
    assert deliver.deliver_due() == 0
    assert list(Notice.objects.values_list("state", flat=True)) == ["failed"] * 3


def test_wrong_keys_are_told_to_the_operator_and_tried_again(town: Any, doubles: Doubles, settings: Any) -> None:
    notices = dataclasses.replace(settings.ENV.notices, sms_token="old", messenger_token="old")
    settings.ENV = dataclasses.replace(settings.ENV, notices=notices)
    for contact in ("0903123456", "messenger:5550001"):
        tell_receipt(a_request(town, contact).pk)
    deliver.deliver_due()
    for notice in Notice.objects.all():
        assert (notice.state, notice.last_error.startswith("refused")) == ("queued", True)


def test_a_channel_without_settings_keeps_what_waits(town: Any) -> None:
    tell_receipt(a_request(town, "0903123456").pk)
    assert deliver.deliver_due() == 0
    assert (Notice.objects.get().state, Notice.objects.get().last_error) == ("queued", "channel is off")


def test_a_worker_that_died_while_sending_is_followed_and_the_provider_drops_the_second(
    town: Any, doubles: Doubles, monkeypatch: Any
) -> None:
    tell_receipt(a_request(town, "0903123456").pk)
    [leased] = deliver._lease(10)
    assert deliver._lease(10) == []  # held by the first
    with monkeypatch.context() as patch:
        patch.setattr(
            deliver, "_settle", lambda *_: (_ for _ in ()).throw(SystemExit)
        )  # killed after the provider took it
        with pytest.raises(SystemExit):
            deliver.deliver(leased)
    wake()
    assert deliver.deliver_due() == 1
    assert list(doubles.told.requests.values()) == [2]
    assert len(doubles.told.of("sms")) == 1


def test_browser_push_is_encrypted_for_the_one_browser(town: Any, doubles: Doubles) -> None:
    import http_ece

    subscription, key = a_subscription(f"{doubles.url}/push/abc")
    StaffAddress.objects.create(
        user=town.inspector, channel="web_push", address=json.dumps(subscription), added_at=timezone.now()
    )
    tell_staff([town.inspector.pk], NoticeKind.NEW_JOB, _a_case(town), key="k", due_at=timezone.now())
    assert deliver.deliver_due() == 1, Notice.objects.get().last_error
    [message] = doubles.told.of("web_push")
    plain = json.loads(
        http_ece.decrypt(bytes.fromhex(message["text"]), private_key=key, auth_secret=b"0123456789abcdef")
    )
    assert "VH-N" in plain["title"]


def test_a_browser_that_unsubscribed_is_forgotten(town: Any, doubles: Doubles) -> None:
    subscription, _ = a_subscription(f"{doubles.url}/push/gone")
    StaffAddress.objects.create(
        user=town.inspector, channel="web_push", address=json.dumps(subscription), added_at=timezone.now()
    )
    tell_staff([town.inspector.pk], NoticeKind.NEW_JOB, _a_case(town), key="k", due_at=None)
    deliver.deliver_due()
    assert Notice.objects.get().state == "failed"
    assert not StaffAddress.objects.get().is_active


def test_a_senders_browser_is_sealed_and_counted(town: Any) -> None:
    request = b.a_request(town.city)
    subscription, _ = a_subscription("https://push.example/abc")
    keep_push(request.pk, subscription)
    assert b"push.example" not in bytes(ReporterPush.objects.get().ciphertext)
    assert [found.channel for found in open_addresses(request.pk)] == ["web_push"]
    assert "push.example" not in repr(open_addresses(request.pk))
    for wrong in ({}, None, {"endpoint": "http://x", "keys": {"p256dh": "a", "auth": "b"}}):
        with pytest.raises(InputError):
            keep_push(request.pk, wrong)


def _a_case(town: Any) -> Case:
    return Case.objects.create(code="VH-N-1", city=town.city, use="trading", unit=town.office, opened_at=timezone.now())


def test_moves_of_a_report_reach_its_sender_and_the_job_its_inspector(town: Any) -> None:
    request = a_request(town, "0903123456")
    town.inspector.email = "ins@city.example"
    town.inspector.save()
    photo = b.a_citizen_photo(request)
    flag = b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    from cases.actions import assign_case

    assign_case(Case.objects.get().pk)
    kinds = list(Notice.objects.order_by("created_at").values_list("kind", "user__username"))
    assert ("received", None) in kinds
    assert ("new_job", "ins") in kinds
    job = Notice.objects.get(kind="new_job")
    assert request.code not in json.dumps(job.values)
    words = deliver._words(job)
    for secret in (request.code, "0903", "reporter", "người phản ánh"):
        assert secret not in words.title + words.text + words.link


def test_quiet_hours_hold_moves_back_but_not_the_receipt(town: Any, monkeypatch: Any) -> None:
    from datetime import UTC, datetime

    from cases.actions.notifying import tell_sender

    night = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)  # 23:00 in the city
    monkeypatch.setattr("cases.actions.notifying.timezone.now", lambda: night)
    request = a_request(town, "0903123456")
    tell_receipt(request.pk)
    tell_sender(request, NoticeKind.ANSWERED, key="answered/1")
    assert Notice.objects.get(kind="receipt").next_try_at == night
    assert Notice.objects.get(kind="answered").next_try_at == night + timedelta(hours=8)


def test_staff_say_where_they_want_to_be_told(town: Any) -> None:
    body = {"addresses": [{"channel": "email", "address": "a@b.example"}, {"channel": "sms", "address": "0903123456"}]}
    assert set_own_addresses(town.inspector, body, language="vi") == 2
    assert set_own_addresses(town.inspector, {"addresses": body["addresses"][:1]}, language="en") == 1
    assert StaffAddress.objects.filter(is_active=True).count() == 1
    for wrong in (
        {},
        {"addresses": [{"channel": "pigeon", "address": "x"}]},
        {"addresses": [{"channel": "sms", "address": "x"}]},
    ):
        with pytest.raises(InputError):
            set_own_addresses(town.inspector, wrong, language="vi")
    assert StaffAddress.objects.filter(is_active=True).count() == 1


def test_the_outbox_over_http_is_the_operators(town: Any) -> None:
    from rest_framework.authtoken.models import Token
    from rest_framework.test import APIClient

    def client(user: Any) -> Any:
        found = APIClient()
        found.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
        return found

    tell_receipt(a_request(town, "0903123456").pk)
    assert client(town.leader).get("/api/v1/notices").status_code == 403
    body = client(town.operator).get("/api/v1/notices?state=queued").json()
    assert (len(body["channels"]), len(body["notices"])) == (5, 1)
    assert (
        client(town.operator).post(f"/api/v1/notices/{uuid4()}/moves", {"to": "queued"}, format="json").status_code
        == 404
    )
    own = client(town.inspector).put(
        "/api/v1/me/addresses", {"addresses": [{"channel": "email", "address": "i@c.example"}]}, format="json"
    )
    assert own.json()["addresses"] == [{"channel": "email", "address": "i@c.example"}], own.json()
