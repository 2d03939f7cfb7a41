"""``/sign-in/`` and ``/sign-out/`` for staff. Too many wrong tries lock a name at an address for a quarter of an hour."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from web.answers import answer_page


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form; after signing in, back to where the reader wanted to go."""
    target = _read_target(request)
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(target)
        return answer_page(request, "web/sign_in.html", {"next": target})
    form = AuthenticationForm(request, data=request.POST)
    if form.is_valid():
        login(request, form.get_user())
        return HttpResponseRedirect(target, status=303)
    context = {"next": target, "username": request.POST.get("username", ""), "is_wrong": True}
    return answer_page(request, "web/sign_in.html", context, status=422)


def answer_locked(request: HttpRequest, *_: object) -> HttpResponse:
    """After too many wrong tries (``AXES_LOCKOUT_CALLABLE``): the form again, saying for how long the name is locked."""
    context = {"next": _read_target(request), "username": request.POST.get("username", ""), "is_locked": True}
    return answer_page(request, "web/sign_in.html", context, status=429)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave; the first page follows."""
    logout(request)
    return HttpResponseRedirect("/", status=303)


def _read_target(request: HttpRequest) -> str:
    """The page asked for before signing in, only if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else "/"
