"""Alerts of an area by e-mail: asked for, confirmed from the mailbox itself, ended by one touch. The address is sealed apart."""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import Point, Polygon
from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from errors import InputError, NotFound
from geo.models import City
from intake.models import AreaAlert
from intake.vault import open_contact, seal_contact

ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,180}\.[A-Za-z]{2,}")
CONFIRM_WITHIN = timedelta(days=2)
_CONFIRM, _END = "intake.alert.confirm", "intake.alert.end"
Bounds = tuple[float, float, float, float]


def ask_alert(
    address: str, *, city: City, unit_code: str = "", bounds: Bounds | None = None, language: str = "vi"
) -> AreaAlert:
    """Keep a wish that its owner has to confirm. The same wish again gives the same row. InputError: no address."""
    plain = address.strip()
    if not ADDRESS.fullmatch(plain):
        raise InputError(
            "This is no e-mail address.", field="email", value=plain[:80], cure="Write it as name@example.org."
        )
    area = Polygon.from_bbox(bounds) if bounds else None
    mark = _mark(plain, f"{city.pk}/{unit_code}/{bounds or ''}")
    sealed = seal_contact(plain, settings.ENV.security.vault_key)
    alert, _ = AreaAlert.objects.get_or_create(
        mark=mark,
        defaults={
            "ciphertext": sealed, "city": city, "unit_code": unit_code, "area": area, "language": language,
            "asked_at": timezone.now(),
        },
    )  # fmt: skip
    return alert


def confirm_alert(token: str) -> AreaAlert:
    """The owner's yes, from the link in the mail. NotFound when the link is forged, too old or was ended."""
    alert = _find(token, _CONFIRM, CONFIRM_WITHIN)
    if alert.confirmed_at is None:
        alert.confirmed_at = timezone.now()
        alert.save(update_fields=["confirmed_at"])
    return alert


def end_alert(token: str) -> AreaAlert:
    """No more mail; the address is forgotten at once. Twice changes nothing."""
    with transaction.atomic():
        alert = _find(token, _END, None, with_ended=True)
        if alert.ended_at is None:
            _forget(alert)
    return alert


def peek_alert(token: str, *, is_end: bool) -> AreaAlert:
    """What a link is about, before its button is pressed. NotFound as by the button."""
    return _find(token, _END, None, with_ended=True) if is_end else _find(token, _CONFIRM, CONFIRM_WITHIN)


def end_unreachable(alert_id: UUID) -> None:
    """The mail server says that there is no such mailbox."""
    for alert in AreaAlert.objects.filter(pk=alert_id, ended_at=None):
        _forget(alert)


def forget_unconfirmed(now: datetime) -> int:
    """Forget wishes that nobody confirmed in time; how many."""
    late = AreaAlert.objects.filter(confirmed_at=None, ended_at=None, asked_at__lt=now - CONFIRM_WITHIN)
    return sum(_forget(alert) for alert in late)


def list_alerts_for(*, city_id: int, unit_code: str, point: Point | None) -> QuerySet[AreaAlert]:
    """Confirmed alerts that a place lies in: of its ward, of a drawn area around it, or of the whole city."""
    wanted = Q(unit_code="", area=None)
    if unit_code:
        wanted |= Q(unit_code=unit_code)
    if point is not None:
        wanted |= Q(area__intersects=point)
    return AreaAlert.objects.filter(wanted, city_id=city_id, confirmed_at__isnull=False, ended_at=None)


def open_alert_address(alert_id: UUID) -> str:
    """The address, for the delivery alone; empty once ended."""
    sealed = AreaAlert.objects.filter(pk=alert_id, ended_at=None).values_list("ciphertext", flat=True).first()
    return open_contact(bytes(sealed), settings.ENV.security.vault_key) if sealed else ""


def confirm_token(alert_id: UUID) -> str:
    """What the confirming link carries."""
    return signing.TimestampSigner(salt=_CONFIRM, sep=".").sign(alert_id.hex)


def end_token(alert_id: UUID) -> str:
    """What the link that ends an alert carries; good for ever."""
    return signing.TimestampSigner(salt=_END, sep=".").sign(alert_id.hex)


def _find(token: str, salt: str, within: timedelta | None, *, with_ended: bool = False) -> AreaAlert:
    try:
        key = signing.TimestampSigner(salt=salt, sep=".").unsign(token, max_age=within)
        alert = AreaAlert.objects.select_related("city").defer("city__geometry").filter(pk=UUID(hex=key)).first()
    except (signing.BadSignature, ValueError) as error:
        raise _gone() from error
    if alert is None or (alert.ended_at is not None and not with_ended):
        raise _gone()
    return alert


def _forget(alert: AreaAlert) -> int:
    alert.ciphertext, alert.mark, alert.ended_at = b"", "", timezone.now()
    alert.save(update_fields=["ciphertext", "mark", "ended_at"])
    return 1


def _mark(address: str, area: str) -> str:
    key = settings.ENV.security.vault_key.encode()
    return hmac.new(key, f"{address.lower()}\n{area}".encode(), sha256).hexdigest()


def _gone() -> NotFound:
    return NotFound("This link is no longer good.", field="alert", cure="Ask for the alert again.")
