"""Who may open a page: signed in, and with one of the roles. Visitors are led to the sign-in page and back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from errors import NotAllowed
from web.queries.people import Reader, read_reader


def signed_in(request: HttpRequest) -> AbstractBaseUser:
    """Who is signed in; NotAllowed for a visitor."""
    if not isinstance(request.user, AbstractBaseUser):
        raise NotAllowed("Sign in first.", cure="Sign in and try again.")
    return request.user


View = Callable[..., HttpResponse]


def readers_only(may: Callable[[Reader], bool]) -> Callable[[View], View]:
    """Open a view to readers for whom ``may`` holds; the reader is handed on as the second argument."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            reader = read_reader(request.user)
            if not may(reader):
                raise NotAllowed("This page is not open to your role.", cure="Ask the leader of your unit.")
            return view(request, reader, *args, **kwargs)

        return guarded

    return guard
