"""``/outbox/``: channels and notices for operators: what waits, what failed and why, and one button to send it again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.actions.outbox import retry_notice
from cases.queries.outbox import list_channel_states, list_notices
from errors import InputError
from pipeline.notices.channels import list_switched_on
from web.access import readers_only
from web.answers import answer_page
from web.queries.people import Reader


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@readers_only(lambda reader: reader.may_operate)
def show_outbox(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The page; a POST queues one failed notice again."""
    if request.method == "POST":
        retry_notice(_read_id(request.POST.get("notice", "")))
        messages.success(request, _("Queued again."))
        return HttpResponseRedirect(reverse("web:outbox"), status=303)
    context = {
        "channels": list_channel_states(list_switched_on(), now=timezone.now()),
        "failed": [*list_notices(state="failed"), *list_notices(state="skipped")],
    }
    return answer_page(request, "web/outbox.html", context, here="needs_person")


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InputError("No such notice.", field="notice", value=text) from error
