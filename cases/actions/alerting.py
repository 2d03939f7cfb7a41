"""Mail about settled cases of an area: the one that asks for a yes, and the news of what was let out. Through the outbox."""

from __future__ import annotations

from django.utils import translation

from cases.actions.notifying import tell_alert
from cases.models import Case
from cases.notices.kinds import NoticeKind
from geo.models import AdminUnit, City
from geo.today import today_in
from intake.area_alerts import Bounds, ask_alert, list_alerts_for
from intake.models import AreaAlert


def subscribe_to_area(
    address: str, *, city: City, unit_code: str = "", bounds: Bounds | None = None, language: str = "vi"
) -> int:
    """Ask the owner of an address for a yes; at most one such mail a day. InputError when it is no address.

    Whether the address was known already is not told: the page says the same to everybody.
    """
    alert = ask_alert(address, city=city, unit_code=unit_code, bounds=bounds, language=language)
    if alert.confirmed_at is not None:
        return 0
    key = f"{NoticeKind.ALERT_CONFIRM}/{alert.pk}/{today_in(city.timezone).isoformat()}"
    return tell_alert(alert, NoticeKind.ALERT_CONFIRM, key=key, area=name_area(alert))


def tell_area(case: Case, *, edition: str) -> int:
    """News of a case that was just let out, to everybody whose area it lies in; how many. ``edition`` tells one letting
    out from the next. Called inside the transaction that lets it out."""
    alerts = list_alerts_for(city_id=case.city_id, unit_code=case.unit_code, point=case.point)
    return sum(
        tell_alert(
            alert, NoticeKind.AREA_NEWS, key=f"{NoticeKind.AREA_NEWS}/{case.pk}/{edition}/{alert.pk}",
            area=name_area(alert), case=case,
        )
        for alert in alerts.select_related("city").defer("city__geometry")
    )  # fmt: skip


def name_area(alert: AreaAlert) -> str:
    """The area in the alert's language: the ward, the drawn area, or the city."""
    city = alert.city
    whole = (city.name_en if alert.language == "en" else "") or city.name_vi or city.slug
    if alert.unit_code:
        units = AdminUnit.objects.filter(city=city, code=alert.unit_code, is_listed=True)
        return units.values_list("name", flat=True).first() or alert.unit_code
    with translation.override(alert.language):
        return translation.gettext("the area you drew") if alert.area else whole
