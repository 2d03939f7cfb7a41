"""Sentences of errors of this room that reach people, as message ids; their Vietnamese is in the room's catalogue."""

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("The law was changed since you looked."),
    gettext_noop("The law has no such item."),
    gettext_noop("This item has another value by now."),
    gettext_noop("Look at it again."),
    gettext_noop("Load the page again."),
    gettext_noop("Nobody has confirmed this here."),
    gettext_noop("No law is loaded for this city."),
)
