"""A mail server's address as Django's settings: smtp://user:password@host:587, smtps:// for TLS from the first byte."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from errors import ConfigurationError

_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def read_mail_url(url: str) -> dict[str, str | int | bool]:
    """Django's EMAIL_* settings; none for an empty address. ConfigurationError for another kind of address."""
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ConfigurationError(
            "MAIL_URL is no mail server's address.",
            field="MAIL_URL",
            cure="smtp://, smtp+tls:// or smtps://user:password@host:port",
        )
    return {
        "EMAIL_HOST": parts.hostname, "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""), "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls", "EMAIL_USE_SSL": parts.scheme == "smtps",
    }  # fmt: skip
