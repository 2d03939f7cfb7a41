"""Codes of the closed sets (categories, states, roles, methods ...) in words for people.

One table per set; English is the message id, Vietnamese is in the catalogue. A code nobody worded is shown as it is,
with spaces, so that a new state never breaks a page.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

from cases.state_words import (
    CASE,
    CLOCK,
    CLOCK_STATE,
    DISMISS,
    EVENT,
    FLAG,
    INSPECTION,
    LATE_CAUSE,
    OUTCOME,
    PART,
    REQUEST,
    STEP,
)

CATEGORY = {
    "trading": gettext_noop("Goods and stalls"),
    "parking": gettext_noop("Vehicles on the sidewalk"),
    "parking_service": gettext_noop("Vehicle keeping"),
    "signboard": gettext_noop("Signboard, awning"),
    "material": gettext_noop("Building material, rubble"),
    "barrier": gettext_noop("Barrier, plant pots"),
    "event": gettext_noop("Wedding, funeral, event"),
    "construction": gettext_noop("Building without a permit?"),
    "other": gettext_noop("Something else"),
    "unstated": gettext_noop("Let the machine suggest"),
}
USE = CATEGORY | {
    "construction": gettext_noop("Building work"),
    "unstated": gettext_noop("Not stated"),
    "other": gettext_noop("Other"),
}
USE_CODE = {
    "trading": "LC-HANG",
    "parking": "LC-XE",
    "parking_service": "LC-GIUXE",
    "signboard": "LC-BIEN",
    "material": "LC-VL",
    "barrier": "LC-RAO",
    "event": "LC-TAM",
    "construction": "XD-KP",
    "other": "",
    "unstated": "",
}
VERDICT = {
    "flagged": gettext_noop("Flagged"),
    "undetermined": gettext_noop("Undetermined"),
    "compliant": gettext_noop("Compliant"),
}
ROLE = {
    "inspector": gettext_noop("Inspector"),
    "reviewer": gettext_noop("Reviewer"),
    "planner": gettext_noop("Planner"),
    "leader": gettext_noop("Unit leader"),
    "operator": gettext_noop("Operator"),
}
METHOD = {
    "survey": gettext_noop("surveyed"),
    "camera_homography": gettext_noop("measured by the camera"),
    "hand_held_range": gettext_noop("guessed from compass and size"),
    "camera_site": gettext_noop("the camera's own place"),
    "exif_gps": gettext_noop("read from the photo"),
    "video_telemetry": gettext_noop("read from the video's telemetry"),
    "gpx_track": gettext_noop("read from a recorded track (GPX) by the moment of the picture"),
    "video_location": gettext_noop("read from the video"),
    "sender_pin": gettext_noop("set by the sender"),
}
STAGE = {
    "receive": gettext_noop("Receiving the file"),
    "geotag": gettext_noop("Reading place and time"),
    "detect": gettext_noop("Looking at the picture"),
    "locate": gettext_noop("Finding it on the ground"),
    "check": gettext_noop("Comparing with plans and permits"),
    "open_case": gettext_noop("Opening a case"),
    "assign": gettext_noop("Assigning"),
    "inspect": gettext_noop("Awaiting the visit"),
    "publish": gettext_noop("Publishing the answer"),
}
REGISTER = {
    "admin_unit": gettext_noop("Administrative units"),
    "parcel": gettext_noop("Land parcels"),
    "zoning": gettext_noop("Zoning"),
    "overlay": gettext_noop("Overlay districts"),
    "plan_line": gettext_noop("Red lines and corridors"),
    "road": gettext_noop("Roads"),
    "sidewalk": gettext_noop("Sidewalks"),
    "permit": gettext_noop("Permits"),
    "building": gettext_noop("Building footprints"),
    "address": gettext_noop("Addresses"),
    "named_place": gettext_noop("Named places"),
}
LOAD_STATE = {
    "received": gettext_noop("received, waits for a worker"),
    "staging": gettext_noop("being read, or cut off"),
    "preview": gettext_noop("looked at only"),
    "waiting": gettext_noop("waits for a decision"),
    "confirmed": gettext_noop("confirmed, being applied"),
    "done": gettext_noop("loaded"),
    "unchanged": gettext_noop("nothing to do"),
    "refused": gettext_noop("refused"),
    "discarded": gettext_noop("discarded"),
}
REGISTER_FAULT = {
    "self_crossing": gettext_noop("Outline crosses itself"),
    "no_geometry": gettext_noop("No outline"),
    "wrong_shape": gettext_noop("Outline of another kind"),
    "duplicate_key": gettext_noop("Key stands twice"),
    "no_key": gettext_noop("No key"),
    "key_form": gettext_noop("Key fails its check"),
    "outside_city": gettext_noop("Outside the city"),
    "swapped_axes": gettext_noop("North and east swapped"),
    "impossible_date": gettext_noop("Impossible date"),
    "missing_value": gettext_noop("Value missing"),
    "not_a_number": gettext_noop("Not a number"),
    "too_long": gettext_noop("Text too long"),
    "bad_list": gettext_noop("List cannot be read"),
    "wrong_crs": gettext_noop("Another coordinate system than said"),
    "bad_page": gettext_noop("Page without data"),
    "missing_page": gettext_noop("Page missing"),
}
REGISTER_REMEDY = {
    "repaired": gettext_noop("repaired"),
    "left_out": gettext_noop("left out"),
    "kept": gettext_noop("kept as it is"),
}
PLAN_KIND = {"zoning": gettext_noop("Zoning plan"), "land_use": gettext_noop("Land-use plan")}
STANDING = {
    "in_force": gettext_noop("in force"),
    "expired": gettext_noop("expired"),
    "not_yet": gettext_noop("not yet in force"),
    "revoked": gettext_noop("revoked"),
    "in_preparation": gettext_noop("in preparation"),
    "planned": gettext_noop("planned"),
    "unknown": gettext_noop("standing unknown"),
}
PERMIT_KIND = {
    "new": gettext_noop("new building"),
    "renovation": gettext_noop("renovation"),
    "repair": gettext_noop("repair"),
    "relocation": gettext_noop("relocation"),
    "limited_term": gettext_noop("for a limited term"),
    "phased": gettext_noop("in phases"),
    "special_permit": gettext_noop("special permit"),
}
LINE_KIND = {
    "canal_corridor": gettext_noop("Canal corridor"),
    "easement": gettext_noop("Easement"),
    "red_line": gettext_noop("Red line"),
    "building_line": gettext_noop("Building line"),
    "corner_cut": gettext_noop("Corner cut"),
    "river_corridor": gettext_noop("River corridor"),
}
USE_STATE = {
    "allowed": gettext_noop("Allowed now"),
    "other_hours": gettext_noop("Not at this hour"),
    "other_days": gettext_noop("Not on this day"),
    "not_listed": gettext_noop("Not among the uses allowed here"),
    "no_data": gettext_noop("No data"),
}
NO_POSITION = {
    "not_media": gettext_noop("The file carries no place."),
    "no_metadata": gettext_noop(
        "The file carries no place. Chat apps remove it; the photo from the camera's album has it."
    ),
    "no_gps": gettext_noop("The photo carries no place: location was off in the camera."),
    "unreadable_metadata": gettext_noop("The place in the file is damaged."),
    "zero_position": gettext_noop("The phone had no satellites: the file says 0, 0."),
    "out_of_range": gettext_noop("The place in the file is impossible."),
    "impossible_value": gettext_noop("The place in the file is impossible."),
    "no_hemisphere": gettext_noop("The place in the file is incomplete."),
    "no_fix": gettext_noop("The camera had no satellites."),
}
HINT = {
    "clock_in_future": gettext_noop("The camera's clock is in the future."),
    "old_capture": gettext_noop("The picture is more than 30 days old."),
    "times_differ": gettext_noop("The camera's clock and the satellites' time differ."),
    "local_time_without_zone": gettext_noop("The camera's time has no time zone."),
    "impossible_time": gettext_noop("The file states an impossible time."),
    "impossible_bearing": gettext_noop("The file states an impossible direction."),
    "gps_measurement_void": gettext_noop("The phone marked its position as not measured."),
    "other_datum": gettext_noop("The position is in another geodetic datum."),
    "places_differ": gettext_noop("The file states two different places."),
    "chat_copy": gettext_noop("This is a copy made by a chat app, which removes place and time."),
    "pin_far_from_file": gettext_noop("The pin is far from the place in the file."),
    "edited": gettext_noop("The file names a program that edits pictures."),
    "size_differs": gettext_noop("The picture was cut after it was taken."),
    "screenshot": gettext_noop("This looks like a screenshot."),
    "screen_photo": gettext_noop("This may be a photograph of a screen."),
    "seen_before": gettext_noop("The same picture, or nearly, was sent before."),
    "seen_elsewhere": gettext_noop("The same picture, or nearly, was sent before from another place."),
}
STUCK = {
    "too_many_attempts": gettext_noop("It was tried several times without success."),
    "unexpected": gettext_noop("An unexpected fault; the log has the details."),
}
SOURCE = {
    "citizen": gettext_noop("A citizen's picture"),
    "camera": gettext_noop("Fixed camera"),
    "officer": gettext_noop("An officer's picture"),
}

TABLES: Mapping[str, Mapping[str, str]] = {
    "category": CATEGORY, "use": USE, "use_code": USE_CODE, "verdict": VERDICT, "dismiss": DISMISS, "request": REQUEST,
    "case": CASE, "inspection": INSPECTION, "flag": FLAG, "role": ROLE, "method": METHOD, "stage": STAGE,
    "register": REGISTER, "plan_kind": PLAN_KIND, "standing": STANDING,
    "permit_kind": PERMIT_KIND, "line_kind": LINE_KIND, "clock": CLOCK, "clock_state": CLOCK_STATE, "step": STEP,
    "part": PART, "late_cause": LATE_CAUSE, "event": EVENT, "use_state": USE_STATE,
    "source": SOURCE, "outcome": OUTCOME, "stuck": STUCK, "load_state": LOAD_STATE, "register_fault": REGISTER_FAULT,
    "register_remedy": REGISTER_REMEDY, "no_position": NO_POSITION, "hint": HINT,
}  # fmt: skip


def say(kind: str, code: str) -> str:
    """The words for a code of one set in the reader's language."""
    known = TABLES[kind].get(code)
    if known is None:
        return code.replace("_", " ")
    return known if kind == "use_code" else gettext(known)
