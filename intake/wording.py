"""Sentences of intake that reach people, as message ids: English here, Vietnamese in ``locale/vi``.

Errors carry their sentences in English; whoever shows them looks them up here with each number written as ``{n}``.
Notices travel as codes and get their words from the second table; those of hints and reasons are the pages'.
"""

from __future__ import annotations

from collections.abc import Mapping

from intake.notices import Notice


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogue; Django's own would read the settings on import."""
    return message


ERROR_SENTENCES: tuple[str, ...] = (
    gettext_noop("The file is empty."),
    gettext_noop("Choose the file again."),
    gettext_noop("This is not a photo or clip that can be opened."),
    gettext_noop("Send the file as your phone took it: JPEG, PNG, WebP or HEIC, or an MP{n}, MOV, {n}GP or WebM clip."),
    gettext_noop("Send the photo as your phone took it: JPEG, PNG, WebP or HEIC."),
    gettext_noop("The file is too large."),
    gettext_noop("Send a file of at most {n} MB, or a shorter clip."),
    gettext_noop("This is a clip, not a photo."),
    gettext_noop("This is an animation, not a photo."),
    gettext_noop("Send a single photo, or a clip as MP{n}, MOV, {n}GP or WebM."),
    gettext_noop("The picture has too few pixels."),
    gettext_noop("Send a photo of at least {n} pixels on each side."),
    gettext_noop("The picture has too many pixels."),
    gettext_noop("Send a photo of at most {n} megapixels."),
    gettext_noop("The picture cannot be opened."),
    gettext_noop("The file is damaged. Send the photo again as your phone took it."),
    gettext_noop("There is no photo or clip."),
    gettext_noop("Add at least one photo or clip."),
    gettext_noop("There are too many files."),
    gettext_noop("Send at most {n} files in one report."),
    gettext_noop("The clip has no pictures in it."),
    gettext_noop("The clip cannot be opened."),
    gettext_noop("This is not a sound recording."),
    gettext_noop("Record the note again."),
    gettext_noop("The recording cannot be opened."),
    gettext_noop("There is no sound in the recording."),
    gettext_noop("The recording is too large."),
    gettext_noop("The recording is too long."),
    gettext_noop("Record a note of at most 5 minutes."),
    gettext_noop("Send WebM, Ogg or MP4 sound."),
    gettext_noop("Record the clip again, or send a photo."),
    gettext_noop("The clip is too long."),
    gettext_noop("Send a clip of at most {n} seconds."),
    gettext_noop("The clip's pictures have too many pixels."),
    gettext_noop("Record in {n}K or less."),
    gettext_noop("Half of the place is missing."),
    gettext_noop("This is not a number."),
    gettext_noop("Give both lon and lat in degrees, for example {n} and {n}, or leave both out."),
    gettext_noop("This number is not a place on Earth."),
    gettext_noop("Give a number from -{n} to {n}."),
    gettext_noop("Zero and zero is not a place here."),
    gettext_noop("Touch the place on the map, or leave the place out."),
    gettext_noop("The file does not say where it was taken."),
    gettext_noop("Touch the place on the map, or send lon and lat."),
    gettext_noop("This place is outside the area we serve."),
    gettext_noop("Move the pin to where it happened, or report to the office there."),
    gettext_noop("This kind of report is not known."),
    gettext_noop("The text is too long."),
    gettext_noop("Shorten it to {n} characters."),
    gettext_noop("This key was used for another report."),
    gettext_noop("Send the report again with a new key."),
    gettext_noop("There is no such report."),
    gettext_noop("Open the link that you got when you sent it."),
    gettext_noop("There is no such observation."),
    gettext_noop("There is no such file."),
    gettext_noop("There is no such original."),
    gettext_noop("No free code was found."),
    gettext_noop("The media store does not answer."),
    gettext_noop("The bytes changed while they were written."),
    gettext_noop("Try again in a minute."),
    gettext_noop("Take a new photo of how it looks now."),
    gettext_noop("This photo was sent before."),
    gettext_noop("By the rule '{n}'. Its hash and custody stay."),
    gettext_noop("Tell the operator: bring it back from a backup. Nothing of it may be used."),
    gettext_noop("This file was altered on the disk. It is no longer what was received."),
    gettext_noop("This file was erased when its time was over."),
    gettext_noop("A rating is {n}, {n} or {n}."),
    gettext_noop("{n} settled, {n} so-so, {n} not settled."),
    gettext_noop("A refusal needs its reason."),
    gettext_noop("Ask a second leader."),
    gettext_noop("Ask again."),
    gettext_noop("Ask through the relay."),
    gettext_noop("Load it again."),
    gettext_noop("No such opening."),
    gettext_noop("Nobody has allowed this yet."),
    gettext_noop("Nobody has asked you anything."),
    gettext_noop("Opening a sender's contact needs a reason of {n} to {n} characters."),
    gettext_noop("Say what danger or duty makes it necessary, and why the relay does not do."),
    gettext_noop("Say why."),
    gettext_noop("Send a new report."),
    gettext_noop("The message is empty."),
    gettext_noop("The time to look is over."),
    gettext_noop("This sender left no contact."),
    gettext_noop("This was asked too long ago."),
    gettext_noop("This was decided already."),
    gettext_noop("Write something."),
    gettext_noop("Send what PushManager.subscribe gave."),
    gettext_noop("This is no push subscription."),
    gettext_noop("This report has enough browsers."),
    gettext_noop("Use one of them."),
)

NOTICE_SENTENCES: Mapping[Notice, str] = {
    Notice.SAME_FILE_TWICE: gettext_noop("One file was chosen twice. It was kept once."),
    Notice.RECEIVED_BEFORE: gettext_noop("This file was received before. Your report counts as another voice."),
    Notice.CLOCK_IN_FUTURE: gettext_noop("The file's time lies in the future. Check the phone's clock."),
    Notice.CHAT_COPY: gettext_noop("A chat app took place and time out of this copy. The original photo says more."),
    Notice.PIN_FAR_FROM_FILE: gettext_noop("Your pin is far from the place in the file. Both were kept."),
}
