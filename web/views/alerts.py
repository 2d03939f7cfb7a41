"""``/alerts/``: news of settled cases of a ward, or around a place, by e-mail.

Asked for here, confirmed from the mailbox, ended by one touch. A link in a mail only shows a button:
programs that open every link of a mail neither confirm nor end anything.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.actions.alerting import name_area, subscribe_to_area
from errors import InputError, NotFound, PlaceError
from geo.box import box_around
from geo.models import AdminUnit, City
from geo.queries import read_typed_place
from intake.area_alerts import Bounds, confirm_alert, end_alert, peek_alert
from web.answers import answer_page
from web.fault_words import say_fault
from web.middleware import status_of
from web.throttle import is_over_limit
from web.views.public_cases import RADII_M, answer_public_list


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form, and one wish. What is answered does not tell whether the address was known."""
    if request.method != "POST":
        return answer_public_list(request)
    city = City.objects.defer("geometry").filter(is_default=True).first()
    if city is None:
        raise NotFound("No city is loaded.", field="city", cure="Try again later.")
    if is_over_limit(request):
        raise InputError("Many wishes came from this connection.", field="email", value="", cure="Wait an hour.")
    ward = request.POST.get("ward", "")[:20]
    if ward and not AdminUnit.objects.filter(city=city, code=ward, is_listed=True).exists():
        raise NotFound("There is no such ward.", field="ward", value=ward, cure="Choose one of the list.")
    try:
        language = translation.get_language() or "vi"
        bounds = _read_area(request.POST, city)
        subscribe_to_area(
            request.POST.get("email", ""),
            city=city,
            unit_code="" if bounds else ward,
            bounds=bounds,
            language=language[:2],
        )
    except (InputError, PlaceError) as error:
        return answer_public_list(request, fault=say_fault(error), typed=request.POST.dict(), status=status_of(error))
    messages.success(
        request, _("If the address is right, a mail is on its way. Nothing more is sent before you say yes in it.")
    )
    return HttpResponseRedirect(f"{reverse('web:cases')}#alerts", status=303)


def _read_area(typed: QueryDict, city: City) -> Bounds | None:
    """The square around the typed place, in degrees; None where no place was typed. InputError, PlaceError: no such place."""
    around = typed.get("around", "").strip()[:80]
    if not around:
        return None
    text = typed.get("radius_m", "")
    if text not in RADII_M:
        raise InputError(
            "There is no such distance.", field="radius_m", value=text[:20], cure="Choose one of the list."
        )
    place = read_typed_place(around, city.slug)
    bounds: Bounds = box_around(place.lon, place.lat, int(text)).extent
    return bounds


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The owner's yes: the button, and after it what holds now."""
    is_done = request.method == "POST"
    alert = confirm_alert(token) if is_done else peek_alert(token, is_end=False)
    context = {"area": name_area(alert), "act": "confirm", "is_done": is_done}
    return answer_page(request, "web/alert.html", context, here="cases")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """The end: the button, and after it that the address is forgotten."""
    is_done = request.method == "POST"
    alert = end_alert(token) if is_done else peek_alert(token, is_end=True)
    context = {"area": name_area(alert), "act": "end", "is_done": is_done}
    return answer_page(request, "web/alert.html", context, here="cases")
