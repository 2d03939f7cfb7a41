"""The web process's entry. Imports no torch, no OpenVINO, no rasterio.

What was loaded by now lives as long as the process: the collector of cycles need not walk over it again and again, which
had made every fiftieth list wait for two tenths of a second.
"""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
framework = get_wsgi_application()

from api.hot_reads import HotReads  # noqa: E402  (knows models, so that the framework is set up first)

application = HotReads(framework)


def settle() -> None:
    """Load every address and its view now instead of at the first request, and set all of it apart from the collector."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - read for what it loads
    gc.collect()
    gc.freeze()


settle()
