"""Every sentence of the pages has its Vietnamese, with the same figures in it; no sentence is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

WEB = Path(__file__).parents[3] / "web"
CATALOGUE = polib.pofile(str(WEB / "locale/vi/LC_MESSAGES/django.po"))
ROOMS = ("api", "cases", "detection", "geo", "intake", "pipeline", "rules", "tiles", "web")
TRANSLATE = re.compile(r"(?:{%\s*translate\s+|\b_\()(?:\"([^\"]*)\"|'([^']*)')")
GAP = re.compile(r"'?{\w+}'?|\d+(?:\.\d+)?")
BLOCK = re.compile(r"{%\s*blocktranslate\b.*?%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
FIGURE = re.compile(r"%\((\w+)\)\w+|%(?:\d+)?[sd]|{n}")
CALLS = {"gettext", "gettext_noop", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "_"}
LATIN_WORD = re.compile(r"\b(the|and|of|is|are|with|your|this|not)\b")


def sentences_of_templates() -> Iterator[tuple[str, str]]:
    for path in sorted(WEB.rglob("templates/**/*.html")):
        text = path.read_text()
        for one, other in TRANSLATE.findall(text):
            yield path.name, one or other
        for body in BLOCK.findall(text):
            for part in re.split(r"{%\s*plural\s*%}", body):
                yield path.name, re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", part.replace("%", "%%") if "%" in part else part)


def sentences_of_code(rooms: tuple[str, ...] = ("web",)) -> Iterator[tuple[str, str]]:
    for path in files_of(rooms):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield path.name, argument.value


def files_of(rooms: tuple[str, ...]) -> list[Path]:
    return sorted(
        path for room in rooms for path in (WEB.parent / room).rglob("*.py") if "node_modules" not in path.parts
    )


def texts_of_code() -> Iterator[str]:
    """Every text of the rooms, without its figures and gaps: an error's sentence is found in the catalogue by its template."""
    for path in files_of(ROOMS):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                parts = (part.value if isinstance(part, ast.Constant) else "{n}" for part in node.values)
                yield GAP.sub("", "".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield GAP.sub("", node.value)


SAID = {entry.msgid: entry.msgstr for entry in CATALOGUE if not entry.obsolete}
SAID |= {entry.msgid_plural: entry.msgstr_plural[0] for entry in CATALOGUE if entry.msgid_plural}
SAID |= {entry.msgid: entry.msgstr_plural[0] for entry in CATALOGUE if entry.msgid_plural}
USED = sorted({*sentences_of_templates(), *sentences_of_code()})


def test_sentences_are_found_at_all() -> None:
    assert len(USED) > 400


@pytest.mark.parametrize(("where", "sentence"), USED, ids=[f"{where}: {s[:40]}" for where, s in USED])
def test_every_sentence_is_said_in_vietnamese(where: str, sentence: str) -> None:
    assert SAID.get(sentence), f"{where}: add {sentence!r} to web/locale/vi"


def test_no_sentence_is_left_over() -> None:
    """One word may stand in the code for other reasons: it has to be marked; a sentence may be that of an error."""
    marked = {sentence for _, sentence in (*sentences_of_templates(), *sentences_of_code(ROOMS))}
    texts = set(texts_of_code())
    left = [
        entry.msgid
        for entry in CATALOGUE
        if not ({entry.msgid, entry.msgid_plural} & marked)
        and not (" " in entry.msgid and GAP.sub("", entry.msgid) in texts)
    ]
    assert left == [], "take them out of web/locale/vi"


def test_figures_survive_translation() -> None:
    wrong = [
        entry.msgid
        for entry in CATALOGUE
        if not entry.msgid_plural and "{w}" not in entry.msgid
        and sorted(FIGURE.findall(entry.msgid)) != sorted(FIGURE.findall(entry.msgstr))
    ]  # fmt: skip
    assert wrong == []


def test_nothing_is_marked_as_a_guess() -> None:
    assert [entry.msgid for entry in CATALOGUE if "fuzzy" in entry.flags] == []


def test_no_english_is_left_in_the_vietnamese() -> None:
    assert [entry.msgstr for entry in CATALOGUE if LATIN_WORD.search(entry.msgstr)] == []


def test_the_law_word_is_kept_for_after_the_visit() -> None:
    """ "Vi phạm" is said of an inspector's outcome and in the states that follow it, never of a flag."""
    told = {entry.msgid for entry in CATALOGUE if "vi phạm" in entry.msgstr.lower()}
    assert all("iolation" in msgid for msgid in told)
