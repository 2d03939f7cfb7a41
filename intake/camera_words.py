"""What ails a camera, or how it is, in words for operators: states, faults of its stream, and remarks of its runner."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

STATE: Mapping[str, str] = {
    "never_run": gettext_noop("No runner has watched it yet"),
    "no_runner": gettext_noop("No runner watches it: start one with manage.py run_cameras"),
    "switched_off": gettext_noop("Switched off"),
    "no_stream": gettext_noop("It has no stream"),
    "starting": gettext_noop("Starting"),
    "connecting": gettext_noop("Connecting"),
    "live": gettext_noop("Watched"),
    "off_schedule": gettext_noop("Outside its schedule"),
    "no_calibration": gettext_noop("Not calibrated: nothing it sees can be placed"),
    "too_dark": gettext_noop("Too dark to see; nothing is judged until it is light"),
    "blank": gettext_noop("One colour only: the lens may be covered"),
    "set_up_fault": gettext_noop("Its record cannot be used"),
    "failed": gettext_noop("The reader failed and is started again"),
    "stopped": gettext_noop("Its runner was stopped"),
}
FAULT: Mapping[str, str] = {
    "no_answer": gettext_noop("Nothing answers at its address; it is tried again"),
    "stalled": gettext_noop("It stopped sending frames; it is tried again"),
    "refused": gettext_noop("The connection was refused; check address and port"),
    "network": gettext_noop("The network failed; it is tried again"),
    "not_found": gettext_noop("There is no such stream at its address"),
    "needs_password": gettext_noop("It wants a name and a password"),
    "server_fault": gettext_noop("The camera's own server reports a fault"),
    "garbage": gettext_noop("It sends bytes that are no video"),
    "no_video": gettext_noop("Its stream holds no video"),
    "ended": gettext_noop("The stream ended; it is opened again"),
    "out_of_memory": gettext_noop("The runner had too little memory; give it fewer cameras (--most)"),
    "begins_again": gettext_noop("The file begins again"),
    "resolution_changed": gettext_noop("It sends another size of frames now"),
    "clock_jumped": gettext_noop("Its clock jumped; moments are those of arrival, so nothing is lost"),
    "key_frames_only": gettext_noop("More frames come than can be decoded: only key frames are used"),
    "weights_unusable": gettext_noop("The detector's weights cannot be used: see the log of the runner"),
    "detector_failed": gettext_noop("The detector failed; it is tried again"),
    "evidence_failed": gettext_noop("A clip could not be filed; it is tried again"),
}
NOTE: Mapping[str, str] = {
    "no_notice_sign": gettext_noop("No notice sign is on record: people must be told that they are filmed"),
    "no_sidewalk_in_view": gettext_noop("No sidewalk of the register lies in its view: nothing can be flagged"),
    "no_view_footprint": gettext_noop("The size of its frames is not on record: its view cannot be drawn"),
    "no_calibration": gettext_noop("Not calibrated: nothing it sees can be placed"),
    "slowed_down": gettext_noop(
        "More is sampled than can be looked at: frames are taken less often. Start another runner, or give this one fewer "
        "cameras (--most)"
    ),
    "looks_coarsely": gettext_noop(
        "Far more is sampled than can be looked at: frames are looked at whole and once, so that small and distant things are "
        "missed. Start another runner, or give this one fewer cameras (--most)"
    ),
    "no_graphics_card": gettext_noop(
        "Its runner was asked for a graphics card (DETECTION_RUNTIME=torch) and finds none: it looks with the processor, more "
        "slowly. Mend the card's driver, or set DETECTION_RUNTIME=auto"
    ),
    "other_view": gettext_noop("Its frames have another shape than those it was calibrated with"),
    "schedule_unreadable": gettext_noop("Its schedule cannot be read: it is watched all day"),
}


def say_state(code: str) -> str:
    """How a camera is; a fault of its stream is a state too."""
    return _say(code, STATE, FAULT)


def say_fault(code: str) -> str:
    """The newest fault; empty for none."""
    return _say(code, FAULT, STATE) if code else ""


def say_note(code: str) -> str:
    """A lasting remark."""
    return _say(code, NOTE, FAULT)


def _say(code: str, *tables: Mapping[str, str]) -> str:
    found = next((table[code] for table in tables if code in table), None)
    return gettext(found) if found else code.replace("_", " ")
