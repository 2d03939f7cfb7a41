"""Every sentence of an error about areas, filters and files has its Vietnamese with the same blanks in it."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

from geo.fault_wording import SENTENCES

CATALOGUE = polib.pofile(str(Path(__file__).parents[3] / "geo/locale/vi/LC_MESSAGES/django.po"))
SAID = {entry.msgid: entry.msgstr for entry in CATALOGUE}
BLANK = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_it_is_said_in_vietnamese(sentence: str) -> None:
    said = SAID.get(sentence, "")
    assert said and said != sentence, f"add {sentence!r} to geo/locale/vi"
    assert sorted(BLANK.findall(said)) == sorted(BLANK.findall(sentence))


def test_no_sentence_stands_twice() -> None:
    ids = [entry.msgid for entry in CATALOGUE]
    assert len(ids) == len(set(ids))
