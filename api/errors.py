"""Every failure as one answer: ``{"type", "title", "errors": [{field, value, message, cure, code}]}`` with the right status.

``answer_error`` is the framework's exception handler. Sentences come in the reader's language; one that nobody translated
is replaced by the general sentence of its kind, so that no answer mixes languages. What nobody expected is logged with
an id and told without a word of how it happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from psycopg_pool import PoolTimeout
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

import errors

log = structlog.get_logger("api")
STATUS: tuple[tuple[type[errors.ProjectError], int], ...] = (
    (errors.MediaTooLarge, 413),
    (errors.UnreadableMedia, 422),
    (errors.InputError, 400),
    (errors.PlaceError, 422),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.NotAllowed, 403),
    (errors.TemporaryError, 503),
    (errors.ConfigurationError, 500),
    (errors.ProjectError, 500),
)
TITLE: Mapping[str, str] = {
    "input": gettext_noop("What was sent cannot be used."),
    "unreadable_media": gettext_noop("This file cannot be opened as a photo or video."),
    "media_too_large": gettext_noop("The file is too large."),
    "not_found": gettext_noop("Not found."),
    "conflict": gettext_noop("Somebody was here before you."),
    "not_allowed": gettext_noop("Your role does not allow this."),
    "place": gettext_noop("This place cannot be used."),
    "temporary": gettext_noop("A part of the system does not answer just now."),
    "configuration": gettext_noop("The system is not set up correctly."),
    "not_signed_in": gettext_noop("Sign in first, or send your token."),
    "method": gettext_noop("This address does not take that method."),
    "media_type": gettext_noop("This form of sending is not understood."),
    "throttled": gettext_noop("Too many reports from here just now."),
    "unexpected": gettext_noop("Something went wrong on our side."),
}
CURE: Mapping[str, str] = {
    "input": gettext_noop("Correct the field and send again."),
    "unreadable_media": gettext_noop("Choose another photo or video."),
    "media_too_large": gettext_noop("Choose a smaller file."),
    "not_found": gettext_noop("Check the link or the code."),
    "conflict": gettext_noop("Load it again and decide again."),
    "not_allowed": gettext_noop("Ask the leader of your unit."),
    "place": gettext_noop("Correct the place."),
    "temporary": gettext_noop("Try again in a minute."),
    "configuration": gettext_noop("Tell the operator."),
    "not_signed_in": gettext_noop("Send the header: Authorization: Token <token>."),
    "method": gettext_noop("See the description at /api/v1/openapi.json."),
    "media_type": gettext_noop("See the description at /api/v1/openapi.json."),
    "throttled": gettext_noop("Wait and send again; nothing was lost on your side."),
    "unexpected": gettext_noop("Try again; if it stays, tell the operator this number: %(number)s."),
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FRAMEWORK: tuple[tuple[type[Exception], str, int], ...] = (
    (exceptions.NotAuthenticated, "not_signed_in", 401),
    (exceptions.AuthenticationFailed, "not_signed_in", 401),
    (exceptions.PermissionDenied, "not_allowed", 403),
    (PermissionDenied, "not_allowed", 403),
    (exceptions.NotFound, "not_found", 404),
    (Http404, "not_found", 404),
    (exceptions.MethodNotAllowed, "method", 405),
    (exceptions.NotAcceptable, "media_type", 406),
    (exceptions.UnsupportedMediaType, "media_type", 415),
    (RequestDataTooBig, "media_too_large", 413),
    (TooManyFilesSent, "media_too_large", 413),
    (exceptions.ParseError, "input", 400),
    (SuspiciousOperation, "input", 400),
    (OperationalError, "temporary", 503),
    (InterfaceError, "temporary", 503),
    (PoolTimeout, "temporary", 503),
)


def get_status(error: errors.ProjectError) -> int:
    """The HTTP status of one of our errors."""
    return next(code for kind, code in STATUS if isinstance(error, kind))


def answer_error(error: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to any exception of a view; nothing half-written stays behind."""
    set_rollback()
    if isinstance(error, errors.ProjectError):
        return _answer_ours(error, context)
    if isinstance(error, exceptions.ValidationError):
        return _answer("input", 400, list(_walk_validation(error.detail)))
    if isinstance(error, exceptions.Throttled):
        headers = {"Retry-After": str(int(getattr(error, "wait", None) or 60) + 1)}
        return _answer("throttled", 429, [_item("throttled")], headers)
    for kind, name, code in _FRAMEWORK:
        if isinstance(error, kind):
            headers = {"WWW-Authenticate": "Token"} if code == status.HTTP_401_UNAUTHORIZED else {}
            headers |= {"Retry-After": "30"} if code == status.HTTP_503_SERVICE_UNAVAILABLE else {}
            return _answer(name, code, [_item(name)], headers)
    return _answer_unexpected(error, context)


