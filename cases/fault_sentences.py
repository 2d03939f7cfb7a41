"""Sentences of errors of this room that reach people, as message ids: numbers are written ``{n}``. Their Vietnamese is in the
room's catalogue; whoever shows an error looks its sentence up by the number-free form.
"""

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("This photo was sent before."),
    gettext_noop("Take a new photo of how it looks now."),
    gettext_noop("Opening again needs a new photo."),
    gettext_noop("Take a photo of how it looks now."),
    gettext_noop("This report was opened again twice already."),
    gettext_noop("Send a new report."),
    gettext_noop("There is no answer to rate yet."),
    gettext_noop("Wait for the answer."),
    gettext_noop("Nobody has asked you anything."),
    gettext_noop("The message is empty."),
    gettext_noop("Write something."),
    gettext_noop("What is late needs one of the ten causes."),
    gettext_noop("A pause needs the paper that shows it."),
    gettext_noop("A pause needs a reason of this clock."),
    gettext_noop("This clock stands still already."),
    gettext_noop("Let it run first."),
    gettext_noop("This clock is not paused."),
    gettext_noop("This clock is not running."),
    gettext_noop("This clock is not late."),
    gettext_noop("By its policy this clock never stands still."),
    gettext_noop("Load the case again."),
    gettext_noop("Two persons open a contact: who asked cannot allow it."),
    gettext_noop("Opening a sender's contact needs a reason of {n} to {n} characters."),
    gettext_noop("This file was altered on the disk. It is no longer what was received."),
    gettext_noop("Tell the operator: bring it back from a backup. Nothing of it may be used."),
    gettext_noop("This file was erased when its time was over."),
    gettext_noop("Taking evidence out needs a reason of {n} to {n} characters."),
    gettext_noop("Say for whom the pack is, and what for."),
)
