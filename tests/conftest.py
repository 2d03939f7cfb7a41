"""Translations, and servers for the tests that need them, before Django reads its settings (see ``ops.pytest_servers``)."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from ops import pytest_servers
from ops.folders import ROOT
from ops.messages import compile_messages
from ops.words import Stop
from tests.live_demo import keep_together, live_demo

__all__ = ["live_demo"]

# How long an example takes says how busy the machine is, and nothing of the code.
settings.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_machine")

_STARTED = pytest.StashKey[pytest_servers.TestServers]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers in the one process that leads the run; its test workers inherit their addresses."""
    leads = not hasattr(config, "workerinput")
    if leads and not config.option.collectonly:
        _translate()
    asked = pytest_servers.needs_servers(config.args, collect_only=config.option.collectonly)
    if leads and asked:
        try:
            config.stash[_STARTED] = pytest_servers.begin()
        except Stop as stop:
            raise pytest.UsageError(str(stop)) from stop
    if "DATABASE_URL" in os.environ and config.pluginmanager.hasplugin("django"):
        _load_settings()


def _translate() -> None:
    """Compile the catalogues: a bare run comes before anything else has, and Django, set up already, must read them anew."""
    if compile_messages():
        from django.utils.translation.reloader import translation_file_changed

        translation_file_changed(None, ROOT / "django.mo")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share the one running demo stay in one test process."""
    keep_together(items)


def _load_settings() -> None:
    """Make Django read its settings now, so that pytest-django finds them and sets Django up; make the folder of static files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings

    settings.DATABASES  # noqa: B018 - reading one loads them all
    settings.STATIC_ROOT.mkdir(
        parents=True, exist_ok=True
    )  # nothing is collected; the server of files wants the folder


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this run started."""
    started = config.stash.get(_STARTED, None)
    if started is not None:
        pytest_servers.end(started)
