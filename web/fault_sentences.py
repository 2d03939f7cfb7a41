"""Sentences of errors that reach pages, as message ids: numbers are written ``{n}``, quoted codes ``'{w}'``.

Those of ``intake`` are in its own ``wording``; those of ``cases`` in its catalogue; these are of ``web`` and ``geo``.
"""

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("A photo or a video is needed."),
    gettext_noop("Take or choose a photo of the place."),
    gettext_noop("Touch the place on the map, or type its coordinates."),
    gettext_noop("Write degrees, for example {n} and {n}."),
    gettext_noop("This kind is not on the list."),
    gettext_noop("Choose one of the list."),
    gettext_noop("At most {n} characters."),
    gettext_noop("Shorten the text."),
    gettext_noop("This draft is no longer here."),
    gettext_noop("Choose the photo again."),
    gettext_noop("This draft has no such file."),
    gettext_noop("This is not a date."),
    gettext_noop("Write day, month, year, for example {n}/{n}/{n}."),
    gettext_noop("An outcome is needed."),
    gettext_noop("Choose what you found."),
    gettext_noop("This is not a width."),
    gettext_noop("No visit is open for this case."),
    gettext_noop("This page is not open to your role."),
    gettext_noop("This page mark is unknown."),
    gettext_noop("Begin at the first page."),
    gettext_noop("No city is loaded."),
    gettext_noop("No such observation."),
    gettext_noop("No such picture."),
    gettext_noop("Two numbers are needed."),
    gettext_noop("Type two numbers, such as {n}, {n} or {n}, {n}."),
    gettext_noop("No reading of these coordinates lies in the city."),
    gettext_noop("Longitude is -{n} to {n} degrees."),
    gettext_noop("Latitude is -{n} to {n} degrees."),
    gettext_noop("Somebody changed this flag since you looked: it is '{w}', version {n}."),
    gettext_noop("Somebody changed this inspection since you looked: it is '{w}', version {n}."),
    gettext_noop("The outcome '{w}' needs a reason."),
    gettext_noop("The move to '{w}' needs a reason."),
    gettext_noop("This visit has ended: it is '{w}'."),
    gettext_noop("The reason is longer than {n} characters."),
    gettext_noop("The note is longer than {n} characters."),
    gettext_noop("No loaded city holds this place."),
)
