"""A spoken note: what phones record is taken as it is; pictures, silence, noise and hours of talk are refused in words."""

from __future__ import annotations

import pytest

from errors import MediaTooLarge, UnreadableMedia
from intake import voice
from intake.kinds import MediaKind
from intake.uploads import UploadedMedia
from tests.data.clips import a_clip
from tests.data.photos import a_photo
from tests.data.sounds import a_recording


@pytest.mark.parametrize(("form", "content_type"), [("webm", "audio/webm"), ("ogg", "audio/ogg"), ("mp4", "audio/mp4")])
def test_a_note_is_taken(form: str, content_type: str) -> None:
    checked = voice.check_voice(UploadedMedia(f"note.{form}", a_recording(form=form)))
    assert (checked.kind, checked.content_type) == (MediaKind.AUDIO, content_type)
    assert checked.duration_s == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    "data",
    [b"", b"OggS" + bytes(200), a_photo(), a_clip(), a_recording()[:300]],
    ids=["none", "noise", "photo", "clip", "cut"],
)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableMedia) as refused:
        voice.check_voice(UploadedMedia("note.webm", data))
    assert refused.value.cure


def test_a_note_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "MOST_S", 0.5)
    with pytest.raises(MediaTooLarge, match="too long"):
        voice.check_voice(UploadedMedia("note.webm", a_recording()))
    monkeypatch.setattr(voice, "MOST_BYTES", 100)
    with pytest.raises(MediaTooLarge, match="too large"):
        voice.check_voice(UploadedMedia("note.webm", a_recording()))
