"""A database of its own for the generated city, on the server of ``DATABASE_URL``; the demo's data are not touched."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from errors import ConfigurationError

_NAME = re.compile(r"[a-z][a-z0-9_]{2,40}")


def use_database(name: str) -> str:
    """Make it where it is missing and let Django mean it from now on; call before Django reads its settings.

    ConfigurationError: no server is named, or the name is the one of the running product.
    """
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        raise ConfigurationError(
            "No server is named.", field="DATABASE_URL", cure="Set it, or use `make bench-registers`."
        )
    parts = urlsplit(url)
    if not _NAME.fullmatch(name) or name == parts.path.strip("/"):
        raise ConfigurationError(
            "The generated city needs a database of its own.",
            field="database", value=name, cure="Choose another name: small letters, digits, _.",
        )  # fmt: skip
    with psycopg.connect(urlunsplit(parts._replace(scheme="postgresql")), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
    return os.environ["DATABASE_URL"]


def prepare() -> None:
    """Django set up on that database, with all tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
