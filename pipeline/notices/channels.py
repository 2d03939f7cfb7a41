"""The channels that the settings switch on. One without its settings is off: its notices wait and the outbox says so."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from cases.notices.kinds import Channel as Name
from pipeline.notices.email import EmailChannel
from pipeline.notices.message import Channel
from pipeline.notices.messenger import MessengerChannel
from pipeline.notices.sms import SmsChannel
from pipeline.notices.tokens import KeptTokens
from pipeline.notices.web_push import WebPushChannel
from pipeline.notices.zalo import ZaloChannel


def find_channel(name: str) -> Channel | None:
    """The channel of that name, or None when its settings are not given."""
    asked = settings.ENV.notices
    if name == Name.EMAIL and asked.mail_from:
        return EmailChannel(asked.mail_from)
    if name == Name.WEB_PUSH and asked.vapid_private_key:
        return WebPushChannel(asked.vapid_private_key, asked.vapid_contact)
    if name == Name.SMS and asked.sms_url:
        return SmsChannel(asked.sms_url, asked.sms_token, asked.sms_sender)
    if name == Name.MESSENGER and asked.messenger_token:
        return MessengerChannel(asked.messenger_url, asked.messenger_token)
    if name == Name.ZALO and asked.zalo_app_id:
        kept = KeptTokens(Name.ZALO.value, asked.zalo_refresh_token)
        return ZaloChannel(
            asked.zalo_url, asked.zalo_oauth_url, asked.zalo_app_id, asked.zalo_secret_key, take=kept.take,
            renew=kept.renew,
        )  # fmt: skip
    return None


def list_switched_on() -> dict[str, str]:
    """Channels with settings, each with the host it goes to; empty for browsers, which name their own."""
    return {name.value: _host(name) for name in Name if find_channel(name.value) is not None}


def _host(name: Name) -> str:
    asked = settings.ENV.notices
    urls = {Name.SMS: asked.sms_url, Name.MESSENGER: asked.messenger_url, Name.ZALO: asked.zalo_url}
    if name is Name.EMAIL:
        return str(getattr(settings, "EMAIL_HOST", ""))
    return urlsplit(urls.get(name, "")).netloc
