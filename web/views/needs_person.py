"""``/needs-person/``: observations whose pipeline could not finish, for operators: why, and one button to try again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from errors import InputError
from pipeline import advance
from pipeline.queries import list_needing_person
from web.access import readers_only
from web.answers import answer_page
from web.queries.people import Reader


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@readers_only(lambda reader: reader.may_operate)
def show_list(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The list; a POST tries one observation once more."""
    if request.method == "POST":
        if advance.resume(_read_id(request.POST.get("observation", ""))):
            messages.success(request, _("Tried once more. It leaves this list when it succeeds."))
        else:
            messages.info(request, _("It is at work already, or finished."))
        return HttpResponseRedirect(reverse("web:needs_person"), status=303)
    return answer_page(request, "web/needs_person.html", {"stuck": list_needing_person()}, here="needs_person")


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InputError("No such observation.", field="observation", value=text) from error
