"""What a sender does on the page of a report: answer a question, rate, open again with a new photo. Plain forms."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.actions import answer_office
from cases.actions.reopening import rate_request, reopen_request
from errors import NotFound, ProjectError
from intake.queries import get_request
from pipeline import advance
from web.fault_words import say_fault


@require_POST
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """An answer to the office's question."""
    return _act(
        request, code, lambda known: answer_office(known, request.POST.get("text", "")), _("Your answer is on its way.")
    )


@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """Settled, so-so, not settled."""
    text = request.POST.get("score", "")
    score = int(text) if text.isdigit() else 0
    return _act(request, code, lambda known: rate_request(known, score), _("Thank you. Your view is counted."))


@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Not settled: a new photo, and another person looks."""

    def do(known: str) -> None:
        added = reopen_request(known, request.FILES.getlist("media"), reason=request.POST.get("reason", ""))
        for observation_id in added:
            advance.start(observation_id)

    return _act(request, code, do, _("Opened again. Another person will check."))


def _act(request: HttpRequest, code: str, act: Callable[[str], None], done: str) -> HttpResponse:
    """Do it for whoever holds the secret, and go back to the page; what is wrong is said there."""
    secret = request.POST.get("s", "")
    try:
        known = get_request(code, secret).code
    except NotFound:
        return HttpResponseRedirect(reverse("web:follow_find"), status=303)
    try:
        act(known)
        messages.success(request, done)
    except ProjectError as error:
        fault = say_fault(error)
        messages.error(request, f"{fault.message} {fault.cure}")
    return HttpResponseRedirect(f"{reverse('web:follow', args=[known])}?{urlencode({'s': secret})}", status=303)
