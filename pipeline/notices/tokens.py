"""Keeps a channel's tokens, encrypted; one process renews at a time, and whoever waited takes what the other brought."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cases.models import ChannelToken
from pipeline.notices.message import ChannelRefuses
from pipeline.notices.zalo import Tokens

_EARLY = timedelta(minutes=5)


class KeptTokens:
    """The tokens of one channel; ``first_refresh`` is the operator's, used until a newer one is kept."""

    def __init__(self, channel: str, first_refresh: str) -> None:
        self.channel, self.first_refresh = channel, first_refresh

    def take(self) -> str:
        """The access token while it is good; empty when it must be renewed."""
        row = ChannelToken.objects.filter(channel=self.channel).first()
        if row is None or row.expires_at <= timezone.now() + _EARLY:
            return ""
        return _open(row)[0]

    def renew(self, refused: str, refresh: Callable[[str], Tokens]) -> str:
        """A new access token in place of the one that was refused."""
        now = timezone.now()
        with transaction.atomic():
            ChannelToken.objects.get_or_create(
                channel=self.channel,
                defaults={"ciphertext": _seal("", self.first_refresh), "expires_at": now, "refreshed_at": now},
            )
            row = ChannelToken.objects.select_for_update().get(channel=self.channel)
            access, kept = _open(row)
            if access and access != refused and row.expires_at > now:
                return access  # somebody else renewed it while we waited
            found = refresh(kept or self.first_refresh)
            row.ciphertext = _seal(found.access, found.refresh)
            row.expires_at, row.refreshed_at = now + timedelta(seconds=found.lives_s), now
            row.save()
        return found.access


def _fernet() -> Fernet:
    key = sha256(f"channel-tokens/{settings.ENV.security.secret_key}".encode()).digest()
    return Fernet(urlsafe_b64encode(key))


def _seal(access: str, refresh: str) -> bytes:
    return _fernet().encrypt(json.dumps([access, refresh]).encode())


def _open(row: ChannelToken) -> tuple[str, str]:
    try:
        access, refresh = json.loads(_fernet().decrypt(bytes(row.ciphertext)))
    except InvalidToken as error:
        raise ChannelRefuses("kept tokens cannot be opened: SECRET_KEY was changed") from error
    return str(access), str(refresh)
