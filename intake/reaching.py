"""How a sender can be reached, for the delivery of notices alone: what is sealed in the vault, opened at the moment of sending.

``list_channels`` tells only by what; ``open_addresses`` is called by the delivery and its answer is written nowhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone

from errors import InputError
from intake.models import ReporterContact, ReporterPush
from intake.vault import open_contact, seal_contact

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+?\d[\d .\-()]{7,18}\d")
_NAMED = re.compile(r"\b(zalo|messenger):([A-Za-z0-9_\-]{4,40})", re.IGNORECASE)
_PUSH_MAX = 5


@dataclass(frozen=True, slots=True)
class Address:
    """One way to a sender. ``address`` shows in no log: its text form hides it."""

    channel: str
    address: str = field(repr=False)


def list_channels(request_id: int) -> tuple[str, ...]:
    """By what the sender of a report can be reached; empty when nothing was left."""
    return tuple(dict.fromkeys(found.channel for found in open_addresses(request_id)))


def open_addresses(request_id: int) -> tuple[Address, ...]:
    """Every way to the sender. For the delivery only."""
    key = settings.ENV.security.vault_key
    contact = ReporterContact.objects.filter(service_request_id=request_id).first()
    found = list(read_contact(open_contact(bytes(contact.ciphertext), key))) if contact is not None else []
    for push in ReporterPush.objects.filter(service_request_id=request_id, is_gone=False).order_by("pk"):
        found.append(Address("web_push", open_contact(bytes(push.ciphertext), key)))
    return tuple(found)


def read_contact(text: str) -> Iterator[Address]:
    """E-mail, telephone and named accounts (``zalo:ID``, ``messenger:ID``) in what a sender typed."""
    rest = text
    for name, account in _NAMED.findall(rest):
        yield Address(name.lower(), account)
    rest = _NAMED.sub(" ", rest)
    for address in _EMAIL.findall(rest):
        yield Address("email", address)
    rest = _EMAIL.sub(" ", rest)
    for number in _PHONE.findall(rest):
        yield Address("sms", re.sub(r"[^\d+]", "", number))


def keep_push(request_id: int, subscription: object) -> None:
    """Seal a browser's push subscription for one report. InputError when it is none, or there are five already."""
    address = check_push(subscription)
    known = ReporterPush.objects.filter(service_request_id=request_id, is_gone=False)
    if known.count() >= _PUSH_MAX:
        raise InputError(
            "This report has enough browsers.", field="subscription", value=_PUSH_MAX, cure="Use one of them."
        )
    sealed = seal_contact(address, settings.ENV.security.vault_key)
    ReporterPush.objects.create(service_request_id=request_id, ciphertext=sealed, created_at=timezone.now())


def drop_push(request_id: int, address: str) -> None:
    """The browser's push service said that this subscription is gone."""
    key = settings.ENV.security.vault_key
    for push in ReporterPush.objects.filter(service_request_id=request_id, is_gone=False):
        if open_contact(bytes(push.ciphertext), key) == address:
            ReporterPush.objects.filter(pk=push.pk).update(is_gone=True)


def check_push(subscription: object) -> str:
    """A subscription as browsers give it (W3C Push API), as JSON text."""
    keys = subscription.get("keys") if isinstance(subscription, dict) else None
    endpoint = subscription.get("endpoint") if isinstance(subscription, dict) else None
    is_whole = isinstance(keys, dict) and bool(keys.get("p256dh")) and bool(keys.get("auth"))
    if not is_whole or not isinstance(endpoint, str) or not endpoint.startswith("https://") or len(endpoint) > 1000:
        raise InputError(
            "This is no push subscription.", field="subscription", value=str(endpoint)[:40],
            cure="Send what PushManager.subscribe gave.",
        )  # fmt: skip
    kept = {"endpoint": endpoint, "keys": {"p256dh": str(keys["p256dh"]), "auth": str(keys["auth"])}}  # type: ignore[index]
    return json.dumps(kept, sort_keys=True)
