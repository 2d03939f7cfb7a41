"""The form of every endpoint: who may call it, in which language it answers, and its person's rights, read once.

A view names its callers by ``may_call``: ``ANYONE``, or the roles of which one is needed. The description repeats it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import translation
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from api.plain import Json, schema_of
from cases.permissions import Rights, read_rights
from cases.roles import Role
from errors import InputError, NotAllowed

Method = TypeVar("Method", bound=Callable[..., Any])
ANYONE: frozenset[Role] = frozenset()
LANG = OpenApiParameter(
    "lang", str, enum=["vi", "en"], description="Language of the words; else Accept-Language, else vi."
)
_FAULT_ITEM = {name: {"type": "string"} for name in ("field", "value", "message", "cure", "code")}
FAULT: Json = {
    "type": "object",
    "description": "What was wrong, the value, and the cure.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "properties": _FAULT_ITEM}},
    },
    "required": ["type", "title", "errors"],
}
_FAULT_WORDS: Mapping[int, str] = {
    400: "A field cannot be used; it is named with its value and the cure.",
    401: "Nobody is signed in and no token was sent.",
    403: "The role or unit does not give this right.",
    404: "No such thing, or not for you.",
    409: "An illegal move, or somebody else was first: load again.",
    413: "Too many bytes.",
    422: "The file or the place cannot be used.",
    429: "Too many reports from this address.",
}


class CallerMay(BasePermission):
    """Lets in the roles that the view names."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """True, or the exception that says what is missing."""
        wanted: frozenset[Role] = getattr(view, "may_call", frozenset(Role))
        if not wanted:
            return True
        if not request.user.is_authenticated:
            raise NotAuthenticated
        if not rights_of(request).holds(wanted):
            names = ", ".join(sorted(wanted))
            raise NotAllowed("Your role does not allow this.", cure=f"This is for: {names}.")
        return True


class Endpoint(APIView):
    """Base of all views."""

    may_call: ClassVar[frozenset[Role]] = frozenset(Role)
    permission_classes = [CallerMay]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Choose the language first, so that a refusal is said in it too."""
        asked = request.query_params.get("lang", "")
        if asked in dict(settings.LANGUAGES):
            translation.activate(asked)
        super().initial(request, *args, **kwargs)
        _refuse_zero_bytes({**request.query_params.dict(), **kwargs})


def _refuse_zero_bytes(given: Mapping[str, Any]) -> None:
    """No keyboard makes them and no database keeps them."""
    for name, value in given.items():
        if isinstance(value, str) and "\x00" in value:
            raise InputError(
                "The text holds a zero byte.", field=name, value=value.replace("\x00", "\\0"), cure="Leave it out."
            )


def rights_of(request: Request) -> Rights:
    """The caller's rights of today, read once per request."""
    rights: Rights | None = getattr(request, "_rights", None)
    if rights is None:
        rights = read_rights(request.user)
        request._rights = rights  # type: ignore[attr-defined]
    return rights


def person_of(request: Request) -> AbstractBaseUser:
    """Who is signed in."""
    user = request.user
    if not isinstance(user, AbstractBaseUser):
        raise NotAuthenticated
    return user


def language_of(_request: Request) -> str:
    """The language of this answer."""
    return translation.get_language() or settings.LANGUAGE_CODE


def describe(
    summary: str, text: str, *, who: Iterable[Role], answer: Any = None, answer_schema: Json | None = None,
    status: int = 200, faults: Iterable[int] = (400,), parameters: Iterable[OpenApiParameter] = (), body: Any = None,
    example: Any = None, tag: str = "",
) -> Callable[[Method], Method]:  # fmt: skip
    """Describe one method: what it does, who may call it, what it takes and answers."""
    names = sorted(who)
    callers = f"**Who may call:** {', '.join(names) if names else 'anyone, no account needed'}."
    schema = answer_schema if answer_schema is not None else schema_of(answer) if answer is not None else None
    examples = [OpenApiExample("Example", value=example, response_only=True)] if example is not None else []
    known = dict.fromkeys([*faults, *([401, 403] if names else [])])
    responses: dict[int, Any] = {status: OpenApiResponse(schema, description=summary, examples=examples)}
    responses |= {code: OpenApiResponse(FAULT, description=_FAULT_WORDS[code]) for code in sorted(known)}
    decorate: Callable[[Method], Method] = extend_schema(
        operation_id=summary.lower().replace(" ", "_"),
        summary=summary,
        description=f"{text}\n\n{callers}",
        parameters=[LANG, *parameters],
        request=body,
        responses=responses,
        tags=[tag] if tag else None,
        auth=[] if not names else None,
    )
    return decorate
