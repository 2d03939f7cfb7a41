"""Hands a checked draft over to intake and puts its observations on their way."""

from __future__ import annotations

from django.utils import translation

from errors import InputError
from intake.actions import ExtraWishes, ReceivedRequest, receive_request
from intake.uploads import UploadedMedia
from pipeline import advance
from web.drafts import Draft
from web.queries.nearby import find_open_case_use
from web.report_form import PlaceForm


def send_report(draft: Draft, form: PlaceForm, *, has_place: bool) -> ReceivedRequest:
    """The report as received. InputError and PlaceError name what the sender can cure.

    ``joins`` names an open case here as the same matter: its use is taken, so that the report joins it.
    """
    if not has_place:
        cure = "Touch the place on the map, or type its coordinates."
        raise InputError("Nobody knows yet where this is.", field="place", value="", cure=cure)
    joined_use = find_open_case_use(form.joins) if form.joins else ""
    received = receive_request(
        [UploadedMedia(file.name, file.path) for file in draft.files],
        category=joined_use or form.category,
        description=form.description or draft.description,
        pin=form.pin,
        contact=form.contact,
        channel="web",
        language=translation.get_language() or "vi",
        extra=ExtraWishes(
            with_route=form.with_route,
            answers=form.answers if not joined_use or joined_use == form.category else (),
            joins_case=form.joins if joined_use else "",
            track=draft.track,
        ),
        idempotency_key=form.key or draft.token.rpartition(".")[0][-80:],
    )
    for observation_id in received.observation_ids:
        advance.start(observation_id)
    return received
