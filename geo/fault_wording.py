"""Sentences of errors about areas, filters and files, as message ids: English here, Vietnamese in ``locale/vi``.

Errors carry them as templates: ``{names}`` and ``{name}`` stand for what is not translated, ``{n}`` for a number.
"""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogue; Django's own would read the settings on import."""
    return message


SENTENCES: tuple[str, ...] = (
    gettext_noop("There is: {names}."),
    gettext_noop("Layers: {layers}. Questions: {questions}."),
    gettext_noop("Name a layer or a question."),
    gettext_noop("There is no such format."),
    gettext_noop("There is no such coordinate system."),
    gettext_noop("State one of: {names}."),
    gettext_noop("The file does not say in which system its coordinates are."),
    gettext_noop("As stated, this area lies outside the city."),
    gettext_noop("They would lie in the city as {name}: state that system if it is so."),
    gettext_noop("Check the file's coordinate system, or choose the city in which the area lies."),
    gettext_noop("This form of file is not read as an area."),
    gettext_noop("Send GeoJSON, GPKG, KML, DXF, CSV with a WKT column, or a zip of SHP, SHX, DBF and PRJ."),
    gettext_noop("This file is empty."),
    gettext_noop("This file is too large for an area."),
    gettext_noop("Send at most {n} MB: simplify the area or leave other layers out."),
    gettext_noop("This zip cannot be opened."),
    gettext_noop("Send the area alone, without the other layers."),
    gettext_noop("This file has several layers."),
    gettext_noop("Name one of its layers: {names}."),
    gettext_noop("No such layer."),
    gettext_noop("There is no area in this file."),
    gettext_noop("This area has too many points."),
    gettext_noop("Simplify it to at most {n} points."),
    gettext_noop("Simplify it to at most {n} points, or ask for its parts one after the other."),
    gettext_noop("This area is empty."),
    gettext_noop("This area crosses itself."),
    gettext_noop("Draw it again without a crossing."),
    gettext_noop("This file cannot be read as a register."),
    gettext_noop("A file is needed."),
    gettext_noop("Write for example: measured_area_m{n} > {n} AND use_code = 'ODT'"),
    gettext_noop("These two cannot be compared."),
    gettext_noop("This part of the filter is not understood."),
    gettext_noop("A condition names a property of the layer."),
    gettext_noop("A place is compared with the geometry of the layer."),
    gettext_noop("Write S_INTERSECTS(geometry, POLYGON((...)))."),
    gettext_noop("This filter is too long."),
    gettext_noop("This filter has too many parts."),
    gettext_noop("Use at most {n} conditions."),
    gettext_noop("Write 'text'."),
    gettext_noop("Write {n}."),
    gettext_noop("Write DATE('{n}-{n}-{n}')."),
    gettext_noop("Write TRUE."),
    gettext_noop("There is no such column."),
    gettext_noop("Only registers have dates to compare."),
    gettext_noop("The first day is after the second."),
    gettext_noop("Write the earlier day first."),
    gettext_noop("The offset is a whole number."),
    gettext_noop("Write {n} to {n}."),
    gettext_noop("This saved view is not there any more."),
    gettext_noop("Ask whoever sent the link to save it again."),
    gettext_noop("This saved view is not yours to change."),
    gettext_noop("Save your own copy under a name of yours."),
    gettext_noop("You have too many saved views."),
    gettext_noop("Remove one that is not used."),
    gettext_noop("You have a saved view of this name."),
    gettext_noop("Choose another name, or open that view and save it again."),
    gettext_noop("A saved view needs a name."),
    gettext_noop("Write {n} to {n} letters."),
    gettext_noop("There is nothing to save."),
    gettext_noop("Choose a layer or a question first."),
    gettext_noop("This question is too long to be saved."),
    gettext_noop("Simplify its area."),
)