def _answer_ours(error: errors.ProjectError, context: Mapping[str, Any]) -> Response:
    code = get_status(error)
    if code >= status.HTTP_500_INTERNAL_SERVER_ERROR:
        log.error("request_failed", error=error.code, detail=str(error), view=_view_name(context))
    said = error.message if error.is_worded else _say(error, 0)
    message = said or gettext(TITLE.get(error.code, TITLE["unexpected"]))
    cure = _say(error, 1) or gettext(CURE.get(error.code, CURE["configuration"]))
    item = {"field": error.field, "value": error.value, "message": message, "cure": cure, "code": error.code}
    return _answer(
        error.code, code, [item], {"Retry-After": "30"} if code == status.HTTP_503_SERVICE_UNAVAILABLE else {}
    )


def _answer_unexpected(error: Exception, context: Mapping[str, Any]) -> Response:
    number = uuid4().hex[:12]
    log.error("unexpected", number=number, view=_view_name(context), exc_info=error)
    item = _item("unexpected") | {"cure": gettext(CURE["unexpected"]) % {"number": number}}
    return _answer("unexpected", 500, [item])


def _answer(name: str, code: int, items: list[dict[str, str]], headers: Mapping[str, str] | None = None) -> Response:
    title = gettext(TITLE.get(name, TITLE["unexpected"]))
    return Response({"type": name, "title": title, "errors": items}, status=code, headers=dict(headers or {}))


def _item(name: str) -> dict[str, str]:
    return {"field": "", "value": "", "message": gettext(TITLE[name]), "cure": gettext(CURE[name]), "code": name}


def _walk_validation(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    """The framework's nested complaints as flat items; its sentences come translated already."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _walk_validation(inner, f"{field}.{name}" if field else str(name))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _walk_validation(inner, field)
    else:
        code = str(getattr(detail, "code", "invalid"))
        yield {"field": field, "value": "", "message": str(detail), "cure": gettext(CURE["input"]), "code": code}


def _say(error: errors.ProjectError, which: int) -> str:
    """Message (0) or cure (1) in the reader's language; empty when it cannot be said in it."""
    template, sentence = error.templates[which], (error.message, error.cure)[which]
    if error.names is None or translation.get_language() == "en":
        return _translate(sentence)
    said = gettext(template) if template else ""
    return "" if said == template else said.format_map(error.names)


def _translate(sentence: str) -> str:
    """The sentence in the reader's language, numbers put back in; empty when it cannot be said in it."""
    if not sentence or translation.get_language() == "en":
        return sentence
    template = _NUMBER.sub("{n}", sentence)
    said = gettext(template)
    if said == template:
        return ""
    numbers = iter(_NUMBER.findall(sentence))
    return re.sub(r"\{n\}", lambda _: next(numbers, ""), said)


def _view_name(context: Mapping[str, Any]) -> str:
    view = context.get("view")
    return type(view).__name__ if view is not None else ""
