"""Every sentence that reaches a sender is in the catalogue, and every one of the catalogue has its Vietnamese."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib
import pytest

from intake import calibration_words
from intake.camera_words import FAULT, NOTE, STATE
from intake.notices import Notice
from intake.wording import ERROR_SENTENCES, NOTICE_SENTENCES

ROOM = Path(__file__).resolve().parents[3] / "intake"
FOR_SENDERS = {"InputError", "UnreadableMedia", "MediaTooLarge", "NotFound", "Conflict", "PlaceError", "TemporaryError"}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
TECHNICAL = {"A code needs four random bytes.", "A clip needs frames."}


def _sentence(node: ast.expr, constants: dict[str, str]) -> str:
    """A literal, an f-string with its parts as ``{n}``, or a named constant of the same room."""
    if isinstance(node, ast.Constant):
        return NUMBER.sub("{n}", str(node.value))
    if isinstance(node, ast.Name):
        return NUMBER.sub("{n}", constants.get(node.id, ""))
    if isinstance(node, ast.JoinedStr):
        return "".join("{n}" if isinstance(part, ast.FormattedValue) else str(part.value) for part in node.values)
    return ""


def _sentences_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    constants: dict[str, str] = {}
    for file in (ROOM / "signature.py", path):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                constants[node.targets[0].id] = _sentence(node.value, constants)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FOR_SENDERS:
            cures = [keyword.value for keyword in node.keywords if keyword.arg == "cure"]
            found |= {_sentence(part, constants) for part in [*node.args[:1], *cures]}
    return {sentence for sentence in found if sentence}


FOR_OPERATORS = {"calibrating", "calibration_pairs", "schedule"}  # set-up of cameras: no sender ever meets these


@pytest.mark.parametrize(
    "path", [path for path in sorted(ROOM.rglob("*.py")) if path.stem not in FOR_OPERATORS], ids=lambda path: path.stem
)
def test_every_sentence_for_a_sender_is_in_the_catalogue(path: Path) -> None:
    missing = _sentences_of(path) - set(ERROR_SENTENCES) - TECHNICAL - {"Use one of: {n}."}
    assert missing == set()


def test_every_notice_has_its_words() -> None:
    assert set(NOTICE_SENTENCES) == set(Notice)


def test_every_sentence_has_its_vietnamese_with_the_same_numbers() -> None:
    po = {entry.msgid: entry.msgstr for entry in polib.pofile(str(ROOM / "locale/vi/LC_MESSAGES/django.po"))}
    wanted = {*ERROR_SENTENCES, *NOTICE_SENTENCES.values(), *STATE.values(), *FAULT.values(), *NOTE.values()}
    assert set(po) == wanted | calibration_words.ALL
    for msgid, msgstr in po.items():
        assert msgstr and msgstr.count("{n}") == msgid.count("{n}"), msgid
