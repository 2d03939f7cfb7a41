"""Translations are compiled when they changed, and only then."""

from __future__ import annotations

import os
from pathlib import Path

import polib
import pytest

from ops import messages
from ops.words import Stop

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Map"
msgstr "Bản đồ"

msgid "Parcel"
msgstr ""
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    path = tmp_path / "web" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE)
    return path


def test_what_changed_is_compiled_once(source: Path) -> None:
    assert messages.compile_messages() == 1
    assert {entry.msgid: entry.msgstr for entry in polib.mofile(str(source.with_suffix(".mo")))} == {"Map": "Bản đồ"}
    assert messages.compile_messages() == 0
    later = source.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert messages.compile_messages() == 1


def test_what_is_untranslated_is_listed(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages.compile_messages(talk=True)
    said = capsys.readouterr().out
    assert "1 translated, 1 not" in said
    assert "Parcel" in said


def test_an_unreadable_catalogue_stops_with_its_name(source: Path) -> None:
    source.write_bytes(b"\xff\xfe not a catalogue")
    with pytest.raises(Stop, match=r"django\.po cannot be read"):
        messages.compile_messages()
