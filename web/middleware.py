"""Language and faults of the pages for people.

Pages speak the city's own language until the reader chooses another in the header; the language of the browser is asked
only by the interface for machines. Errors of our own tree become pages with the right status and the cure.
"""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from errors import Conflict, InputError, MediaTooLarge, NotAllowed, NotFound, PlaceError, ProjectError, TemporaryError
from web.answers import answer_fault

log = structlog.get_logger("web")
STATUS: tuple[tuple[type[ProjectError], int], ...] = (
    (MediaTooLarge, 413), (InputError, 422), (PlaceError, 422), (NotFound, 404), (NotAllowed, 403), (Conflict, 409),
    (TemporaryError, 503),
)  # fmt: skip


class ChosenLanguageMiddleware(LocaleMiddleware):
    """The language of the cookie, else the default; ``/api/`` follows what the client accepts."""

    def process_request(self, request: HttpRequest) -> None:
        """Set the language of this request."""
        if request.path_info.startswith("/api/"):
            super().process_request(request)
            return
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        translation.activate(chosen if chosen in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


class FaultPageMiddleware:
    """What a page's view raises becomes a page: our own errors with their cure, an unreachable store as 503."""

    def __init__(self, get_response) -> None:  # type: ignore[no-untyped-def]
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; only exceptions are of interest here."""
        answer: HttpResponse = self.get_response(request)
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for a fault of a web view; None leaves the rest to Django."""
        match = request.resolver_match
        if match is None or "web" not in match.namespaces:
            return None
        if isinstance(error, OperationalError | InterfaceError):
            log.warning("store_unreachable", path_name=match.view_name, error=type(error).__name__)
            return answer_fault(request, 503)
        if not isinstance(error, ProjectError):
            return None
        return answer_fault(request, status_of(error), error)


def status_of(error: ProjectError) -> int:
    """The HTTP status of an error of our tree."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)
